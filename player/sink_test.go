package player_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

// sink is an embedder with a buffer of its own that empties by the clock.
type sink struct {
	mu       sync.Mutex
	capacity int // frames
	buffered int
	last     time.Time
	got      []float32
	breaks   int // discontinuities
	offers   []time.Time
	refuse   bool
	stutters int
}

func (s *sink) drain() {
	now := time.Now()
	if !s.last.IsZero() {
		s.buffered = max(s.buffered-int(now.Sub(s.last)*44100/time.Second), 0)
	}
	s.last = now
}

func (s *sink) Deliver(f player.Format, frames []float32) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drain()
	if len(frames) == 0 {
		s.breaks++
		s.buffered = 0
		return 0
	}
	s.offers = append(s.offers, time.Now())
	if s.refuse {
		return 0
	}
	n := min(len(frames)/f.Channels, s.capacity-s.buffered)
	s.buffered += n
	s.got = append(s.got, frames[:n*f.Channels]...)
	return n
}

func (s *sink) Stats() (int, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drain()
	n := s.stutters
	s.stutters = 0
	return s.buffered, n
}

func sound(f []float32) []float32 {
	var out []float32
	for i := 0; i < len(f); i += 2 {
		if f[i] != 0 {
			out = append(out, f[i], f[i+1])
		}
	}
	return out
}

func TestASinkGetsEveryFrameOnceThoughItTakesOnlySome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sink{capacity: 13001}
		r := newRig(t, player.Config{}, player.SinkDevice(s))
		a := playertest.Numbered(44100, 5*44100+3, 1)
		r.p.Load(item(1, a), true)
		r.run(10 * second)
		s.mu.Lock()
		defer s.mu.Unlock()
		same(t, sound(s.got), a.Frames)
		for i := 1; i < len(s.offers); i++ {
			if d := s.offers[i].Sub(s.offers[i-1]); d > 110*time.Millisecond && i < 40 {
				t.Errorf("what was not consumed came again after %v", d)
			}
		}
		if e := last[player.Ended](r); (e.Heard - a.Fmt.Duration(5*44100+3)).Abs() > time.Millisecond {
			t.Errorf("%+v", e)
		}
		s.mu.Unlock()
		r.stop()
		s.mu.Lock()
	})
}

func TestASinkHearsOfDiscontinuitiesAndItsStuttersCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sink{capacity: 20000}
		r := newRig(t, player.Config{}, player.SinkDevice(s))
		a := playertest.Numbered(44100, 30*44100, 1)
		r.p.Load(item(1, a), true)
		r.run(2 * second)
		s.mu.Lock()
		before := s.breaks
		s.stutters = 3
		s.mu.Unlock()
		r.p.Seek(10 * second)
		r.run(second)
		s.mu.Lock()
		if s.breaks == before {
			t.Error("the seek was no discontinuity")
		}
		s.mu.Unlock()
		if n := r.p.Stats().Stutters; n != 3 {
			t.Errorf("%d stutters", n)
		}
		if a := r.p.Anchor(); (a.Now(time.Now()) - 11*second).Abs() > 150*time.Millisecond {
			t.Errorf("%v", a.Now(time.Now()))
		}
		r.stop()
	})
}

func TestASinkThatIsFullForLongIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sink{capacity: 20000}
		r := newRig(t, player.Config{}, player.SinkDevice(s))
		r.p.Load(item(1, playertest.Numbered(44100, 30*44100, 1)), true)
		r.run(2 * second)
		s.mu.Lock()
		s.refuse = true
		s.mu.Unlock()
		r.run(time.Minute)
		if c := last[player.DeviceChanged](r); c.Lost {
			t.Errorf("%+v", c)
		}
		r.stop()
	})
}

func TestASinkWithoutFramesIsNotLostAndGetsNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sink{capacity: 20000}
		r := newRig(t, player.Config{}, player.SinkDevice(s))
		a := playertest.Numbered(44100, 3*44100, 1)
		a.Delay = 8 * second // for each 4,096 frames
		r.p.Load(item(1, a), true)
		r.run(6 * time.Minute)
		for _, c := range all[player.DeviceChanged](r) {
			if c.Lost {
				t.Errorf("%+v", c)
			}
		}
		s.mu.Lock()
		same(t, s.got, a.Frames)
		s.mu.Unlock()
		r.stop()
	})
}
