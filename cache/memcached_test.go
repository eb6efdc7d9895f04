package cache_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"segue/cache"
	"segue/cache/cachetest"
)

func TestMemcachedsKeysAreChecked(t *testing.T) {
	for key, ok := range map[string]bool{"k": true, strings.Repeat("k", 250): true, "ключ": true, strings.Repeat("k", 251): false, "a b": false, "a\tb": false, "a\x7fb": false, "": false, "a\r\nset x": false} {
		_, err := cache.NewMemcached(key, cache.MemcachedOptions{}, cache.FileOptions{})
		if ok != (err == nil) || err != nil && !errors.Is(err, cache.ErrInvalid) {
			t.Errorf("%q: %v", key, err)
		}
	}
	_, err := cache.NewManager(cache.Options{Kind: cache.Memcached, LockDir: t.TempDir(), Spotipy: cache.Spotipy{Account: "s", Key: "a b"}})
	if !errors.Is(err, cache.ErrInvalid) {
		t.Errorf("in the options: %v", err)
	}
	for _, addr := range []string{"h:x", ":1", "h:99999"} {
		if _, err := cache.NewMemcached("k", cache.MemcachedOptions{Addr: addr}, cache.FileOptions{}); !errors.Is(err, cache.ErrInvalid) {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestALifeInMemcachedIsAsLongAsItShouldBe(t *testing.T) {
	sock := cachetest.StartMemcached(t)
	for name, test := range map[string]struct {
		ttl  time.Duration
		now  func() time.Time
		gone bool
	}{
		"for ever":                       {0, time.Now, false},
		"30 days":                        {30 * 24 * time.Hour, time.Now, false},
		"31 days, an absolute time":      {31 * 24 * time.Hour, time.Now, false},
		"31 days that ended yesterday":   {31 * 24 * time.Hour, func() time.Time { return time.Now().Add(-32 * 24 * time.Hour) }, true},
		"100 years, beyond the protocol": {100 * 365 * 24 * time.Hour, time.Now, false},
	} {
		h, err := cache.NewMemcached("k", cache.MemcachedOptions{Addr: sock, TTL: test.ttl}, cache.FileOptions{Now: test.now})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Save(t.Context(), tokenOf(1)); err != nil {
			t.Fatal(err)
		}
		if got, err := h.Get(t.Context()); err != nil || (got == nil) != test.gone {
			t.Errorf("%s: gone is %v, %v", name, got == nil, err)
		}
	}
}
