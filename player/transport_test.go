package player_test

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/pcm"
	"segue/player"
	"segue/player/playertest"
)

const second = time.Second

func TestSeekingLandsOnTheExactSample(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 20*44100, 3)
		r.p.Load(item(1, src), true)
		r.run(1 * second)
		before := len(dev.Sound()) / 2
		to := src.Fmt.Duration(7*44100 + 123)
		r.p.Seek(to)
		synctest.Wait()
		if a := r.p.Anchor(); a.Position != to || a.Rate != 0 {
			t.Errorf("right after the seek the anchor is %+v", a)
		}
		r.run(30 * second)
		heard := dev.Sound()
		want := append([]float32(nil), src.Frames[:2*before]...)
		want = append(want, src.Frames[2*(7*44100+123):]...)
		same(t, heard, want)
		e := last[player.Ended](r)
		if d := e.Heard - (pcm.Format{Rate: 44100}).Duration(int64(len(want)/2)); d.Abs() > time.Millisecond {
			t.Errorf("heard %v, %v off", e.Heard, d)
		}
		if n := len(all[player.Started](r)); n != 1 {
			t.Errorf("%d Started", n)
		}
		r.stop()
		closedOnce(t, src)
	})
}

func TestThePositionIsWhatIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 60*44100, 1)
		r.p.Load(item(1, src), true)
		for range 20 {
			r.run(777 * time.Millisecond)
			a := r.p.Anchor()
			want := pcm.Format{Rate: 44100}.Duration(int64(len(dev.Sound()) / 2))
			if off := (a.Now(time.Now()) - want).Abs(); a.Rate == 1 && off > 30*time.Millisecond {
				t.Errorf("position %v, heard %v", a.Now(time.Now()), want)
			}
		}
		if n := len(all[player.Moved](r)); n > 3 {
			t.Errorf("%d Moved for steady play: %+v", n, all[player.Moved](r))
		}
		r.stop()
	})
}

func TestSeekingWhilePausedStaysPausedAndShowsThePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 20*44100, 3)
		r.p.Load(item(1, src), true)
		r.run(second)
		r.p.Pause()
		r.run(second)
		before := len(dev.Sound())
		r.p.Seek(5 * second)
		r.run(second)
		if a := r.p.Anchor(); a.Position != 5*second || a.Rate != 0 {
			t.Errorf("anchor %+v", a)
		}
		if s := last[player.StateChanged](r).State; s != player.Paused {
			t.Errorf("state %v", s)
		}
		r.run(time.Hour)
		if len(dev.Sound()) != before {
			t.Error("something was heard while paused")
		}
		r.p.Play()
		r.run(time.Minute)
		want := append([]float32(nil), src.Frames[:before]...)
		same(t, dev.Sound(), append(want, src.Frames[2*5*44100:]...))
		r.stop()
	})
}

func TestSeekingBeyondTheEndGoesOnToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, unknown := range map[string]bool{"of a known length": false, "of an unknown length": true} {
			dev := &playertest.Device{}
			r := newRig(t, player.Config{}, dev)
			a, b := playertest.Numbered(44100, 20*44100, 1), playertest.Numbered(44100, 3*44100, 2)
			a.Unknown = unknown
			r.follow = items(2, b)
			r.p.Load(item(1, a), true)
			r.run(second)
			before := len(dev.Sound())
			r.p.Seek(time.Hour)
			r.run(10 * second)
			want := append([]float32(nil), a.Frames[:before]...)
			same(t, dev.Sound(), append(want, b.Frames...))
			if e := all[player.Ended](r); len(e) != 2 || e[0].Reason != player.EndPlayed {
				t.Errorf("%s: %+v", name, e)
			}
			r.stop()
			closedOnce(t, a, b)
		}
	})
}

func TestSeekingBackBehindTheJoinPlaysBothAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		a, b := playertest.Numbered(44100, 5*44100, 1), playertest.Numbered(44100, 4*44100, 2)
		r.follow = items(2, b)
		r.p.Load(item(1, a), true)
		r.run(4 * second) // b is in the ring by now
		before := len(dev.Sound())
		r.p.Seek(second)
		r.run(20 * second)
		want := append([]float32(nil), a.Frames[:before]...)
		want = append(want, a.Frames[2*44100:]...)
		same(t, dev.Sound(), append(want, b.Frames...))
		if b.Seeks() == 0 {
			t.Error("the second was not in the ring: the test shows nothing")
		}
		r.stop()
		closedOnce(t, a, b)
	})
}

func TestOfManyFastSeeksOnlyTheLastIsCarriedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 200*44100, 1)
		src.HangSeek = make(chan struct{})
		r.p.Load(item(1, src), true)
		r.run(second)
		for i := range 100 {
			r.p.Seek(time.Duration(i+1) * second)
			synctest.Wait()
			if p := r.p.Anchor().Position; p != time.Duration(i+1)*second {
				t.Fatalf("anchor at %v after seek %d", p, i)
			}
		}
		before := len(dev.Sound())
		close(src.HangSeek)
		r.run(2 * second)
		if n := src.Seeks(); n > 2 {
			t.Errorf("%d seeks were carried out", n)
		}
		heard := dev.Sound()[before:]
		same(t, heard, src.Frames[2*100*44100:][:len(heard)])
		r.stop()
	})
}

func TestASourceThatCannotSeekGoesOnWithoutALostFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 9*44100, 1)
		src.NoSeek, src.Unknown = true, true
		r.p.Load(item(1, src), true)
		r.run(2 * second)
		r.p.Seek(5 * second)
		r.p.Seek(6 * second)
		r.run(20 * second)
		same(t, dev.Sound(), src.Frames)
		r.stop()
	})
}

