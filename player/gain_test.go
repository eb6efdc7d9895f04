package player_test

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/player/playertest"
)

func TestGainFollowsTheTagsAndNeverClips(t *testing.T) {
	g := music.Gain{TrackDB: -6, AlbumDB: -3, HasTrack: true, HasAlbum: true}
	db := func(x float64) float64 { return math.Pow(10, x/20) }
	tests := []struct {
		name  string
		mode  player.GainMode
		album bool
		pre   float64
		gain  music.Gain
		want  float64
	}{
		{"off", player.GainOff, true, 10, g, 1},
		{"unset is off", "", true, 10, g, 1},
		{"track", player.GainTrack, true, 0, g, db(-6)},
		{"album", player.GainAlbum, false, 0, g, db(-3)},
		{"auto within an album", player.GainAuto, true, 0, g, db(-3)},
		{"auto otherwise", player.GainAuto, false, 0, g, db(-6)},
		{"pre-amp", player.GainTrack, false, 2.5, g, db(-3.5)},
		{"no tags: as it is", player.GainTrack, false, 3, music.Gain{}, 1},
		{"album without its tag takes the track's", player.GainAlbum, false, 0, music.Gain{TrackDB: -6, HasTrack: true}, db(-6)},
		{"track without its tag takes the album's", player.GainTrack, false, 0, music.Gain{AlbumDB: -3, HasAlbum: true}, db(-3)},
		{"the peak limits", player.GainTrack, false, 0, music.Gain{TrackDB: 12, TrackPeak: 0.5, HasTrack: true}, 2},
		{"an absurd pre-amp is limited", player.GainTrack, false, 100, music.Gain{TrackDB: -20, HasTrack: true}, db(-5)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := playertest.Numbered(44100, 9000, 1)
				it := item(1, s)
				it.Gain = tt.gain
				c := &playertest.Collector{}
				r := newRig(t, player.Config{Unpaced: true, Gain: tt.mode, PreampDB: tt.pre}, c)
				r.p.SetAlbumContext(tt.album)
				r.p.Load(it, true)
				r.run(2 * second)
				got, _ := c.Got()
				if len(got) != len(s.Frames) {
					t.Fatalf("%d samples", len(got))
				}
				for i := range got {
					if d := math.Abs(float64(got[i]) - float64(s.Frames[i])*tt.want); d > 1e-6 {
						t.Fatalf("sample %d is %v, want %v", i, got[i], float64(s.Frames[i])*tt.want)
					}
				}
				r.stop()
			})
		})
	}
}

func TestWithoutAPeakTheSoftClipKeepsItBelowFullScale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := playertest.Tone(44100, 44100, 440, 0.9)
		it := item(1, s)
		it.Gain = music.Gain{TrackDB: 12, HasTrack: true}
		got, _ := collect(t, player.Config{Gain: player.GainTrack}, 0, it)
		var peak float32
		for i, x := range got {
			peak = max(peak, x, -x)
			want := float64(s.Frames[i]) * math.Pow(10, 12.0/20)
			if math.Abs(want) <= 0.9 && math.Abs(float64(x)-want) > 1e-5 {
				t.Fatalf("sample %d below the knee was changed: %v, want %v", i, x, want)
			}
		}
		if peak > 1 || peak < 0.99 {
			t.Errorf("peak %v", peak)
		}
	})
}

func TestAChangeOfGainIsARamp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{Gain: player.GainOff}, dev)
		s := playertest.Tone(44100, 20*44100, 0, 0)
		for i := range s.Frames {
			s.Frames[i] = 0.5
		}
		it := item(1, s)
		it.Gain = music.Gain{TrackDB: -6, HasTrack: true}
		r.p.Load(it, true)
		r.run(second)
		r.p.SetGain(player.GainTrack, 0)
		r.run(10 * second)
		heard := trim(dev.Heard())
		low := float32(0.5 * math.Pow(10, -6.0/20))
		if heard[0] != 0.5 || near(heard[len(heard)-1], low) > 1e-6 {
			t.Fatalf("from %v to %v", heard[0], heard[len(heard)-1])
		}
		var ramp int
		for i := 2; i < len(heard); i += 2 {
			if step := near(heard[i], heard[i-2]); step > 0.001 {
				t.Fatalf("a step of %v at frame %d", step, i/2)
			} else if step > 0 {
				ramp++
			}
		}
		if d := time.Duration(ramp) * time.Second / 44100; d < 15*time.Millisecond || d > 25*time.Millisecond {
			t.Errorf("the ramp takes %v", d)
		}
		r.stop()
	})
}
