package device

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Cards that give back what they have not begun with, and cards that forget it.

func TestPauseIsExactToTheSampleOnACardThatGivesBack(t *testing.T) {
	for name, pause := range map[string]time.Duration{
		"it goes on before the rest was heard": 20 * time.Millisecond,
		"it has run dry":                       100 * time.Millisecond,
		"it was stopped":                       time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, &fakeCard{flight: 2000})
				for range 20 { // more than a card may need to be revived
					b.pass(123 * time.Millisecond)
					b.Pause()
					given, at := b.given.Load(), b.given.Load()-cd.Frames(b.Latency())
					b.pass(pause)
					if heard := int64(len(b.heard())); heard > at || pause > 50*time.Millisecond && heard != at {
						t.Fatalf("%d heard, the latency says %d", heard, at)
					}
					if b.given.Load() != given {
						t.Fatalf("%d more were given while paused", b.given.Load()-given)
					}
					b.Resume()
				}
				b.pass(time.Second)
				if counts(t, b.heard()); b.Err() != nil || len(b.heard()) < 2*44100 {
					t.Errorf("%v after %d", b.Err(), len(b.heard()))
				}
				_ = b.Close()
			})
		})
	}
}

func TestFlushIsExactToTheSampleOnACardThatGivesBack(t *testing.T) {
	for _, paused := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, &fakeCard{flight: 2000})
			var lost, gaps []int64
			for range 20 {
				b.pass(234 * time.Millisecond)
				if paused {
					b.Pause()
				}
				lost = append(lost, b.Flush())
				b.Resume()
			}
			b.pass(time.Second)
			heard := b.heard()
			for i := 1; i < len(heard); i++ {
				if gap := int64(heard[i] - heard[i-1]); gap != 1 {
					gaps = append(gaps, gap-1)
				}
			}
			if !slices.Equal(lost, gaps) || b.Err() != nil {
				t.Errorf("paused %v: lost %d, but %d were not heard; %v", paused, lost, gaps, b.Err())
			}
			_ = b.Close()
		})
	}
}

func TestSleepOfTheMachineLosesNoFrame(t *testing.T) {
	for _, can := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, &fakeCard{canHold: can})
			for range 3 {
				b.pass(1100 * time.Millisecond)
				b.card.mu.Lock()
				b.card.advance()
				b.card.asleep = true // time stands still while it sleeps, and then:
				b.card.queue, b.card.going = nil, false
				b.card.mu.Unlock()
				b.card.wake()
			}
			b.pass(time.Second)
			heard := b.heard()
			for i := 1; i < len(heard); i++ {
				if heard[i] > heard[i-1]+1 || heard[i] < heard[i-1]-45 {
					t.Fatalf("after %v came %v", heard[i-1], heard[i])
				}
			}
			if b.Err() != nil || len(heard) < 4*44100 {
				t.Errorf("%v after %d", b.Err(), len(heard))
			}
			_ = b.Close()
		})
	}
}
