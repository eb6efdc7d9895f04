package device

import (
	"errors"
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/pcm"
)

// bench is a line on a fake card, with a fill that gives the numbers of its frames.
type bench struct {
	*line
	card  *fakeCard
	given atomic.Int64
}

func newBench(t *testing.T, c *fakeCard) *bench {
	t.Helper()
	c.size, c.period, c.woken = 17640, 8820, make(chan struct{}, 1)
	b := &bench{line: newLine(c, 44100, c.size, c.period), card: c}
	b.start(func(dst []float32) bool {
		n := b.given.Add(int64(len(dst)/2)) - int64(len(dst)/2)
		for i := 0; i < len(dst); i += 2 {
			dst[i], dst[i+1] = float32(n), 1
			n++
		}
		return true
	})
	go func() {
		for b.write(8820) == nil {
		}
		b.release()
		close(b.gone)
	}()
	return b
}

func (b *bench) heard() []float32 {
	b.card.mu.Lock()
	defer b.card.mu.Unlock()
	b.card.advance()
	all := make([]float32, 0, len(b.card.heard)/2)
	for i := 0; i < len(b.card.heard); i += 2 {
		all = append(all, b.card.heard[i])
	}
	return all
}

func (b *bench) pass(d time.Duration) { time.Sleep(d); synctest.Wait() }

// counts checks that the frames heard are 0, 1, 2 … without a gap.
func counts(t *testing.T, heard []float32) {
	t.Helper()
	for i, v := range heard {
		if v != float32(i) {
			t.Fatalf("frame %d was heard as number %d of %d", int(v), i, len(heard))
		}
	}
}

func TestPauseKeepsEveryFrameOfADeviceThatCanHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, &fakeCard{canHold: true})
		for range 5 {
			b.pass(1234 * time.Millisecond)
			b.Pause()
			given, heard := b.given.Load(), len(b.heard())
			if want := b.given.Load() - cd.Frames(b.Latency()); int64(heard) < want-1 || int64(heard) > want+1 {
				t.Errorf("%d heard, the latency says %d", heard, want)
			}
			b.pass(time.Hour)
			if b.given.Load() != given || len(b.heard()) != heard {
				t.Fatalf("while paused %d more were given and %d heard", b.given.Load()-given, len(b.heard())-heard)
			}
			b.Resume()
		}
		b.pass(time.Second)
		if counts(t, b.heard()); b.card.drops > 0 || len(b.heard()) < 7*44100 {
			t.Errorf("%d drops, %d heard", b.card.drops, len(b.heard()))
		}
		_ = b.Close()
	})
}

func TestPausePlaysAgainWhatADeviceHadToDrop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, &fakeCard{})
		b.pass(1234 * time.Millisecond)
		b.Pause()
		before := b.heard()
		b.pass(time.Hour)
		b.Resume()
		b.pass(time.Second)
		all := b.heard()
		counts(t, before)
		back := len(before) - int(all[len(before)]) // where it went on
		if back < 0 || int64(back) > cd.Frames(leastDoubt) {
			t.Fatalf("it went on %d frames before where it was", back)
		}
		for i, v := range all[len(before):] {
			if v != float32(len(before)-back+i) {
				t.Fatalf("after the pause frame %d was heard at %d", int(v), i)
			}
		}
		_ = b.Close()
	})
}

func TestFlushCountsWhatWasNotHeard(t *testing.T) {
	for name, c := range map[string]*fakeCard{"holds": {canHold: true}, "drops": {}} {
		for _, paused := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					b := newBench(t, &fakeCard{canHold: c.canHold})
					b.pass(1234 * time.Millisecond)
					if paused {
						b.Pause()
					}
					heard, given := len(b.heard()), b.given.Load()
					lost := b.Flush()
					if d := given - lost - int64(heard); d < -1 || d > 1 {
						t.Errorf("%d given, %d lost, but %d heard", given, lost, heard)
					}
					if paused && (b.Latency() != 0 || b.Flush() != 0) {
						t.Errorf("something is left: %v", b.Latency())
					}
					b.Resume()
					b.pass(time.Second)
					if next := b.heard()[heard]; int64(next) != given {
						t.Errorf("then frame %d was heard, want %d", int(next), given)
					}
					_ = b.Close()
				})
			})
		}
	}
}

func TestLatencyFollowsTheDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, &fakeCard{})
		for range 50 {
			b.pass(123 * time.Millisecond)
			heard := int64(len(b.heard()))
			if d := b.given.Load() - cd.Frames(b.Latency()) - heard; d < -45 || d > 45 {
				t.Fatalf("%d frames off after %d", d, heard)
			}
		}
		_ = b.Close()
	})
}

func TestShortWritesLoseNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, &fakeCard{short: 777})
		b.pass(3 * time.Second)
		counts(t, b.heard())
		_ = b.Close()
	})
}

