package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"segue/keymap"
)

func TestAStartedChordShowsAllThatCanFollow(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {60, 16}, {80, 24}, {120, 36}} {
		r := newRig(t, size[0], size[1])
		r.keys("g")
		r.wantNot("g …")
		r.send(whichMsg(r.m.chord.id - 1)) // of another chord
		r.wantNot("g …")
		r.send(whichMsg(r.m.chord.id))
		r.want("─ g … ─")
		missing := 0
		for _, f := range r.m.keys.Following(keymap.List, []string{"g"}) {
			if !strings.Contains(r.screen(), "  "+f.Key+"  ") {
				missing++
			}
		}
		if size[1] > 10 && missing > 0 {
			t.Errorf("%v: %d of the keys that may follow are not shown:\n%s", size, missing, r.screen())
		}
		if missing > 0 {
			r.want("? shows all")
		}
		for i, l := range r.lines() {
			if n := ansi.StringWidth(l); n != size[0] && n > 0 {
				t.Errorf("%v: line %d has %d cells", size, i, n)
			}
		}
		r.keys("?")
		r.want("─ Help ─")
		r.keys("esc", "g")
		r.send(whichMsg(r.m.chord.id))
		r.keys("q")
		r.wantNot("─ g … ─")
		r.want("The queue is empty")
	}
}
