// Package local is the account "local": music in folders, the playlists beside it,
// what was heard, and the album that comes with the program.
//
// Files and folders are shown as they are on disk and play from the first second;
// albums, artists, search and the rest come from an index (package index) that Scan
// fills and Watch keeps true. What people did (plays, stars, ratings) is kept apart
// from it (package history), so that the index may be lost.
//
// The service has no goroutines but those inside Scan and Watch, which end with them.
// It writes below the data folder only, and playlists where they are. A track's Ref is
// its path, any bytes, with "\x00" and a number behind for a part that a cue sheet
// cuts; "sampler/NAME" names a piece of the built-in album.
package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"segue/internal/music"
	"segue/internal/service/local/history"
	"segue/internal/service/local/index"
	"segue/session"
)

// Config of the account.
type Config struct {
	// Folders are the library's folders; empty = the XDG music folder, which the
	// caller resolves. A relative one counts from the working folder.
	Folders []string
	// DataDir is where library.db, history.db and playlists/ are. Empty = nowhere:
	// everything works, nothing is remembered.
	DataDir string
	// ReadOnly says that nothing below DataDir may be written.
	ReadOnly bool
	// NoWatch leaves changes on disk unseen until the next scan.
	NoWatch bool
	// Notify takes one-line notes for the user, such as that a damaged index was set
	// aside; each comes once. It may be nil and is called from any goroutine.
	Notify func(note string)
	// Foreign gives what is known of tracks of other accounts, for the comments of playlists
	// that name them; nil = nothing is. A track that it does not know it leaves out.
	Foreign func(ctx context.Context, refs []music.Ref) []music.Track
	// Now is the clock; nil = time.Now.
	Now func() time.Time
}

// Service is the account. It may be used from any goroutine.
type Service struct {
	cfg     Config
	roots   []string
	sampler samplerAlbum
	wait    time.Duration // for a server of streams
	rescan  time.Duration // where not every folder can be watched
	// watchMost is how many folders are watched.
	watchMost int

	mu    sync.Mutex // guards what follows
	db    *index.DB
	dbErr error  // why there is no index; it is tried once
	temp  string // a folder to remove at the end
	noted map[string]bool

	listeners map[int]func(music.Ref) // those who Watch
	listener  int                     // the next one's number

	pastMu  sync.Mutex // guards what follows
	hist    *history.History
	histErr error // why there is none; it is tried once

	scanning chan struct{} // holds a value while a scan runs
	rebuild  chan struct{} // holds a value when the index was lost
	scanned  scanState
	words    wordsCache // what tracks in words were found to be
}

// scanState is what is known of scans, for notes.
type scanState struct {
	mu      sync.Mutex
	running bool
	done    bool      // one has ended in this run
	began   time.Time // the newest; of the disk's clock, not the Config's
	away    []string
}

// New makes the service. It opens nothing but looks at the folders' names.
func New(cfg Config) (*Service, error) {
	s := &Service{cfg: cfg, wait: streamWait, rescan: watchRescan, watchMost: watchMost, noted: map[string]bool{}, listeners: map[int]func(music.Ref){}, scanning: make(chan struct{}, 1), rebuild: make(chan struct{}, 1)}
	if s.cfg.Now == nil {
		s.cfg.Now = time.Now
	}
	for _, f := range cfg.Folders {
		p, err := filepath.Abs(f)
		if err != nil {
			return nil, fmt.Errorf("local: folder %s: %w", f, err)
		}
		s.roots = append(s.roots, p)
	}
	s.roots = distinct(s.roots)
	return s, nil
}

// distinct drops folders that are named twice or lie below another.
func distinct(roots []string) []string {
	var kept []string
	for i, r := range roots {
		inside := false
		for j, o := range roots {
			if i != j && (r == o && j < i || r != o && under(r, o)) {
				inside = true
			}
		}
		if !inside {
			kept = append(kept, r)
		}
	}
	return kept
}

// under reports whether p is dir or below it.
func under(p, dir string) bool {
	if p == dir || dir == "/" {
		return true
	}
	return len(p) > len(dir) && p[:len(dir)] == dir && p[len(dir)] == '/'
}

// Roots are the library's folders, clean and absolute.
func (s *Service) Roots() []string { return append([]string(nil), s.roots...) }

// Close ends what was opened.
func (s *Service) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	if s.db != nil {
		errs = append(errs, s.db.Close())
		s.db = nil
	}
	s.dbErr = errors.New("the library is closed")
	s.pastMu.Lock()
	if s.hist != nil {
		errs = append(errs, s.hist.Close())
		s.hist = nil
	}
	s.histErr = errors.New("the library is closed")
	s.pastMu.Unlock()
	if s.temp != "" {
		errs = append(errs, os.RemoveAll(s.temp))
		s.temp = ""
	}
	return errors.Join(errs...)
}