func TestAfterASeekThatIsRefusedThePositionIsWhatIsHeard(t *testing.T) {
	for name, dev := range map[string]*playertest.Device{
		"a small buffer": {}, "a large buffer": {Buffer: second, Period: 250 * time.Millisecond}, "held empty": {Deep: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, player.Config{}, dev)
				src := playertest.Numbered(44100, 20*44100, 1)
				src.NoSeek, src.HangSeek = true, make(chan struct{})
				r.p.Load(item(1, src), true)
				r.run(2 * second)
				r.p.Seek(9 * second)
				r.run(120 * time.Millisecond) // the device takes silence
				close(src.HangSeek)
				for range 60 {
					r.run(50 * time.Millisecond)
					want := pcm.Format{Rate: 44100}.Duration(int64(len(dev.Sound()) / 2))
					if off := r.p.Anchor().Now(time.Now()) - want; off.Abs() > 60*time.Millisecond {
						t.Errorf("%v after %v was heard", want+off, want)
						break
					}
				}
				r.run(20 * second)
				same(t, dev.Sound(), src.Frames)
				if e := last[player.Ended](r); (e.Heard - 20*second).Abs() > time.Millisecond {
					t.Errorf("heard %v", e.Heard)
				}
				r.stop()
			})
		})
	}
}

func TestPausingAHundredTimesLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 30*44100, 1)
		r.p.Load(item(1, src), true)
		for i := range 100 {
			r.run(time.Duration(i*3+1) * time.Millisecond)
			r.p.Pause()
			if i%3 == 0 {
				r.run(time.Duration(i) * time.Millisecond)
			}
			r.p.Play()
		}
		r.run(time.Minute)
		same(t, dev.Sound(), src.Frames)
		if e := last[player.Ended](r); (e.Heard - 30*second).Abs() > time.Millisecond {
			t.Errorf("heard %v", e.Heard)
		}
		if s := r.p.Stats(); s.Stutters != 0 {
			t.Errorf("%d stutters", s.Stutters)
		}
		r.stop()
	})
}

func TestWhilePausedNothingWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 30*44100, 1)
		r.p.Load(item(1, src), true)
		r.run(second)
		r.p.Pause()
		r.run(second)
		fills, events := dev.Stream().Fills(), len(r.events)
		synctest.Wait()
		// In a bubble time jumps to the next timer. With no timer left but ours, an
		// hour passes in one step, whatever is scheduled is found by its traces.
		r.run(time.Hour)
		if dev.Stream().Fills() != fills || len(r.events) != events {
			t.Error("something was done while paused")
		}
		r.stop()
	})
}

func TestLoadingAThousandTimesLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		var src []*playertest.Source
		for i := range 1000 {
			s := playertest.Numbered(44100, 2000+i, i)
			src = append(src, s)
			r.p.Load(item(i+1, s), true)
			if i%7 == 0 {
				n := playertest.Numbered(44100, 1000, i)
				src = append(src, n)
				r.p.Preload(item(i+10001, n))
			}
			if i%50 == 0 {
				r.run(20 * time.Millisecond)
			}
		}
		r.run(5 * second)
		if n := len(all[player.Ended](r)); n != 1001 && n != 1000 {
			t.Errorf("%d Ended", n)
		}
		if n := runtime.NumGoroutine(); n > 10 {
			t.Errorf("%d goroutines are left", n)
		}
		r.stop()
		closedOnce(t, src...)
	})
}

func TestLoadedButNotStartedOpensNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 3*44100, 1)
		it := item(1, src)
		it.Start = second
		r.p.Load(it, false)
		r.p.Preload(item(2, playertest.Numbered(44100, 100, 2)))
		r.run(second)
		if a := r.p.Anchor(); a.Position != second || a.Item != 1 {
			t.Errorf("anchor %+v", a)
		}
		if dev.Starts() != 0 {
			t.Error("the device was opened")
		}
		r.p.Seek(2 * second)
		r.run(second)
		r.p.Play()
		r.run(5 * second)
		same(t, dev.Sound(), append(src.Frames[2*2*44100:len(src.Frames):len(src.Frames)], playertest.Numbered(44100, 100, 2).Frames...))
		r.stop()
		closedOnce(t, src)
	})
}

func TestStopUnloadsAndSilencesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 3*44100, 1)
		r.p.Load(item(1, src), true)
		r.run(second)
		before := len(dev.Sound())
		r.p.Stop()
		r.run(second)
		if len(dev.Sound()) != before {
			t.Error("it went on")
		}
		if s := last[player.StateChanged](r).State; s != player.Unloaded {
			t.Errorf("state %v", s)
		}
		e := last[player.Ended](r)
		if e.Reason != player.EndSkipped || e.Heard != (pcm.Format{Rate: 44100}).Duration(int64(before/2)) {
			t.Errorf("%+v", e)
		}
		closedOnce(t, src)
		r.p.Play()
		r.p.Pause()
		r.p.Seek(second)
		r.p.ClearNext()
		r.p.NoNext(1)
		r.run(second)
		r.stop()
	})
}

func TestMethodsAreSafeBeforeAndAfterRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		early, late := playertest.Numbered(44100, 44100, 1), playertest.Numbered(44100, 44100, 2)
		p := player.New(player.Config{}, dev)
		p.Load(item(1, early), true)
		p.SetVolume(0.5)
		p.Seek(0)
		_, _ = p.Stats(), p.Spectrum(make([]float32, 8))
		synctest.Wait()
		ctx, cancel := contextWithCancel()
		done := make(chan error)
		go func() { done <- p.Run(ctx) }()
		time.Sleep(500 * time.Millisecond)
		cancel()
		<-done
		p.Load(item(2, late), true)
		p.Play()
		closedOnce(t, early, late)
	})
}
