package oauth

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"segue/internal/secret"
)

func TestPastingUntilItIsRight(t *testing.T) {
	s := newTokens(t)
	p := s.provider()
	p.RedirectURL = "https://my.own.host/callback" // for pasting only
	var problems []string
	token, err := newClient(t, p).SignIn(t.Context(), SignIn{Ask: func(_ context.Context, q Prompt) (secret.Secret, error) {
		problems = append(problems, q.Problem)
		if q.Opened || q.Listens {
			t.Errorf("%+v", q)
		}
		u, _ := url.Parse(q.URL)
		ask := u.Query()
		s.mu.Lock()
		s.challenge = ask.Get("code_challenge")
		s.mu.Unlock()
		back := ask.Get("redirect_uri")
		return secret.New([]string{" ", q.URL, back + "?code=c&state=other", back, " '" + back + "?code=c&st\n ate=" + ask.Get("state") + "#_=_' "}[len(problems)-1]), nil
	}})
	if err != nil || token == nil {
		t.Fatal(err)
	}
	for n, want := range []string{"", "nothing was pasted", "the address to begin with", "another sign-in", "no code in that address"} {
		if n >= len(problems) || !strings.Contains(problems[n], want) {
			t.Errorf("%d: got %q, want %q", n, problems, want)
		}
	}
}

func TestPasting(t *testing.T) {
	for text, want := range map[string]string{
		"AQBx-_9.z":                            "AQBx-_9.z",
		"code=abc":                             "abc",
		"?code=abc&state=st":                   "abc",
		"http://127.0.0.1:1/cb?code=a%2Fb":     "a/b",
		"127.0.0.1:1/cb?state=st&code=abc":     "abc",
		"<http://127.0.0.1/?code=abc>":         "abc",
		"\"http://127.0.0.1/?code=a\r\n  bc\"": "abc",
	} {
		if b, problem := pasted(text, "st"); b.code != want || problem != "" || b.state != "st" {
			t.Errorf("%q: %q %q", text, b.code, problem)
		}
	}
	if b, problem := pasted("http://127.0.0.1/?error=access_denied&state=st", "st"); b.err != "access_denied" || problem != "" {
		t.Errorf("a denial: %+v %q", b, problem)
	}
	for _, word := range []string{"yes", "y", "cancel", "done"} {
		if _, problem := pasted(word, "st"); problem == "" {
			t.Errorf("%q is taken for a code, which costs the sign-in", word)
		}
	}
}

func FuzzPasting(f *testing.F) {
	for _, s := range []string{"", "http://127.0.0.1:1/cb?code=a&state=b", "code=", "?%zz", "error=x&state=st"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, problem := pasted(text, "st")
		if problem == "" && b.code == "" && b.err == "" {
			t.Errorf("%q brings nothing and is no problem", text)
		}
		if problem == "" && b.state != "st" {
			t.Errorf("%q: of another sign-in", text)
		}
	})
}
