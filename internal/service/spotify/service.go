package spotify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/music"
	"segue/internal/oauth"
	"segue/internal/secret"
	"segue/internal/service/spotify/webapi"
	"segue/player"
	"segue/session"
)

// Kind is the service's name in configs.
const Kind = "spotify"

// Where Spotify is.
const (
	apiURL      = webapi.DefaultBase
	accountsURL = "https://accounts.spotify.com"
	redirectURI = "http://127.0.0.1/callback" // registered without a port, it is good with any
)

// Playback says what plays an account's tracks.
type Playback string

// The ways to play.
const (
	PlayConnect Playback = "connect"      // a device of the user's, by the Web API
	PlayEngine  Playback = "go-librespot" // here, by an engine that Spotify does not allow
	PlayAuto    Playback = "auto"         // the engine where it is installed and signed in, else a device
)

// Config is what an account needs of the house. The zero value of most fields is
// usable: what needs them then says so.
type Config struct {
	// ClientID is of the user's own app; empty: the account's option, or it is asked for.
	ClientID string
	// ClientSecret only refreshes grants that another program made with one; may be empty.
	ClientSecret secret.Secret
	// RedirectURI is what the app is registered with: http://127.0.0.1[:PORT]/PATH; empty =
	// http://127.0.0.1/callback.
	RedirectURI string
	// API and Accounts are Spotify's addresses, or those of a stand-in; empty = Spotify's.
	API, Accounts string

	Playback   Playback // "" = connect
	EnginePath string   // of go-librespot; empty = looked for in PATH
	Device     string   // name or id of the device to play on; empty = the one used last
	DataDir    string   // for what is remembered of the account; empty = nothing is
	StateDir   string   // for the engine's folder, 0700; empty = there can be no engine
	Kbps       int      // what the engine is asked for; 0 = the best

	// Tokens keeps the grant; needed to sign in.
	Tokens *cache.Manager
	// Answers keeps what the Web API answered; nil = only in memory.
	Answers *cache.Blobs
	// Callbacks are the process's one; nil = one of its own.
	Callbacks *oauth.Callbacks
	// Opener shows an address in a browser; nil = nobody can.
	Opener oauth.Opener
	// Engine makes the account's engine, when playing or signing in needs it; nil = none.
	Engine func(EngineSpec) (Engine, error)

	// Version of Segue.
	Version string
	// Notify takes one-line notes for the user, each once, from any goroutine; may be nil.
	Notify func(note string)
	// Now is the clock; nil = time.Now.
	Now func() time.Time
}

// EngineSpec is what an engine is made with.
type EngineSpec struct {
	Account music.AccountID
	Path    string // of the program; empty = looked for in PATH
	Dir     string // its own folder, made 0700; it holds its sign-in
	Kbps    int    // 0 = the best
	Notify  func(note string)
	// Lost is told that the account plays elsewhere now, on a device if its name is known.
	Lost func(device string)
}

// Engine plays Spotify's tracks here. It starts nothing before it is asked for something.
type Engine interface {
	// Version finds the program and says which it is: an error says what is wrong with it.
	Version(ctx context.Context) (string, error)
	// SignedIn reports whether it holds a sign-in, without starting it.
	SignedIn() bool
	// SignIn signs it in. ask shows a person an address and, if it is not empty, the code
	// to type there; it must return soon. SignIn returns when the person has done it.
	SignIn(ctx context.Context, ask func(url, code string)) error
	// Forget ends it and removes its sign-in and what it kept.
	Forget(ctx context.Context) error
	// SetNetwork says whether the network may be used: without, it is stopped.
	SetNetwork(allowed bool)
	// Open begins to play a track or an episode by its URI; length is the claimed one, 0 =
	// unknown. It starts the engine if it does not run. Errors are Faults.
	Open(ctx context.Context, uri string, length time.Duration) (player.Source, error)
	// SetKbps asks for another bit rate, 0 = the best.
	SetKbps(kbps int)
	// SetLevelling sets how loudness is evened out, from the next track on.
	SetLevelling(mode player.GainMode, preampDB float64)
	// SetCacheLimit bounds what it keeps of tracks, 0 = 10 % of what is free on the disk.
	SetCacheLimit(bytes int64)
	// Start has it run from now on, if it is signed in. It does not wait.
	Start()
	// Close ends it and waits until it has ended.
	Close() error
}

