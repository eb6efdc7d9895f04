package cache_test

import (
	"context"
	"testing"
	"time"

	"segue/cache"
	"segue/cache/cachetest"
)

// unhurried waits for a real keyring, which writes to a disk that others may keep busy.
func unhurried() cache.KeyringOptions { return cache.KeyringOptions{Timeout: cachetest.Patience / 2} }

// within says that f ends before a limit far above what it needs.
func within(t *testing.T, limit time.Duration, f func(ctx context.Context)) time.Duration {
	t.Helper()
	began := time.Now()
	done := make(chan struct{})
	go func() { defer close(done); f(t.Context()) }()
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatalf("it takes longer than %v", limit)
	}
	return time.Since(began)
}
