package cache_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/scs/v2"

	"segue/cache"
)

func TestRequestsOfOneUserSpendARefreshTokenOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := cache.NewWebSession(values{}, nil)
		stored := values{}
		load := func() context.Context { // what a request sees of the session: as it was when it began
			return context.WithValue(t.Context(), valuesKey{}, maps.Clone(stored))
		}
		old := tokenOf(1)
		old.ExpiresAt = time.Now()
		if err := h.Save(context.WithValue(t.Context(), valuesKey{}, stored), old); err != nil {
			t.Fatal(err)
		}
		var asked atomic.Int32
		web := cache.NewWebTokens(h, "user-top-read", func(ctx context.Context, got *cache.Token) (*cache.Token, error) {
			asked.Add(1)
			time.Sleep(time.Second)
			next := tokenOf(2)
			next.ExpiresAt = time.Now().Add(50 * time.Second) // so short that it counts as expired at once
			return next, ctx.Err()
		}, nil)
		requests := []context.Context{load(), load(), load(), load()} // all read the session before any writes it
		gone, cancel := context.WithCancel(load())
		var group sync.WaitGroup
		for _, ctx := range requests[:3] {
			group.Go(func() {
				if got, err := web.Fresh(ctx, cache.Secret{}); err != nil || !got.AccessToken.Equal(tokenOf(2).AccessToken) {
					t.Errorf("%v", err)
				}
				if kept, err := h.Get(ctx); err != nil || !kept.RefreshToken.Equal(tokenOf(2).RefreshToken) {
					t.Errorf("in the session: %v", err)
				}
			})
		}
		group.Go(func() { _, _ = web.Fresh(gone, cancelled(cancel)) })
		group.Wait()
		time.Sleep(5 * time.Minute) // a slow one
		if got, err := web.Fresh(requests[3], cache.Secret{}); err != nil || !got.AccessToken.Equal(tokenOf(2).AccessToken) {
			t.Errorf("long after: %v", err)
		}
		if asked.Load() != 1 {
			t.Errorf("%d refreshes", asked.Load())
		}
	})
}

// A server that keeps the refresh token is asked again each time the token has expired.
func TestAKeptRefreshTokenIsUsedAgainAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		h := cache.NewMemory(expired(1))
		web := cache.NewWebTokens(h, "", func(context.Context, *cache.Token) (*cache.Token, error) {
			asked++
			return cache.TokenFromAnswer([]byte(`{"access_token":"a","expires_in":120}`), time.Now())
		}, nil)
		for range 5 {
			if got, err := web.Fresh(t.Context(), cache.Secret{}); err != nil || got.Expired(time.Now()) {
				t.Errorf("%v", err)
			}
			time.Sleep(90 * time.Second)
		}
		if asked != 5 {
			t.Errorf("asked %d times", asked)
		}
	})
}

// cancelled ends a request at once, and rejects nothing.
func cancelled(cancel context.CancelFunc) cache.Secret {
	cancel()
	return cache.Secret{}
}

func TestAVisitorsTokenThatCannotBeHadIsExplained(t *testing.T) {
	sessions := scs.New()
	h := cache.NewWebSession(sessions, nil)
	ctx, err := sessions.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the line is broken")
	fails := []error{broken, cache.ErrDead}
	web := cache.NewWebTokens(h, "", func(context.Context, *cache.Token) (*cache.Token, error) {
		err := fails[0]
		fails = fails[1:]
		return nil, err
	}, nil)
	if _, err := web.Fresh(ctx, cache.Secret{}); !errors.Is(err, cache.ErrSignIn) {
		t.Errorf("none: %v", err)
	}
	if err := h.Save(ctx, expired(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := web.Fresh(ctx, cache.Secret{}); !errors.Is(err, broken) || errors.Is(err, cache.ErrSignIn) {
		t.Errorf("a broken line: %v", err)
	}
	if _, err := web.Fresh(ctx, cache.Secret{}); !errors.Is(err, cache.ErrSignIn) || !errors.Is(err, cache.ErrDead) {
		t.Errorf("a dead grant: %v", err)
	}
	if got, err := h.Get(ctx); got != nil || err != nil {
		t.Errorf("the dead grant is still there: %v", err)
	}
}