// Options that a Spec may have beside user; each wins over the Config.
const (
	optClientID = "client_id"
	optRedirect = "redirect_uri"
	optPlayback = "playback"
	optDevice   = "device"
)

// Service is the account.
type Service struct {
	id     music.AccountID
	cfg    Config
	user   string         // as configured
	http   *httpx.Client  // of the accounts server
	source *oauth.Source  // of the access token
	api    *webapi.Client // of the Web API
	clock  clock
	browsing
	sounding
	playingThere

	mu      sync.Mutex // guards what follows
	blocked bool       // no network, by wish
	closed  bool
	grant   grant          // of the token, as it was last seen
	ended   *cache.Token   // it has ended: its token is gone, and that is the cause; nil = it has not
	me      music.User     // who is signed in
	passing bool           // the sign-in is not remembered: its token is in memory only
	toldEnd bool           // that the grant ends soon
	trouble *session.Fault // what the last sign-in came to
	engine  Engine         // nil = not made yet, or there is none
	changed func(session.Credential)
	premium premium
}

// New makes the account that a Spec describes. It connects to nothing and opens nothing.
// Its errors are mistakes in the Spec or the Config: Faults of kind InvalidArgument.
func New(spec session.Spec, cfg Config) (*Service, error) {
	bad := func(err error) error {
		return &session.Fault{Kind: session.InvalidArgument, Account: spec.ID, Op: "set up the account", Err: err}
	}
	if err := cfg.take(spec.Options); err != nil {
		return nil, bad(err)
	}
	if spec.Server != "" {
		return nil, bad(errors.New("a Spotify account has no server"))
	}
	if err := cfg.complete(); err != nil {
		return nil, bad(err)
	}
	s := &Service{id: spec.ID, cfg: cfg, user: spec.User}
	if err := s.build(); err != nil {
		return nil, bad(err)
	}
	return s, nil
}

// take lets an account's options win.
func (c *Config) take(options map[string]string) error {
	playback := string(c.Playback)
	known := map[string]*string{optClientID: &c.ClientID, optRedirect: &c.RedirectURI, optPlayback: &playback, optDevice: &c.Device}
	for k, v := range options {
		at := known[k]
		if at == nil {
			return fmt.Errorf("%q is no option of a Spotify account (%s)", music.Clean(k), strings.Join([]string{optClientID, optRedirect, optPlayback, optDevice}, ", "))
		}
		if v != "" {
			*at = v
		}
	}
	c.Playback = Playback(playback)
	return nil
}

// complete checks what is given and fills in what is not.
func (c *Config) complete() error {
	if c.API == "" {
		c.API = apiURL
	}
	if c.Accounts == "" {
		c.Accounts = accountsURL
	}
	if c.RedirectURI == "" {
		c.RedirectURI = redirectURI
	}
	if c.Playback == "" {
		c.Playback = PlayConnect
	}
	if c.Callbacks == nil {
		c.Callbacks = oauth.NewCallbacks()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if !slices.Contains([]Playback{PlayConnect, PlayEngine, PlayAuto}, c.Playback) {
		return fmt.Errorf("playback is %q, but can be connect, go-librespot, auto", music.Clean(string(c.Playback)))
	}
	for name, at := range map[string]*string{"api": &c.API, "accounts": &c.Accounts} {
		u, err := url.Parse(*at)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return fmt.Errorf("the address %s is none", name)
		}
		*at = strings.TrimRight(*at, "/")
	}
	if id := c.ClientID; id != "" && !isClientID(id) {
		return errors.New("that is no client id: it is 32 of 0-9 and a-f")
	}
	return nil
}

// isClientID reports whether text has the shape of Spotify's client ids.
func isClientID(text string) bool {
	return len(text) == 32 && strings.Trim(text, "0123456789abcdef") == ""
}

// Close ends what was started.
func (s *Service) Close() error {
	s.mu.Lock()
	s.closed = true
	engine := s.engine
	s.mu.Unlock()
	s.http.CloseIdle()
	s.api.CloseIdle()
	err := s.closeBrowsing()
	if engine != nil {
		return errors.Join(err, engine.Close())
	}
	return err
}

func (s *Service) note(format string, args ...any) {
	if s.cfg.Notify != nil {
		s.cfg.Notify(fmt.Sprintf(format, args...))
	}
}
