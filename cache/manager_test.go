package cache_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"segue/cache"
)

// expired is token n after its end.
func expired(n int) *cache.Token {
	t := tokenOf(n)
	t.ExpiresAt = time.Unix(1_000_000, 0)
	return t
}

func TestFreshGivesRefreshesOrAsksToSignIn(t *testing.T) {
	broken := errors.New("the line is broken")
	for name, test := range map[string]struct {
		stored   *cache.Token
		wanted   string
		rejected cache.Secret
		answer   *cache.Token
		fails    error

		want    *cache.Token
		wantErr error
		left    *cache.Token
		asked   int
	}{
		"good":                         {stored: tokenOf(1), want: tokenOf(1), left: tokenOf(1)},
		"none":                         {wantErr: cache.ErrSignIn},
		"expired":                      {stored: expired(1), answer: tokenOf(2), want: tokenOf(2), left: tokenOf(2), asked: 1},
		"refused by the service":       {stored: tokenOf(1), rejected: tokenOf(1).AccessToken, answer: tokenOf(2), want: tokenOf(2), left: tokenOf(2), asked: 1},
		"refused, but another came":    {stored: tokenOf(3), rejected: tokenOf(1).AccessToken, want: tokenOf(3), left: tokenOf(3)},
		"scopes that were not granted": {stored: tokenOf(1), wanted: "streaming", wantErr: cache.ErrSignIn, left: tokenOf(1)},
		"the line is broken":           {stored: expired(1), fails: broken, wantErr: broken, left: expired(1), asked: 1},
		"the grant has ended":          {stored: expired(1), fails: fmt.Errorf("invalid_grant: %w", cache.ErrDead), wantErr: cache.ErrSignIn, asked: 1},
		"an answer of nothing":         {stored: expired(1), wantErr: cache.ErrSignIn, left: expired(1), asked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := mustManager(t, cache.Options{Kind: cache.File, Now: func() time.Time { return time.Unix(1_900_000_000, 0) }})
			h := mustHandler(t, m, "me")
			if test.stored != nil {
				if err := h.Save(t.Context(), test.stored); err != nil {
					t.Fatal(err)
				}
			}
			asked := 0
			got, err := m.Fresh(t.Context(), "me", test.wanted, test.rejected, func(_ context.Context, old *cache.Token) (*cache.Token, error) {
				asked++
				if !old.RefreshToken.Equal(test.stored.RefreshToken) {
					t.Error("asked with another refresh token")
				}
				return test.answer, test.fails
			})
			if !sameToken(got, test.want) || !errors.Is(err, test.wantErr) || asked != test.asked {
				t.Errorf("%v, asked %d times", err, asked)
			}
			if left, err := h.Get(t.Context()); err != nil || !sameToken(left, test.left) {
				t.Errorf("what is left is another: %v", err)
			}
		})
	}
}

func TestARefreshThatTheCallerGaveUpIsStillSaved(t *testing.T) {
	m := mustManager(t, cache.Options{Kind: cache.File})
	h := mustHandler(t, m, "me")
	if err := h.Save(t.Context(), expired(1)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, _ = m.Fresh(ctx, "me", "", cache.Secret{}, func(context.Context, *cache.Token) (*cache.Token, error) {
		cancel() // the refresh token is spent by now
		return tokenOf(2), nil
	})
	if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(2)) {
		t.Errorf("%v", err)
	}
}

func TestLogoutKeepsTheRefreshTokenAndOnlyThat(t *testing.T) {
	m := mustManager(t, cache.Options{Kind: cache.File})
	h := mustHandler(t, m, "me")
	if err := m.DropAccess(t.Context(), "me"); err != nil {
		t.Errorf("nothing to drop: %v", err)
	}
	if err := errors.Join(h.Save(t.Context(), tokenOf(1)), m.DropAccess(t.Context(), "me")); err != nil {
		t.Fatal(err)
	}
	got, err := h.Get(t.Context())
	if err != nil || got == nil || !got.AccessToken.IsZero() || !got.RefreshToken.Equal(tokenOf(1).RefreshToken) || got.Judge(time.Now()) != cache.Refresh {
		t.Errorf("%v", err)
	}
	bare := tokenOf(1)
	bare.RefreshToken = cache.Secret{}
	if err := errors.Join(h.Save(t.Context(), bare), m.DropAccess(t.Context(), "me")); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Get(t.Context()); got != nil || err != nil {
		t.Errorf("a token that nothing is left of: %v, %v", got, err)
	}
}

func TestWhatIsNotRememberedStaysInMemory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tokens")
	m := mustManager(t, cache.Options{Kind: cache.File, TokenDir: dir})
	if err := m.Use("me", cache.NewMemory(nil)); err != nil {
		t.Fatal(err)
	}
	if err := mustHandler(t, m, "me").Save(t.Context(), tokenOf(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something is on the disk: %v", err)
	}
	if got, err := mustHandler(t, m, "me").Get(t.Context()); err != nil || !sameToken(got, tokenOf(1)) {
		t.Error(err)
	}
	if err := errors.Join(m.Clear(t.Context(), "me"), m.Use("me", nil)); err != nil {
		t.Fatal(err)
	}
	if got, err := mustHandler(t, m, "me").Get(t.Context()); got != nil || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := cache.NewMemory(tokenOf(4)).Get(t.Context()); err != nil || !sameToken(got, tokenOf(4)) {
		t.Error("a memory with a token from the start")
	}
}

// flaky is a handler of a caller's own, whose place comes and goes.
type flaky struct {
	mu    sync.Mutex
	token *cache.Token
	down  bool
	saves int
}

var errDown = errors.New("the place is down")

