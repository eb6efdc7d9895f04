package sessiontest

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"segue/internal/pcm"
	"segue/session"
)

// Source is silence of a length.
type Source struct {
	Length time.Duration
	// FailAt is where it breaks with Why, or ErrBroken; 0 = it is whole.
	FailAt time.Duration
	Why    error

	open   *atomic.Int64
	closed sync.Once
	pos    int64
}

// Format is CD sound at 48 kHz.
func (s *Source) Format() pcm.Format { return pcm.Format{Rate: 48000, Channels: 2} }

// Read gives silence up to the length.
func (s *Source) Read(dst []float32) (int, error) {
	end, at := s.Length, io.EOF
	if s.FailAt > 0 {
		end, at = s.FailAt, s.why()
	}
	n := min(int64(len(dst)/2), s.Format().Frames(end)-s.pos)
	if n <= 0 {
		return 0, at
	}
	clear(dst[:2*n])
	s.pos += n
	return int(2 * n), nil
}

func (s *Source) why() error {
	if s.Why != nil {
		return s.Why
	}
	return ErrBroken
}

// Seek goes anywhere.
func (s *Source) Seek(to time.Duration) (time.Duration, error) {
	to = min(to, s.Length)
	s.pos = s.Format().Frames(to)
	return to, nil
}

// Close counts the source as closed.
func (s *Source) Close() error {
	s.closed.Do(func() {
		if s.open != nil {
			s.open.Add(-1)
		}
	})
	return nil
}

// Store keeps the saved state in memory.
type Store struct {
	mu    sync.Mutex
	saved *session.Saved
	saves int
	fails error
	load  error
	stop  int
}

// StopAfter lets saves after so many since the store was made hang, as if the machine
// had died in the middle of the next one. With 0 all come through again, but those that
// hung: these never do.
func (s *Store) StopAfter(saves int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop = saves
}

// NewStore makes a store that holds saved; nil = nothing.
func NewStore(saved *session.Saved) *Store { return &Store{saved: saved} }

// FailWith lets Save fail from now on, nil = work again.
func (s *Store) FailWith(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails = err
}

// FailLoad lets Load fail.
func (s *Store) FailLoad(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load = err
}

// Load fills session.Store.
func (s *Store) Load() (*session.Saved, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.load != nil {
		return nil, s.load
	}
	return s.saved, nil
}

// Save fills session.Store.
func (s *Store) Save(v session.Saved) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saves++
	if s.stop > 0 && s.saves > s.stop {
		for s.stop > 0 {
			s.mu.Unlock()
			time.Sleep(time.Minute)
			s.mu.Lock()
		}
		return nil
	}
	if s.fails != nil {
		return s.fails
	}
	s.saved = &v
	return nil
}

// Put replaces what was saved.
func (s *Store) Put(v session.Saved) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved = &v
}

// Saved is what was saved last, and how often it was.
func (s *Store) Saved() (v session.Saved, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.saved != nil {
		v = *s.saved
	}
	return v, s.saves
}

// Marks keeps the mark in memory; it fills session.MarkStore.
type Marks struct {
	mu   sync.Mutex
	mark *session.Mark
	n    int
}

// Load fills session.MarkStore.
func (m *Marks) Load() (*session.Mark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mark, nil
}

// Save fills session.MarkStore.
func (m *Marks) Save(v session.Mark) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mark = &v
	m.n++
	return nil
}

// Times is how often a mark was saved.
func (m *Marks) Times() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n
}
