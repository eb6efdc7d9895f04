package spotify

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"segue/internal/httpx"
	"segue/internal/oauth"
	"segue/internal/service/spotify/webapi"
)

// noLocalhost is why a redirect address must not be localhost.
const noLocalhost = "Spotify has taken no apps with it since 2025"

// build makes what calls the network: nothing is called yet.
func (s *Service) build() error {
	plain := s.cfg.plainHosts()
	h, err := httpx.New(httpx.Options{Service: "Spotify", Version: s.cfg.Version, PlainHosts: plain, Wrap: s.door})
	if err != nil {
		return err
	}
	s.http = h
	s.source = s.oauth(s.cfg.ClientID, "").Source(s.cfg.Tokens, string(s.id))
	s.source.OnChange(s.rotated)
	s.source.OnDead(s.grantEnded)
	s.api, err = webapi.New(webapi.Options{
		Base: s.cfg.API, HTTP: httpx.Options{Version: s.cfg.Version, PlainHosts: plain}, Answers: s.cfg.Answers, Allowed: s.allowed, Now: s.cfg.Now,
		Fresh: s.freshened, Failed: s.refreshFailed,
		Sign: func(next http.RoundTripper) http.RoundTripper {
			return s.source.Wrap(webapi.Host(s.cfg.API))(s.door(next))
		},
	})
	return err
}

// plainHosts are those that may be asked without encryption: who writes http:// into the
// settings allows that host by name.
func (c *Config) plainHosts() []string {
	var all []string
	for _, address := range []string{c.API, c.Accounts} {
		if u, err := url.Parse(address); err == nil && u.Scheme == "http" {
			all = append(all, u.Host)
		}
	}
	return all
}

// oauth is a client of the accounts server for one client id.
func (s *Service) oauth(clientID, scopes string) *oauth.Client {
	ports := oauth.PortFixed
	if !hasPort(s.cfg.RedirectURI) {
		ports = oauth.PortAny // it is registered without one, and then any is good
	}
	return oauth.New(oauth.Provider{
		Name: "Spotify", AuthURL: s.cfg.Accounts + "/authorize", TokenURL: s.cfg.Accounts + "/api/token",
		ClientID: clientID, ClientSecret: s.cfg.ClientSecret, OthersSecret: true, RedirectURL: s.cfg.RedirectURI, Ports: ports,
		NoLocalhost: noLocalhost, Scopes: scopes, Force: map[string]string{"show_dialog": "true"},
	}, s.http, s.cfg.Callbacks)
}

func hasPort(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Port() != ""
}

// allowed reports whether the network may be used.
func (s *Service) allowed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.blocked && !s.closed
}

// SetNetwork implements session.Offliner.
func (s *Service) SetNetwork(allowed bool) {
	s.mu.Lock()
	s.blocked = !allowed
	engine := s.engine
	s.mu.Unlock()
	s.http.CloseIdle() // what was connected before may be dead by now
	s.api.CloseIdle()
	if engine != nil {
		engine.SetNetwork(allowed)
	}
}

// door stands before the network: it keeps calls in while the network is not to be used,
// and learns from answers what time it is there.
func (s *Service) door(next http.RoundTripper) http.RoundTripper { return &door{s, next} }

type door struct {
	s    *Service
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (d *door) RoundTrip(req *http.Request) (*http.Response, error) {
	if !d.s.allowed() {
		if req.Body != nil {
			_ = req.Body.Close() // it was for reading
		}
		return nil, httpx.Pass(errOffline)
	}
	resp, err := d.next.RoundTrip(req)
	if err == nil {
		d.s.clock.see(resp.Header, d.s.cfg.Now())
	}
	return resp, err
}

// CloseIdleConnections lets http.Client reach the real network.
func (d *door) CloseIdleConnections() {
	if n, ok := d.next.(interface{ CloseIdleConnections() }); ok {
		n.CloseIdleConnections()
	}
}

// clock is how far this machine's clock is from Spotify's. Tokens do not depend on it:
// they live by expires_in; but certificates do, and what waits until a time.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration // of ours before theirs
	seen  bool
}

func (c *clock) see(h http.Header, now time.Time) {
	there, err := http.ParseTime(h.Get("Date"))
	if err != nil || h.Get("Age") != "" { // out of some cache
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead, c.seen = now.Sub(there), true
}

// off is how far our clock is ahead (negative: behind), to the second; ok = somebody said it.
func (c *clock) off() (ahead time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead.Round(time.Second), c.seen
}

// Reasons why no page to sign in would come; they are told before a browser opens.
var (
	errRedirect = errors.New("the redirect address is not registered with the app")
	errClient   = errors.New("Spotify does not know the client id")
)

// probe asks the accounts server whether it would show a page to sign in: else a person
// would stand before an error page, and Segue would wait for nothing. Where it cannot be
// reached the code could not be exchanged either, whichever browser it comes from. What is
// no clear answer counts as a good one: the browser may be luckier than we are.
func (s *Service) probe(parent context.Context, question string) error {
	ctx, cancel := context.WithTimeout(parent, 10*time.Second)
	defer cancel()
	req, err := httpx.NewRequest(ctx, http.MethodGet, question, http.NoBody)
	if err != nil {
		return nil //nolint:nilerr // the sign-in itself says what is wrong with it
	}
	_, _, err = s.http.Bytes(req)
	var h *httpx.Error
	if errors.As(err, &h) && (h.Kind == httpx.Unreachable || h.Kind == httpx.Timeout && parent.Err() == nil) {
		return h
	}
	if !errors.As(err, &h) || h.Kind != httpx.Status || h.Status >= http.StatusInternalServerError {
		return nil
	}
	said := strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(string(h.Body())))
	switch {
	case strings.Contains(said, "redirect uri"):
		return errRedirect
	case strings.Contains(said, "invalid client"):
		return errClient
	}
	return nil
}
