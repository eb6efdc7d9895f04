package device

import (
	"fmt"
	"sync"
	"time"

	"segue/internal/pcm"
)

// The silent clock takes frames in coarse bursts: it holds silentBuffer after each, and
// wakes every silentTick.
const (
	silentTick   = 500 * time.Millisecond
	silentBuffer = time.Second
	silentBlock  = 8192            // frames asked of one call of fill, at most
	silentLeast  = silentBlock / 8 // and at least: what leaves while a burst lasts can wait
)

// Silent is a device that cannot be heard and keeps time: frames leave it at exactly
// their rate by the monotonic clock. It takes any format.
func Silent() pcm.Device { return silent{} }

type silent struct{}

func (silent) Name() string { return "silent" }

func (silent) Start(f pcm.Format, fill func(dst []float32) bool) (pcm.Stream, error) {
	if f.Rate <= 0 || f.Channels <= 0 {
		return nil, fmt.Errorf("device: silent: impossible format %d Hz, %d channels", f.Rate, f.Channels)
	}
	s := &silentStream{
		ending: newEnding(),
		format: f,
		fill:   fill,
		kick:   make(chan struct{}, 1),
		since:  time.Now(),
		dst:    make([]float32, silentBlock*f.Channels),
	}
	go s.run()
	return s, nil
}

// silentStream models a device with a buffer: given counts what fill wrote, played is
// what has left.
type silentStream struct {
	*ending
	format pcm.Format
	fill   func(dst []float32) bool
	kick   chan struct{} // wakes run: paused, resumed, flushed
	dst    []float32     // run's

	filling sync.Mutex // held around fill; before mu

	mu     sync.Mutex // guards what follows
	given  int64
	base   int64     // played at since
	since  time.Time // the clock's start, meaningless while paused
	paused bool
}

// played is how many frames have left at now, never more than were given. The caller
// holds mu. A device that ran dry does not catch up: the clock begins again.
func (s *silentStream) played(now time.Time) int64 {
	if s.paused {
		return s.base
	}
	p := s.base + s.format.Frames(now.Sub(s.since))
	if p > s.given {
		s.base, s.since = s.given, now
		return s.given
	}
	return p
}

func (s *silentStream) run() {
	timer := time.NewTimer(silentTick)
	defer timer.Stop()
	for {
		timer.Stop()
		if s.burst() {
			timer.Reset(silentTick)
		}
		select {
		case <-s.done:
			return
		case <-s.kick:
		case <-timer.C:
		}
	}
}

// burst fills the buffer and tells whether the clock runs.
func (s *silentStream) burst() bool {
	for {
		n, running := s.refill()
		if n == 0 {
			return running
		}
	}
}

// refill asks for one block if there is room for one, and returns its frames.
func (s *silentStream) refill() (frames int64, running bool) {
	s.filling.Lock()
	defer s.filling.Unlock()

	s.mu.Lock()
	if s.paused {
		s.mu.Unlock()
		return 0, false
	}
	room := s.format.Frames(silentBuffer) - (s.given - s.played(time.Now()))
	frames = min(room, silentBlock)
	if frames < silentLeast {
		s.mu.Unlock()
		return 0, true
	}
	s.given += frames
	s.mu.Unlock()

	select {
	case <-s.done:
		return 0, false
	default:
	}
	s.fill(s.dst[:frames*int64(s.format.Channels)])
	return frames, true
}

func (s *silentStream) wake() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

func (s *silentStream) Format() pcm.Format { return s.format }

func (s *silentStream) Pause() {
	s.filling.Lock()
	defer s.filling.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paused {
		return
	}
	s.base = s.played(time.Now())
	s.paused = true
	s.wake()
}

func (s *silentStream) Resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.paused {
		return
	}
	s.paused = false
	s.since = time.Now()
	s.wake()
}

func (s *silentStream) Flush() int64 {
	s.filling.Lock()
	defer s.filling.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	played := s.played(now)
	lost := s.given - played
	s.given, s.base, s.since = played, played, now
	s.wake()
	return lost
}

func (s *silentStream) Latency() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.format.Duration(s.given - s.played(time.Now()))
}

// SetVolume does nothing: silence is silence.
func (s *silentStream) SetVolume(float64) {}

func (s *silentStream) Close() error {
	s.filling.Lock()
	defer s.filling.Unlock()
	s.end(nil)
	return nil
}
