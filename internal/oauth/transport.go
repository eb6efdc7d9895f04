package oauth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"segue/cache"
	"segue/internal/httpx"
)

// Source gives one account's access token, refreshed when it must be. It keeps the token
// in memory too, so that not every call reads a file or asks a keyring. It may be used
// from any goroutine.
type Source struct {
	c       *Client
	m       *cache.Manager
	account string
	wanted  string

	mu      sync.Mutex // guards last and drops
	last    *cache.Token
	drops   int                // how often last was dropped
	changed func(*cache.Token) // nil = nobody is told
	dead    func(*cache.Token) // the same
}

// OnChange names who is told of each token that comes in place of another one, with the
// goroutine of whoever asked for it. It is called before the source is used.
func (s *Source) OnChange(changed func(*cache.Token)) { s.changed = changed }

// OnDead names who is told that the grant of a token has ended, before anybody else can
// find out that the token is gone: in the account's critical section, which it must not
// enter. It is called before the source is used.
func (s *Source) OnDead(dead func(was *cache.Token)) { s.dead = dead }

// refresh is the client's, and tells of a dead grant.
func (s *Source) refresh(ctx context.Context, old *cache.Token) (*cache.Token, error) {
	t, err := s.c.Refresh(ctx, old)
	if errors.Is(err, cache.ErrDead) && s.dead != nil {
		s.dead(old)
	}
	return t, err
}

// Source makes the source of an account whose token is in m.
func (c *Client) Source(m *cache.Manager, account string) *Source {
	return &Source{c: c, m: m, account: account, wanted: c.p.Scopes}
}

// Token is a token that can be sent. rejected is the access token that the service has
// just refused with a 401, zero if none: it is refreshed once, whoever else asks at the
// same time. Errors: cache.ErrSignIn when the person has to sign in again, and what the
// token endpoint or the network says, as it is.
func (s *Source) Token(ctx context.Context, rejected cache.Secret) (*cache.Token, error) {
	s.mu.Lock()
	t, drops := s.last, s.drops
	s.mu.Unlock()
	if t != nil && !t.Expired(s.c.now()) && !t.AccessToken.Equal(rejected) {
		return t, nil
	}
	was := t
	t, err := s.m.Fresh(ctx, s.account, s.wanted, rejected, s.refresh)
	if s.keep(t, drops) && err == nil && s.changed != nil && (was == nil || !was.AccessToken.Equal(t.AccessToken)) {
		s.changed(t)
	}
	return t, err
}

// keep keeps a token (nil: none) in memory, unless it was asked for before the last Drop.
func (s *Source) keep(t *cache.Token, drops int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drops != drops {
		return false
	}
	s.last = t
	return true
}

// Drop forgets the token in memory, and that which somebody is just reading: to be called
// when the cache holds another one, or none. Before that it would be read again.
func (s *Source) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = nil
	s.drops++
}

// Wrap is for httpx.Options.Wrap: it puts the token on calls to these hosts (host or
// host:port) and to no others. After a 401 the token is refreshed and the call made once
// more; a second 401 is given on as it is.
func (s *Source) Wrap(hosts ...string) func(http.RoundTripper) http.RoundTripper {
	return func(base http.RoundTripper) http.RoundTripper { return &transport{s, base, hosts} }
}

// transport is a http.RoundTripper that signs.
type transport struct {
	source *Source
	base   http.RoundTripper
	hosts  []string
}

// CloseIdleConnections lets http.Client reach the real network.
func (t *transport) CloseIdleConnections() {
	if n, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		n.CloseIdleConnections()
	}
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ours := slices.ContainsFunc(t.hosts, func(h string) bool {
		return strings.EqualFold(h, req.URL.Host) || strings.EqualFold(h, req.URL.Hostname())
	})
	if !ours {
		return t.base.RoundTrip(req)
	}
	resp, used, err := t.send(req, cache.Secret{}, req.Body)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	body := req.Body
	if req.GetBody != nil {
		if body, err = req.GetBody(); err != nil {
			return resp, nil //nolint:nilerr // the first answer stands
		}
	} else if body != nil && body != http.NoBody {
		return resp, nil
	}
	_ = resp.Body.Close() // what it says is known: 401
	resp, _, err = t.send(req, used, body)
	return resp, err
}

// send makes the call with a token that is not the rejected one.
func (t *transport) send(req *http.Request, rejected cache.Secret, body io.ReadCloser) (*http.Response, cache.Secret, error) {
	token, err := t.source.Token(req.Context(), rejected)
	if err != nil {
		if body != nil {
			_ = body.Close() // it was for reading
		}
		return nil, cache.Secret{}, httpx.Pass(err)
	}
	out := req.Clone(req.Context())
	out.Body = body
	out.Header.Set("Authorization", "Bearer "+token.AccessToken.Reveal())
	resp, err := t.base.RoundTrip(out)
	return resp, token.AccessToken, err
}
