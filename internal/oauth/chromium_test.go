//go:build unix

package oauth

import (
	"context"
	"strings"
	"testing"

	"segue/internal/oauth/oauthtest"
)

// TestSigningInWithARealBrowser: two people one after the other, and one who says no, in a
// browser that opens stray connections and asks for icons as browsers do.
func TestSigningInWithARealBrowser(t *testing.T) {
	s := oauthtest.Start(t, "rotate")
	web := oauthtest.StartChromium(t)
	p := providerAt(s.URL)
	p.Scopes += " openid"
	client := newClient(t, p)
	type outcome struct {
		who string
		err error
	}
	sign := func(name, button string) (outcome, string) {
		t.Helper()
		addr, done := make(chan string, 1), make(chan outcome, 1)
		go func() {
			token, err := client.SignIn(t.Context(), SignIn{Force: true, Within: patience,
				Open: func(_ context.Context, url string) error { addr <- url; return nil }})
			if err != nil {
				done <- outcome{err: err}
				return
			}
			done <- outcome{who: s.Me(t, token.AccessToken.Reveal())}
		}()
		web.SignIn(<-addr, name, button)
		return <-done, web.Text()
	}
	for _, name := range []string{"anna", "bea"} {
		got, page := sign(name, "allow")
		if got.err != nil || got.who != name {
			t.Errorf("signed in as %q, want %s: %v", got.who, name, got.err)
		}
		if !strings.Contains(page, "Segue is signed in to Testify. You can close this page.") {
			t.Errorf("the page says %s", page)
		}
	}
	if title := web.JS("document.title"); title != "Segue: Signed in" {
		t.Errorf("the title is %q", title)
	}
	for scheme, want := range map[string]string{"light": "rgb(246, 245, 242)", "dark": "rgb(23, 24, 26)"} {
		if got := web.Colour(scheme); got != want {
			t.Errorf("%s: the page is %s, want %s", scheme, got, want)
		}
	}
	got, page := sign("carl", "deny")
	wantKind(t, got.err, Denied)
	if !strings.Contains(page, "the sign-in was denied") {
		t.Errorf("the page says %s", page)
	}
}
