package subsonic

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/music"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/store"
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

	sending sync.Mutex    // held by the one who sends what waits
	playing atomic.Int32  // sources that are open
	begun   chan struct{} // has a value when the first of them was opened

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
			path = filepath.Join(s.cfg.DataDir, "subsonic-"+string(s.id)+".db")
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

// answer is what the server said, now or at an earlier time.
type answer struct {
	*wire.Reply
	asOf time.Time // zero = now
	why  error     // why it is of an earlier time
}

// stale is the note of a page whose rows are of an earlier time.
func (a answer) stale() string {
	if a.asOf.IsZero() {
		return ""
	}
	return "as it was on " + a.asOf.Format("2006-01-02 15:04")
}

// ask makes a call that only asks. Where the server cannot be reached, its last answer
// to the same question stands in, if there was one.
func (s *Service) ask(ctx context.Context, method string, p url.Values) (answer, error) {
	db, err := s.store(ctx)
	if err != nil {
		return answer{}, err
	}
	key := method + "?" + p.Encode()
	if reply := s.recall(key); reply != nil {
		return answer{Reply: reply}, nil
	}
	why := s.thoughtAway()
	if why != nil {
		if a, ok := remembered(ctx, db, key, why); ok {
			return a, nil
		}
	}
	reply, raw, err := s.srv.Ask(ctx, method, p)
	s.heardOf(err)
	if err == nil {
		if !volatile[method] {
			s.memorise(key, reply, len(raw))
		}
		if !volatile[method] && !passingQuestion(method, p) {
			err = db.PutAnswer(context.WithoutCancel(ctx), key, raw, s.cfg.Now())
		}
		if err != nil {
			s.note("%s: what the server says cannot be remembered: %v", s.id, err)
		}
		return answer{Reply: reply}, nil
	}
	if !unreachable(err) || ctx.Err() != nil {
		return answer{}, err
	}
	if a, ok := remembered(ctx, db, key, err); ok {
		return a, nil
	}
	return answer{}, err
}

// memo is an answer of a moment ago: the windows of one list are asked for one after the
// other, and all come from one answer.
type memo struct {
	key   string
	at    time.Time
	size  int // of the answer as it came
	reply *wire.Reply
}

const (
	memosMost = 12
	memoBytes = 16 << 20 // all of them but the newest
	memoFor   = 20 * time.Second
)

// passingQuestion is one that hardly comes again, such as what is being typed.
func passingQuestion(method string, p url.Values) bool {
	return method == "search3" && p.Get("query") != ""
}

// recall finds the answer of a moment ago.
func (s *Service) recall(key string) *wire.Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.memo {
		if m.key == key && s.cfg.Now().Sub(m.at) < memoFor {
			return m.reply
		}
	}
	return nil
}

func (s *Service) memorise(key string, reply *wire.Reply, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	sum := size
	for _, m := range s.memo {
		sum += m.size
	}
	s.memo = slices.DeleteFunc(s.memo, func(m memo) bool {
		gone := m.key == key || now.Sub(m.at) >= memoFor || sum > memoBytes
		if gone {
			sum -= m.size
		}
		return gone
	})
	if len(s.memo) == memosMost {
		s.memo = slices.Delete(s.memo, 0, 1)
	}
	s.memo = append(s.memo, memo{key, now, size, reply})
}

// outdated forgets what was answered before something was changed.
func (s *Service) outdated() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memo = nil
}

// tell makes a call that changes something.
func (s *Service) tell(ctx context.Context, method string, p url.Values) (*wire.Reply, error) {
	reply, err := s.srv.Tell(ctx, method, p)
	s.heardOf(err)
	s.outdated()
	return reply, err
}

// volatile are questions whose answers are worth nothing later.
var volatile = map[string]bool{"ping": true, "getNowPlaying": true, "getScanStatus": true, "getRandomSongs": true}

func remembered(ctx context.Context, db *store.Store, key string, why error) (answer, bool) {
	raw, at, err := db.Answer(ctx, key)
	if err != nil || raw == nil {
		return answer{}, false
	}
	reply, err := server.Read(raw)
	if err != nil {
		return answer{}, false
	}
	return answer{reply, at, why}, true
}

// errAway stands for a server that could not be reached a moment ago.
var errAway = errors.New("the server could not be reached a moment ago")

// thoughtAway is why the server need not be asked now, nil = it may be.
func (s *Service) thoughtAway() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.blocked:
		return server.ErrOffline
	case s.cfg.Now().Before(s.away):
		return errAway
	}
	return nil
}

// heardOf draws the conclusion from the end of a call, and tells the session when the
// server went away or came back.
func (s *Service) heardOf(err error) {
	away := unreachable(err) && !errors.Is(err, server.ErrOffline) && !errors.Is(err, errAway)
	if !away && err != nil {
		return
	}
	s.mu.Lock()
	was, tell := s.wasAway, s.tellNews
	s.wasAway, s.away = away, time.Time{}
	if away {
		s.away = s.cfg.Now().Add(awayFor)
	}
	s.mu.Unlock()
	switch {
	case away == was:
		return
	case !away:
		s.lookAgain()
	}
	if tell != nil {
		tell(session.NewsConnection{Err: s.fault("connect", err)})
	}
}

// OnNews names who is told of what happens by itself.
func (s *Service) OnNews(tell func(session.News)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tellNews = tell
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
