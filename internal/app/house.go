// Package app is the only place where the parts are put together: config, caches,
// services, session, player and what stands in front of them (the screen, the plain
// mode, a command).
//
// It starts every Run in a guard: a panic is logged with its stack, everything else
// ends in order, and the caller gets an error.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/user"
	"path/filepath"
	"runtime/debug"
	"sync"

	"segue/cache"
	"segue/internal/config"
	"segue/internal/mailbox"
	"segue/internal/music"
	"segue/internal/pcm"
	"segue/internal/service/local"
	"segue/player"
	"segue/session"
)

// Options say how to build a House.
type Options struct {
	Config  *config.Config
	Folders Folders
	// Device is the way out; Fallback stands in when it cannot be opened (nil = none).
	Device, Fallback pcm.Device
	// Unpaced and Rate are for files and pipes, see player.Config.
	Unpaced bool
	Rate    int
	// Passing says that this run keeps nothing of the last one and leaves nothing to
	// the next: no saved queue, no lock. Commands that play something are such runs.
	Passing bool
	// Accounts says that a Passing run changes accounts: it takes the lock, and what is
	// done to accounts is kept.
	Accounts bool
	// Version of Segue, for servers that ask who calls.
	Version string
	// More accounts beside local.
	More []session.Account
}

// House is everything, built and not yet running.
type House struct {
	Session *session.Session
	Local   *local.Service
	// Notes are what went wrong in building, a line each.
	Notes []string
	// Unmade are accounts that a login added and that cannot be made now, with the reason, a
	// line each. The session tells it on the screen.
	Unmade []string

	options    Options
	accounts   []session.Account // of the config, with local
	made       made
	running    bool // Settled has begun; written by its goroutine, before do
	reachable  []music.AccountID
	tokens     *cache.Manager // of accounts that sign in in a browser; nil = no place for them
	browsers   browsers
	mediaOnce  sync.Once
	mediaCache *cache.Media

	player *player.Player
	cores  *cores
	lock   *cache.Lock
	log    *slog.Logger
	logEnd io.Closer
	notes  *mailbox.Box[string] // what services say, until tellNotes takes it
}

// ErrRunning says that another Segue has the state folder.
var ErrRunning = errors.New("Segue is already running")

// Build puts the house together. It starts nothing. What can be done without (a
// folder that cannot be written) becomes a note; errors are ErrRunning and what
// makes playing impossible.
func Build(o Options) (*House, error) {
	h := &House{options: o, notes: mailbox.New[string](), cores: newCores(o.Unpaced), browsers: newBrowsers()}
	for _, p := range o.Config.Problems {
		h.note("%s", p.Error())
	}
	store, mark, err := h.openState(o)
	if err != nil {
		return nil, err
	}
	h.log, h.logEnd = openLog(o.Folders.State, o.Config.Log.Level)
	folders := o.Config.Library.Folders
	if len(folders) == 0 && o.Folders.Music != "" {
		folders = []string{o.Folders.Music}
	}
	h.Local, err = local.New(local.Config{Folders: folders, DataDir: o.Folders.Data, NoWatch: !o.Config.Library.Watch, Notify: h.notes.Put, Foreign: h.foreign})
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	own := library{h.Local, h.cores}
	h.made.add(music.Local, own)
	p := o.Config.Player
	h.player = player.New(player.Config{
		Gain: player.GainMode(p.Gain), PreampDB: p.PreampDB, Crossfade: p.Crossfade,
		OnDeviceLoss: player.LossPolicy(p.OnDeviceLoss), Fallback: o.Fallback,
		Unpaced: o.Unpaced, FixedRate: o.Rate, Volume: 1,
	}, o.Device)
	cfg := session.Config{
		Gain: player.GainMode(p.Gain), PreampDB: p.PreampDB, Crossfade: p.Crossfade, Volume: p.Volume, Mark: mark,
	}
	if h.log.Enabled(context.Background(), slog.LevelDebug) {
		cfg.Log = func(line string) { h.log.Debug(line) }
	}
	cfg.Makers, cfg.Accounts, cfg.Vault = h.makers(), h.accountStore(o), h.openVault(o)
	h.tokens = h.openTokens(o, cfg.Accounts)
	cfg.Charts = h.openCharts(o)
	st := o.Config.Stream
	cfg.Kbps, cfg.OfflineKbps, cfg.CacheMB, cfg.NoReports = config.Kbps(st.Bitrate), config.Kbps(st.OfflineBitrate), st.CacheMB, !st.Report
	accounts := []session.Account{{ID: music.Local, Kind: "local", User: userName(), Service: own}}
	accounts = append(accounts, h.configured(o.Config.Accounts, cfg.Makers)...)
	accounts = append(accounts, o.More...)
	h.accounts = accounts
	for _, a := range o.More {
		h.made.add(a.ID, a.Service)
	}
	h.Unmade = nil // those of the config are in Notes
	h.Session = session.New(cfg, h.player, store, accounts...)
	return h, nil
}

