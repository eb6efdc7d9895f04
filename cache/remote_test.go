package cache_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"segue/cache"
	"segue/cache/cachetest"
)

func TestSpotipysKeysAreTakenOverOnAMissByTheFirstSpotifyAccountAlone(t *testing.T) {
	r := cachetest.StartRedis(t)
	for _, key := range []string{"token_info", "spotify_token"} {
		t.Run(key, func(t *testing.T) {
			r.CLI(t, "", "flushall")
			r.CLI(t, spotipyText, "-x", "set", key)
			m := mustManager(t, cache.Options{Kind: cache.Redis, Redis: cache.RedisOptions{URL: cache.NewSecret(r.URL())}, Spotipy: cache.Spotipy{Account: "spotify"}})
			if got, err := mustHandler(t, m, "other").Get(t.Context()); got != nil || err != nil {
				t.Errorf("another account: %v, %v", got, err)
			}
			h := mustHandler(t, m, "spotify")
			got, err := h.Get(t.Context())
			if err != nil || got == nil || got.RefreshToken.Reveal() != "AQspotipy" || string(got.Extra("later")) == "" {
				t.Fatalf("%v", err)
			}
			if ours := r.CLI(t, "", "get", "segue:token:spotify"); !sameJSON(t, ours, spotipyText) {
				t.Errorf("taken over as %s", ours)
			}
			if theirs := r.CLI(t, "", "get", key); theirs != spotipyText {
				t.Errorf("Spotipy's own: %s", theirs)
			}
			if err := m.Clear(t.Context(), "spotify"); err != nil {
				t.Fatal(err)
			}
			if got, err := h.Get(t.Context()); got != nil || err != nil {
				t.Errorf("after Clear it comes back: %v, %v", got, err)
			}
		})
	}
}

func TestAKeyOfTheUsersOwnAndATTLAreHonoured(t *testing.T) {
	r := cachetest.StartRedis(t)
	m := mustManager(t, cache.Options{Kind: cache.Redis, Spotipy: cache.Spotipy{Account: "spotify", Key: "my key"},
		Redis: cache.RedisOptions{URL: cache.NewSecret(r.URL()), TTL: time.Hour}})
	if err := mustHandler(t, m, "spotify").Save(t.Context(), tokenOf(1)); err != nil {
		t.Fatal(err)
	}
	if ttl, err := strconv.Atoi(r.CLI(t, "", "ttl", "my key")); err != nil || ttl > 3600 || ttl < 3000 {
		t.Errorf("TTL %d, %v", ttl, err)
	}
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: r.Sock, Password: cachetest.RedisPassword})
	defer client.Close()
	h, err := cache.NewRedis("my key", cache.RedisOptions{Client: client}, cache.FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(1)) {
		t.Errorf("by a client of the caller's: %v", err)
	}
}

func TestWhatAServerKeepsAndIsNoTokenIsSetAside(t *testing.T) {
	r := cachetest.StartRedis(t)
	l := &logs{}
	m := mustManager(t, cache.Options{Kind: cache.Redis, Log: l.add, Redis: cache.RedisOptions{URL: cache.NewSecret(r.URL())}})
	r.CLI(t, "gibberish "+hidden, "-x", "set", "segue:token:me")
	h := mustHandler(t, m, "me")
	if got, err := h.Get(t.Context()); got != nil || err != nil || l.count("set aside as segue:token:me:bad") != 1 || leaks(l.String()) {
		t.Errorf("%v, %v, %s", got, err, l)
	}
	if bad := r.CLI(t, "", "get", "segue:token:me:bad"); bad != "gibberish "+hidden {
		t.Errorf("%q", bad)
	}
}

