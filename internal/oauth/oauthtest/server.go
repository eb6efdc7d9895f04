// Package oauthtest is a real OAuth server and a person who signs in there, for tests:
// scripts/oauth/server.mjs (npm oidc-provider), and a browser without scripts that walks
// through its forms. Only tests import it.
package oauthtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Server is a running server. Its clients: "segue" and Spotlike, public; "with secret", whose
// secret is Secret. Redirect addresses are http://127.0.0.1, [::1] or localhost, any port, /callback.
// It has Spotify's scopes and openid.
type Server struct {
	URL string // http://127.0.0.1:PORT, then /authorize, /api/token, /api/revoke, /me, /v1/me
}

// Spotlike is the public client whose id looks as Spotify's do.
const Spotlike = "0123456789abcdef0123456789abcdef"

// Secret is the secret of the client "with secret".
const Secret = "s+e/c r:et"

// Start runs a server until the test ends. args are how it refreshes ("rotate", "keep" or
// "omit") and how many seconds access tokens live; both may be left out. The test is skipped where node or the modules are missing (package need).
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	p := running.process(t)
	before := len(p.said.String())
	s := &Server{p.order(t, "listening ", append([]string{"start"}, args...)...)}
	t.Cleanup(func() {
		p.order(t, "ended", "end", s.URL)
		if text := p.said.String()[before:]; t.Failed() && text != "" {
			t.Logf("the OAuth servers said:\n%s", text)
		}
	})
	return s
}

// Stats is what a server counted since it started.
type Stats struct {
	Exchanged int // codes that were traded for tokens
	Refreshes int // that succeeded
	Refused   int // refreshes that did not
	Revoked   int // tokens and grants that were ended
}

// Stats asks for the counts.
func (s *Server) Stats(t testing.TB) (st Stats) {
	t.Helper()
	s.get(t, "/stats", "", &st)
	return st
}

// Me is the name of the user whose access token it is (its scopes must have openid); "" if
// the server does not take it.
func (s *Server) Me(t testing.TB, access string) string {
	t.Helper()
	var who struct {
		Sub string `json:"sub"`
	}
	s.get(t, "/me", access, &who)
	return who.Sub
}

// Expire ends an access token before its time, for what is under /v1.
func (s *Server) Expire(t testing.TB, access string) {
	t.Helper()
	var nothing struct{}
	s.get(t, "/v1/expire", access, &nothing)
}

// EndGrant ends a grant of the client Spotlike by its refresh token (RFC 7009), as its user
// can do at the service.
func (s *Server) EndGrant(t testing.TB, refresh string) {
	t.Helper()
	form := url.Values{"token": {refresh}, "token_type_hint": {"refresh_token"}, "client_id": {Spotlike}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/revoke", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // it says nothing
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the OAuth server answers %s", resp.Status)
	}
}

// get reads JSON; into is left alone where the answer is not 200.
func (s *Server) get(t testing.TB, path, access string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if access != "" {
		req.Header.Set("Authorization", "Bearer "+access)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // it has been read
	if resp.StatusCode != http.StatusOK {
		return
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}
