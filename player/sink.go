package player

import (
	"sync"
	"time"

	"segue/internal/pcm"
)

const (
	sinkAgain = 100 * time.Millisecond // what was not consumed comes again after this
	sinkSoon  = 10 * time.Millisecond  // while there is nothing to offer yet
	sinkBlock = 2048                   // frames offered at once
	sinkAhead = time.Second            // a sink that takes everything is not fed faster than this ahead of time
)

// SinkDevice makes a Device of a Sink, so that a program that embeds the player
// takes the frames itself:
//
//	p := player.New(player.Config{}, player.SinkDevice(mySink))
//
// A Sink calls its one listener of MUSIC_DELIVERY in Deliver, and that of GET_AUDIO_BUFFER_STATS
// in Stats; without one it answers 0 and 0, and the player waits, Playing, with its position
// where it is. What it promises:
//
//   - Deliver and Stats are never called at the same time, and frames come only while playing; both are
//     called on goroutines of the player, and must answer within milliseconds, or Pause, Seek and
//     the position wait for them. They must not call the player's Run, and may call its other methods.
//   - Frames are stereo float32 at the rate of the first track (Config.FixedRate, if set), for the
//     whole run; they are in a buffer of the player's, to be copied. No silence is put between.
//   - What is not consumed comes again in 100 ms, in the same order. A sink that takes all is
//     offered a second ahead of time, no more.
//   - The position is that of the frames consumed less Stats' buffered: so it stands while the
//     sink takes nothing.
//   - Deliver without frames (seek, another track, stop, another device) says: drop what you hold.
//     What Stats told just before counts as not heard. At the end of the last track there is none.
//   - Stats' stutters, since its last call, are added to the player's Stats. The volume is the sink's own.
func SinkDevice(s Sink) Device { return sinkDevice{s} }

type sinkDevice struct{ sink Sink }

func (sinkDevice) Name() string { return "sink" }

// Start offers frames of f, whatever it is, silence included. The player itself
// uses offer, which leaves silence out.
func (d sinkDevice) Start(f Format, fill func(dst []float32) bool) (pcm.Stream, error) {
	return d.offer(f, func(dst []float32) int {
		fill(dst)
		return len(dst)
	}), nil
}

// offer begins to offer what read gives; read does not wait.
func (d sinkDevice) offer(f Format, read func(dst []float32) int) *sinkStream {
	s := &sinkStream{
		sink: d.sink, format: f, read: read,
		wake: make(chan struct{}, 1), done: make(chan struct{}), ended: make(chan struct{}),
		block: make([]float32, sinkBlock*f.Channels),
	}
	go s.run()
	return s
}

// sinkStream offers frames from one goroutine, so that the sink is never called twice at once.
type sinkStream struct {
	sink   Sink
	format Format
	read   func([]float32) int
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
		if wait := s.offer(); wait > 0 {
			timer.Reset(wait)
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

// offer hands frames over until the sink takes no more for now; wait is when to
// try again, 0 = when something changes.
func (s *sinkStream) offer() (wait time.Duration) {
	for {
		select {
		case <-s.done:
			return 0
		default:
		}
		if more, wait := s.offerBlock(time.Now()); !more {
			return wait
		}
	}
}

// offerBlock offers one block; more: another may follow at once, else after wait.
func (s *sinkStream) offerBlock(now time.Time) (more bool, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paused {
		return false, 0
	}
	if s.since.IsZero() {
		s.since, s.sent = now, 0
	}
	if s.format.Duration(s.sent)-now.Sub(s.since) > sinkAhead {
		return false, sinkAgain
	}
	if len(s.left) == 0 {
		if s.left = s.block[:s.read(s.block)]; len(s.left) == 0 {
			return false, sinkSoon
		}
	}
	n := s.sink.Deliver(s.format, s.left)
	n = min(max(n, 0), len(s.left)/s.format.Channels)
	s.sent += int64(n)
	s.left = s.left[n*s.format.Channels:]
	if s.refused = len(s.left) > 0; s.refused {
		return false, sinkAgain
	}
	return true, 0
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
