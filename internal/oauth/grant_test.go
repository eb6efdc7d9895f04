package oauth

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

// manager keeps one token in memory under the name anna.
func manager(t *testing.T, tok *cache.Token) *cache.Manager {
	t.Helper()
	m, err := cache.NewManager(cache.Options{Kind: cache.Memory, LockDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if tok != nil {
		if err := m.Use("anna", cache.NewMemory(tok)); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// api is a service whose calls need the newest access token.
func api(t *testing.T, good func(token string) bool) (srv *httptest.Server, seen *atomic.Int32) {
	t.Helper()
	seen = &atomic.Int32{}
	srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Add(1)
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !good(token) {
			w.WriteHeader(401)
			return
		}
		w.Write([]byte(`{}`))
	}))
	t.Cleanup(srv.Close)
	return srv, seen
}

func signed(t *testing.T, src *Source, hosts ...string) *httpx.Client {
	t.Helper()
	c, err := httpx.New(httpx.Options{Service: "Testify", Wrap: src.Wrap(hosts...)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdle)
	return c
}

func call(t *testing.T, c *httpx.Client, method, url, body string) error {
	t.Helper()
	req, err := httpx.NewRequest(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.JSON(req, nil)
	return err
}

func host(srv *httptest.Server) string { return strings.TrimPrefix(srv.URL, "http://") }

// TestAHundredCallsRefreshOnce is trap 2; some find the token expired, others refused.
func TestAHundredCallsRefreshOnce(t *testing.T) {
	for name, age := range map[string]time.Duration{"expired": -time.Hour, "good by our clock, refused by theirs": 10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			s := newTokens(t)
			tok := oldToken(t)
			tok.ExpiresAt = time.Now().Add(age)
			srv, _ := api(t, func(token string) bool { return token == "at-secret" })
			c := signed(t, newClient(t, s.provider()).Source(manager(t, tok), "anna"), host(srv))
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					if err := call(t, c, "POST", srv.URL, "body"); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if n := len(s.asked()); n != 1 {
				t.Errorf("%d refreshes", n)
			}
		})
	}
}

func TestAServiceThatRefusesEveryTokenIsAskedTwice(t *testing.T) {
	s := newTokens(t)
	tok := oldToken(t)
	tok.ExpiresAt = time.Now().Add(time.Hour)
	srv, seen := api(t, func(string) bool { return false })
	c := signed(t, newClient(t, s.provider()).Source(manager(t, tok), "anna"), host(srv))
	err := call(t, c, "GET", srv.URL, "")
	var e *httpx.Error
	if !errors.As(err, &e) || e.Kind != httpx.Status || e.Status != 401 {
		t.Errorf("got %v", err)
	}
	if seen.Load() != 2 || len(s.asked()) != 1 {
		t.Errorf("%d calls, %d refreshes", seen.Load(), len(s.asked()))
	}
}

// TestTheTrueCauseOfAFailedRefresh is trap 17.
func TestTheTrueCauseOfAFailedRefresh(t *testing.T) {
	srv, seen := api(t, func(token string) bool { return token == "at-secret" })
	for name, c := range map[string]struct {
		status int
		answer string
		check  func(error) bool
	}{
		"a dead grant means sign in again": {400, `{"error":"invalid_grant"}`, func(err error) bool {
			return errors.Is(err, cache.ErrSignIn) && !strings.Contains(err.Error(), "rate")
		}},
		"a limit of the accounts server": {429, "", func(err error) bool {
			var e *httpx.Error
			return errors.As(err, &e) && e.Kind == httpx.RateLimited && !errors.Is(err, cache.ErrSignIn)
		}},
	} {
		s := newTokens(t)
		s.set(c.status, c.answer)
		s.header = map[string]string{"Retry-After": "7200"}
		src := newClient(t, s.provider()).Source(manager(t, oldToken(t)), "anna")
		cl := signed(t, src, host(srv))
		for range 3 {
			if err := call(t, cl, "GET", srv.URL, ""); !c.check(err) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		if n := len(s.asked()); n != 1 {
			t.Errorf("%s: asked %d times: it must not loop", name, n)
		}
	}
	if seen.Load() != 0 {
		t.Error("the service was called without a token")
	}
}

func TestNoTokenNoCall(t *testing.T) {
	s := newTokens(t)
	srv, seen := api(t, func(string) bool { return true })
	src := newClient(t, s.provider()).Source(manager(t, nil), "anna")
	if err := call(t, signed(t, src, host(srv)), "GET", srv.URL, ""); !errors.Is(err, cache.ErrSignIn) || seen.Load() != 0 {
		t.Errorf("got %v, %d calls", err, seen.Load())
	}
}

func TestTheTokenGoesToItsOwnHostsOnly(t *testing.T) {
	s := newTokens(t)
	var got atomic.Value
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got.Store(r.Header.Get("Authorization")) }))
	defer other.Close()
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) }))
	defer own.Close()
	src := newClient(t, s.provider()).Source(manager(t, oldToken(t)), "anna")
	c, err := httpx.New(httpx.Options{Wrap: src.Wrap(host(own)), Redirects: httpx.StripForOthers})
	if err != nil {
		t.Fatal(err)
	}
	req, err := httpx.NewRequest(t.Context(), "GET", own.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Bytes(req); err != nil || got.Load() != "" {
		t.Errorf("%v, it got %q", err, got.Load())
	}
}

