// Package scan brings the index of a music library to what the disk says.
//
// A scan walks the folders in two goroutines, reads tags in a few, and writes in the
// one that called Run; all end before Run returns. What is not changed is not read:
// a folder whose names, sizes and times have the fingerprint of the last scan costs
// one listing and one stat for each file. Nothing outside the index is written.
package scan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"segue/internal/cue"
	"segue/internal/service/local/index"
)

// Config of a scan.
type Config struct {
	// Roots are the library's folders, clean and absolute.
	Roots []string
	// Paths limits the scan to folders below the roots; empty = everything.
	Paths []string
	// Progress is told, some times a second, how many files were looked at, how many
	// there were before (0 = unknown), and where it is. It may be nil.
	Progress func(done, total int, what string)
	// Committed is told that more can be seen now. It may be nil.
	Committed func()
	// Now is the clock; nil = time.Now.
	Now func() time.Time
}

// Result is what a scan did.
type Result struct {
	Files   int      // looked at
	Read    int      // new or changed
	Gone    int      // folders that are no more
	Changed bool     // the index is not as it was
	Faults  int      // that this scan met anew
	Away    []string // roots that are not there
	Seconds float64
}

// commitEvery and commitRows bound what a crash can lose and what waits in memory.
const (
	commitEvery = time.Second
	commitRows  = 32_000
)

// Run scans. When ctx ends, what was read until then is kept and ctx's error returned.
func Run(ctx context.Context, db *index.DB, cfg Config) (Result, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	began := cfg.Now()
	w, err := db.Begin(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("scan: %w", err)
	}
	s := &scanner{cfg: cfg, db: db, w: w, began: began, jobs: make(chan job, 32), found: make(chan finding, 32)}
	err = s.run(ctx)
	s.result.Seconds = cfg.Now().Sub(began).Seconds()
	var broken *writeError
	if errors.As(err, &broken) {
		return s.result, w.Close(err)
	}
	if closed := w.Close(nil); closed != nil {
		return s.result, fmt.Errorf("scan: %w", closed)
	}
	if cfg.Committed != nil {
		cfg.Committed()
	}
	if err != nil {
		return s.result, err
	}
	if err := db.Orders(ctx); err != nil {
		return s.result, fmt.Errorf("scan: %w", err)
	}
	return s.result, nil
}

// writeError says that the index could not be written: the batch is lost.
type writeError struct{ err error }

func (e *writeError) Error() string { return "scan: " + e.err.Error() }
func (e *writeError) Unwrap() error { return e.err }

// scanner is one run.
type scanner struct {
	cfg     Config
	db      *index.DB
	w       *index.Writer // the goroutine of Run
	began   time.Time
	before  int  // files in the index when it began
	first   bool // the index was empty
	result  Result
	written index.Set // numbers of the folders that were put

	jobs  chan job
	found chan finding
	done  atomic.Int64
	where atomic.Pointer[string]
}

// job is a folder to read: a changed one.
type job struct {
	dir    string
	known  bool // the index has it
	device int64
	sum    int64
	files  []file
	large  bool        // files is empty: the folder is read in pieces
	sides  []string    // names of cue sheets
	sheets []cue.Sheet // what is in them, once a reader has looked
	lists  []string
	cover  bool
}

// file is an audio file as its folder and stat describe it.
type file struct {
	name  string
	size  int64
	mtime int64
	inode uint64
}

// finding is what goes to the writer.
type finding struct {
	folder *index.Folder
	back   []int64 // folders whose disk is there again
	faults []index.Fault
}

func (s *scanner) run(ctx context.Context) error {
	v, err := s.db.View(ctx)
	if err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	s.before, s.first = v.Count(), v.Count() == 0
	if len(s.cfg.Paths) == 0 {
		if err := s.w.ClearFaults(); err != nil {
			return &writeError{err}
		}
	}
	walk := newWalker(s)
	work, stop := context.WithCancel(ctx)
	defer stop()

	var readers sync.WaitGroup
	for range max(2, runtime.GOMAXPROCS(0)) {
		readers.Go(func() {
			for j := range s.jobs {
				s.read(work, j)
			}
		})
	}
	var walkErr error
	var walking sync.WaitGroup
	walking.Go(func() {
		defer close(s.jobs)
		walkErr = walk.all(work)
	})
	go func() {
		readers.Wait()
		walking.Wait()
		close(s.found)
	}()
	err = s.write(stop)
	walking.Wait()
	if err != nil {
		return err
	}
	if walkErr != nil {
		return walkErr
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	return s.sweep(ctx, walk)
}

// write stores findings until there are no more. After a fault it drains.
func (s *scanner) write(stop func()) error {
	var failed error
	last := time.Now()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case f, ok := <-s.found:
			if !ok {
				s.progress()
				return failed
			}
			if failed != nil {
				continue
			}
			if err := s.store(f); err != nil {
				failed = &writeError{err}
				stop()
			}
		case <-tick.C:
			s.progress()
		}
		if failed == nil && (s.w.Pending() >= commitRows || time.Since(last) > commitEvery && s.w.Pending() > 0) {
			if err := s.w.Commit(); err != nil {
				failed = &writeError{err}
				stop()
				continue
			}
			last = time.Now()
			if s.cfg.Committed != nil {
				s.cfg.Committed()
			}
		}
	}
}

func (s *scanner) store(f finding) error {
	if f.folder != nil {
		s.result.Read += len(f.folder.New)
		s.result.Faults += len(f.folder.Faults)
		dir, err := s.w.Put(*f.folder)
		if err != nil {
			return err
		}
		s.written.Add(uint32(dir))
		s.result.Changed = true
	}
	s.result.Faults += len(f.faults)
	for _, x := range f.faults {
		if err := s.w.Fault(x); err != nil {
			return err
		}
	}
	return s.w.Away(f.back, false)
}

func (s *scanner) progress() {
	s.result.Files = int(s.done.Load())
	if s.cfg.Progress == nil {
		return
	}
	what := ""
	if p := s.where.Load(); p != nil {
		what = *p
	}
	total := s.before
	if s.result.Files > total {
		total = 0
	}
	s.cfg.Progress(s.result.Files, total, what)
}

// reason is an error in a user's words, without the path, which stands beside it.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return index.Clean(err.Error())
}
