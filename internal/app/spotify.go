package app

import (
	"os"
	"path/filepath"

	"segue/cache"
	"segue/internal/config"
	"segue/internal/music"
	"segue/internal/oauth"
	"segue/internal/service/spotify"
	"segue/internal/service/spotify/engine"
	"segue/player"
	"segue/session"
)

// browsers is what sign-ins in a browser need, once in a process.
type browsers struct {
	callbacks *oauth.Callbacks
	open      oauth.Opener // nil: nobody would see one
}

func newBrowsers() browsers {
	return browsers{oauth.NewCallbacks(), oauth.SystemBrowser(os.Getenv)}
}

func (h *House) spotify(spec session.Spec) (session.Service, error) {
	c, f := h.options.Config.Spotify, h.options.Folders
	cfg := spotify.Config{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, RedirectURI: c.RedirectURI, API: c.API, Accounts: c.Accounts,
		Playback: spotify.Playback(c.Playback), EnginePath: c.Engine, Device: c.Device, StateDir: f.State,
		Kbps: config.Kbps(h.options.Config.Stream.Bitrate), Tokens: h.tokens, Answers: h.answers(spec.ID),
		Callbacks: h.browsers.callbacks, Opener: h.browsers.open, Version: h.options.Version, Notify: h.notes.Put,
		Engine: h.engine,
	}
	if f.Data != "" {
		cfg.DataDir = filepath.Join(f.Data, "accounts")
	}
	s, err := spotify.New(spec, cfg)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// engine makes the engine of an account: go-librespot, which nobody has started yet.
func (h *House) engine(spec spotify.EngineSpec) (spotify.Engine, error) {
	return engine.New(engine.Config{
		Account: spec.Account, Path: spec.Path, Dir: spec.Dir, Kbps: spec.Kbps, Lost: spec.Lost, Notify: spec.Notify,
		// There are no loudness tags at Spotify: its own levelling stands in for them.
		Gain: player.GainMode(h.options.Config.Player.Gain), PreampDB: h.options.Config.Player.PreampDB,
		Log: func(line string) { h.log.Debug(line) },
	})
}

// answersLimit is how much of what Spotify answered is kept of each account, in bytes.
const answersLimit = 64 << 20

// answers is where an account's answers are kept, a folder of its own; nil where there is
// no place for one.
func (h *House) answers(id music.AccountID) *cache.Blobs {
	dir := h.options.Folders.Cache
	if dir == "" || !id.Valid() {
		return nil
	}
	b, err := cache.NewBlobs(cache.BlobOptions{Dir: filepath.Join(dir, "spotify", string(id)), Limit: answersLimit, Log: h.warn})
	if err != nil {
		h.warn(err.Error() + "; Spotify's answers are not kept")
		return nil
	}
	return b
}

// openTokens opens the house's manager of tokens; nil where there is no place even for its
// locks: then nobody can sign in to what needs one.
func (h *House) openTokens(o Options, accounts session.AccountStore) *cache.Manager {
	if o.Folders.State == "" {
		return nil
	}
	m, err := OpenTokens(o.Config, o.Folders, firstSpotify(o.Config, accounts), h.warn)
	if err != nil {
		h.note("%v; nobody can sign in to Spotify", err)
		return nil
	}
	return m
}

// firstSpotify is the account that what Spotipy left behind is for: the first one in the
// config, else the first that a login added, else the one that will be.
func firstSpotify(c *config.Config, accounts session.AccountStore) string {
	for _, a := range c.Accounts {
		if a.Service == spotify.Kind {
			return a.Name
		}
	}
	if accounts != nil {
		if known, err := accounts.Load(); err == nil && known != nil {
			for _, a := range known.Added {
				if a.Service == spotify.Kind {
					return string(a.ID)
				}
			}
		}
	}
	return spotify.Kind
}
