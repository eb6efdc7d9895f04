//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

func TestEverySizeWhilePlaying(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).open(t)
	w.sees("Segue Sampler")
	w.keys(enter)
	w.sees("Greensleeves")
	w.keys("j" + enter)
	w.row(playing("Greensleeves"))
	for _, size := range []struct {
		name string
		w, h int
		has  []string
		not  string
	}{
		{"the right pane at 200x50", 200, 50, []string{"Local", "Canon in D", "vol", "shuffle off", "? help"}, "needs"},
		{"sidebar and list at 120x36", 120, 36, []string{"Local", "Canon in D", "vol"}, "needs"},
		{"one pane at 80x24", 80, 24, []string{"Canon in D", "vol"}, "Local "},
		{"mini at 40x10", 40, 10, []string{"▶ Greensleeves"}, "needs"},
		{"a sentence at 20x5", 20, 5, []string{"needs 40x8"}, "Canon"},
		{"mini at 40x10 again", 40, 10, []string{"▶ Greensleeves"}, "needs"},
		{"one pane at 80x24 again", 80, 24, []string{"Canon in D", "vol"}, "needs"},
		{"sidebar at 120x36 again", 120, 36, []string{"Local", "Canon in D", "vol"}, "needs"},
		{"all at 200x50 again", 200, 50, []string{"Local", "Canon in D", "vol"}, "needs"},
	} {
		w.resize(size.w, size.h)
		screen := w.until(size.name, func(s string) bool {
			for _, x := range size.has {
				if !strings.Contains(s, x) {
					return false
				}
			}
			return !strings.Contains(s, size.not)
		})
		if n := strings.Count(screen, "\n") + 1; n > size.h {
			t.Errorf("%s: %d lines", size.name, n)
		}
	}
	before := w.position()
	w.until("time going on", func(string) bool { return w.position() > before })
}

func TestAWindowTooSmallFromTheStartGrows(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).at(20, 5).open(t)
	w.sees("needs 40x8")
	w.resize(100, 30)
	w.sees("Segue Sampler", "Local")
	w.resize(20, 5)
	w.sees("needs 40x8")
	w.keys(ctrlC)
	if code := w.exits(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	w.restored()
}
