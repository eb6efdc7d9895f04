package oauth

import (
	"net/url"
	"testing"

	"segue/internal/oauth/oauthtest"
)

func TestAWebSiteSignsItsVisitorsIn(t *testing.T) {
	srv := oauthtest.Start(t, "keep")
	p := providerAt(srv.URL)
	p.RedirectURL, p.Scopes = "http://127.0.0.1:1/callback", p.Scopes+" openid" // it need not exist: the walk ends there
	c := newClient(t, p)
	for _, name := range []string{"anna", "bea"} {
		s, addr, err := c.Start(SignIn{Within: patience})
		if err != nil {
			t.Fatal(err)
		}
		last, _, err := oauthtest.NewPerson(t, name, "allow").Walk(addr)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(last)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []url.Values{{}, {"code": {"x"}, "state": {"y"}}, {"state": {s.State}}} { // nothing, another's, no code
			_, err := c.Finish(t.Context(), s, q)
			wantKind(t, err, BadCode)
		}
		_, err = c.Finish(t.Context(), Started{}, url.Values{"code": {"x"}, "state": {""}})
		wantKind(t, err, BadCode)
		_, err = c.Finish(t.Context(), s, url.Values{"error": {"access_denied"}, "state": {s.State}})
		wantKind(t, err, Denied)
		token, err := c.Finish(t.Context(), s, u.Query())
		if err != nil {
			t.Fatal(err)
		}
		if who := srv.Me(t, token.AccessToken.Reveal()); who != name {
			t.Errorf("%q, want %s", who, name)
		}
	}
	bad := p
	bad.ClientID = ""
	_, _, err := newClient(t, bad).Start(SignIn{})
	wantKind(t, err, Setting)
}
