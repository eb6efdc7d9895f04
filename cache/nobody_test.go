package cache_test

import (
	"testing"

	"segue/cache"
)

// TestAServerThatNobodyUsesIsNotComplainedOf: localhost is always set up, and forgetting an
// account looks there, too.
func TestAServerThatNobodyUsesIsNotComplainedOf(t *testing.T) {
	noBus(t)
	l := &logs{}
	o := cache.Options{Kind: cache.File, TokenDir: t.TempDir(), LockDir: t.TempDir(), Log: l.add, Redis: cache.RedisOptions{URL: cache.NewSecret("redis://127.0.0.1:1/0")}}
	if err := mustManager(t, o).Clear(t.Context(), "me"); err != nil || l.String() != "" {
		t.Errorf("%v, told %s", err, l)
	}
}
