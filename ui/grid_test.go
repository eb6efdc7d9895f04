package ui

import (
	"strings"
	"testing"
	"time"

	"segue/ui/screen"
)

// TestWhatIsWrittenEndsInOneColumn: the count over a list, its times, the end of the bar
// and the volume, at every size that has them.
func TestWhatIsWrittenEndsInOneColumn(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {100, 24}, {120, 36}} {
		r := newRig(t, size[0], size[1])
		playing(r)
		for _, end := range []string{"3/15", "Time", "9:39", " 2:52", " 70"} {
			found := false
			for _, l := range r.lines() {
				l = strings.TrimRight(l, " ")
				found = found || strings.HasSuffix(l, end) && screen.Width(l) == size[0]-margin
			}
			if !found && (end != "9:39" || size[1] >= 24) {
				t.Errorf("at %v no line ends in %q %d cells from the right:\n%s", size, end, margin, r.screen())
			}
		}
	}
}

// TestTheBarStaysWhileATrackPlays, whatever the time that has gone by is as wide as.
func TestTheBarStaysWhileATrackPlays(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	r.m.env.Play.Track.Duration = 75 * time.Minute
	for _, at := range []time.Duration{time.Second, 11 * time.Minute, 74 * time.Minute} {
		r.m.env.Play.Position.Position, r.m.env.Play.Position.Rate = at, 0
		bar := r.m.bar()
		if bar.X != margin+len("1:15:00")+1 || bar.X+bar.W != 120-margin-len("1:15:00")-1 {
			t.Errorf("after %v the bar is at %+v", at, bar)
		}
	}
}

// TestAPopupLeavesThePlayerAlone where the screen has room above it, and what lies behind
// it has neither the accent nor bold letters.
func TestAPopupLeavesThePlayerAlone(t *testing.T) {
	for _, size := range [][2]int{{100, 24}, {120, 36}, {200, 50}} {
		r := newRig(t, size[0], size[1])
		playing(r)
		before := r.lines()[r.m.lay.progress.Y:]
		for _, keys := range [][]string{{"?"}, {"ctrl+p"}, {"i"}, {"m"}, {"g"}, {":", "t:pl"}} {
			r.keys(keys...)
			after := r.lines()[r.m.lay.progress.Y:]
			for i := range after[:len(after)-1] { // the last line is hints or the prompt
				if after[i] != before[i] {
					t.Errorf("%v at %v covers %q:\n%s", keys, size, before[i], r.screen())
				}
			}
			if top, _, _ := strings.Cut(r.m.View().Content, "\n"); len(r.m.popups) > 0 && strings.Contains(top, "\x1b[1;") {
				t.Errorf("%v at %v: the top bar does not step back: %q", keys, size, top)
			}
			r.keys("esc")
		}
	}
}

// TestLyricsThatFitDoNotScroll, not even at their last line.
func TestLyricsThatFitDoNotScroll(t *testing.T) {
	r := newRig(t, 120, 36, sung)
	playing(r)
	r.keys("7")
	r.m.env.Play.Position.Position, r.m.env.Play.Position.Rate = time.Hour, 0 // the last line is sung
	r.want("first words")
}

// TestAChartThatIsAllNewDoesNotSaySoOfEachRow.
func TestAChartThatIsAllNewDoesNotSaySoOfEachRow(t *testing.T) {
	for _, all := range []bool{true, false} {
		r := newRig(t, 120, 36, func(f *fake, _ *Options) { f.allNew = all })
		r.keys("6", ")")
		r.want("Variatio 3")
		if strings.Contains(r.screen(), "NEW") == all {
			t.Errorf("all new: %v\n%s", all, r.screen())
		}
	}
}

// TestAPathBelowTheUsersFolderIsWrittenWithATilde, in what is said and in the accounts.
func TestAPathBelowTheUsersFolderIsWrittenWithATilde(t *testing.T) {
	r := newRig(t, 120, 36, func(_ *fake, o *Options) { o.Home = "/home/alice" })
	for text, want := range map[string]string{
		"kept in /home/alice/.cache/x": "kept in ~/.cache/x", "kept in /home/alicea/x": "kept in /home/alicea/x",
	} {
		if got := r.m.env.Short(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}