func (h *House) note(format string, args ...any) {
	h.Notes = append(h.Notes, fmt.Sprintf(format, args...))
}

// openState takes the lock and gives the stores; nil stores where nothing can be kept.
func (h *House) openState(o Options) (session.Store, session.MarkStore, error) {
	if o.Passing && !o.Accounts {
		return nil, nil, nil
	}
	if err := Usable(o.Folders.State); err != nil {
		h.note("nothing will be remembered: %s: %v", orNowhere(o.Folders.State), err)
		return nil, nil, nil
	}
	lock, err := cache.LockFolder(o.Folders.State)
	switch {
	case errors.Is(err, cache.ErrLocked):
		return nil, nil, fmt.Errorf("%w%s", ErrRunning, cache.LockHolder(o.Folders.State))
	case err != nil: // a file system without locks: two at once are then the user's affair
		h.note("%v", err)
	default:
		h.lock = lock
	}
	if o.Passing {
		return nil, nil, nil
	}
	return cache.NewState[session.Saved](filepath.Join(o.Folders.State, "state.json")),
		cache.NewState[session.Mark](filepath.Join(o.Folders.State, "position.json")), nil
}

// Another reports whether another Segue has the state folder. A House that has it itself
// is not another.
func (h *House) Another() bool {
	if h.lock != nil || Usable(h.options.Folders.State) != nil {
		return false
	}
	lock, err := cache.LockFolder(h.options.Folders.State)
	if err == nil {
		_ = lock.Unlock() // it was free
	}
	return errors.Is(err, cache.ErrLocked)
}

func orNowhere(dir string) string {
	if dir == "" {
		return "no state folder"
	}
	return dir
}

// Run runs player and session, and front before them, until front returns or ctx
// ends. The session ends before the player, so that the position is saved; then
// everything is closed. The error is front's, or that of a part that broke.
func (h *House) Run(ctx context.Context, front func(ctx context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sctx, stopSession := context.WithCancel(context.WithoutCancel(ctx))
	defer stopSession()
	pctx, stopPlayer := context.WithCancel(context.WithoutCancel(ctx))
	defer stopPlayer()

	playerEnd := h.start(pctx, stop, "player", h.player.Run)
	tokensEnd := h.start(pctx, stop, "tokens", h.runTokens) // the session's end may still save one
	sessionEnd := h.start(sctx, stop, "session", h.Session.Run)
	notes := h.start(sctx, stop, "notes", h.tellNotes)
	cores := h.start(sctx, stop, "cores", h.cores.Run)
	err := <-h.start(ctx, stop, "screen", front)
	stopSession()
	err = errors.Join(err, <-sessionEnd, <-notes, <-cores)
	stopPlayer()
	return errors.Join(err, <-playerEnd, <-tokensEnd)
}

// runTokens tries again what could not be stored. Its last word, that something still is
// not, is no failure of the run: the cache has said why.
func (h *House) runTokens(ctx context.Context) error {
	if h.tokens == nil {
		<-ctx.Done()
		return nil
	}
	if err := h.tokens.Run(ctx); err != nil {
		h.log.Warn(err.Error())
	}
	return nil
}

// start runs one part in its guard; its end, with or without an error, is one
// message. A part that fails ends the others through stop.
func (h *House) start(ctx context.Context, stop func(), name string, run func(context.Context) error) <-chan error {
	end := make(chan error, 1)
	go func() {
		err := h.guard(ctx, name, run)
		if err != nil {
			stop()
		}
		end <- err
	}()
	return end
}

func (h *House) guard(ctx context.Context, name string, run func(context.Context) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			h.log.Error("panic", "part", name, "value", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = fmt.Errorf("%s: crashed: %v (the log holds the details)", name, r)
		}
	}()
	err = run(ctx)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil // it was told to end, and did
	}
	return err
}

// tellNotes hands notes of the services to the session's listeners.
func (h *House) tellNotes(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-h.notes.Ready():
			for _, n := range h.notes.Take() {
				h.log.Warn(n)
				h.Session.Send(session.Tell{Level: session.Warning, Text: n})
			}
		}
	}
}

// Subscribe gives a front its events.
func (h *House) Subscribe(name string) *session.Subscription { return h.Session.Subscribe(name) }

// Close gives back what Build took. It may be called without Run.
func (h *House) Close() error {
	var errs []error
	errs = append(errs, h.made.close())
	if h.tokens != nil {
		errs = append(errs, h.tokens.Close())
	}
	if h.mediaCache != nil {
		errs = append(errs, h.mediaCache.Close())
	}
	if h.lock != nil {
		errs = append(errs, h.lock.Unlock())
	}
	if h.logEnd != nil {
		errs = append(errs, h.logEnd.Close())
	}
	return errors.Join(errs...)
}

// userName is who the operating system says we are, "" when it does not know.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}
