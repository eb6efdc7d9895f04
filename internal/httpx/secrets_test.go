package httpx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestErrorsHoldNoSecrets(t *testing.T) {
	const s = "hunter2"
	closed := httptest.NewServer(nil)
	closed.Close()
	rude := listen(t, func(c net.Conn) {
		io.ReadAtLeast(c, make([]byte, 100), 10)
		io.WriteString(c, "password="+s+" https://u:"+s+"@x/?q="+s+"\r\n\r\n")
	})
	addr := func(base string) string {
		return strings.Replace(base, "http://", "http://user:"+s+"@", 1) + "/" + s + "?token=" + s
	}
	bad, err := url.Parse("http://user:" + s + "@127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	fails := map[string]func() error{
		"nobody listens": func() error {
			_, err := client(t, Options{}).Do(request(t, "POST", addr(closed.URL), "p="+s))
			return err
		},
		"no HTTP": func() error {
			_, err := client(t, Options{}).Do(request(t, "GET", addr("http://"+rude), ""))
			return err
		},
		"a proxy that is away": func() error {
			_, err := client(t, Options{Proxy: http.ProxyURL(bad)}).Do(request(t, "POST", "https://x.invalid/?t="+s, "x"))
			return err
		},
		"cancelled": func() error {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err := client(t, Options{}).Do(request(t, "GET", addr(closed.URL), "").WithContext(ctx))
			return err
		},
		"a bad address": func() error { _, err := NewRequest(t.Context(), "GET", "http://u:"+s+"@h:port/", nil); return err },
		"no host":       func() error { _, err := NewRequest(t.Context(), "GET", "http:///"+s, nil); return err },
		"a bad header": func() error {
			req := request(t, "GET", addr(closed.URL), "")
			req.Header.Set("Authorization", "Bearer "+s+"\n")
			_, err := client(t, Options{}).Do(req)
			return err
		},
		"an answer": func() error {
			_, err := client(t, Options{Network: fake(func(*http.Request) (*http.Response, error) { return answer(401, s, "X", s), nil })}).
				Do(request(t, "GET", "https://x/?t="+s, ""))
			return err
		},
		"through a library": func() error {
			cl := client(t, Options{})
			req := request(t, "GET", addr(closed.URL), "")
			_, err := cl.HTTP().Do(req)
			return cl.Clean(req, err)
		},
	}
	for name, fail := range fails {
		err := fail()
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			if text := fmt.Sprintf("%v|%+v|%#v|%q", e, e, e, e); strings.Contains(text, s) {
				t.Errorf("%s: %s", name, text)
			}
		}
		t.Logf("%s: %v", name, err)
	}
}

func TestScrub(t *testing.T) {
	for in, out := range map[string]string{
		`Get "https://u:p@h.org:1/x?y=z": EOF`:            `Get "https://h.org:1/…": EOF`,
		"code=abc&state=x":                                "code=…&state=x",
		`{"access_token":"abc","x":1}`:                    `{"access_token":"…","x":1}`,
		"Authorization: Bearer abc.def":                   "Authorization: … …",
		"two\nlines\x1b[31m":                              "two lines",
		"connection refused":                              "connection refused",
		"http://%zz/secret":                               "http://…",
		"the token is wrong, and the code too: try again": "the token is wrong, and the code too: try again",
		strings.Repeat("a", 300):                          strings.Repeat("a", 200) + "…",
	} {
		if got := Scrub(in); got != out {
			t.Errorf("%q became %q, want %q", in, got, out)
		}
	}
}
