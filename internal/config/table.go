package config

import (
	"time"

	"segue/internal/secret"
)

// key is one setting: its name in the file ("player.gain"), its default as the file
// would hold it, what it does, and where it is stored.
type key struct {
	name string
	def  any
	doc  string
	field
}

// field is a place in a Config: set checks and stores what a file holds, get gives
// what is to be shown.
type field struct {
	set func(*Config, any) error
	get func(*Config) any
}

// table lists every key in the order of the example file.
func table() []key {
	return []key{
		{"library.folders", []any{}, `Music folders. Empty: the desktop's music folder (XDG_MUSIC_DIR), if it is there.`,
			list(func(c *Config) *[]string { return &c.Library.Folders })},
		{"library.watch", true, `Notice new, changed and removed files while Segue runs.`,
			boolean(func(c *Config) *bool { return &c.Library.Watch })},
		{"player.output", "auto", `Where the sound goes: auto, oto (the sound card), null (silent), wav:FILE, pipe:FILE.`,
			output(func(c *Config) *string { return &c.Player.Output })},
		{"player.gain", "auto", `Loudness by ReplayGain or R128 tags: off, track, album, auto (album while an album plays in order).`,
			oneOf(func(c *Config) *string { return &c.Player.Gain }, "off", "track", "album", "auto")},
		{"player.preamp_db", 0.0, `Added to the tags' gain, in decibels, -15 to 15. It never makes the sound clip.`,
			number(func(c *Config) *float64 { return &c.Player.PreampDB }, -15, 15)},
		{"player.crossfade", "0s", `Crossfade between tracks, up to 12s; never inside an album. 0s is off: gapless.`,
			duration(func(c *Config) *time.Duration { return &c.Player.Crossfade }, 12*time.Second)},
		{"player.on_device_loss", "pause", `When headphones are unplugged: pause, or follow the sound to what is left.`,
			oneOf(func(c *Config) *string { return &c.Player.OnDeviceLoss }, "pause", "follow")},
		{"player.volume", int64(70), `Volume of the very first start, 0 to 100; after that the last one is kept.`,
			integer(func(c *Config) *int { return &c.Player.Volume }, 0, 100)},
		{"screen.theme", "ember", `Colours: a theme that ships with Segue or a file of yours in themes/.`,
			text(func(c *Config) *string { return &c.Screen.Theme })},
		{"screen.background", "auto", `What the terminal's background is: auto (ask it), dark, light.`,
			oneOf(func(c *Config) *string { return &c.Screen.Background }, "auto", "dark", "light")},
		{"screen.ascii", "auto", `Draw with ASCII characters only: auto (when the locale is not UTF-8), on, off.`,
			oneOf(func(c *Config) *string { return &c.Screen.ASCII }, "auto", "on", "off")},
		{"screen.mouse", true, `Use the mouse. Most terminals still select text while Shift is held.`,
			boolean(func(c *Config) *bool { return &c.Screen.Mouse })},
		{"screen.pictures", "auto", `Covers: auto (as pictures where the terminal is known to show them, else as blocks), kitty, blocks, off.`,
			oneOf(func(c *Config) *string { return &c.Screen.Pictures }, "auto", "kitty", "blocks", "off")},
		{"screen.accent", "theme", `The one bright colour: that of the theme, or of the cover of what plays.`,
			oneOf(func(c *Config) *string { return &c.Screen.Accent }, "theme", "cover")},
		{"screen.keymap", "default", `Keys to start from: default, vim, spotify-player, ncspot, cmus.`,
			oneOf(func(c *Config) *string { return &c.Screen.Keymap }, "default", "vim", "spotify-player", "ncspot", "cmus")},
		{"stream.bitrate", "original", `What servers are asked for, in kbit/s: original, 320, 160, 96.`,
			oneOf(func(c *Config) *string { return &c.Stream.Bitrate }, bitrates...)},
		{"stream.offline_bitrate", "original", `The same for offline copies.`,
			oneOf(func(c *Config) *string { return &c.Stream.OfflineBitrate }, bitrates...)},
		{"stream.cache_mb", int64(0), `How much of the disk streams may take, in MB. 0: up to 10 % of what is free.`,
			integer(func(c *Config) *int { return &c.Stream.CacheMB }, 0, 1<<24)},
		{"stream.offline_mb", int64(0), `How much of the disk the offline copies of each account may take, in MB. 0: no limit but the disk.`,
			integer(func(c *Config) *int { return &c.Stream.OfflineMB }, 0, 1<<24)},
		{"stream.report", true, `Tell servers what was heard (scrobble), unless an account says otherwise.`,
			boolean(func(c *Config) *bool { return &c.Stream.Report })},
		{"cache.tokens", "auto", `Where the tokens of Spotify accounts are kept: auto (the keyring where one answers, else a file), file, memory, keyring, redis, memcached.`,
			oneOf(func(c *Config) *string { return &c.Cache.Tokens }, "auto", "file", "memory", "keyring", "redis", "memcached")},
		{"cache.credentials", "auto", `Where what other accounts sign in with is kept: auto, keyring, file.`,
			oneOf(func(c *Config) *string { return &c.Cache.Credentials }, "auto", "keyring", "file")},
		{"cache.path", "", `A file for the token, or a folder with files named as Spotipy names them. Empty: tokens/ in the cache folder.`,
			text(func(c *Config) *string { return &c.Cache.Path })},
		{"cache.redis_url", "redis://localhost:6379/0", `Redis for tokens = "redis": redis://, rediss:// (TLS) or unix://.`,
			hidden(func(c *Config) *secret.Secret { return &c.Cache.RedisURL })},
		{"cache.redis_key", "", `The token's key there. Empty: segue:token:ACCOUNT.`,
			text(func(c *Config) *string { return &c.Cache.RedisKey })},
		{"cache.memcached", "127.0.0.1:11211", `Memcached for tokens = "memcached": HOST:PORT.`,
			text(func(c *Config) *string { return &c.Cache.Memcached })},
		{"charts.listenbrainz", "https://api.listenbrainz.org", `Where toplists of the world and of other people come from.`,
			webAddress(func(c *Config) *string { return &c.Charts.ListenBrainz })},
		{"charts.apple", "https://rss.marketingtools.apple.com", `Where toplists of countries come from.`,
			webAddress(func(c *Config) *string { return &c.Charts.Apple })},
		{"charts.country", "", `The country whose toplist is offered first, two letters. Empty: as the locale says.`,
			country(func(c *Config) *string { return &c.Charts.Country })},
		{"spotify.client_id", "", `The client id of your own app at https://developer.spotify.com/dashboard. Empty: segue login spotify asks for it.`,
			text(func(c *Config) *string { return &c.Spotify.ClientID })},
		{"spotify.client_secret", "", `Its secret; Segue needs none. It is used to refresh a grant that another program made with one.`,
			hidden(func(c *Config) *secret.Secret { return &c.Spotify.ClientSecret })},
		{"spotify.redirect_uri", "http://127.0.0.1/callback", `What stands under "Redirect URIs" of that app, with 127.0.0.1, not localhost. Without a port any free one is used, as Spotify allows.`,
			text(func(c *Config) *string { return &c.Spotify.RedirectURI })},
		{"spotify.playback", "connect", `What plays: connect (a device of yours: phone, speaker, Spotify's own app), go-librespot (here, by an engine that Spotify's terms do not allow), auto (that where it is installed and signed in, else a device).`,
			oneOf(func(c *Config) *string { return &c.Spotify.Playback }, "connect", "go-librespot", "auto")},
		{"spotify.device", "", `Name or id of the device to play on. Empty: the one that was used last.`,
			text(func(c *Config) *string { return &c.Spotify.Device })},
		{"spotify.engine", "", `The program go-librespot. Empty: looked for in PATH.`,
			text(func(c *Config) *string { return &c.Spotify.Engine })},
		{"spotify.api", "https://api.spotify.com/v1", `Where Spotify's Web API is; another address only for tests and proxies.`,
			webAddress(func(c *Config) *string { return &c.Spotify.API })},
		{"spotify.accounts", "https://accounts.spotify.com", `Where Spotify's sign-in is; the same.`,
			webAddress(func(c *Config) *string { return &c.Spotify.Accounts })},
		{"spotify.user", "", `Whose cache Spotipy's file is (.cache-USER).`,
			text(func(c *Config) *string { return &c.Spotify.User })},
		{"log.level", "info", `What goes to segue.log: error, warn, info, debug (every event).`,
			oneOf(func(c *Config) *string { return &c.Log.Level }, "error", "warn", "info", "debug")},
	}
}

var bitrates = []string{"original", "320", "160", "96"}

func find(name string) (key, bool) {
	for _, k := range table() {
		if k.name == name {
			return k, true
		}
	}
	return key{}, false
}
