package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

// Config of an engine. Dir is needed.
type Config struct {
	Account music.AccountID // named in faults
	Path    string          // of the program; empty = looked for in PATH
	Dir     string          // its own folder, made 0700: its configuration, sign-in, pipe and cache
	Device  string          // what it is called among Spotify's devices; empty = Segue
	Kbps    int             // asked for, 0 = the best
	// Gain and PreampDB are how loudness is evened out, as SetLevelling has it; empty = not.
	Gain     player.GainMode
	PreampDB float64
	// Lost is told that the account plays elsewhere now, on a device if its name is known.
	// It is called in a goroutine of its own; nil = nobody is told.
	Lost func(device string)
	// Notify takes lines for the user, Log what the program says, without secrets; from any
	// goroutine, nil = nobody.
	Notify, Log func(line string)

	times times // zero: the usual ones
}

// times are how long things may take; tests have less of it.
type times struct {
	open   time.Duration   // for Open, until the program is there
	port   time.Duration   // until it says where it listens; less than open, which tells that
	ready  time.Duration   // and until it is signed in, with what is remembered
	watch  time.Duration   // between two questions whether it is there
	answer time.Duration   // for the answer
	dry    time.Duration   // until the next frame, before a track is begun again
	pauses []time.Duration // after lives that came to nothing, the last for all that follow
}

func usualTimes() times {
	return times{
		open: 15 * time.Second, port: 12 * time.Second, ready: 45 * time.Second, watch: 5 * time.Second, answer: 2 * time.Second, dry: 10 * time.Second,
		pauses: []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 15 * time.Second, time.Minute},
	}
}

// Engine is go-librespot for one account.
type Engine struct {
	cfg  Config
	deck *deck

	mu      sync.Mutex // guards what follows; taken after deck.mu where both are
	news    chan struct{}
	set     settings
	blocked bool // no network, by wish
	closed  bool
	stop    context.CancelFunc // of the supervisor; nil = it does not run
	ended   chan struct{}      // closed when it has ended
	life    *life              // now; nil = there is none
	restart bool               // for other settings
	flush   bool               // and the cache is to be emptied before
	refused bool               // Spotify took the sign-in no more
	oldAuth bool               // the program does not know device_auth
	version known
	login   *login
	trying  *login    // that this life began with
	why     error     // why the last life ended
	said    string    // what it said last
	retryAt time.Time // when the next begins, while one is waited for
	fails   int       // lives in a row that never were ready
	wanted  bool      // somebody wants to play
}

// New makes an engine. It looks for nothing and starts nothing.
func New(cfg Config) (*Engine, error) {
	if cfg.Dir == "" {
		return nil, errors.New("engine: it has no folder")
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, err
	}
	cfg.Dir = dir
	if cfg.Device == "" {
		cfg.Device = "Segue"
	}
	if cfg.times.open == 0 {
		cfg.times = usualTimes()
	}
	e := &Engine{cfg: cfg, deck: newDeck(), news: make(chan struct{}), set: settings{kbps: cfg.Kbps, level: levelling(cfg.Gain, cfg.PreampDB)}}
	e.deck.dry = cfg.times.dry
	e.deck.lost, e.deck.blame = func(device string) {
		if cfg.Lost != nil {
			cfg.Lost(device)
		}
	}, func(why error) error { return e.trackFault(why) }
	return e, nil
}

// tell wakes who waits for something to change. mu is held.
func (e *Engine) tell() {
	close(e.news)
	e.news = make(chan struct{})
}

func (e *Engine) log(line string) {
	if e.cfg.Log != nil {
		e.cfg.Log("go-librespot: " + scrub(line))
	}
}

func (e *Engine) bitrate() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.set.bitrate()
}

// SignedIn reports whether a sign-in is remembered that Spotify has not refused. It reads
// a small file.
func (e *Engine) SignedIn() bool {
	return !e.SignInRefused() && readState(e.cfg.Dir).signedIn()
}

// Device is what the engine is called among Spotify's devices.
func (e *Engine) Device() string { return e.cfg.Device }

// SetKbps asks for another bit rate, 0 = the best. The program is started anew for it, and
// goes on where it was.
func (e *Engine) SetKbps(kbps int) {
	e.change(func(s *settings) { s.kbps = kbps })
}

// change changes settings, for which the program must be started anew if it runs.
func (e *Engine) change(do func(*settings)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	was := e.set
	do(&e.set)
	if was.bitrate() == e.set.bitrate() && was.cache>>20 == e.set.cache>>20 {
		return
	}
	e.endLife()
}

// endLife ends the program for another one to begin at once. mu is held.
func (e *Engine) endLife() {
	if e.life != nil && e.login == nil {
		e.restart = true
		e.life.cancel()
	}
}

