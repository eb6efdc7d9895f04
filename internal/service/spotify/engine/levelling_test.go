package engine

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"segue/internal/service/spotify/engine/enginetest"
	"segue/player"
)

// levelled is a rig with two tracks, levelled by each one's gain, and how often its program
// was started.
func levelled(t *testing.T, one, two enginetest.Track) (*rig, *atomic.Int32) {
	t.Helper()
	var lives atomic.Int32
	return newRig(t, plays(map[string]enginetest.Track{first: one, second: two}), func(c *Config) {
		c.Gain = player.GainTrack
		c.Log = func(line string) {
			if understand(line).what == saysPort {
				lives.Add(1)
			}
		}
	}), &lives
}

func TestAnotherLevellingHoldsFromTheNextTrackOn(t *testing.T) {
	t.Parallel()
	r, lives := levelled(t, length(20), length(3))
	s1 := r.opened(first, 20)
	head, _ := r.read(s1, 3*rate)
	r.SetLevelling(player.GainOff, 0)
	more, _ := r.read(s1, 10*rate)
	if n := lives.Load(); n != 1 {
		t.Errorf("within the track it was started %d times", n)
	}
	s2 := r.opened(second, 3) // near the end, as the player does
	rest, _ := r.read(s1, -1)
	frames, _ := r.read(s2, -1)
	all := runs(append(append(append(head, more...), rest...), frames...))
	if len(all) != 2 || all[0] != (run{first, 0, 20 * rate}) || all[1] != (run{second, 0, 3 * rate}) {
		t.Errorf("both together are %v", all)
	}
	if n := lives.Load(); n != 2 {
		t.Errorf("for the next one it was started %d times", n)
	}
	r.configSays("normalisation_disabled: true")
	r.close(s1)
	r.close(s2)
	r.SetLevelling(player.GainAlbum, 2) // nothing plays: at once
	r.until("it is started anew", func() bool { return lives.Load() == 3 })
	r.configSays("normalisation_use_album_gain: true")
}

// configSays fails unless a line is in what the program was started with.
func (r *rig) configSays(line string) {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, configName))
	if err != nil || !strings.Contains(string(text), line+"\n") {
		r.t.Errorf("%s is not in %s: %v", line, text, err)
	}
}

func TestALevellingThatIsTakenBackCostsNoRestart(t *testing.T) {
	t.Parallel()
	r, lives := levelled(t, length(4), length(3))
	s := r.open(first, 4*time.Second)
	r.read(s, 1000)
	for _, mode := range []player.GainMode{player.GainAlbum, player.GainOff, player.GainTrack, player.GainAuto} { // to the program the last two are one
		r.SetLevelling(mode, 0)
	}
	r.read(s, -1)
	frames, _ := r.read(r.open(second, 3*time.Second), -1)
	r.is("the next track", frames, second, 0, 3*rate)
	if n := lives.Load(); n != 1 {
		t.Errorf("it was started %d times", n)
	}
}