func (f *flaky) Get(context.Context) (*cache.Token, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return nil, errDown
	}
	return f.token.Clone(), nil
}

func (f *flaky) Save(_ context.Context, t *cache.Token) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.saves++
	if f.down {
		return errDown
	}
	f.token = t.Clone()
	return nil
}

func (f *flaky) Delete(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return errDown
	}
	f.token = nil
	return nil
}

func (f *flaky) set(down bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = down
}

func (f *flaky) held() *cache.Token {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.token.Clone()
}

func (f *flaky) tries() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.saves
}

func TestAHandlerOfTheCallersOwnIsCountedWarnedOfAndTriedAgain(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		l := &logs{}
		m, err := cache.NewManager(cache.Options{Kind: cache.Memory, LockDir: dir, Log: l.add})
		if err != nil {
			t.Fatal(err)
		}
		f := &flaky{token: tokenOf(1)}
		if err := m.Use("me", f); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- m.Run(ctx) }()
		h := mustHandler(t, m, "me")
		if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(1)) {
			t.Fatal(err)
		}
		f.set(true)
		for range 3 {
			if got, err := h.Get(t.Context()); got != nil || err != nil {
				t.Errorf("%v, %v", got, err)
			}
		}
		if err := h.Save(t.Context(), tokenOf(2)); !errors.Is(err, cache.ErrKept) || !errors.Is(err, errDown) {
			t.Error(err)
		}
		time.Sleep(10 * time.Minute)
		if n := f.tries(); n > 1 {
			t.Errorf("%d saves though it cannot be read", n)
		}
		f.set(false)
		time.Sleep(2 * time.Minute)
		if !sameToken(f.held(), tokenOf(2)) {
			t.Error("it was not tried again")
		}
		s := m.Stats()
		if len(s) != 1 || s[0].Account != "me" || s[0].Hits < 1 || s[0].Errors < 4 || s[0].Waiting || s[0].LastError != "" {
			t.Errorf("%+v", s)
		}
		if l.count("me: ") != 1 {
			t.Errorf("said %d times: %s", l.count("me: "), l)
		}
		f.set(true)
		if err := h.Delete(t.Context()); !errors.Is(err, errDown) {
			t.Error(err)
		}
		if got, err := h.Get(t.Context()); got != nil || err != nil {
			t.Errorf("deleted, though not yet there: %v", err)
		}
		f.set(false)
		cancel()
		if err := <-ended; err != nil || f.held() != nil {
			t.Errorf("Run's last try: %v", err)
		}
	})
}

func TestTheCriticalSectionOfAnAccountIsItsOwn(t *testing.T) {
	m := mustManager(t, cache.Options{Kind: cache.Memory})
	unlock, err := m.Lock(t.Context(), "me")
	if err != nil {
		t.Fatal(err)
	}
	other, err := m.Lock(t.Context(), "you")
	if err != nil {
		t.Fatal(err)
	}
	other()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Lock(ctx, "me"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	in, most := 0, 0
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				unlock, err := m.Lock(t.Context(), "me")
				if err != nil {
					t.Error(err)
					return
				}
				in++
				most = max(most, in)
				in--
				unlock()
			}
		})
	}
	unlock()
	group.Wait()
	if most != 1 {
		t.Errorf("%d at once", most)
	}
}

func TestWhatIsClearedWhileItIsRefreshedStaysCleared(t *testing.T) {
	m := mustManager(t, cache.Options{Kind: cache.File})
	h := mustHandler(t, m, "me")
	old := tokenOf(1)
	old.ExpiresAt = time.Unix(1, 0)
	if err := h.Save(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	asked, answer := make(chan struct{}), make(chan struct{})
	refreshed, cleared := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := m.Fresh(t.Context(), "me", "", cache.Secret{}, func(context.Context, *cache.Token) (*cache.Token, error) {
			close(asked)
			<-answer
			return tokenOf(2), nil
		})
		refreshed <- err
	}()
	<-asked
	go func() { cleared <- m.Clear(t.Context(), "me") }()
	select {
	case err := <-cleared:
		t.Errorf("cleared in the middle of a refresh, %v", err)
		cleared <- nil
	case <-time.After(50 * time.Millisecond): // it waits
	}
	close(answer)
	if err := errors.Join(<-refreshed, <-cleared); err != nil {
		t.Error(err)
	}
	if got, err := h.Get(t.Context()); got != nil || err != nil {
		t.Errorf("it came back: %v", err)
	}
}

// TestTheEndWaitsForARefresh: what has been refreshed is saved before Close returns.
func TestTheEndWaitsForARefresh(t *testing.T) {
	m, err := cache.NewManager(cache.Options{Kind: cache.File, TokenDir: t.TempDir(), LockDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	old := tokenOf(1)
	old.ExpiresAt = time.Now().Add(-time.Hour)
	if err := m.Put(t.Context(), "spotify", old); err != nil {
		t.Fatal(err)
	}
	asked, answered := make(chan struct{}), make(chan struct{})
	go func() {
		_, _ = m.Fresh(t.Context(), "spotify", "", cache.Secret{}, func(context.Context, *cache.Token) (*cache.Token, error) {
			close(asked)
			<-answered
			return tokenOf(2), nil
		})
	}()
	<-asked
	closed := make(chan error)
	go func() { closed <- m.Close() }()
	select {
	case <-closed:
		t.Error("it ended in the middle of a refresh")
	case <-time.After(50 * time.Millisecond):
	}
	close(answered)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	got, err := m.Stored(t.Context(), "spotify")
	if err != nil || !got.RefreshToken.Equal(tokenOf(2).RefreshToken) {
		t.Errorf("the token that came is not kept: %v", err)
	}
}
