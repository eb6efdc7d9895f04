//go:build !linux

package watch

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/fsnotify/fsnotify"
)

// Watcher watches folders, by what the system has.
type Watcher struct {
	fs *fsnotify.Watcher

	mu    sync.Mutex // guards what follows
	known map[string]bool
}

// New makes a watcher of nothing. Close, or the end of Run, gives back what it holds.
func New() (*Watcher, error) {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch: %w", err)
	}
	return &Watcher{fs: fs, known: map[string]bool{}}, nil
}

// Add watches a folder, a clean path, if it is not watched. The error is the system's.
func (w *Watcher) Add(dir string) error {
	if w.Has(dir) {
		return nil
	}
	if err := w.fs.Add(dir); err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known[dir] = true
	return nil
}

// Has says whether a folder is watched. One that went, and came again, is not.
func (w *Watcher) Has(dir string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.known[dir]
}

// Len is the number of folders that are watched.
func (w *Watcher) Len() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.known)
}

// Close ends the watcher; it may be called twice.
func (w *Watcher) Close() error { return w.fs.Close() }

// Run tells into events what happens until ctx ends or the watcher is closed, and closes it.
func (w *Watcher) Run(ctx context.Context, events chan<- Event) error {
	defer func() { _ = w.fs.Close() }() // nothing was written
	for {
		var told Event
		select {
		case <-ctx.Done():
			return nil
		case err, ok := <-w.fs.Errors:
			if !ok {
				return nil
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				continue
			}
			told.Lost = true
		case e, ok := <-w.fs.Events:
			if !ok {
				return nil
			}
			if e.Op == fsnotify.Chmod {
				continue
			}
			if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
				w.mu.Lock()
				delete(w.known, filepath.Clean(e.Name))
				w.mu.Unlock()
			}
			told.Path = e.Name
		}
		select {
		case events <- told:
		case <-ctx.Done():
			return nil
		}
	}
}
