package local

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/gofrs/flock"

	"segue/internal/music"
	"segue/internal/service/local/index"
	"segue/internal/service/local/scan"
	"segue/session"
)

// Scan brings the index to what is on disk: all folders, or those named. A second
// call waits for the first. What was read when ctx ends is kept.
func (s *Service) Scan(ctx context.Context, paths []string, progress func(done, total int, what string)) error {
	_, err := s.ScanResult(ctx, paths, progress)
	return err
}

// Summary is what `segue scan --json` prints.
type Summary struct {
	Files   int     `json:"files"` // looked at
	Read    int     `json:"read"`  // new or changed, and so read
	Tracks  int     `json:"tracks"`
	Albums  int     `json:"albums"`
	Artists int     `json:"artists"`
	Errors  int     `json:"errors"`
	Seconds float64 `json:"seconds"`
}

// manyFiles read make a scan large: what memory it took is given back at its end.
const manyFiles = 2000

// ScanResult is Scan with the numbers of what was done and what there is now.
func (s *Service) ScanResult(ctx context.Context, paths []string, progress func(done, total int, what string)) (Summary, error) {
	const op = "read the library"
	below, err := s.scanPaths(paths)
	if err != nil {
		return Summary{}, fault(session.InvalidArgument, op, err, "")
	}
	if len(s.roots) == 0 {
		return Summary{}, fault(session.InvalidArgument, op, errors.New("no music folder is set"), "name one in the config: folders = [\"~/Music\"]")
	}
	select {
	case s.scanning <- struct{}{}:
		defer func() { <-s.scanning }()
	case <-ctx.Done():
		return Summary{}, fault(session.Cancelled, op, ctx.Err(), "")
	}
	unlock, err := s.lockScan()
	if err != nil {
		return Summary{}, fault(session.IsLoading, op, err, "")
	}
	defer unlock()
	s.setScanning(true, nil)
	if s.unread(ctx) {
		s.tell(music.Ref{}) // what is empty says that it is being read
	}
	result, err := s.scanOnce(ctx, below, progress)
	if s.damaged(ctx, err) {
		result, err = s.scanOnce(ctx, nil, progress)
	}
	s.setScanning(false, result.Away)
	if result.Read >= manyFiles {
		debug.FreeOSMemory() // for the hours of listening that follow
	}
	s.tell(music.Ref{})
	for _, a := range result.Away {
		s.note("%s is not there: what is known of the music in it is kept", index.Clean(a))
	}
	if err != nil {
		return Summary{Files: result.Files, Read: result.Read, Seconds: result.Seconds}, fault(session.OtherTransient, op, err, "")
	}
	sum, err := s.summary(ctx, result)
	return sum, fault(session.OtherTransient, op, err, "")
}

// unread reports whether nothing is known yet of the music in the folders.
func (s *Service) unread(ctx context.Context) bool {
	_, v, err := s.open(ctx)
	return err == nil && v.Count() == 0
}

func (s *Service) setScanning(on bool, away []string) {
	s.scanned.mu.Lock()
	defer s.scanned.mu.Unlock()
	if s.scanned.running = on; on {
		s.scanned.began = time.Now()
	} else {
		s.scanned.done, s.scanned.away = true, away
	}
}

// scanPaths makes the paths absolute; each must be in the library.
func (s *Service) scanPaths(paths []string) ([]string, error) {
	var below []string
	for _, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		if !s.inLibrary(abs) {
			return nil, fmt.Errorf("%s is not in the library's folders, which the config names; to play it, open it", index.Clean(p))
		}
		below = append(below, abs)
	}
	return distinct(below), nil
}

// lockScan keeps other processes from scanning at the same time.
func (s *Service) lockScan() (func(), error) {
	if s.cfg.DataDir == "" || !s.writable() {
		return func() {}, nil
	}
	l := flock.New(filepath.Join(s.cfg.DataDir, "scan.lock"))
	ok, err := l.TryLock()
	if err != nil {
		return func() {}, nil //nolint:nilerr // a file system without locks
	}
	if !ok {
		return nil, errors.New("another Segue is reading it now")
	}
	return func() { _ = l.Unlock() }, nil
}

func (s *Service) scanOnce(ctx context.Context, below []string, progress func(done, total int, what string)) (scan.Result, error) {
	db, err := s.index(ctx)
	if err != nil {
		return scan.Result{}, err
	}
	switch err := s.noteAlbums(ctx, db); {
	case errors.Is(err, index.ErrDamaged), ctx.Err() != nil:
		return scan.Result{}, err
	case err != nil:
		s.note("stars of albums whose tags change may be lost: %s", plainError(err))
	}
	shown := progress
	if progress != nil {
		shown = func(done, total int, what string) { progress(done, total, index.Clean(what)) }
	}
	result, err := scan.Run(ctx, db, scan.Config{
		Roots: s.roots, Paths: below, Progress: shown, Committed: func() { s.tell(music.Ref{}) }, Now: s.cfg.Now,
	})
	if result.Read > 0 || result.Gone > 0 || result.Changed {
		if linked := s.relink(context.WithoutCancel(ctx), db); err == nil {
			err = linked
		}
	}
	return result, err
}

func (s *Service) summary(ctx context.Context, r scan.Result) (Summary, error) {
	sum := Summary{Files: r.Files, Read: r.Read, Seconds: r.Seconds}
	db, v, err := s.open(ctx)
	if err != nil {
		return sum, err
	}
	sum.Tracks = v.Count()
	if sum.Albums, err = db.AlbumCount(ctx); err != nil {
		return sum, err
	}
	if _, sum.Artists, err = db.Artists(ctx, 0, 0); err != nil {
		return sum, err
	}
	_, sum.Errors, err = db.Faults(ctx, 0, 0)
	return sum, err
}

// tell passes a change on to those who watch.
func (s *Service) tell(r music.Ref) {
	s.mu.Lock()
	listeners := make([]func(music.Ref), 0, len(s.listeners))
	for _, l := range s.listeners {
		listeners = append(listeners, l)
	}
	s.mu.Unlock()
	for _, l := range listeners {
		l(r)
	}
}
