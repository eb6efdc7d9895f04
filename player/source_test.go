package player_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

func TestABrokenSourceIsHeardUpToItsErrorAndTheNextFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		a, b := playertest.Numbered(44100, 5*44100, 1), playertest.Numbered(44100, 2*44100, 2)
		a.Err, a.FailAt = playertest.ErrBroken, 3*44100+7
		r.follow = items(2, b)
		r.p.Load(item(1, a), true)
		r.run(10 * second)
		same(t, dev.Sound(), append(a.Frames[:2*(3*44100+7):2*(3*44100+7)], b.Frames...))
		e := all[player.Ended](r)
		if len(e) != 2 || e[0].Reason != player.EndError || !errors.Is(e[0].Err, playertest.ErrBroken) || e[1].Reason != player.EndPlayed {
			t.Errorf("%+v", e)
		}
		r.stop()
		closedOnce(t, a, b)
	})
}

func TestASourceThatBreaksAtOnceNeverStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		a, b := playertest.Numbered(44100, 5*44100, 1), playertest.Numbered(44100, 2*44100, 2)
		a.Err = playertest.ErrBroken
		nine := playertest.Numbered(44100, 900, 3)
		nine.Fmt.Channels = 9
		r.follow = append(items(2, nine), item(3, nil), item(4, b))
		r.p.Load(item(1, a), true)
		r.run(10 * second)
		same(t, dev.Sound(), b.Frames)
		if s := all[player.Started](r); len(s) != 1 || s[0].Item != 4 {
			t.Errorf("%+v", s)
		}
		e := all[player.Ended](r)
		if len(e) != 4 {
			t.Fatalf("%+v", e)
		}
		for _, e := range e[:3] {
			if e.Reason != player.EndError || e.Err == nil || e.Heard != 0 {
				t.Errorf("%+v", e)
			}
		}
		if len(all[player.Drained](r)) != 1 {
			t.Errorf("not drained: %+v", r.events)
		}
		r.stop()
		closedOnce(t, a, b, nine)
	})
}

type panicking struct{ *playertest.Source }

func (p panicking) Read([]float32) (int, error) { panic("index out of range") }

func TestASourceThatPanicsEndsWithAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		r.p.Load(item(1, panicking{playertest.Numbered(44100, 100, 1)}), true)
		r.run(second)
		if e := last[player.Ended](r); e.Reason != player.EndError || e.Err == nil {
			t.Errorf("%+v", e)
		}
		r.stop()
	})
}

func TestAStarvingSourceCountsAStutterForEachGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		a := playertest.Numbered(44100, 10*44100, 1)
		a.Step, a.Delay = 4410, 150*time.Millisecond // two thirds of what is needed
		r.p.Load(item(1, a), true)
		r.run(30 * second)
		same(t, dev.Sound(), a.Frames)
		s := r.p.Stats().Stutters
		if s < 3 || s > 12 {
			t.Errorf("%d stutters", s)
		}
		var stalls int
		for _, m := range all[player.Moved](r) {
			if m.Anchor.Rate == 0 {
				stalls++
			}
		}
		if stalls < s || stalls > s+3 {
			t.Errorf("%d Moved with rate 0 for %d stutters", stalls, s)
		}
		if e := last[player.Ended](r); (e.Heard - 10*second).Abs() > time.Millisecond {
			t.Errorf("%+v", e)
		}
		r.stop()
	})
}

func TestAHungSourceHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		hung, next, b := playertest.Numbered(44100, 44100, 1), playertest.Numbered(44100, 44100, 2), playertest.Numbered(44100, 44100, 3)
		hung.Hang = make(chan struct{})
		r.p.Load(item(1, hung), true)
		r.p.Preload(item(2, next))
		r.run(second)
		r.p.Pause()
		r.run(10 * time.Millisecond)
		if s := last[player.StateChanged](r).State; s != player.Paused {
			t.Errorf("state %v", s)
		}
		r.p.Seek(500 * time.Millisecond)
		r.p.Play()
		r.run(10 * time.Millisecond)
		r.p.Load(item(3, b), true)
		r.run(3 * second)
		same(t, dev.Sound(), b.Frames)
		if hung.Closed() != 0 {
			t.Error("closed under a read")
		}
		close(hung.Hang)
		r.run(second)
		r.stop()
		closedOnce(t, hung, next, b)
	})
}

func TestRunReturnsThoughASourceHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, player.Config{}, &playertest.Device{})
		hung := playertest.Numbered(44100, 44100, 1)
		hung.Hang = make(chan struct{})
		r.p.Load(item(1, hung), true)
		r.run(second)
		from := time.Now()
		r.stop()
		if d := time.Since(from); d > 3*second {
			t.Errorf("it took %v", d)
		}
		close(hung.Hang)
		synctest.Wait()
		closedOnce(t, hung)
	})
}

func TestMonoAndSurroundAreMixedToStereo(t *testing.T) {
	tests := []struct {
		name     string
		channels int
		in       []float32
		l, r     float32
	}{
		{"mono goes to both", 1, []float32{0.5}, 0.5, 0.5},
		{"5.1 front left", 6, []float32{1, 0, 0, 0, 0, 0}, 1 / 2.4142135, 0},
		{"5.1 centre", 6, []float32{0, 0, 1, 0, 0, 0}, 0.70710678 / 2.4142135, 0.70710678 / 2.4142135},
		{"5.1 LFE is left out", 6, []float32{0, 0, 0, 1, 0, 0}, 0, 0},
		{"5.1 back right", 6, []float32{0, 0, 0, 0, 0, 1}, 0, 0.70710678 / 2.4142135},
		{"5.1 all is full scale", 6, []float32{1, 1, 1, 1, 1, 1}, 1, 1},
		{"7.1 all is full scale", 8, []float32{1, 1, 1, 1, 1, 1, 1, 1}, 1, 1},
		{"three", 3, []float32{1, 1, 1}, 1, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &playertest.Collector{}
				r := newRig(t, player.Config{Unpaced: true}, c)
				s := &playertest.Source{Fmt: player.Format{Rate: 44100, Channels: tt.channels}}
				for range 10000 {
					s.Frames = append(s.Frames, tt.in...)
				}
				r.p.Load(item(1, s), true)
				r.run(second)
				got, _ := c.Got()
				if len(got) != 20000 {
					t.Fatalf("%d samples", len(got))
				}
				for i := 0; i < len(got); i += 2 {
					if near(got[i], tt.l) > 1e-6 || near(got[i+1], tt.r) > 1e-6 {
						t.Fatalf("frame %d is %v %v, want %v %v", i/2, got[i], got[i+1], tt.l, tt.r)
					}
				}
				r.stop()
			})
		})
	}
}

func near(a, b float32) float32 { return max(a-b, b-a) }
