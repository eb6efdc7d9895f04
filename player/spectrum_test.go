package player_test

import (
	"testing"
	"testing/synctest"

	"segue/player"
	"segue/player/playertest"
)

func TestTheSpectrumShowsTheToneThatIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		bands := make([]float32, 20)
		if n := r.p.Spectrum(bands); n != 0 {
			t.Errorf("%d bands of nothing", n)
		}
		// 1000 Hz is log(1000/40)/log(16000/40) = 0.537 of the way: band 10 of 20.
		r.p.Load(item(1, playertest.Tone(44100, 10*44100, 1000, 1)), true)
		r.run(second)
		if n := r.p.Spectrum(bands); n != 20 {
			t.Fatalf("%d bands", n)
		}
		for i, x := range bands {
			switch {
			case i == 10 && (x < 0.97 || x > 1):
				t.Errorf("the tone's band shows %v", x)
			case (i < 8 || i > 12) && x > 0.2:
				t.Errorf("band %d shows %v", i, x)
			}
		}
		wave := make([]float32, 441)
		if n := r.p.Waveform(wave); n != 441 {
			t.Errorf("%d frames", n)
		}
		r.p.Pause()
		r.run(second)
		if n := r.p.Spectrum(bands); n != 0 {
			t.Errorf("%d bands while paused", n)
		}
		r.stop()
	})
}
