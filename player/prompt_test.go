package player_test

import (
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

// quiet is how many frames of silence stand between the first frames of the sound and its end.
func quiet(heard []float32) (n int) {
	var waits int
	begun := false
	for i := 0; i+1 < len(heard); i += 2 {
		if heard[i] == 0 && heard[i+1] == 0 {
			waits++
			continue
		}
		if begun {
			n += waits
		}
		begun, waits = true, 0
	}
	return n
}

func TestASeekAndAnotherTrackAreHeardWithoutSilenceBefore(t *testing.T) {
	for name, deep := range map[string]bool{"a device that can be held empty": true, "one that cannot": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dev := &playertest.Device{Buffer: 400 * time.Millisecond, Deep: deep}
				most := 0
				if !deep {
					most = 6 * 44100 / 20 // of six jumps, each for less than 50 ms
				}
				r := newRig(t, player.Config{}, dev)
				r.p.Load(item(1, playertest.Numbered(44100, 60*44100, 1)), true)
				r.run(3 * second)
				for i := range 5 {
					r.p.Seek(time.Duration(40-7*i) * second)
					r.run(second)
				}
				r.p.Load(item(2, playertest.Numbered(44100, 60*44100, 2)), true)
				r.run(second)
				if n := quiet(dev.Heard()); n > most {
					t.Errorf("%d frames of silence", n)
				}
				if a := r.p.Anchor(); a.Rate != 1 || a.Item != 2 {
					t.Errorf("anchor %+v", a)
				}
				r.stop()
			})
		})
	}
}

// A device that is held empty takes what follows in one go.
func TestADeviceThatIsHeldEmptyTakesNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{Buffer: 400 * time.Millisecond, Deep: true}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 60*44100, 1)
		src.HangSeek = make(chan struct{})
		r.p.Load(item(1, src), true)
		r.run(second)
		before := dev.Stream().Flushes()
		r.p.Seek(30 * second)
		r.run(second)
		fills := dev.Stream().Fills()
		r.run(20 * second) // longer than a device may take nothing
		if n := dev.Stream().Fills(); n != fills {
			t.Errorf("it was asked for %d blocks while it waited", n-fills)
		}
		close(src.HangSeek)
		r.run(second)
		if n := dev.Stream().Flushes() - before; n != 1 {
			t.Errorf("%d flushes for a seek", n)
		}
		if a := r.p.Anchor(); a.Rate != 1 || a.Now(time.Now()) < 30900*time.Millisecond {
			t.Errorf("anchor %+v, now %v", a, a.Now(time.Now()))
		}
		for _, e := range all[player.DeviceChanged](r) {
			if e.Lost {
				t.Errorf("%+v", e)
			}
		}
		r.stop()
	})
}

func TestABurstOfSeeksEndsAtTheLastAndFlushesAFewTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{Buffer: 400 * time.Millisecond, Deep: true}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Numbered(44100, 60*44100, 1)
		r.p.Load(item(1, src), true)
		r.run(second)
		before, heard := dev.Stream().Flushes(), len(dev.Sound())
		for i := range 20 {
			r.p.Seek(time.Duration(i+20) * second)
			r.run(10 * time.Millisecond)
		}
		r.run(second)
		if n := dev.Stream().Flushes() - before; n > 3 {
			t.Errorf("%d flushes", n)
		}
		got := dev.Sound()
		if n := len(got) - heard; n < 2*44100*9/10 {
			t.Errorf("only %d samples were heard", n)
		}
		lastly := got[len(got)-2*30000:]
		if first := indexOf(src.Frames, lastly[0]); first < 39*44100 || first > 40*44100 {
			t.Errorf("it goes on at frame %d", first)
		} else {
			same(t, lastly, src.Frames[2*first:2*(first+30000)])
		}
		r.stop()
	})
}

// indexOf is the frame whose left sample is v, -1 if there is none.
func indexOf(frames []float32, v float32) int {
	for i := 0; i < len(frames); i += 2 {
		if frames[i] == v {
			return i / 2
		}
	}
	return -1
}

func TestAnotherTrackLoadedWhilePausedWaitsAndIsHeardAtOnceByPlay(t *testing.T) {
	for name, deep := range map[string]bool{"a device that can be held empty": true, "one that cannot": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dev := &playertest.Device{Buffer: 400 * time.Millisecond, Deep: deep}
				r := newRig(t, player.Config{}, dev)
				a, b := playertest.Numbered(44100, 60*44100, 1), playertest.Numbered(44100, 60*44100, 2)
				r.p.Load(item(1, a), true)
				r.run(second)
				r.p.Pause()
				r.run(second)
				heard := len(dev.Heard())
				r.p.Load(item(2, b), false)
				r.run(second)
				r.p.Seek(20 * second)
				synctest.Wait()
				if at := r.p.Anchor(); at.Item != 2 || at.Position != 20*second || at.Rate != 0 {
					t.Errorf("anchor %+v", at)
				}
				r.run(second)
				if n := len(dev.Heard()) - heard; n != 0 {
					t.Errorf("%d samples were heard while paused", n)
				}
				r.p.Play()
				r.run(500 * time.Millisecond)
				same(t, dev.Heard()[heard:], b.Frames[2*20*44100:][:len(dev.Heard())-heard])
				r.stop()
			})
		})
	}
}
