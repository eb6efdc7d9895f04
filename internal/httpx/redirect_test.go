package httpx

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestRedirects(t *testing.T) {
	other := "https://other/landed"
	for name, c := range map[string]struct {
		policy       Redirects
		from, to     string
		method, body string
		status       int
		kind         Kind // 0 = it arrives
		credentials  bool
	}{
		"another path":                    {to: "/b", credentials: true},
		"from http to https":              {from: "http://127.0.0.1/a", to: "https://127.0.0.1/b", credentials: true},
		"from https to http":              {to: "http://first/b", kind: Redirected},
		"another port is another host":    {to: "https://first:444/b", kind: Redirected},
		"another host":                    {to: other, kind: Redirected},
		"another host, stripped":          {policy: StripForOthers, to: other},
		"a host below ours, stripped":     {policy: StripForOthers, from: "https://first/a", to: "https://cdn.first/b"},
		"another host, and a body":        {policy: StripForOthers, to: other, method: "POST", body: "p=hunter2", status: 307, kind: Redirected},
		"another host in plain http":      {policy: StripForOthers, to: "http://other/", kind: Redirected},
		"our own with a body":             {to: "/b", method: "POST", body: "p=hunter2", status: 308, credentials: true},
		"an address that cannot be read":  {to: "https://other:notaport/?token=hunter2", kind: Unreachable},
		"a scheme that is none of ours":   {policy: StripForOthers, to: "file:///etc/passwd", kind: Redirected},
		"round and round":                 {to: "/a", kind: Redirected},
		"a password in the address of it": {to: "https://user:hunter2@other/", kind: Redirected},
	} {
		t.Run(name, func(t *testing.T) {
			if c.from == "" {
				c.from = "https://first/a"
			}
			if c.method == "" {
				c.method = "GET"
			}
			if c.status == 0 {
				c.status = 302
			}
			var last *http.Request
			cl := client(t, Options{Redirects: c.policy, Network: fake(func(r *http.Request) (*http.Response, error) {
				last = r
				if r.URL.Path == "/a" {
					return answer(c.status, "", "Location", c.to), nil
				}
				return answer(200, "here"), nil
			})})
			req := request(t, c.method, c.from+"?t=hunter2", c.body)
			req.Header.Set("Authorization", "Bearer hunter2")
			req.Header.Set("X-Api-Key", "hunter2")
			req.Header.Set("Cookie", "hunter2")
			req.Header.Set("Accept", "audio/*")
			_, body, err := cl.Bytes(req)
			if c.kind != 0 {
				want(t, err, c.kind)
				if strings.Contains(err.Error(), "hunter2") {
					t.Errorf("given away: %v", err)
				}
				return
			}
			if err != nil || string(body) != "here" {
				t.Fatalf("%q %v", body, err)
			}
			text := fmt.Sprint(last.Header)
			if got := strings.Contains(text, "Bearer hunter2") && last.Header.Get("X-Api-Key") != ""; got != c.credentials {
				t.Errorf("credentials along: %t (%s)", got, text)
			}
			if !c.credentials && strings.Contains(text, "hunter2") || last.Header.Get("Referer") != "" {
				t.Errorf("given away: %s", text)
			}
			if last.Header.Get("Accept") != "audio/*" || last.Header.Get("User-Agent") != "Segue/dev" {
				t.Errorf("lost: %s", text)
			}
		})
	}
}