// SetCacheLimit bounds what the program keeps of tracks on disk, in bytes; 0 = 10 % of
// what is free there now. The program itself would take 0 for something else.
func (e *Engine) SetCacheLimit(bytes int64) {
	if bytes <= 0 {
		bytes = freeBytes(e.cfg.Dir) / 10
		bytes -= bytes % (64 << 20) // not another one each time that it is asked
	}
	e.change(func(s *settings) { s.cache = bytes })
}

// FlushCache throws away what the program keeps of tracks.
func (e *Engine) FlushCache(ctx context.Context) error {
	e.mu.Lock()
	if e.life == nil {
		e.mu.Unlock()
		return removeCache(e.cfg.Dir)
	}
	e.flush = true
	e.endLife()
	e.mu.Unlock()
	return e.await(ctx, func() (bool, error) { return !e.flush, nil })
}

func removeCache(dir string) error { return os.RemoveAll(filepath.Join(dir, cacheName)) }

// await waits until done is true, with mu held while it looks.
func (e *Engine) await(ctx context.Context, done func() (bool, error)) error {
	for {
		e.mu.Lock()
		ok, err := done()
		news := e.news
		e.mu.Unlock()
		if ok || err != nil {
			return err
		}
		select {
		case <-news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// SetNetwork says whether the network may be used: without, the program is ended.
func (e *Engine) SetNetwork(allowed bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.blocked == !allowed {
		return
	}
	e.blocked = !allowed
	e.fails, e.retryAt = 0, time.Time{}
	if e.blocked && e.life != nil {
		e.life.cancel()
	}
	e.tell()
}

// Open begins to play a track or an episode by its URI; length is the claimed one, 0 =
// unknown. The program is started if it does not run. Its source stands at the beginning;
// the program loads the track when it is read, or when the one before it is near its end.
// Errors are Faults.
func (e *Engine) Open(ctx context.Context, uri string, length time.Duration) (player.Source, error) {
	if _, err := e.find(); err != nil {
		return nil, e.fault(session.ClientTooOld, err, "install it, or name it with engine in [spotify]; or play on a device of yours")
	}
	if !e.SignedIn() {
		err := e.signedOutFault()
		return nil, err
	}
	e.begin() //nolint:contextcheck // what it begins outlives the call
	within, cancel := context.WithTimeout(ctx, e.cfg.times.open)
	defer cancel()
	e.mu.Lock()
	e.wanted = true
	e.tell()
	e.mu.Unlock()
	err := e.await(within, func() (bool, error) {
		if err := e.hopelessNow(); err != nil {
			return false, err
		}
		return e.life != nil && e.life.ready, nil
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		e.mu.Lock()
		defer e.mu.Unlock()
		return nil, e.awayFault()
	case err != nil:
		return nil, err
	}
	return &source{e, e.deck.open(uri, format.Frames(length))}, nil
}

func (e *Engine) signedOutFault() error {
	if e.SignInRefused() {
		return e.fault(session.BadUsernameOrPassword, ErrRefused, "sign in again: segue login "+string(e.cfg.Account)+" --force")
	}
	return e.fault(session.NoCredentials, ErrSignedOut, "sign in: segue login "+string(e.cfg.Account)+" --force")
}

// hopeless is why nothing will come of waiting; nil = it may.
func (e *Engine) hopeless() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closed, e.blocked, e.refused:
		return e.hopelessNow()
	}
	return nil
}

// hopelessNow is hopeless for who begins: one who plays has frames to bridge a while. mu is held.
func (e *Engine) hopelessNow() error {
	switch {
	case e.closed:
		return e.fault(session.SystemFailure, ErrClosed, "")
	case e.blocked:
		return e.fault(session.NetworkDisabled, ErrNetwork, "")
	case e.refused:
		return e.fault(session.BadUsernameOrPassword, ErrRefused, "sign in again: segue login "+string(e.cfg.Account)+" --force")
	case e.fails > 0 && time.Until(e.retryAt) > 0:
		return e.awayFault()
	}
	return nil
}

// Trouble is what keeps the program from running now, as a Fault; nil = nothing that is
// known, or it was never asked to run.
func (e *Engine) Trouble() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.refused:
		return e.hopelessNow()
	case e.fails > 0 && (e.life == nil || !e.life.ready):
		return e.awayFault()
	}
	return nil
}

// sourceFault is what a source breaks off with.
func (e *Engine) sourceFault(err error) error {
	if errors.Is(err, errTokenLost) {
		return e.fault(session.OtherTransient, session.ErrPlayTokenLost, "")
	}
	return err
}

// Close ends the program and waits until it has ended.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	if e.login != nil {
		e.login.end(e.fault(session.SystemFailure, ErrClosed, ""))
		e.login = nil
	}
	stop, ended := e.stop, e.ended
	e.tell()
	e.mu.Unlock()
	e.deck.mu.Lock()
	e.deck.tell()
	e.deck.mu.Unlock()
	if stop != nil {
		stop()
		<-ended
	}
	return nil
}