func TestADroppedTokenIsReadAgain(t *testing.T) {
	s := newTokens(t)
	good := oldToken(t)
	good.ExpiresAt = time.Now().Add(time.Hour)
	m := manager(t, good)
	src := newClient(t, s.provider()).Source(m, "anna")
	read := func() string {
		tok, err := src.Token(t.Context(), cache.Secret{})
		if err != nil {
			return err.Error()
		}
		return tok.AccessToken.Reveal()
	}
	if got := read(); got != "at-secret-0" {
		t.Error(got)
	}
	if err := m.Clear(t.Context(), "anna"); err != nil {
		t.Logf("clear: %v", err)
	}
	if got := read(); got != "at-secret-0" {
		t.Errorf("from memory: %s", got)
	}
	src.Drop()
	if got := read(); !strings.Contains(got, "sign in") {
		t.Error(got)
	}
}

// slow is a handler whose reader gets what was there when it came, and gets it late.
type slow struct {
	cache.Handler
	reads chan chan struct{} // of each: closed when it may go on
}

func (s slow) Get(ctx context.Context) (*cache.Token, error) {
	t, err := s.Handler.Get(ctx)
	if s.reads != nil {
		on := make(chan struct{})
		s.reads <- on
		<-on
	}
	return t, err
}

// TestATokenThatWasReadBeforeAnotherTookItsPlaceIsNotKept: who signs in anew is not taken
// for who was there before, because some other call was just reading the token.
func TestATokenThatWasReadBeforeAnotherTookItsPlaceIsNotKept(t *testing.T) {
	s := newTokens(t)
	before, after := oldToken(t), oldToken(t)
	before.ExpiresAt, after.ExpiresAt = time.Now().Add(time.Hour), time.Now().Add(time.Hour)
	after.AccessToken = cache.NewSecret("at-secret-1")
	m, kept := manager(t, nil), cache.NewMemory(before)
	reads := make(chan chan struct{})
	if err := m.Use("anna", slow{kept, reads}); err != nil {
		t.Fatal(err)
	}
	src := newClient(t, s.provider()).Source(m, "anna")
	var changes []string
	src.OnChange(func(tok *cache.Token) { changes = append(changes, tok.AccessToken.Reveal()) })
	late := make(chan string)
	read := func() {
		tok, err := src.Token(t.Context(), cache.Secret{})
		if err != nil {
			t.Error(err)
		}
		late <- tok.AccessToken.Reveal()
	}
	go read()
	on := <-reads
	if err := kept.Save(t.Context(), after); err != nil {
		t.Fatal(err)
	}
	src.Drop()
	close(on)
	if got := <-late; got != "at-secret-0" {
		t.Errorf("who asked before gets %s", got)
	}
	go read()
	select {
	case on = <-reads:
		close(on)
		if got := <-late; got != "at-secret-1" {
			t.Errorf("who asks after gets %s", got)
		}
	case got := <-late:
		t.Errorf("who asks after gets %s, from memory", got)
	}
	if len(changes) != 1 || changes[0] != "at-secret-1" {
		t.Errorf("told of %v", changes)
	}
}

// TestAClockThatIsTenMinutesOff: a token's end is reckoned by our own clock, right or wrong;
// when somebody sets it right, a token may look good that is not.
func TestAClockThatIsTenMinutesOff(t *testing.T) {
	for name, off := range map[string]time.Duration{"fast": 10 * time.Minute, "slow": -10 * time.Minute} {
		s := newTokens(t)
		now := time.Now().Add(off)
		clock := func() time.Time { return now }
		c := newClient(t, s.provider())
		c.now = clock
		m, err := cache.NewManager(cache.Options{Kind: cache.Memory, LockDir: t.TempDir(), Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Use("anna", cache.NewMemory(oldToken(t))); err != nil {
			t.Fatal(err)
		}
		good := "at-secret"
		srv, seen := api(t, func(token string) bool { return token == good })
		cl := signed(t, c.Source(m, "anna"), host(srv))
		for range 3 {
			if err := call(t, cl, "GET", srv.URL, ""); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if len(s.asked()) != 1 || seen.Load() != 3 {
			t.Errorf("%s: %d refreshes for %d calls", name, len(s.asked()), seen.Load())
		}
		// An hour passes, and meanwhile the clock is set right.
		now, good = now.Add(time.Hour-off), "at-2"
		s.set(0, `{"access_token":"at-2","expires_in":3600}`)
		if err := call(t, cl, "GET", srv.URL, ""); err != nil || len(s.asked()) != 2 {
			t.Errorf("%s: set right: %v, %d refreshes", name, err, len(s.asked()))
		}
	}
}
