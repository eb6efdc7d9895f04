package app

import (
	"path/filepath"

	"segue/cache"
	"segue/internal/config"
)

// OpenTokens makes the manager of OAuth tokens as the config says. account is the first
// Spotify account: what Spotipy left behind is its; "" = none is asked for.
func OpenTokens(c *config.Config, f Folders, account string, log func(string)) (*cache.Manager, error) {
	o := cache.Options{
		Kind: cache.Kind(c.Cache.Tokens), Log: log,
		Redis:     cache.RedisOptions{URL: c.Cache.RedisURL},
		Memcached: cache.MemcachedOptions{Addr: c.Cache.Memcached},
	}
	switch {
	case f.Cache != "":
		o.TokenDir = filepath.Join(f.Cache, "tokens")
	case o.Kind == cache.Auto || o.Kind == cache.File:
		o.Kind = cache.Memory // there is no place for files: a sign-in lasts as long as the program
	}
	if f.State != "" {
		o.LockDir = filepath.Join(f.State, "locks")
	}
	if account != "" {
		o.Spotipy = cache.Spotipy{Account: account, Username: c.Spotify.User, Key: c.Cache.RedisKey}
		if isDir(c.Cache.Path) {
			o.Spotipy.Folder = c.Cache.Path
		} else {
			o.Spotipy.Path = c.Cache.Path
		}
	}
	return cache.NewManager(o)
}
