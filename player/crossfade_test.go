package player_test

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

// mixed is what a crossfade of n frames between two stereo sources gives.
func mixed(a, b []float32, n int) []float32 {
	k := len(a) - 2*n
	out := append([]float32(nil), a[:k]...)
	for i := range n {
		sin, cos := math.Sincos((float64(i) + 0.5) / float64(n) * math.Pi / 2)
		for c := range 2 {
			out = append(out, b[2*i+c]*float32(sin)+a[k+2*i+c]*float32(cos))
		}
	}
	return append(out, b[2*n:]...)
}

// hear plays items on a device that keeps time, and gives what was heard.
func hear(t *testing.T, cfg player.Config, its ...player.Item) ([]float32, *rig) {
	t.Helper()
	dev := &playertest.Device{}
	r := newRig(t, cfg, dev)
	r.follow = its[1:]
	r.p.Load(its[0], true)
	r.run(2 * time.Minute)
	if n := len(all[player.Drained](r)); n != 1 {
		t.Errorf("%d Drained", n)
	}
	r.stop()
	return dev.Sound(), r
}

func close6(t *testing.T, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d frames, want %d", len(got)/2, len(want)/2)
	}
	for i := range got {
		if near(got[i], want[i]) > 1e-6 {
			t.Fatalf("frame %d is %v, want %v", i/2, got[i], want[i])
		}
	}
}

func TestCrossfadeOverlapsWithEqualPower(t *testing.T) {
	quiet := func(rate, n, id int) *playertest.Source {
		s := playertest.Numbered(rate, n, id)
		return s
	}
	tests := []struct {
		name   string
		fade   time.Duration
		a, b   *playertest.Source
		albums [2]string
		frames int
	}{
		{"two seconds", 2 * second, quiet(44100, 10*44100+5, 1), quiet(44100, 8*44100, 2), [2]string{"x", "y"}, 2 * 44100},
		{"at most half of the shorter, the second", 5 * second, quiet(44100, 10*44100, 1), quiet(44100, 3*44100, 2), [2]string{"", ""}, 3 * 44100 / 2},
		{"at most half of the shorter, the first", 5 * second, quiet(44100, 3*44100, 1), quiet(44100, 10*44100, 2), [2]string{"", ""}, 3 * 44100 / 2},
		{"never within an album", 2 * second, quiet(44100, 10*44100, 1), quiet(44100, 8*44100, 2), [2]string{"x", "x"}, 0},
		{"at most 12 s", 30 * second, quiet(8000, 40*8000, 1), quiet(8000, 40*8000, 2), [2]string{"", ""}, 12 * 8000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := item(1, tt.a), item(2, tt.b)
				a.Album, b.Album = tt.albums[0], tt.albums[1]
				got, r := hear(t, player.Config{Crossfade: tt.fade}, a, b)
				close6(t, got, mixed(tt.a.Frames, tt.b.Frames, tt.frames))
				for i, e := range all[player.Ended](r) {
					want := []time.Duration{tt.a.Fmt.Duration(int64(len(tt.a.Frames) / 2)), tt.b.Fmt.Duration(int64(len(tt.b.Frames) / 2))}[i]
					if (e.Heard - want).Abs() > time.Millisecond {
						t.Errorf("heard %v of %v", e.Heard, want)
					}
				}
				closedOnce(t, tt.a, tt.b)
			})
		})
	}
}

func TestNoCrossfadeWithAStreamOfUnknownLength(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, which := range []int{0, 1} {
			src := []*playertest.Source{playertest.Numbered(44100, 6*44100, 1), playertest.Numbered(44100, 6*44100, 2)}
			src[which].Unknown = true
			got, _ := hear(t, player.Config{Crossfade: 3 * second}, items(1, src...)...)
			same(t, got, join(src...))
		}
	})
}

func TestFilesGetNoCrossfade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := []*playertest.Source{playertest.Numbered(44100, 6*44100, 1), playertest.Numbered(44100, 6*44100, 2)}
		got, _ := collect(t, player.Config{Crossfade: 3 * second}, 0, items(1, src...)...)
		same(t, got, join(src...))
	})
}

func TestALastTrackIsNotShortenedByTheCrossfade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{Crossfade: 6 * second}, dev)
		r.quiet = true // nobody answers
		a := playertest.Numbered(44100, 15*44100, 1)
		r.p.Load(item(1, a), true)
		r.run(30 * second)
		same(t, dev.Sound(), a.Frames)
		if s := r.p.Stats(); s.Stutters != 0 {
			t.Errorf("%d stutters", s.Stutters)
		}
		r.stop()
	})
}

func TestClearNextTakesACrossfadeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{Crossfade: 2 * second}, dev)
		a, b, c := playertest.Numbered(44100, 10*44100, 1), playertest.Numbered(44100, 10*44100, 2), playertest.Numbered(44100, 10*44100, 3)
		r.p.Load(item(1, a), true)
		r.p.Preload(item(2, b))
		r.run(6500 * time.Millisecond) // the mix is in the ring, and what comes before it is enough to wait for another
		r.p.ClearNext()
		r.p.Preload(item(3, c))
		r.run(30 * second)
		close6(t, dev.Sound(), mixed(a.Frames, c.Frames, 2*44100))
		r.stop()
		closedOnce(t, a, b, c)
	})
}

func TestSeekingBackOutOfACrossfadeStartsItAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{Crossfade: 2 * second}, dev)
		a, b := playertest.Numbered(44100, 10*44100, 1), playertest.Numbered(44100, 10*44100, 2)
		r.p.Load(item(1, a), true)
		r.p.Preload(item(2, b))
		r.run(7 * second)
		before := len(dev.Sound())
		r.p.Seek(6 * second)
		r.run(30 * second)
		close6(t, dev.Sound()[before:], mixed(a.Frames[2*6*44100:], b.Frames, 2*44100))
		r.stop()
		closedOnce(t, a, b)
	})
}
