package oauth

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/secret"
)

// oldToken has expired and can be refreshed.
func oldToken(t *testing.T) *cache.Token {
	t.Helper()
	tok, err := cache.JSON{}.Decode([]byte(`{"access_token":"at-secret-0","refresh_token":"rt-secret-0","scope":"a b","expires_at":1000,"theirs":{"x":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func TestARefreshKeepsWhatTheAnswerLacks(t *testing.T) { // trap 1
	for name, c := range map[string]struct{ answer, refresh, scope string }{
		"a new refresh token":          {`{"access_token":"at1","refresh_token":"rt1","expires_in":60}`, "rt1", "a b"},
		"no refresh token":             {`{"access_token":"at1","expires_in":60}`, "rt-secret-0", "a b"},
		"an empty refresh token":       {`{"access_token":"at1","refresh_token":"","expires_in":60}`, "rt-secret-0", "a b"},
		"a refresh token that is null": {`{"access_token":"at1","refresh_token":null,"scope":"a b c"}`, "rt-secret-0", "a b c"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTokens(t)
			s.set(0, c.answer)
			got, err := newClient(t, s.provider()).Refresh(t.Context(), oldToken(t))
			if err != nil {
				t.Fatal(err)
			}
			if got.AccessToken.Reveal() != "at1" || got.RefreshToken.Reveal() != c.refresh || got.Scope != c.scope || string(got.Extra("theirs")) != `{"x":1}` {
				t.Errorf("%q %q %q %s", got.AccessToken.Reveal(), got.RefreshToken.Reveal(), got.Scope, got.Extra("theirs"))
			}
			if f := s.asked()[0]; f.Get("refresh_token") != "rt-secret-0" || f.Get("client_id") != "segue" || s.auth[0] != "" {
				t.Errorf("asked with %v %q", f, s.auth[0])
			}
		})
	}
}

// TestATokenIsAskedForByANewConnection: the one of before may end in this very moment, and
// whether the server has heard the question then nobody can say.
func TestATokenIsAskedForByANewConnection(t *testing.T) {
	s := newTokens(t)
	type counted struct{}
	once := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n, ok := r.Context().Value(counted{}).(*atomic.Int32); !ok || n.Add(1) > 1 {
			panic(http.ErrAbortHandler)
		}
		s.serve(w, r)
	}))
	once.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
		return context.WithValue(ctx, counted{}, new(atomic.Int32))
	}
	once.Start()
	t.Cleanup(once.Close)
	p := s.provider()
	p.TokenURL = once.URL
	c := newClient(t, p)
	for range 2 {
		if _, err := c.Refresh(t.Context(), oldToken(t)); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatARefreshMaySay(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		answer string
		header map[string]string
		kind   Kind
		net    httpx.Kind // instead of kind
		dead   bool
		tries  int
	}{
		"the grant has ended":               {status: 400, answer: `{"error":"invalid_grant","error_description":"Refresh token revoked"}`, kind: Dead, dead: true, tries: 1},
		"the client is not known":           {status: 401, answer: `{"error":"invalid_client"}`, kind: BadKey, tries: 1},
		"something else":                    {status: 400, answer: `{"error":"odd","error_description":"rt-secret-0 it was, refresh_token=secret"}`, kind: Refused, tries: 1},
		"a limit is a limit":                {status: 429, header: map[string]string{"Retry-After": "3600"}, net: httpx.RateLimited, tries: 1},
		"a limit with an odd body":          {status: 429, answer: `{"error":"invalid_grant"}`, header: map[string]string{"Retry-After": "3600"}, net: httpx.RateLimited, tries: 1},
		"a broken server is no dead grant":  {status: 500, answer: `{"error":"invalid_grant"}`, net: httpx.Status, tries: 1},
		"a gateway asks again: we do not":   {status: 502, answer: "<html>", net: httpx.Status, tries: 1},
		"a page of a network's sign-in":     {answer: "<html>", kind: Refused, tries: 1},
		"Spotify's other shape of an error": {status: 400, answer: `{"error":{"status":400,"message":"secret"}}`, net: httpx.Status, tries: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTokens(t)
			s.set(c.status, c.answer)
			s.header = c.header
			_, err := newClient(t, s.provider()).Refresh(t.Context(), oldToken(t))
			var e *Error
			var n *httpx.Error
			switch {
			case c.net != 0 && (!errors.As(err, &n) || n.Kind != c.net), c.kind != 0 && (!errors.As(err, &e) || e.Kind != c.kind):
				t.Errorf("got %v", err)
			}
			noSecrets(t, err)
			if errors.Is(err, cache.ErrDead) != c.dead || len(s.asked()) != c.tries {
				t.Errorf("dead: %t, asked %d times", errors.Is(err, cache.ErrDead), len(s.asked()))
			}
		})
	}
}

func TestAClientWithASecretSaysItInAHeader(t *testing.T) {
	s := newTokens(t)
	p := s.provider()
	p.ClientID, p.ClientSecret = "my id", secret.New("s+e/c r:et")
	if _, err := newClient(t, p).Refresh(t.Context(), oldToken(t)); err != nil {
		t.Fatal(err)
	}
	r := &http.Request{Header: http.Header{"Authorization": {s.auth[0]}}}
	if id, key, ok := r.BasicAuth(); !ok || id != "my+id" || key != "s%2Be%2Fc+r%3Aet" || s.asked()[0].Has("client_id") {
		t.Errorf("%q %q %t %v", id, key, ok, s.asked()[0])
	}
}

func TestAGrantIsRefreshedWithTheClientThatMadeIt(t *testing.T) {
	s := newTokens(t)
	p := s.provider()
	p.ClientSecret = secret.New("of the new client")
	old := oldToken(t)
	if err := old.SetExtra(clientKey, []byte(`"older"`)); err != nil {
		t.Fatal(err)
	}
	got, err := newClient(t, p).Refresh(t.Context(), old)
	if err != nil {
		t.Fatal(err)
	}
	if f := s.asked()[0]; f.Get("client_id") != "older" || s.auth[0] != "" || string(got.Extra(clientKey)) != `"older"` {
		t.Errorf("asked with %v %q, kept %s", f, s.auth[0], got.Extra(clientKey))
	}
}

// TestARefreshIsNotLostWhenTheCallerGivesUp: the server has spent the old refresh token
// by then, and the answer holds the only one that works.
func TestARefreshIsNotLostWhenTheCallerGivesUp(t *testing.T) {
	s := newTokens(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := newClient(t, s.provider()).Refresh(ctx, oldToken(t)); err != nil || got.RefreshToken.Reveal() != "rt-secret" {
		t.Errorf("%v %v", got, err)
	}
}

func TestRevoking(t *testing.T) {
	s := newTokens(t)
	c := newClient(t, s.provider())
	if c.CanRevoke() || c.Revoke(t.Context(), oldToken(t)) != nil || len(s.asked()) != 0 {
		t.Error("a service that cannot was asked")
	}
	p := s.provider()
	p.RevokeURL = s.URL + "/api/revoke"
	c = newClient(t, p)
	if err := c.Revoke(t.Context(), oldToken(t)); err != nil || !c.CanRevoke() {
		t.Fatal(err)
	}
	if f := s.asked()[0]; f.Get("token") != "rt-secret-0" || f.Get("token_type_hint") != "refresh_token" || f.Get("client_id") != "segue" {
		t.Errorf("asked with %v", f)
	}
	s.set(400, `{"error":"unsupported_token_type"}`)
	wantKind(t, c.Revoke(t.Context(), oldToken(t)), Refused)
	if err := c.Revoke(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
