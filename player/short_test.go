package player_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"segue/player"
	"segue/player/playertest"
)

func TestAShortFirstTrackIsFollowedWithoutAGapByOneThatIsStillBeingOpened(t *testing.T) {
	for name, kind := range map[string]*playertest.Device{
		"a device that takes a second at once": {Buffer: time.Second, Period: 125 * time.Millisecond},
		"a device that can be held empty":      {Buffer: 400 * time.Millisecond, Deep: true},
		"a device with a small buffer":         {Buffer: 100 * time.Millisecond, Period: 25 * time.Millisecond},
	} {
		for _, opening := range []time.Duration{0, 5 * time.Millisecond, 150 * time.Millisecond} {
			t.Run(name+", after "+opening.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					dev := &playertest.Device{Buffer: kind.Buffer, Period: kind.Period, Deep: kind.Deep}
					r := newRig(t, player.Config{}, dev)
					r.quiet = true
					a, b := playertest.Numbered(44100, 8820, 1), playertest.Numbered(44100, 2*44100, 2)
					r.p.Load(item(1, a), true)
					r.run(opening)
					r.p.Preload(item(2, b))
					r.p.NoNext(2)
					drains(t, r, a, b)
					same(t, between(dev.Heard()), join(a, b))
				})
			})
		}
	}
}

// between is what was heard from the first sound to the last.
func between(heard []float32) []float32 {
	from := slices.IndexFunc(heard, func(v float32) bool { return v != 0 })
	to := len(heard)
	for to > 0 && heard[to-1] == 0 {
		to--
	}
	return heard[max(from, 0):to]
}
