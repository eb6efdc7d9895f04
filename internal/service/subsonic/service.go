package subsonic

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/music"
	"segue/internal/service/store"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/stream"
	"segue/internal/service/subsonic/wire"
	"segue/session"
)

// Kind is the service's name in configs.
const Kind = "subsonic"

// Config is what an account needs of the house.
type Config struct {
	// DataDir is where the account's memory and its offline copies are; empty = nowhere:
	// everything works, nothing is remembered.
	DataDir string
	// Media keeps tracks that came whole; nil = nothing is kept.
	Media *cache.Media
	// OfflineBytes limits the offline copies; 0 = only the disk does.
	OfflineBytes int64
	// Version of Segue.
	Version string
	// Notify takes one-line notes for the user, each once, from any goroutine; may be nil.
	Notify func(note string)
	// Now is the clock; nil = time.Now.
	Now func() time.Time
}

// Options that a Spec may have beside server and user.
const (
	optAuth        = "auth"        // auto, token, password, apikey
	optCAFile      = "ca_file"     // certificate authorities in PEM
	optFingerprint = "fingerprint" // SHA-256 of the server's certificate
	optPlain       = "allow_http"  // the host that may be asked without encryption
	optFormat      = "format"      // what is asked for where a bit rate is: mp3, opus …
)

// awayFor is how long a server that could not be reached is not asked by pages that have
// an older answer to show.
const awayFor = 20 * time.Second

// Service is the account.
type Service struct {
	id     music.AccountID
	cfg    Config
	user   string // as configured
	wish   server.Wish
	format string
	srv    *server.Server
	lib    *stream.Library // tracks as they come, to the media cache
	copies *stream.Library // tracks for a time without the server

	sending  sync.Mutex    // held by the one who sends what waits
	fetching sync.Mutex    // held by the one who fetches copies
	playing  atomic.Int32  // sources that are open
	begun    chan struct{} // has a value when the first of them was opened

	mu       sync.Mutex // guards what follows
	db       *store.Store
	dbErr    error
	closed   bool
	away     time.Time         // until when the server is not asked for what is remembered
	wasAway  bool              // it could not be reached when it was last tried
	me       *wire.User        // who is signed in
	covers   map[string]string // picture of a Ref's text
	memo     []memo            // answers of the last seconds, newest last
	onSync   func(session.SyncStatus)
	sync     syncState
	changed  func(music.Ref)    // Watch's
	looked   time.Time          // when Watch last looked at the lists
	wake     chan struct{}      // Watch has something to do
	ahead    []*stream.Reader   // fetched before they are needed
	tellNews func(session.News) // may be nil
	blocked  bool               // no network, by wish
	probed   bool               // the server was asked what it lacks
}

// New makes the account that a Spec describes. It connects to nothing and opens nothing.
// Its errors are mistakes in the Spec: Faults of kind InvalidArgument.
func New(spec session.Spec, cfg Config) (*Service, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	bad := func(err error) error {
		return &session.Fault{Kind: session.InvalidArgument, Account: spec.ID, Op: "set up the account", Err: err}
	}
	for k := range spec.Options {
		switch k {
		case optAuth, optCAFile, optFingerprint, optPlain, optFormat:
		default:
			return nil, bad(fmt.Errorf("%q is no option of a Subsonic account (%s)", music.Clean(k), strings.Join([]string{optAuth, optCAFile, optFingerprint, optPlain, optFormat}, ", ")))
		}
	}
	if strings.TrimSpace(spec.Server) == "" {
		return nil, bad(errors.New("it wants the address of a server, as in https://music.example.org"))
	}
	addr, err := wire.ParseAddress(spec.Server)
	if err != nil {
		return nil, bad(fmt.Errorf("%q: %w", music.Clean(hideUser(spec.Server)), err))
	}
	wish, err := server.ParseWish(spec.Options[optAuth])
	if err != nil {
		return nil, bad(err)
	}
	var plain []string
	if h := spec.Options[optPlain]; h != "" {
		plain = []string{h}
	}
	srv, err := server.New(server.Config{Address: addr, HTTP: httpx.Options{
		Service: string(spec.ID), Version: cfg.Version, CAFile: spec.Options[optCAFile],
		Fingerprint: spec.Options[optFingerprint], PlainHosts: plain,
	}})
	if err != nil {
		return nil, bad(err)
	}
	s := &Service{
		id: spec.ID, cfg: cfg, user: spec.User, wish: wish, format: spec.Options[optFormat], srv: srv,
		lib: stream.NewLibrary(filesOf(cfg.Media)), covers: map[string]string{}, wake: make(chan struct{}, 1), begun: make(chan struct{}, 1),
	}
	s.copies = stream.NewLibrary(copyFiles{s})
	return s, nil
}

func filesOf(m *cache.Media) stream.Files {
	if m == nil {
		return stream.Scratch{}
	}
	return stream.InMedia(m)
}

// hideUser takes what stands before the host out of an address that is to be shown.
func hideUser(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		scheme, rest = "", address
	} else {
		scheme += "://"
	}
	if i := strings.LastIndex(rest, "@"); i >= 0 {
		rest = rest[i+1:]
	}
	return scheme + rest
}

// Close ends what was opened. Tracks that are open stay good until they are closed.
func (s *Service) Close() error {
	s.dropHeld()
	s.srv.CloseIdle()
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.db == nil {
		return nil
	}
	db := s.db
	s.db = nil
	return db.Close()
}

// closeMost is how long the end waits for what is being fetched to let go of its file.
const closeMost = 2 * time.Second

// settle waits until nothing is being fetched any more, if that is soon: somebody may
// still have a track open.
func (s *Service) settle() {
	done := make(chan struct{})
	go func() {
		s.lib.Wait()
		s.copies.Wait()
		close(done)
	}()
	t := time.NewTimer(closeMost)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
	}
}

var errClosed = errors.New("the account is closed")

// store opens the account's memory, once. Where the folder cannot be written it is in
// memory, and a note says so.
func (s *Service) store(ctx context.Context) (*store.Store, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	if s.db != nil || s.dbErr != nil {
		return s.db, s.dbErr
	}
	ctx = context.WithoutCancel(ctx)
	path := ""
	if s.cfg.DataDir != "" {
		if err := os.MkdirAll(s.cfg.DataDir, 0o700); err == nil {
			path = s.storePath()
		}
	}
	db, note, err := store.Open(ctx, path, s.cfg.Now())
	if err != nil && path != "" {
		note = fmt.Sprintf("%s: nothing is remembered of the server in this run: %v", s.id, err)
		db, _, err = store.Open(ctx, "", s.cfg.Now())
	}
	s.db, s.dbErr = db, err
	if note != "" && s.cfg.Notify != nil {
		s.cfg.Notify(note)
	}
	return db, err
}

// wakeUp has Watch look for what is to be done.
func (s *Service) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Service) note(format string, args ...any) {
	if s.cfg.Notify != nil {
		s.cfg.Notify(fmt.Sprintf(format, args...))
	}
}
