package player

import (
	"sync"
	"time"

	"segue/internal/pcm"
)

const (
	sinkAgain = 100 * time.Millisecond // what was not consumed comes again after this
	sinkBlock = 2048                   // frames offered at once
	sinkAhead = time.Second            // a sink that takes everything is not fed faster than this ahead of time
)

// SinkDevice makes a Device of a Sink, so that a program that embeds the player
// takes the frames itself. They are offered as the sink consumes them, at most a
// second ahead of time; what it has buffered counts as latency. The stutters it
// counts are added to the player's Stats.
func SinkDevice(s Sink) Device { return sinkDevice{s} }

type sinkDevice struct{ sink Sink }

func (sinkDevice) Name() string { return "sink" }

// Start offers frames of f, whatever it is.
func (d sinkDevice) Start(f Format, fill func(dst []float32) bool) (pcm.Stream, error) {
	s := &sinkStream{
		sink: d.sink, format: f, fill: fill,
		wake: make(chan struct{}, 1), done: make(chan struct{}), ended: make(chan struct{}),
		block: make([]float32, sinkBlock*f.Channels),
	}
	go s.run()
	return s, nil
}

// sinkStream offers frames from one goroutine, so that the sink is never called twice at once.
type sinkStream struct {
	sink   Sink
	format Format
	fill   func([]float32) bool
	wake   chan struct{}
	done   chan struct{} // closed by Close
	ended  chan struct{} // closed when run has returned
	once   sync.Once

	mu       sync.Mutex
	block    []float32 // guarded by mu, like all below
	left     []float32 // of block: filled and not consumed
	paused   bool
	refused  bool // the sink is full: nothing is wrong
	stutters int
	since    time.Time // when sent was 0; zero: with the next frame
	sent     int64     // frames
}

func (s *sinkStream) run() {
	defer close(s.ended)
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		var again <-chan time.Time
		if s.offer() {
			timer.Reset(sinkAgain)
			again = timer.C
		}
		select {
		case <-s.done:
			timer.Stop()
			return
		case <-s.wake:
		case <-again:
		}
		timer.Stop()
	}
}

// offer hands frames over until the sink takes no more for now.
func (s *sinkStream) offer() (again bool) {
	for {
		select {
		case <-s.done:
			return false
		default:
		}
		if more, again := s.offerBlock(time.Now()); !more {
			return again
		}
	}
}

// offerBlock offers one block; more: another may follow at once; again: later.
func (s *sinkStream) offerBlock(now time.Time) (more, again bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paused {
		return false, false
	}
	if s.since.IsZero() {
		s.since, s.sent = now, 0
	}
	if s.format.Duration(s.sent)-now.Sub(s.since) > sinkAhead {
		return false, true
	}
	if len(s.left) == 0 {
		s.fill(s.block)
		s.left = s.block
	}
	n := s.sink.Deliver(s.format, s.left)
	n = min(max(n, 0), len(s.left)/s.format.Channels)
	s.sent += int64(n)
	s.left = s.left[n*s.format.Channels:]
	s.refused = len(s.left) > 0
	return !s.refused, s.refused
}

func (s *sinkStream) Format() pcm.Format { return s.format }

// waits reports that the sink is full or paused, not dead.
func (s *sinkStream) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// takeStutters is what the sink counted since the last call.
func (s *sinkStream) takeStutters() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, more := s.sink.Stats()
	s.stutters += more
	n := s.stutters
	s.stutters = 0
	return n
}

func (s *sinkStream) Pause()  { s.pause(true) }
func (s *sinkStream) Resume() { s.pause(false) }

func (s *sinkStream) pause(on bool) {
	s.mu.Lock()
	s.paused, s.since = on, time.Time{}
	s.mu.Unlock()
	s.poke()
}

func (s *sinkStream) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Flush tells the sink of a discontinuity and counts what it had as thrown away.
func (s *sinkStream) Flush() int64 {
	s.mu.Lock()
	buffered, stutters := s.sink.Stats()
	s.stutters += stutters
	n := int64(buffered + len(s.left)/s.format.Channels)
	s.left, s.refused, s.since = nil, false, time.Time{}
	s.sink.Deliver(s.format, nil)
	s.mu.Unlock()
	s.poke()
	return n
}

// Latency is what the sink says it has buffered, and what it has not taken yet.
func (s *sinkStream) Latency() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	buffered, stutters := s.sink.Stats()
	s.stutters += stutters
	return s.format.Duration(int64(buffered + len(s.left)/s.format.Channels))
}

// SetVolume does nothing: a sink sets its own.
func (s *sinkStream) SetVolume(float64)     {}
func (s *sinkStream) Err() error            { return nil }
func (s *sinkStream) Done() <-chan struct{} { return s.ended }

// Close ends the offering; it waits for a Deliver that is under way.
func (s *sinkStream) Close() error {
	s.once.Do(func() { close(s.done) })
	<-s.ended
	return nil
}
