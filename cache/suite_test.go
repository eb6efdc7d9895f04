package cache_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"segue/cache"
	"segue/cache/cachetest"
)

const (
	accessText  = "BQD-access-0123456789"
	refreshText = "AQC-refresh-9876543210"
)

// tokenOf is a token that can be told from others by its number.
func tokenOf(n int) *cache.Token {
	t := &cache.Token{
		AccessToken: cache.NewSecret(fmt.Sprintf("%s.%d", accessText, n)), TokenType: "Bearer",
		RefreshToken: cache.NewSecret(fmt.Sprintf("%s.%d", refreshText, n)), Scope: "user-library-read user-top-read",
		ExpiresAt: time.Unix(2_000_000_000+int64(n), 0), ExpiresIn: 3600,
	}
	if err := t.SetExtra("client_id", []byte(fmt.Sprintf(`"client-%d"`, n))); err != nil {
		panic(err)
	}
	return t
}

func sameToken(a, b *cache.Token) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.AccessToken.Equal(b.AccessToken) && a.RefreshToken.Equal(b.RefreshToken) && a.TokenType == b.TokenType && a.Scope == b.Scope &&
		a.NoScope == b.NoScope && a.ExpiresAt.Equal(b.ExpiresAt) && a.ExpiresIn == b.ExpiresIn && string(a.Extra("client_id")) == string(b.Extra("client_id"))
}

// logs collects warnings.
type logs struct {
	mu    sync.Mutex
	lines []string
}

func (l *logs) add(s string) { l.mu.Lock(); defer l.mu.Unlock(); l.lines = append(l.lines, s) }

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

func (l *logs) count(part string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, s := range l.lines {
		if strings.Contains(s, part) {
			n++
		}
	}
	return n
}