// A server that is down is a warning and "none"; what was saved meanwhile is stored when it is back.
func TestARedisThatRestartsLosesNothingThatWasSavedMeanwhile(t *testing.T) {
	r := cachetest.StartRedis(t)
	l := &logs{}
	m := mustManager(t, cache.Options{Kind: cache.Redis, Log: l.add, Redis: cache.RedisOptions{URL: cache.NewSecret(r.URL())}})
	h := mustHandler(t, m, "me")
	if err := h.Save(t.Context(), tokenOf(1)); err != nil {
		t.Fatal(err)
	}
	r.Stop()
	if got, err := h.Get(t.Context()); got != nil || err != nil || l.count("does not answer") == 0 {
		t.Fatalf("down: %v, %v, %s", got, err, l)
	}
	if err := h.Save(t.Context(), tokenOf(2)); !errors.Is(err, cache.ErrKept) {
		t.Fatalf("saving: %v", err)
	}
	if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(2)) {
		t.Fatalf("meanwhile: %v", err)
	}
	if s := m.Stats()[0]; !s.Waiting || s.Errors < 2 || s.LastError == "" {
		t.Errorf("stats: %+v", s)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	r.Start(t)
	cachetest.Until(t, "Run stores it", func() bool { return !m.Stats()[0].Waiting })
	if got := r.CLI(t, "", "get", "segue:token:me"); !strings.Contains(got, accessText+".2") {
		t.Errorf("on the server: %s", got)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if l.count(accessText) > 0 || l.count(cachetest.RedisPassword) > 0 {
		t.Errorf("%s", l)
	}
}

func TestATokenOfAnotherMachineIsNotUndoneByALateSave(t *testing.T) {
	r := cachetest.StartRedis(t)
	m := mustManager(t, cache.Options{Kind: cache.Redis, Redis: cache.RedisOptions{URL: cache.NewSecret(r.URL())}})
	h := mustHandler(t, m, "me")
	if err := h.Save(t.Context(), tokenOf(1)); err != nil {
		t.Fatal(err)
	}
	r.Stop()
	if err := h.Save(t.Context(), tokenOf(2)); err == nil {
		t.Fatal("saved on a server that is down")
	}
	r.Start(t) // empty: it keeps nothing on disk
	theirs, err := cache.JSON{}.Encode(tokenOf(3))
	if err != nil {
		t.Fatal(err)
	}
	r.CLI(t, string(theirs), "-x", "set", "segue:token:me")
	cachetest.Until(t, "go-redis dials again", func() bool { return m.Flush(t.Context()) == nil })
	if got, err := h.Get(t.Context()); err != nil || !sameToken(got, tokenOf(3)) {
		t.Errorf("%v", err)
	}
}

func TestServersThatRefuseOrHangAreNoneInTime(t *testing.T) {
	hang := hangingServer(t)
	wrong := cachetest.StartRedis(t)
	closed := fmt.Sprintf("127.0.0.1:%d", cachetest.FreePort(t))
	url := func(s string) cache.RedisOptions { return cache.RedisOptions{URL: cache.NewSecret(s)} }
	for name, o := range map[string]cache.Options{
		"redis refuses":             {Kind: cache.Redis, Redis: url("redis://" + closed)},
		"redis hangs":               {Kind: cache.Redis, Redis: url("redis://:" + hidden + "@" + hang)},
		"redis is no redis":         {Kind: cache.Redis, Redis: url("rediss://" + hang)},
		"redis's password is wrong": {Kind: cache.Redis, Redis: url("unix://:" + hidden + "@" + wrong.Sock)},
		"redis's socket is missing": {Kind: cache.Redis, Redis: url("unix:///nowhere/redis.sock")},
		"memcached refuses":         {Kind: cache.Memcached, Memcached: cache.MemcachedOptions{Addr: closed}},
		"memcached hangs":           {Kind: cache.Memcached, Memcached: cache.MemcachedOptions{Addr: hang}},
		"memcached has no address":  {Kind: cache.Memcached, Memcached: cache.MemcachedOptions{Addr: "no-such-host.invalid:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &logs{}
			o.Log = l.add
			m := mustManager(t, o)
			within(t, cachetest.Patience, func(ctx context.Context) {
				h := mustHandler(t, m, "me")
				if got, err := h.Get(ctx); got != nil || err != nil || l.String() == "" {
					t.Errorf("Get: %v, %v, %s", got, err, l)
				}
				if err := h.Save(ctx, tokenOf(1)); !errors.Is(err, cache.ErrKept) || leaks(err.Error()) {
					t.Errorf("Save: %v", err)
				}
				if got, err := h.Get(ctx); err != nil || !sameToken(got, tokenOf(1)) {
					t.Errorf("meanwhile: %v", err)
				}
				got, err := m.Fresh(ctx, "me", "", cache.Secret{}, nil)
				if err != nil || !sameToken(got, tokenOf(1)) {
					t.Errorf("Fresh: %v", err)
				}
				unlock, err := m.Lock(ctx, "me")
				if err != nil {
					t.Errorf("Lock: %v", err)
					return
				}
				unlock()
				if err := h.Delete(ctx); err == nil || leaks(err.Error()) {
					t.Errorf("Delete: %v", err)
				}
				if got, err := h.Get(ctx); got != nil || err != nil {
					t.Errorf("deleted meanwhile: %v", err)
				}
			})
			if leaks(l.String()) {
				t.Errorf("%s", l)
			}
		})
	}
}

// hangingServer takes connections and never answers.
func hangingServer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var taken atomic.Pointer[[]net.Conn]
	taken.Store(&[]net.Conn{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all := append(*taken.Load(), c)
			taken.Store(&all)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
		for _, c := range *taken.Load() {
			_ = c.Close()
		}
	})
	return l.Addr().String()
}

