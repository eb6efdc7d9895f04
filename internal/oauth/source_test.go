package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/httpx"
)

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