// note tells the user something, once.
func (s *Service) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.mu.Lock()
	said := s.noted[text]
	s.noted[text] = true
	s.mu.Unlock()
	if !said && s.cfg.Notify != nil {
		s.cfg.Notify(text)
	}
}

// index gives the open index.
func (s *Service) index(ctx context.Context) (*index.DB, error) {
	s.mu.Lock()
	if s.db != nil || s.dbErr != nil {
		defer s.mu.Unlock()
		return s.db, s.dbErr
	}
	db, notes, err := s.openIndex(context.WithoutCancel(ctx))
	s.db, s.dbErr = db, err
	s.mu.Unlock()
	for _, n := range notes {
		s.note("%s", n)
	}
	return db, err
}

// openIndex opens or makes library.db; what cannot be read is set aside. Where the
// data folder cannot be written, an index is made in a temporary folder, unless there
// is one that can be read.
func (s *Service) openIndex(ctx context.Context) (*index.DB, []string, error) {
	var notes []string
	if s.cfg.DataDir == "" {
		db, err := s.tempIndex(ctx)
		return db, notes, err
	}
	file := filepath.Join(s.cfg.DataDir, "library.db")
	if s.writable() {
		db, err := index.Open(ctx, file, false)
		if errors.Is(err, index.ErrFuture) || errors.Is(err, index.ErrDamaged) {
			aside, moved := index.SetAside(file, s.cfg.Now())
			if moved != nil {
				return nil, notes, moved
			}
			notes = append(notes, fmt.Sprintf("the library's index could not be read (%s): it is now %s, and a new one is made", short(err), filepath.Base(aside)))
			db, err = index.Open(ctx, file, false)
		}
		return db, notes, err
	}
	if db, err := index.Open(ctx, file, true); err == nil {
		return db, append(notes, fmt.Sprintf("%s cannot be written: the library is shown as it was last time", s.cfg.DataDir)), nil
	}
	db, err := s.tempIndex(ctx)
	return db, append(notes, fmt.Sprintf("%s cannot be written: what is learned of the library is forgotten at the end", s.cfg.DataDir)), err
}

// short is the kind of an index error, without the path.
func short(err error) string {
	for _, e := range [...]error{index.ErrFuture, index.ErrDamaged} {
		if errors.Is(err, e) {
			return e.Error()
		}
	}
	return err.Error()
}

// writable makes the data folder and tries it.
func (s *Service) writable() bool {
	if s.cfg.ReadOnly || s.cfg.DataDir == "" {
		return false
	}
	if err := os.MkdirAll(s.cfg.DataDir, 0o755); err != nil {
		return false
	}
	f, err := os.CreateTemp(s.cfg.DataDir, ".writable")
	if err != nil {
		return false
	}
	_ = f.Close()
	return os.Remove(f.Name()) == nil
}

func (s *Service) tempIndex(ctx context.Context) (*index.DB, error) {
	dir, err := os.MkdirTemp("", "segue-index-")
	if err != nil {
		return nil, fmt.Errorf("local: no place for an index: %w", err)
	}
	s.temp = dir
	return index.Open(ctx, filepath.Join(dir, "library.db"), false)
}

// damaged sets the index aside if an error says that it is broken, and it really is;
// Watch has it made anew. It reports whether there is another index now.
func (s *Service) damaged(ctx context.Context, err error) bool {
	if !errors.Is(err, index.ErrDamaged) || !s.writable() {
		return false
	}
	s.mu.Lock()
	if s.db == nil || s.temp != "" || s.db.Sound(context.WithoutCancel(ctx)) {
		other := s.db != nil && s.temp == "" // somebody else was faster
		s.mu.Unlock()
		return other
	}
	_ = s.db.Close()
	s.db = nil
	aside, moved := index.SetAside(filepath.Join(s.cfg.DataDir, "library.db"), s.cfg.Now())
	s.mu.Unlock()
	if moved != nil {
		return false
	}
	s.note("the library's index is damaged: it is now %s, and a scan makes a new one", filepath.Base(aside))
	select {
	case s.rebuild <- struct{}{}:
	default:
	}
	return true
}

// fault makes an error a Fault of this account.
func fault(kind session.FaultKind, op string, err error, hint string) error {
	var f *session.Fault
	if err == nil || errors.As(err, &f) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		kind, hint = session.Cancelled, ""
	}
	return &session.Fault{Kind: kind, Account: music.Local, Op: op, Err: err, Hint: hint}
}
