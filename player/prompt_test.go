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
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{Buffer: 400 * time.Millisecond}
		r := newRig(t, player.Config{}, dev)
		r.p.Load(item(1, playertest.Numbered(44100, 60*44100, 1)), true)
		r.run(3 * second)
		for i := range 5 {
			r.p.Seek(time.Duration(40-7*i) * second)
			r.run(second)
		}
		r.p.Load(item(2, playertest.Numbered(44100, 60*44100, 2)), true)
		r.run(second)
		if n := quiet(dev.Heard()); n > 0 {
			t.Errorf("%d frames of silence", n)
		}
		if a := r.p.Anchor(); a.Rate != 1 || a.Item != 2 {
			t.Errorf("anchor %+v", a)
		}
		r.stop()
	})
}