func TestVolumeIsARampAndFullVolumeIsExact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, &fakeCard{})
		b.pass(time.Second)
		b.SetVolume(0.25)
		b.pass(time.Second)
		b.SetVolume(7)
		b.pass(2 * time.Second)
		b.heard() // up to now
		b.card.mu.Lock()
		heard := slices.Clone(b.card.heard)
		b.card.mu.Unlock()
		var level []float32
		for i := 1; i < len(heard); i += 2 {
			level = append(level, heard[i])
		}
		for i := 1; i < len(level); i++ {
			if step := math.Abs(float64(level[i] - level[i-1])); step > 1.01/(44100/50) {
				t.Fatalf("a step of %v at %d", step, i)
			}
		}
		if level[0] != 1 || level[len(level)-1] != 1 || slices.Min(level) != 0.25 {
			t.Fatalf("from %v over %v to %v", level[0], slices.Min(level), level[len(level)-1])
		}
		_ = b.Close()
	})
}

func TestADeviceThatRanDryGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, &fakeCard{})
		b.pass(time.Second)
		b.card.mu.Lock()
		b.card.dry = true
		b.card.mu.Unlock()
		b.pass(time.Second)
		if b.Err() != nil || len(b.heard()) < 50000 {
			t.Fatalf("%v after %d", b.Err(), len(b.heard()))
		}
		_ = b.Close()
	})
}

func TestADeviceThatIsGoneOrNeverRecoversEndsTheStream(t *testing.T) {
	for _, fault := range []error{errGone, errDry} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, &fakeCard{})
			b.pass(time.Second)
			b.card.mu.Lock()
			b.card.broken = fault
			b.card.mu.Unlock()
			b.pass(time.Second)
			<-b.Done()
			if b.Err() == nil || !b.card.freed {
				t.Fatalf("%v, freed %v", b.Err(), b.card.freed)
			}
			b.Pause() // and none of these may panic or wait
			b.Resume()
			b.Flush()
			_ = b.Close()
		})
	}
}

func TestADeviceThatStallsEndsTheStreamInTimeAndAShortStallDoesNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, &fakeCard{})
		freeze := func(on bool) {
			b.card.mu.Lock()
			b.card.advance()
			b.card.frozen = on
			b.card.mu.Unlock()
		}
		b.pass(time.Second)
		freeze(true)
		b.pass(2 * time.Second)
		freeze(false)
		b.pass(time.Second)
		if b.Err() != nil {
			t.Fatal(b.Err())
		}
		counts(t, b.heard())
		freeze(true)
		b.pass(5 * time.Second)
		if !errors.Is(b.Err(), errStalled) {
			t.Fatal(b.Err())
		}
		_ = b.Close()
	})
}

func TestAPausedDeviceNeverStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, &fakeCard{canHold: true})
		b.pass(time.Second)
		b.Pause()
		b.pass(time.Hour)
		b.Resume()
		b.pass(time.Second)
		if b.Err() != nil {
			t.Fatal(b.Err())
		}
		_ = b.Close()
	})
}

// hungCard does not answer any more.
type hungCard struct {
	*fakeCard
	hang chan struct{}
}

func (c hungCard) room() (int, error) { <-c.hang; return c.fakeCard.room() }

func TestNoMethodWaitsForADeviceThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := hungCard{&fakeCard{woken: make(chan struct{}, 1), size: 17640, period: 8820}, make(chan struct{})}
		l := newLine(c, 44100, 17640, 8820)
		asked := false
		l.start(func([]float32) bool { asked = true; return true })
		go func() {
			for l.write(8820) == nil {
			}
			l.release()
			close(l.gone)
		}()
		synctest.Wait()
		for name, call := range map[string]func(){"Pause": l.Pause, "Resume": l.Resume, "Flush": func() { l.Flush() },
			"SetVolume": func() { l.SetVolume(1) }, "Latency": func() { l.Latency() }, "Err": func() { _ = l.Err() }, "Format": func() { l.Format() }} {
			began := time.Now()
			call()
			if took := time.Since(began); took > 50*time.Millisecond {
				t.Errorf("%s took %v", name, took)
			}
		}
		l.Pause()
		close(c.hang)
		synctest.Wait()
		if asked {
			t.Error("asked for frames after Pause")
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestADeviceThatSwallowsEverythingIsPaced(t *testing.T) {
	p := pace{rate: 44100}
	now := time.Now()
	for !p.on {
		p.wrote(now, 8820, 17640)
	}
	if p.queued(now) != 17640 || p.allow(now, 99999, 17640) != 0 {
		t.Fatalf("%d queued, %d allowed", p.queued(now), p.allow(now, 99999, 17640))
	}
	now = now.Add(200 * time.Millisecond)
	if n := p.allow(now, 99999, 17640); n != 8820 {
		t.Fatalf("%d allowed after 200 ms", n)
	}
}

func TestAClockThatIsALittleFastIsNotTakenForNone(t *testing.T) {
	p := pace{rate: 44100}
	now := time.Now()
	for range 5 * 3600 * 10 { // ten hours at half a percent too much
		now = now.Add(199 * time.Millisecond)
		p.wrote(now, 8820, 17640)
	}
	if p.on {
		t.Fatal("paced")
	}
}

var _ pcm.Stream = (*line)(nil)
