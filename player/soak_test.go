package player_test

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

// Whatever is done to it, in any order: nothing hangs, every source is closed once,
// every loaded item ends once, and between two deeds frames follow each other
// without a gap.
func TestAnyOrderOfDeedsKeepsThePlayerSound(t *testing.T) {
	for seed := range uint64(15) {
		synctest.Test(t, func(t *testing.T) { soak(t, rand.New(rand.NewPCG(seed, 1)), false) })
	}
}

// The same with crossfades, resampling and many channels, where frames cannot be
// told apart any more.
func TestAnyOrderOfDeedsWithMixedFormatsKeepsThePlayerSound(t *testing.T) {
	for seed := range uint64(15) {
		synctest.Test(t, func(t *testing.T) { soak(t, rand.New(rand.NewPCG(seed, 2)), true) })
	}
}

func soak(t *testing.T, rnd *rand.Rand, mixed bool) {
	devices := []*playertest.Device{{}, {Buffer: 600 * time.Millisecond, Period: 100 * time.Millisecond}, {Buffer: time.Second, Period: 500 * time.Millisecond}}
	dev := devices[rnd.IntN(3)]
	policy := []player.LossPolicy{player.LossPause, player.LossFollow}[rnd.IntN(2)]
	cfg := player.Config{OnDeviceLoss: policy}
	if mixed {
		cfg.Crossfade = time.Duration(rnd.IntN(4)) * second
		cfg.Gain = player.GainAuto
	}
	r := newRig(t, cfg, dev)
	var sources []*playertest.Source
	fresh := func() player.Item {
		n := 1 + rnd.IntN(6*44100)
		if rnd.IntN(5) == 0 {
			n = 1 + rnd.IntN(3000)
		}
		s := playertest.Numbered(44100, n, 1+len(sources)*40)
		s.NoSeek = rnd.IntN(8) == 0
		s.Unknown = rnd.IntN(4) == 0
		sources = append(sources, s)
		it := item(len(sources), s)
		if mixed {
			s.Fmt.Rate = []int{44100, 48000, 44100, 22050}[rnd.IntN(4)]
			if rnd.IntN(5) == 0 {
				s.Fmt.Channels, s.Frames = 6, s.Frames[:len(s.Frames)/6*6]
			}
			if rnd.IntN(6) == 0 {
				s.Err, s.FailAt = playertest.ErrBroken, rnd.Int64N(44100)
			}
			it.Album = []string{"", "x", "y"}[rnd.IntN(3)]
			it.Start = time.Duration(rnd.IntN(3)) * time.Second / 2
			it.Gain.HasTrack, it.Gain.TrackDB = true, float64(rnd.IntN(12)-6)
		}
		return it
	}
	deeds := 0
	for range 60 {
		deeds++
		switch rnd.IntN(14) {
		case 0, 1:
			r.p.Load(fresh(), rnd.IntN(4) > 0)
		case 2, 3:
			r.p.Preload(fresh())
		case 4:
			r.p.ClearNext()
		case 5, 6:
			for range 1 + rnd.IntN(3) {
				r.p.Seek(time.Duration(rnd.IntN(7000)) * time.Millisecond)
			}
		case 7:
			r.p.Pause()
		case 8, 9, 10:
			r.p.Play()
		case 11:
			if s := dev.Stream(); s != nil {
				s.Die()
			}
		case 12:
			if mixed {
				dev = devices[rnd.IntN(3)]
				dev.Rate = []int{0, 48000}[rnd.IntN(2)]
			}
			r.p.SetDevice(dev)
		case 13:
			if rnd.IntN(3) == 0 {
				r.p.Stop()
			}
		}
		if len(r.follow) == 0 && rnd.IntN(2) == 0 {
			r.follow = append(r.follow, fresh())
		}
		r.run(time.Duration(rnd.IntN(1500)) * time.Millisecond)
	}
	for i := range 40 { // to the end
		if i%4 == 0 {
			r.p.Play()
		}
		r.run(2 * second)
	}
	if s := all[player.StateChanged](r); len(s) > 0 && s[len(s)-1].State == player.Playing {
		t.Errorf("still playing; the last events are %+v", r.events[max(0, len(r.events)-12):])
	}
	seen := map[player.ItemID]int{}
	for _, e := range all[player.Ended](r) {
		seen[e.Item]++
		if seen[e.Item] > 1 {
			t.Errorf("item %d ended %d times", e.Item, seen[e.Item])
		}
	}
	started := map[player.ItemID]int{}
	for _, e := range all[player.Started](r) {
		if started[e.Item]++; started[e.Item] > 1 {
			t.Errorf("item %d started %d times", e.Item, started[e.Item])
		}
	}
	if mixed {
		finish(t, r, sources)
		return
	}
	breaks := 0
	heard := dev.Sound()
	for i := 2; i < len(heard); i += 2 {
		if heard[i]-heard[i-2] != 1.0/(1<<23) {
			breaks++
		}
	}
	if most := 3*deeds + len(sources); breaks > most {
		t.Errorf("%d breaks in what was heard, at most %d are deeds and joins", breaks, most)
	}
	finish(t, r, sources)
}

func finish(t *testing.T, r *rig, sources []*playertest.Source) {
	t.Helper()
	r.stop()
	for _, it := range r.follow {
		_ = it.Source.Close()
	}
	closedOnce(t, sources...)
}