func TestAStoreThatDoesNotAnswerIsNoReasonToSignIn(t *testing.T) {
	m := mustManager(t, cache.Options{Kind: cache.Redis, Redis: cache.RedisOptions{URL: cache.NewSecret("unix:///nowhere/redis.sock")}})
	_, err := m.Fresh(t.Context(), "me", "", cache.Secret{}, nil)
	if !errors.Is(err, cache.ErrUnavailable) || errors.Is(err, cache.ErrSignIn) {
		t.Errorf("%v", err)
	}
}

func TestTheLockInRedisKeepsOtherMachinesOut(t *testing.T) {
	r := cachetest.StartRedis(t)
	machine := func() *cache.Manager { // each with a state folder of its own
		return mustManager(t, cache.Options{Kind: cache.Redis, Redis: cache.RedisOptions{URL: cache.NewSecret("unix://" + r.Sock), Username: "app", Password: cache.NewSecret("apppw")}})
	}
	one, two := machine(), machine()
	unlock, err := one.Lock(t.Context(), "me")
	if err != nil {
		t.Fatal(err)
	}
	if life := r.CLI(t, "", "pttl", "segue:token:me:lock"); len(life) != 5 {
		t.Errorf("its life is %s ms", life)
	}
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := two.Lock(short, "me"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while it is held: %v", err)
	}
	if r.CLI(t, "", "exists", "segue:token:me:lock") != "1" {
		t.Error("who gave up waiting removed the other's lock")
	}
	other, err := two.Lock(t.Context(), "you")
	if err != nil {
		t.Fatalf("another account: %v", err)
	}
	other()
	unlock()
	unlock()
	again, err := two.Lock(t.Context(), "me")
	if err != nil {
		t.Fatal(err)
	}
	r.CLI(t, "", "set", "segue:token:me:lock", "somebody else's")
	again()
	if r.CLI(t, "", "get", "segue:token:me:lock") != "somebody else's" {
		t.Error("a lock that was lost is somebody else's, and was removed")
	}
}