// mustManager makes a manager in folders of the test's own.
func mustManager(t *testing.T, o cache.Options) *cache.Manager {
	t.Helper()
	if o.TokenDir == "" {
		o.TokenDir = filepath.Join(t.TempDir(), "tokens")
	}
	if o.LockDir == "" {
		o.LockDir = filepath.Join(t.TempDir(), "locks")
	}
	m, err := cache.NewManager(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

func mustHandler(t *testing.T, m *cache.Manager, account string) cache.Handler {
	t.Helper()
	h, err := m.Handler(account)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// reverse is a codec that is not JSON.
type reverse struct{}

func (reverse) Encode(t *cache.Token) ([]byte, error) {
	b, err := cache.JSON{}.Encode(t)
	flip(b)
	return b, err
}

func (reverse) Decode(b []byte) (*cache.Token, error) {
	b = append([]byte(nil), b...)
	flip(b)
	return cache.JSON{}.Decode(b)
}

func flip(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

// TestEveryHandlerKeepsTheContract runs one suite over all places, each real.
func TestEveryHandlerKeepsTheContract(t *testing.T) {
	places := map[string]func(t *testing.T) cache.Options{
		"file":   func(*testing.T) cache.Options { return cache.Options{Kind: cache.File} },
		"memory": func(*testing.T) cache.Options { return cache.Options{Kind: cache.Memory} },
		"auto without a keyring": func(t *testing.T) cache.Options {
			noBus(t)
			return cache.Options{Kind: cache.Auto}
		},
		"keyring": func(t *testing.T) cache.Options {
			cachetest.StartKeyring(t)
			return cache.Options{Kind: cache.Keyring, Keyring: unhurried()}
		},
		"auto with a keyring": func(t *testing.T) cache.Options {
			cachetest.StartKeyring(t)
			return cache.Options{Kind: cache.Auto, Keyring: unhurried()}
		},
		"redis on a socket": func(t *testing.T) cache.Options {
			return cache.Options{Kind: cache.Redis, Redis: cache.RedisOptions{URL: cache.NewSecret(cachetest.StartRedis(t).URL())}}
		},
		"redis with TLS": func(t *testing.T) cache.Options {
			r := cachetest.StartRedis(t)
			return cache.Options{Kind: cache.Redis, Redis: cache.RedisOptions{
				URL: cache.NewSecret(fmt.Sprintf("rediss://127.0.0.1:%d/3", r.TLSPort)), Password: cache.NewSecret(cachetest.RedisPassword), TLS: r.TLS()}}
		},
		"redis as a user with few rights": func(t *testing.T) cache.Options {
			return cache.Options{Kind: cache.Redis, Redis: cache.RedisOptions{
				URL: cache.NewSecret("unix://" + cachetest.StartRedis(t).Sock), Username: "app", Password: cache.NewSecret("apppw")}}
		},
		"redis with another codec": func(t *testing.T) cache.Options {
			return cache.Options{Kind: cache.Redis, Codec: reverse{}, Redis: cache.RedisOptions{URL: cache.NewSecret(cachetest.StartRedis(t).URL())}}
		},
		"file with another codec": func(*testing.T) cache.Options { return cache.Options{Kind: cache.File, Codec: reverse{}} },
		"memcached": func(t *testing.T) cache.Options {
			return cache.Options{Kind: cache.Memcached, Memcached: cache.MemcachedOptions{Addr: cachetest.StartMemcached(t)}}
		},
		"memcached for 60 days": func(t *testing.T) cache.Options {
			return cache.Options{Kind: cache.Memcached, Memcached: cache.MemcachedOptions{Addr: cachetest.StartMemcached(t), TTL: 60 * 24 * time.Hour}}
		},
	}
	for name, options := range places {
		t.Run(name, func(t *testing.T) {
			l := &logs{}
			o := options(t)
			o.Log, o.TokenDir, o.LockDir = l.add, filepath.Join(t.TempDir(), "tokens"), filepath.Join(t.TempDir(), "locks")
			testManager(t, func() *cache.Manager { return mustManager(t, o) }, o.Kind != cache.Memory)
			for _, secret := range []string{accessText, refreshText, cachetest.RedisPassword, "apppw"} {
				if l.count(secret) > 0 {
					t.Errorf("the log holds a secret: %s", l)
				}
			}
		})
	}
}

// testManager is the suite. Every call of remake is what a restart would find.
func testManager(t *testing.T, remake func() *cache.Manager, lasts bool) {
	t.Helper()
	m := remake()
	h := mustHandler(t, m, "me")
	if again := mustHandler(t, m, "me"); again != h {
		t.Error("an account has two handlers")
	}
	testHandler(t, t.Context(), h)

	other := mustHandler(t, m, "some.one_else-2")
	if got, err := other.Get(t.Context()); got != nil || err != nil {
		t.Fatalf("another account: %v, %v", got, err)
	}
	if err := errors.Join(h.Save(t.Context(), tokenOf(1)), other.Save(t.Context(), tokenOf(2))); err != nil {
		t.Fatal(err)
	}
	if lasts {
		m = remake()
		h, other = mustHandler(t, m, "me"), mustHandler(t, m, "some.one_else-2")
	}
	for n, h := range map[int]cache.Handler{1: h, 2: other} {
		if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(n)) {
			t.Errorf("token %d did not come back: %v", n, err)
		}
	}
	if err := m.Clear(t.Context(), "me"); err != nil {
		t.Fatal(err)
	}
	if lasts {
		h = mustHandler(t, remake(), "me")
	}
	if got, err := h.Get(t.Context()); got != nil || err != nil {
		t.Errorf("after Clear: %v, %v", got, err)
	}
	if got, err := other.Get(t.Context()); err != nil || !sameToken(got, tokenOf(2)) {
		t.Errorf("Clear of one account took another's token: %v", err)
	}
	for _, s := range m.Stats() {
		if s.Errors != 0 || s.LastError != "" || s.Waiting || s.Where == "" || s.Account == "some.one_else-2" && s.Hits == 0 {
			t.Errorf("stats: %+v", s)
		}
	}
}

// testHandler is the part of the suite that any Handler passes.
func testHandler(t *testing.T, ctx context.Context, h cache.Handler) {
	t.Helper()
	if got, err := h.Get(ctx); got != nil || err != nil {
		t.Fatalf("an empty place: %v, %v", got, err)
	}
	if err := h.Delete(ctx); err != nil {
		t.Fatalf("deleting nothing: %v", err)
	}
	if err := h.Save(ctx, nil); !errors.Is(err, cache.ErrInvalid) {
		t.Errorf("saving nothing: %v", err)
	}
	want := tokenOf(7)
	if err := h.Save(ctx, want); err != nil {
		t.Fatal(err)
	}
	saved := want.Clone()
	want.TokenType = "changed by the caller afterwards"
	got, err := h.Get(ctx)
	if err != nil || !sameToken(got, saved) {
		t.Fatalf("it did not come back: %v", err)
	}
	got.Scope = "changed by the caller afterwards"
	if again, err := h.Get(ctx); err != nil || !sameToken(again, saved) {
		t.Errorf("the caller changed what is kept: %v", err)
	}
	if err := h.Save(ctx, tokenOf(8)); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Get(ctx); err != nil || !sameToken(got, tokenOf(8)) {
		t.Errorf("the newer one: %v", err)
	}
	bare := &cache.Token{RefreshToken: cache.NewSecret(refreshText), NoScope: true}
	if err := h.Save(ctx, bare); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Get(ctx); err != nil || !sameToken(got, bare) {
		t.Errorf("a token with only a refresh token: %v", err)
	}
	if err := h.Delete(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Get(ctx); got != nil || err != nil {
		t.Errorf("after Delete: %v, %v", got, err)
	}
}

func TestTheWebSessionKeepsTheContractAndKeepsUsersApart(t *testing.T) {
	sessions := scs.New()
	h := cache.NewWebSession(sessions, nil)
	one, err := sessions.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	two, err := sessions.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	testHandler(t, one, h)
	testHandler(t, two, h)
	if err := errors.Join(h.Save(one, tokenOf(1)), h.Save(two, tokenOf(2))); err != nil {
		t.Fatal(err)
	}
	for n, ctx := range map[int]context.Context{1: one, 2: two} {
		if got, err := h.Get(ctx); err != nil || !sameToken(got, tokenOf(n)) {
			t.Errorf("user %d: %v", n, err)
		}
	}
	key, _, err := sessions.Commit(one)
	if err != nil {
		t.Fatal(err)
	}
	back, err := sessions.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := h.Get(back); err != nil || !sameToken(got, tokenOf(1)) {
		t.Errorf("in the next request: %v", err)
	}
	sessions.Put(two, "token_info", "no token")
	if got, err := h.Get(two); got != nil || err != nil {
		t.Errorf("a session with something else: %v, %v", got, err)
	}
	counted, ok := h.(cache.Counted)
	if !ok || counted.Stats().Hits < 5 || counted.Stats().Misses < 2 || counted.Stats().Errors != 1 {
		t.Errorf("it does not count: %+v", counted)
	}
	if err := mustManager(t, cache.Options{Kind: cache.Memory}).Use("web", h); !errors.Is(err, cache.ErrInvalid) {
		t.Errorf("one account with all users' tokens: %v", err)
	}
}

// noBus takes the session bus away.
func noBus(t *testing.T) {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
}

func TestAHandlerOverDatabaseSQLKeepsTheContract(t *testing.T) {
	db, err := sql.Open("sqlite3", filepath.Join(t.TempDir(), "app.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE tokens(user TEXT PRIMARY KEY, token BLOB NOT NULL, expires_at INTEGER NOT NULL)`); err != nil {
		t.Fatal(err)
	}
	remake := func() *cache.Manager {
		m := mustManager(t, cache.Options{Kind: cache.Memory})
		for _, account := range []string{"me", "some.one_else-2"} {
			if err := m.Use(account, inSQL{db, account}); err != nil {
				t.Fatal(err)
			}
		}
		return m
	}
	testManager(t, remake, true)
}
