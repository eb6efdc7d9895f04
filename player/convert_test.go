package player_test

import (
	"math"
	"testing"
	"testing/synctest"

	"segue/player"
	"segue/player/playertest"
	"segue/player/resample"
)

// collect plays sources through a recorder and gives what it got.
func collect(t *testing.T, cfg player.Config, rate int, its ...player.Item) (got []float32, r *rig) {
	t.Helper()
	c := &playertest.Collector{Rate: rate}
	cfg.Unpaced = true
	r = newRig(t, cfg, c)
	r.follow = its[1:]
	r.p.Load(its[0], true)
	for range 100 {
		r.run(second)
		if len(all[player.Drained](r)) > 0 {
			break
		}
	}
	r.stop()
	got, ended := c.Got()
	if !ended {
		t.Error("the recorder was not told of the end")
	}
	return got, r
}

func oneShot(t *testing.T, in, out int, frames []float32) []float32 {
	t.Helper()
	r, err := resample.New(in, out)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dst := make([]float32, 2*(len(frames)/2*out/in+100000))
	room := dst
	for len(frames) > 0 {
		used, made, err := r.Process(room, frames)
		if err != nil {
			t.Fatal(err)
		}
		frames, room = frames[2*used:], room[2*made:]
	}
	for {
		n, err := r.Flush(room)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return dst[:len(dst)-len(room)]
		}
		room = room[2*n:]
	}
}

// worst is the largest difference in dB below full scale.
func worst(a, b []float32) float64 {
	var d float64
	for i := range min(len(a), len(b)) {
		d = max(d, math.Abs(float64(a[i]-b[i])))
	}
	return 20 * math.Log10(d+1e-12)
}

func TestTracksOfOneRateAreResampledAsOneStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		whole := playertest.Tone(44100, 9*44100+4321, 997, 0.8)
		cuts := []int{0, 44100*3 + 17, 44100*3 + 18, 44100*3 + 5000, 44100*5 + 13, len(whole.Frames) / 2}
		var its []player.Item
		for i := range cuts[1:] {
			its = append(its, item(i+1, &playertest.Source{Fmt: whole.Fmt, Frames: whole.Frames[2*cuts[i] : 2*cuts[i+1]]}))
		}
		got, r := collect(t, player.Config{}, 48000, its...)
		want := oneShot(t, 44100, 48000, whole.Frames)
		if exact := int(math.Round(float64(len(whole.Frames)/2) * 48000 / 44100)); len(got)/2 != exact || len(want)/2 != exact {
			t.Fatalf("%d frames, one shot %d, want %d", len(got)/2, len(want)/2, exact)
		}
		if d := worst(got, want); d > -100 {
			t.Errorf("differs by %.1f dB from one shot", d)
		}
		if n := len(all[player.Ended](r)); n != len(its) {
			t.Errorf("%d Ended", n)
		}
	})
}

func TestAtAChangeOfRateEveryFrameIsFlushed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, c, d := playertest.Tone(44100, 44100*2+1, 440, 0.5), playertest.Tone(48000, 48000+7, 440, 0.5),
			playertest.Tone(96000, 96000+3, 440, 0.5), playertest.Tone(44100, 9999, 440, 0.5)
		got, _ := collect(t, player.Config{}, 48000, items(1, a, b, c, d)...)
		var want []float32
		for _, s := range []*playertest.Source{a, b, c, d} {
			if s.Fmt.Rate == 48000 {
				want = append(want, s.Frames...)
				continue
			}
			want = append(want, oneShot(t, s.Fmt.Rate, 48000, s.Frames)...)
		}
		if len(got) != len(want) {
			t.Fatalf("%d frames, want %d", len(got)/2, len(want)/2)
		}
		if d := worst(got, want); d > -100 {
			t.Errorf("differs by %.1f dB", d)
		}
	})
}

func TestClearNextInsideOneResamplerKeepsTheLength(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{Rate: 48000}
		r := newRig(t, player.Config{}, dev)
		a, b, c := playertest.Tone(44100, 5*44100, 440, 0.5), playertest.Tone(44100, 5*44100, 440, 0.5), playertest.Numbered(48000, 4800, 1)
		for i := range a.Frames {
			a.Frames[i] += 0.001
		}
		r.p.Load(item(1, a), true)
		r.p.Preload(item(2, b))
		r.run(4 * second)
		r.p.ClearNext()
		r.p.Preload(item(3, c))
		r.run(10 * second)
		heard := dev.Sound()
		if n := len(heard) / 2; n < 5*48000+4800-2 || n > 5*48000+4800 {
			t.Errorf("%d frames", n)
		}
		same(t, heard[len(heard)-2*4800:], c.Frames)
		if d := worst(heard[:2*(5*48000-200)], oneShot(t, 44100, 48000, a.Frames)); d > -100 {
			t.Errorf("differs by %.1f dB", d)
		}
		r.stop()
		closedOnce(t, a, b, c)
	})
}

func TestWithoutGainAndResamplingTheBitsAreTheFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := playertest.Numbered(96000, 100000, 1)
		odd := []float32{1.5, -1.5, 1, -1, 0.95, float32(math.Copysign(0, -1)), math.SmallestNonzeroFloat32, 0}
		copy(s.Frames[2000:], odd)
		got, _ := collect(t, player.Config{Volume: 1, Gain: player.GainOff, PreampDB: 6}, 0, item(1, s))
		if len(got) != len(s.Frames) {
			t.Fatalf("%d samples", len(got))
		}
		for i := range got {
			if math.Float32bits(got[i]) != math.Float32bits(s.Frames[i]) {
				t.Fatalf("sample %d is %x, want %x", i, math.Float32bits(got[i]), math.Float32bits(s.Frames[i]))
			}
		}
	})
}