func TestBadOptionsAreRefusedInWords(t *testing.T) {
	dir := t.TempDir()
	for name, test := range map[string]struct {
		o    cache.Options
		says string
	}{
		"an unknown kind": {cache.Options{Kind: "sqlite", LockDir: dir, TokenDir: dir}, "the kinds are auto, file, memory, keyring, redis, memcached"},
		"no lock folder":  {cache.Options{TokenDir: dir}, "locks"},
		"no token folder": {cache.Options{Kind: cache.File, LockDir: dir}, "token files"},
		"a bad account":   {cache.Options{Kind: cache.Memory, LockDir: dir, Spotipy: cache.Spotipy{Account: "A B"}}, "account"},
		"a bad URL":       {cache.Options{Kind: cache.Memory, LockDir: dir, Redis: cache.RedisOptions{URL: cache.NewSecret("http://x")}}, "redis://"},
		"a negative TTL":  {cache.Options{Kind: cache.Redis, LockDir: dir, Redis: cache.RedisOptions{TTL: -1}}, "less than no time"},
		"the web session": {cache.Options{Kind: "web session", LockDir: dir}, "the kinds are"},
	} {
		if _, err := cache.NewManager(test.o); !errors.Is(err, cache.ErrInvalid) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := mustManager(t, cache.Options{Kind: cache.Memory})
	for _, account := range []string{"", "Me", "a/b", "..", ".", "a b", strings.Repeat("a", 33), "é", "a\x00"} {
		if _, err := m.Handler(account); !errors.Is(err, cache.ErrInvalid) {
			t.Errorf("the account %q: %v", account, err)
		}
		if _, err := m.Lock(t.Context(), account); !errors.Is(err, cache.ErrInvalid) {
			t.Errorf("its lock: %v", err)
		}
	}
	for _, account := range []string{"a", "local", "my.server_2-x", strings.Repeat("a", 32), "..a"} {
		if _, err := m.Handler(account); err != nil {
			t.Errorf("%q: %v", account, err)
		}
	}
	if _, err := cache.NewManager(cache.Options{Kind: cache.File, LockDir: dir, TokenDir: filepath.Join(dir, "x")}); err != nil {
		t.Error(err)
	}
}

func TestWhatIsClearedIsGoneFromWhereItWasBefore(t *testing.T) {
	noBus(t)
	r := cachetest.StartRedis(t)
	dir, locks := t.TempDir(), t.TempDir()
	o := cache.Options{Kind: cache.Redis, TokenDir: dir, LockDir: locks, Redis: cache.RedisOptions{URL: cache.NewSecret(r.URL())}, Memcached: cache.MemcachedOptions{Addr: cachetest.StartMemcached(t)}}
	for _, kind := range []cache.Kind{cache.Redis, cache.Memcached, cache.File} { // the user changed the setting twice
		o.Kind = kind
		if err := mustHandler(t, mustManager(t, o), "me").Save(t.Context(), tokenOf(1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := mustManager(t, o).Clear(t.Context(), "me"); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []cache.Kind{cache.Redis, cache.Memcached, cache.File} {
		o.Kind = kind
		if got, err := mustHandler(t, mustManager(t, o), "me").Get(t.Context()); got != nil || err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	// An address that is set and where nobody answers is no reason to complain …
	o.Kind, o.Redis.URL = cache.File, cache.NewSecret("unix:///nowhere/redis.sock")
	if err := mustManager(t, o).Clear(t.Context(), "me"); err != nil {
		t.Error(err)
	}
	o.Kind = cache.Redis // … unless tokens are kept there.
	if err := mustManager(t, o).Clear(t.Context(), "me"); err == nil {
		t.Error("cleared where nobody answers")
	}
}

func TestWhatGoRedisHasToSayIsSaidOnceAndToUs(t *testing.T) {
	l := &logs{}
	m := mustManager(t, cache.Options{Kind: cache.Redis, Log: l.add, Redis: cache.RedisOptions{URL: cache.NewSecret("unix:///nowhere/redis.sock")}})
	h := mustHandler(t, m, "me")
	for range 5 {
		if got, err := h.Get(t.Context()); got != nil || err != nil {
			t.Error(got, err)
		}
	}
	if l.count("me: cache: Redis at /nowhere/redis.sock does not answer") != 1 || l.count("failed to dial") > 0 {
		t.Errorf("%s", l)
	}
}
