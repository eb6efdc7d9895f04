package player_test

import (
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

// Sleep, hours of idling, a sound server that was started again: still paused, the same place,
// the same volume, and with Play the same frame, whether or not the device is let go meanwhile.
func TestAfterHoursAndAReconnectItIsStillPausedAtThePlaceWithItsVolume(t *testing.T) {
	for _, tires := range []bool{false, true} {
		for _, muted := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				dev := &playertest.Device{Tires: tires}
				r := newRig(t, player.Config{Volume: 0.5}, dev)
				a := playertest.Numbered(44100, 5*44100, 1)
				r.p.Load(item(1, a), true)
				r.run(1717 * time.Millisecond)
				r.p.SetVolume(0.25)
				r.p.SetMute(muted)
				r.p.Pause()
				r.run(30 * second)
				at := r.p.Anchor().Position
				dev.Stream().Die()
				r.run(9 * time.Hour)
				if s := last[player.StateChanged](r).State; s != player.Paused || dev.Starts() != 1 {
					t.Errorf("state %v after %d starts", s, dev.Starts())
				}
				if now := r.p.Anchor().Now(time.Now()); now != at {
					t.Errorf("from %v to %v", at, now)
				}
				r.p.Play()
				r.run(second)
				want := 0.25
				if muted {
					want = 0
				}
				if v := dev.Volumes(); dev.Starts() != 2 || v[len(v)-1] != want {
					t.Errorf("%d starts, volumes %v, want %v in the end", dev.Starts(), v, want)
				}
				r.run(10 * second)
				same(t, dev.Sound(), a.Frames)
				r.stop()
				closedOnce(t, a)
			})
		}
	}
}
