package player_test

import (
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

func TestTheSpectrumIsOfWhatIsHeardNotOfWhatIsOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{Buffer: time.Second, Period: 100 * time.Millisecond}
		r := newRig(t, player.Config{}, dev)
		low, high := playertest.Tone(44100, 3*44100, 200, 0.5), playertest.Tone(44100, 3*44100, 5000, 0.5)
		r.follow = items(2, high)
		r.p.Load(item(1, low), true)
		r.run(500 * time.Millisecond)
		began := time.Now().Add(-r.p.Anchor().Now(time.Now()))
		bands := make([]float32, 24)
		loudest := func() int {
			if n := r.p.Spectrum(bands); n != len(bands) {
				t.Fatalf("%d bands", n)
			}
			return slices.Index(bands, slices.Max(bands))
		}
		a := loudest()
		r.run(time.Until(began.Add(2900 * time.Millisecond))) // the device has 900 ms of the other
		b := loudest()
		r.run(time.Until(began.Add(3100 * time.Millisecond)))
		if c := loudest(); a != b || c <= b {
			t.Errorf("bands %d, %d and %d", a, b, c)
		}
		r.stop()
	})
}

func TestLowBandsThatAreNarrowerThanABinDifferFromTheirNeighbours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, player.Config{}, &playertest.Device{})
		r.p.Load(item(1, playertest.Tone(44100, 10*44100, 100, 1)), true)
		r.run(second)
		bands := make([]float32, 100)
		r.p.Spectrum(bands)
		peak := slices.Index(bands, slices.Max(bands))
		if hz := 40 * math.Pow(400, (float64(peak)+0.5)/100); hz < 90 || hz > 115 {
			t.Errorf("100 Hz shows at %.0f", hz)
		}
		for i := 1; i < peak; i++ {
			if bands[i] == bands[i-1] && bands[i] > 0 && bands[i] < 1 {
				t.Errorf("bands %d and %d are one", i-1, i)
			}
		}
		r.stop()
	})
}

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
