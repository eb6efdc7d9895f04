package playertest

import (
	"errors"
	"slices"
	"sync"
	"time"

	"segue/internal/pcm"
)

// Device takes frames by the clock, Period at a time, and holds Buffer of them
// before they are heard. Everything heard is kept. Use it inside a synctest bubble, where
// its clock is exact, or outside.
type Device struct {
	Label  string        // Name; empty = "test"
	Rate   int           // what it insists on, Hz; 0 = what it is asked for
	Period time.Duration // 0 = 50 ms
	Buffer time.Duration // 0 = 200 ms
	Deep   bool          // it tells that it holds Buffer: pcm.Deep
	Tires  bool          // it does not like to be paused for long: pcm.Tiring

	mu      sync.Mutex
	heard   [][]float32 // in pieces: to grow one long slice costs most of a test under the race detector
	starts  int
	fail    error
	stream  *Stream
	volumes []float64
}

// Name is Label.
func (d *Device) Name() string {
	if d.Label == "" {
		return "test"
	}
	return d.Label
}

// Fail makes the following Starts fail with err; nil ends that.
func (d *Device) Fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = err
}

// Heard is a copy of all that was heard so far, in all its streams, silence included.
func (d *Device) Heard() []float32 {
	if s := d.Stream(); s != nil {
		s.Latency() // brings what was heard up to now
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Concat(d.heard...)
}

// Sound is Heard without the frames that are silent on both sides.
func (d *Device) Sound() []float32 {
	all := d.Heard()
	out := all[:0]
	for i := 0; i+1 < len(all); i += 2 {
		if all[i] != 0 || all[i+1] != 0 {
			out = append(out, all[i], all[i+1])
		}
	}
	return out
}

// Starts is how often it was started with success.
func (d *Device) Starts() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.starts
}

// Volumes are all the gains it was set to.
func (d *Device) Volumes() []float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]float64(nil), d.volumes...)
}

// Stream is the one started last.
func (d *Device) Stream() *Stream {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stream
}

// Start begins to take frames.
func (d *Device) Start(f pcm.Format, fill func(dst []float32) bool) (pcm.Stream, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil {
		return nil, d.fail
	}
	if d.Rate > 0 {
		f.Rate = d.Rate
	}
	s := &Stream{dev: d, format: f, fill: fill, done: ending{c: make(chan struct{})}, kick: make(chan struct{}, 1)}
	s.period, s.hold = d.Period, d.Buffer
	if s.period == 0 {
		s.period = 50 * time.Millisecond
	}
	if s.hold == 0 {
		s.hold = 200 * time.Millisecond
	}
	d.starts++
	d.stream = s
	go s.run()
	return s, nil
}

// Stream is a Device at work.
type Stream struct {
	dev          *Device
	format       pcm.Format
	fill         func([]float32) bool
	period, hold time.Duration
	done         ending
	kick         chan struct{}

	mu      sync.Mutex
	buffer  []float32 // given and not heard
	carry   int64     // of the frames of the last tick, those not yet heard, times the second
	paused  bool
	stalled bool
	err     error
	filled  int
	flushed int
	last    time.Time // of the last tick
}

// ErrUnplugged is what Die ends a stream with.
var ErrUnplugged = errors.New("the headphones were pulled out")

// Die ends the stream as an unplugged device does: what it held is never heard.
func (s *Stream) Die() {
	s.mu.Lock()
	s.advance()
	s.err = ErrUnplugged
	s.mu.Unlock()
	s.done.end()
}

// Stall makes the device stop taking frames and saying nothing.
func (s *Stream) Stall(on bool) {
	s.mu.Lock()
	s.advance()
	s.stalled = on
	s.mu.Unlock()
	s.poke()
}

// Fills is how often fill was called.
func (s *Stream) Fills() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.filled
}

// Flushes is how often Flush was called.
func (s *Stream) Flushes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.flushed
}

// Depth is the device's Buffer if it is Deep.
func (s *Stream) Depth() time.Duration {
	if !s.dev.Deep {
		return 0
	}
	return s.hold
}

// Closed reports whether it was closed, or has died.
func (s *Stream) Closed() bool {
	select {
	case <-s.done.c:
		return true
	default:
		return false
	}
}

// Tires is its device's.
func (s *Stream) Tires() bool { return s.dev.Tires }

func (s *Stream) run() {
	t := time.NewTimer(0)
	defer t.Stop()
	for {
		select {
		case <-s.done.c:
			return
		case <-s.kick:
		case <-t.C:
		}
		s.mu.Lock()
		s.advance()
		idle := s.paused || s.stalled || s.err != nil
		if !idle {
			s.refill()
		}
		s.mu.Unlock()
		t.Stop()
		if !idle {
			t.Reset(s.period)
		}
	}
}

// refill takes periods until the buffer is full. The caller has mu.
func (s *Stream) refill() {
	n := int(s.format.Frames(s.period)) * s.format.Channels
	for len(s.buffer)+n <= int(s.format.Frames(s.hold))*s.format.Channels {
		at := len(s.buffer)
		s.buffer = append(s.buffer, make([]float32, n)...)
		s.fill(s.buffer[at:])
		s.filled++
	}
}

// advance moves what has been heard since the last time. The caller has mu.
func (s *Stream) advance() {
	now := time.Now()
	if s.last.IsZero() || s.paused || s.stalled || s.err != nil {
		s.last = now
		return
	}
	s.carry += int64(now.Sub(s.last)) * int64(s.format.Rate)
	s.last = now
	n := s.carry / int64(time.Second)
	s.carry %= int64(time.Second)
	k := min(int(n)*s.format.Channels, len(s.buffer))
	if k == 0 {
		return
	}
	s.dev.mu.Lock()
	s.dev.heard = append(s.dev.heard, s.buffer[:k:k]) // nobody writes there any more
	s.dev.mu.Unlock()
	s.buffer = s.buffer[k:]
}

func (s *Stream) poke() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// Format is the one in use.
func (s *Stream) Format() pcm.Format { return s.format }

// Pause keeps the buffer.
func (s *Stream) Pause() {
	s.mu.Lock()
	s.advance()
	s.paused = true
	s.mu.Unlock()
	s.poke()
}

// Resume goes on.
func (s *Stream) Resume() {
	s.mu.Lock()
	s.advance()
	s.paused = false
	s.mu.Unlock()
	s.poke()
}

// Flush throws the buffer away.
func (s *Stream) Flush() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance()
	n := int64(len(s.buffer) / s.format.Channels)
	s.buffer = nil
	s.flushed++
	s.poke()
	return n
}

// Latency is what is in the buffer.
func (s *Stream) Latency() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance()
	return s.format.Duration(int64(len(s.buffer) / s.format.Channels))
}

// SetVolume is noted, and changes nothing of what is kept.
func (s *Stream) SetVolume(v float64) {
	s.dev.mu.Lock()
	defer s.dev.mu.Unlock()
	s.dev.volumes = append(s.dev.volumes, v)
}

// Err is set by Die.
func (s *Stream) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Done is closed by Die and Close.
func (s *Stream) Done() <-chan struct{} { return s.done.c }

// Close ends it; what it held is never heard.
func (s *Stream) Close() error {
	s.mu.Lock()
	s.advance()
	s.paused = true
	s.mu.Unlock()
	s.done.end()
	return nil
}
