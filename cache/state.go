package cache

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// State keeps one value as JSON in a file. With T = session.Saved it is a
// session.Store, with T = session.Mark a session.MarkStore.
type State[T any] struct {
	path string
	now  func() time.Time

	mu sync.Mutex // one save or load at a time
}

// NewState makes a state kept at path. Its folder is made, readable by the user
// alone, when something is saved.
func NewState[T any](path string) *State[T] { return &State[T]{path: path, now: time.Now} }

// Load reads the value; nil when there is none. A file that cannot be understood
// is set aside as NAME.bad-TIME, and the error says so: the next Save does not
// overwrite it. A file that cannot be opened stays where it is.
func (s *State[T]) Load() (*T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sweep(s.path, 0) // the folder's lock keeps others away
	text, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cache: read state: %w", err)
	}
	v := new(T)
	if err := json.Unmarshal(text, v); err != nil {
		return nil, s.setAside(err)
	}
	return v, nil
}

// sweep removes what a save of path left that was killed in the middle, if it is older
// than age: another process may be writing now.
func sweep(path string, age time.Duration) {
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".tmp-*"))
	if err != nil {
		return // a path with brackets in it: nothing is swept, nothing is harmed
	}
	for _, p := range left {
		if info, err := os.Lstat(p); err == nil && time.Since(info.ModTime()) < age {
			continue
		}
		_ = os.Remove(p) // what cannot be removed does no harm
	}
}

// setAside moves a file that cannot be understood out of the way, and gives its new name.
func setAside(path string, now time.Time) (string, error) {
	stem := path + ".bad-" + now.Format("20060102-150405")
	aside := stem
	for n := 2; exists(aside); n++ {
		aside = fmt.Sprintf("%s-%d", stem, n)
	}
	return aside, os.Rename(path, aside)
}

func (s *State[T]) setAside(why error) error {
	aside, err := setAside(s.path, s.now())
	if err != nil {
		return fmt.Errorf("cache: state %s cannot be read (%w) nor set aside: %w", s.path, why, err)
	}
	return fmt.Errorf("cache: state cannot be read, set aside as %s: %w", aside, why)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Save writes the value so that after a crash at any moment the file holds the
// old or the new one, whole: a temporary file, synced, takes its place.
func (s *State[T]) Save(v T) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("cache: encode state: %w", err)
	}
	if err := WriteFile(s.path, text); err != nil {
		return fmt.Errorf("cache: save state: %w", err)
	}
	return nil
}
