package player_test

import (
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

// States that once were left by nothing: each plays on to the end.

// drains lets a rig play to its end, and wants every source closed.
func drains(t *testing.T, r *rig, sources ...*playertest.Source) {
	t.Helper()
	r.run(40 * second)
	if s := all[player.StateChanged](r); len(s) == 0 || s[len(s)-1].State != player.Unloaded || len(all[player.Drained](r)) != 1 {
		t.Errorf("still %+v; the last events are %+v", r.p.Anchor(), r.events[max(0, len(r.events)-12):])
	}
	r.stop()
	closedOnce(t, sources...)
}

func TestClearNextBehindACrossfadeIntoAShortTrackPlaysTheTrackToItsEnd(t *testing.T) {
	for _, noSeek := range []bool{false, true} {
		for _, at := range []time.Duration{6500, 7500, 7900, 8100, 8900} {
			synctest.Test(t, func(t *testing.T) {
				dev := &playertest.Device{}
				r := newRig(t, player.Config{Crossfade: 2 * second}, dev)
				a, b := playertest.Numbered(44100, 10*44100, 1), playertest.Numbered(44100, 44100, 2)
				c := playertest.Numbered(44100, 44100, 3)
				a.NoSeek = noSeek
				r.p.Load(item(1, a), true)
				r.p.Preload(item(2, b))
				r.follow = []player.Item{item(3, c)}
				r.run(at * time.Millisecond)
				r.p.ClearNext()
				r.run(15 * second)
				if e := all[player.Ended](r); len(e) == 0 || e[0].Item != 1 || e[0].Reason != player.EndPlayed {
					t.Errorf("at %d ms: %+v", at, e)
				} else if heard := e[0].Heard; !noSeek && heard < 9900*time.Millisecond {
					t.Errorf("at %d ms: %v heard", at, heard)
				}
				drains(t, r, a, b)
				for _, it := range r.follow {
					_ = it.Source.Close()
				}
			})
		}
	}
}

func TestADeviceOfAnotherRateBetweenTwoTracksGoesOn(t *testing.T) {
	for _, follows := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			dev := &playertest.Device{Buffer: 500 * time.Millisecond}
			r := newRig(t, player.Config{}, dev)
			r.quiet = true
			a, b := playertest.Numbered(44100, 2*44100, 1), playertest.Numbered(44100, 2*44100, 2)
			r.p.Load(item(1, a), true)
			r.run(2*second + 700*time.Millisecond) // all is heard, and what follows is not known
			if n := len(all[player.Ended](r)); n != 1 {
				t.Fatalf("%d Ended", n)
			}
			sources := []*playertest.Source{a}
			if follows {
				sources = append(sources, b)
				r.p.Preload(item(2, b))
			}
			r.p.SetDevice(&playertest.Device{Rate: 48000})
			drains(t, r, sources...)
			if n := len(all[player.Ended](r)); n != len(sources) {
				t.Errorf("%d Ended", n)
			}
		})
	}
}

func TestASeekThatFailsWhileTheQueueChangesLosesNothing(t *testing.T) {
	for _, length := range []int{3, 20} { // all of it is decoded, or not
		synctest.Test(t, func(t *testing.T) {
			dev := &playertest.Device{}
			r := newRig(t, player.Config{}, dev)
			a, b, c := playertest.Numbered(44100, length*44100, 1), playertest.Numbered(44100, 44100, 2), playertest.Numbered(44100, 44100, 3)
			a.NoSeek = true
			r.p.Load(item(1, a), true)
			r.p.Preload(item(2, b))
			r.run(2 * second)
			r.p.Seek(second) // both at once: the second is obeyed before it is known that the first fails
			r.p.ClearNext()
			r.p.Preload(item(3, c))
			drains(t, r, a, b, c)
			same(t, dev.Sound(), join(a, c))
		})
	}
}

func TestABeginningThatIsShorterThanTheGateDoesNotWaitForTheNextTrack(t *testing.T) {
	// The end is held back for a crossfade, and what is before it is more than the ring wants
	// while it plays, and less than it wants to begin on a device that takes much at once.
	for to := 16700 * time.Millisecond; to < 17*second; to += 50 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			dev := &playertest.Device{Buffer: 1300 * time.Millisecond, Period: 500 * time.Millisecond}
			r := newRig(t, player.Config{Crossfade: 2 * second}, dev)
			r.quiet = true // nobody says what follows
			a := playertest.Numbered(44100, 20*44100, 1)
			r.p.Load(item(1, a), true)
			r.run(5 * second)
			r.p.Seek(to)
			drains(t, r, a)
		})
	}
}

func TestWhatWasClearedDoesNotEndItsSuccessor(t *testing.T) {
	for name, b := range map[string]*playertest.Source{
		"it breaks at once": {Fmt: player.Format{Rate: 44100, Channels: 2}, Err: playertest.ErrBroken},
		"it is empty":       {Fmt: player.Format{Rate: 44100, Channels: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dev := &playertest.Device{}
				r := newRig(t, player.Config{}, dev)
				a, c := playertest.Numbered(44100, 3*44100, 1), playertest.Numbered(44100, 2*44100, 3)
				r.p.Load(item(1, a), true)
				r.p.Preload(item(2, b))
				r.run(second) // its end is in the ring already, behind that of the first
				r.p.ClearNext()
				r.p.Preload(item(3, c))
				drains(t, r, a, b, c)
				same(t, dev.Sound(), join(a, c))
				ends := all[player.Ended](r)
				if len(ends) != 2 || ends[0].Item != 1 || ends[1].Item != 3 || (ends[1].Heard-2*second).Abs() > time.Millisecond || ends[1].Err != nil {
					t.Errorf("%+v", ends)
				}
			})
		})
	}
}
