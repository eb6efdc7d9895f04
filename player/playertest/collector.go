package playertest

import (
	"sync"
	"time"

	"segue/internal/pcm"
)

// Collector is a recorder: it takes frames as fast as they come and keeps them.
type Collector struct {
	Rate int // what it insists on, Hz; 0 = what it is asked for

	mu    sync.Mutex
	got   []float32
	ended bool
}

// Name is "collector".
func (c *Collector) Name() string { return "collector" }

// Got is a copy of what was collected; ended says that the reader said so.
func (c *Collector) Got() (frames []float32, ended bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]float32(nil), c.got...), c.ended
}

// Start is Record for a fill that pads: for callers that do not know recorders.
func (c *Collector) Start(f pcm.Format, fill func(dst []float32) bool) (pcm.Stream, error) {
	return c.Record(f, func(dst []float32) (int, bool) {
		if !fill(dst) {
			return 0, false
		}
		return len(dst), true
	})
}

// Record collects.
func (c *Collector) Record(f pcm.Format, read func(dst []float32) (int, bool)) (pcm.Stream, error) {
	if c.Rate > 0 {
		f.Rate = c.Rate
	}
	s := &collecting{c: c, format: f, done: ending{c: make(chan struct{})}, close: ending{c: make(chan struct{})}, resumed: make(chan struct{})}
	close(s.resumed)
	go s.run(read)
	return s, nil
}

type collecting struct {
	c           *Collector
	format      pcm.Format
	done, close ending

	mu      sync.Mutex
	resumed chan struct{} // closed while not paused
	paused  bool
}

func (s *collecting) run(read func(dst []float32) (int, bool)) {
	defer s.done.end()
	block := make([]float32, 2048*s.format.Channels)
	for {
		s.mu.Lock()
		resumed := s.resumed
		s.mu.Unlock()
		select {
		case <-s.close.c:
			return
		case <-resumed:
		}
		n, more := read(block)
		s.c.mu.Lock()
		s.c.got = append(s.c.got, block[:n]...)
		s.c.ended = !more
		s.c.mu.Unlock()
		if !more {
			return
		}
	}
}

func (s *collecting) Format() pcm.Format { return s.format }

func (s *collecting) Pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.paused {
		s.paused, s.resumed = true, make(chan struct{})
	}
}

func (s *collecting) Resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paused {
		s.paused = false
		close(s.resumed)
	}
}

func (s *collecting) Flush() int64           { return 0 }
func (s *collecting) Latency() time.Duration { return 0 }
func (s *collecting) SetVolume(float64)      {}
func (s *collecting) Err() error             { return nil }
func (s *collecting) Done() <-chan struct{}  { return s.done.c }
func (s *collecting) Close() error           { s.close.end(); return nil }
