// Package config is what a user may set: the file config.toml, the environment
// (SEGUE_SECTION_KEY) and their defaults.
//
// One table (keys) holds each key with its doc, default and check; the example
// file, `segue config show` and the messages for mistakes come from it. A mistake
// never stops the start: the key keeps its default and a Problem says where and what.
package config

import (
	"fmt"
	"strconv"
	"time"

	"segue/internal/secret"
)

// Config is every setting. Its zero value is not useful; Default is.
type Config struct {
	Library  Library
	Player   Player
	Screen   Screen
	Stream   Stream
	Cache    Cache
	Charts   Charts
	Spotify  Spotify
	Log      Log
	Accounts []Account
	Keys     map[string][]string // action -> keys, over the preset
	Sources  map[string]string   // where each key's value came from: "default", "config.toml:12", "SEGUE_…", a flag
	Problems []Problem
	Path     string // the file that was read, or would be
}

// Library settings.
type Library struct {
	Folders []string // empty = the music folder of the desktop (XDG), if it exists
	Watch   bool
}

// Player settings.
type Player struct {
	Output       string
	Gain         string
	PreampDB     float64
	Crossfade    time.Duration
	OnDeviceLoss string
	Volume       int // percent, at the very first start
}

// Screen settings.
type Screen struct {
	Theme      string
	Background string
	ASCII      string // auto, on, off
	Mouse      bool
	Keymap     string
	Pictures   string // auto, kitty, blocks, off
	Accent     string // theme, cover
}

// Stream settings: of what comes from servers.
type Stream struct {
	Bitrate, OfflineBitrate string // "original" or kbit/s
	CacheMB                 int    // 0 = up to 10 % of the free disk
	OfflineMB               int    // of each account, 0 = no limit
	Report                  bool
}

// Kbps is a bitrate of Stream as a number; 0 is the original.
func Kbps(bitrate string) int {
	n, err := strconv.Atoi(bitrate)
	if err != nil {
		return 0
	}
	return n
}

// Cache settings: where tokens and credentials are kept.
type Cache struct {
	Tokens, Credentials string
	Path                string // a file, or a folder with Spotipy's names
	RedisURL            secret.Secret
	RedisKey            string
	Memcached           string
}

// Charts settings: where public toplists come from.
type Charts struct{ ListenBrainz, Apple, Country string }

// Spotify settings.
type Spotify struct {
	ClientID     string
	ClientSecret secret.Secret
	RedirectURI  string
	Playback     string // connect, go-librespot, auto
	Device       string // name or id, "" = the one used last
	Engine       string // path of go-librespot, "" = in PATH
	API          string // addresses, for tests and proxies
	Accounts     string
	User         string
}

// Account is one [[account]] of the file.
type Account struct {
	Name, Service, Server, User string
	Options                     map[string]string // everything else; its service knows it
	Where                       string            // "config.toml:12"
}

// Log settings.
type Log struct{ Level string }

// Problem is a mistake in the file or the environment, in words.
type Problem struct {
	Where string // "config.toml:12" or a variable's name
	Msg   string // what is wrong and what is done instead
}

// Error is one line.
func (p Problem) Error() string { return p.Where + ": " + p.Msg }

// Default is what holds when nothing is set.
func Default() *Config {
	c := &Config{Keys: map[string][]string{}, Sources: map[string]string{}}
	for _, k := range table() {
		if err := k.set(c, k.def); err != nil {
			panic(fmt.Sprintf("config: the default of %s: %v", k.name, err)) // a test loads it
		}
		c.Sources[k.name] = "default"
	}
	return c
}
