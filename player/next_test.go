package player_test

import (
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

func TestClearNextCutsOutWhatWasInTheRing(t *testing.T) {
	tests := []struct {
		name string
		at   time.Duration // a is 5 s long
		gaps int
	}{
		{"before anything of it is decoded", 500 * time.Millisecond, 0},
		{"when it is in the ring", 3500 * time.Millisecond, 0},
		{"when the device has some of it", 4990 * time.Millisecond, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dev := &playertest.Device{}
				r := newRig(t, player.Config{}, dev)
				a, b, c := playertest.Numbered(44100, 5*44100, 1), playertest.Numbered(44100, 5*44100, 2), playertest.Numbered(44100, 44100, 3)
				r.p.Load(item(1, a), true)
				r.p.Preload(item(2, b))
				r.run(tt.at)
				r.p.ClearNext()
				r.p.Preload(item(3, c))
				r.run(20 * second)
				same(t, dev.Sound(), join(a, c))
				if s := all[player.Started](r); len(s) != 2 || s[1].Item != 3 {
					t.Errorf("%+v", s)
				}
				// With 10 ms left the device waits for the new one to be decoded: a gap.
				if s := r.p.Stats(); s.Stutters > tt.gaps {
					t.Errorf("%d stutters", s.Stutters)
				}
				r.stop()
				closedOnce(t, a, b, c)
			})
		})
	}
}

func TestClearNextLeavesWhatHasBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		a, b := playertest.Numbered(44100, 2*44100, 1), playertest.Numbered(44100, 5*44100, 2)
		r.p.Load(item(1, a), true)
		r.p.Preload(item(2, b))
		r.run(2500 * time.Millisecond)
		r.p.ClearNext()
		r.run(20 * second)
		same(t, dev.Sound(), join(a, b))
		if len(all[player.Drained](r)) != 1 {
			t.Error("not drained")
		}
		r.stop()
		closedOnce(t, a, b)
	})
}

func TestASecondPreloadReplacesTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		a, b, c := playertest.Numbered(44100, 6*44100, 1), playertest.Numbered(44100, 5*44100, 2), playertest.Numbered(44100, 44100, 3)
		r.p.Load(item(1, a), true)
		r.p.Preload(item(2, b))
		r.run(second)
		r.p.Preload(item(3, c))
		r.run(20 * second)
		same(t, dev.Sound(), join(a, c))
		r.stop()
		closedOnce(t, a, b, c)
	})
}

func TestNeedNextComesTenSecondsBeforeTheEndOfDecodingOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		r.p.Load(item(1, playertest.Numbered(44100, 30*44100, 1)), true)
		from := time.Now()
		r.run(40 * second)
		if n := len(all[player.NeedNext](r)); n != 1 {
			t.Fatalf("%d NeedNext", n)
		}
		for i, ev := range r.events {
			if _, ok := ev.(player.NeedNext); ok {
				if d := r.at[i].Sub(from); d < 14*second || d > 20*second {
					t.Errorf("NeedNext after %v", d)
				}
			}
		}
		if s := last[player.StateChanged](r).State; s != player.Unloaded {
			t.Errorf("state %v", s)
		}
		r.stop()
	})
}

func TestANextThatComesTooLateIsPlayedAfterTheDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		r.quiet = true
		a, b := playertest.Numbered(44100, 2*44100, 1), playertest.Numbered(44100, 2*44100, 2)
		r.p.Load(item(1, a), true)
		r.run(5 * second)
		if len(all[player.Drained](r)) != 1 {
			t.Error("not drained")
		}
		if s := r.p.Stats(); s.Stutters != 0 {
			t.Errorf("the end counts as %d stutters", s.Stutters)
		}
		r.p.Preload(item(2, b))
		r.run(5 * second)
		same(t, dev.Sound(), join(a, b))
		r.stop()
		closedOnce(t, a, b)
	})
}

func TestEventsComeInTheOrderOfWhatIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		a, b := playertest.Numbered(44100, 2*44100, 1), playertest.Numbered(44100, 2*44100, 2)
		r.follow = items(2, b)
		r.p.Load(item(1, a), true)
		r.run(6 * second)
		var got []string
		when := map[string]time.Time{}
		for i, ev := range r.events {
			var name string
			switch e := ev.(type) {
			case player.Started:
				name = "started " + string(rune('0'+e.Item))
			case player.Delivered:
				name = "delivered " + string(rune('0'+e.Item))
			case player.Ended:
				name = "ended " + string(rune('0'+e.Item))
			case player.Drained:
				name = "drained"
			default:
				continue
			}
			got = append(got, name)
			when[name] = r.at[i]
		}
		want := []string{"started 1", "delivered 1", "ended 1", "started 2", "delivered 2", "ended 2", "drained"}
		if len(got) != len(want) {
			t.Fatalf("%v", got)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%v", got)
			}
		}
		if d := when["ended 1"].Sub(when["started 1"]); (d - 2*second).Abs() > 10*time.Millisecond {
			t.Errorf("the first lasted %v", d)
		}
		if d := when["ended 1"].Sub(when["delivered 1"]); d < 100*time.Millisecond || d > 250*time.Millisecond {
			t.Errorf("delivered %v before it ended", d)
		}
		r.stop()
	})
}
