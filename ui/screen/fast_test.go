package screen

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// FuzzTheShortWayMeasuresAndCutsLikeTheLong compares with package ansi.
func FuzzTheShortWayMeasuresAndCutsLikeTheLong(f *testing.F) {
	for _, s := range []string{"", "abc", "\x1b[1mbold\x1b[m plain", "a│b──╮", "\x1b[38;2;1;2;3mx\x1b[48;5;7my", "é", "春", "\x1b", "\x1b[", "\x1b[1", "\x1b]8;;x\x07y", "▀▀", "▶", "─\u0301", "a\u200db", "│\ufe0f"} {
		f.Add(s, 2, 5)
	}
	f.Fuzz(func(t *testing.T, s string, x, n int) {
		if w, ok := simple(s); ok && w != ansi.StringWidth(s) {
			t.Fatalf("%q is %d cells, and %d the long way", s, w, ansi.StringWidth(s))
		}
		x, n = min(max(x, 0), 50), min(max(n, 0), 50)
		left, lw, right, rw, ok := parted(s, x, x+n)
		if !ok {
			return
		}
		if got, want := ansi.Strip(left), ansi.Strip(ansi.Truncate(s, x, "")); got != want || lw != ansi.StringWidth(left) {
			t.Errorf("%q up to %d is %q (%d cells), the long way %q", s, x, got, lw, want)
		}
		if got, want := ansi.Strip(right), ansi.Strip(ansi.TruncateLeft(s, x+n, "")); got != want || rw != ansi.StringWidth(right) {
			t.Errorf("%q from %d on is %q (%d cells), the long way %q", s, x+n, got, rw, want)
		}
	})
}

func TestALineKeepsItsStyleBehindWhatIsLaidOverIt(t *testing.T) {
	lines := []string{"\x1b[31mred \x1b[m plain \x1b[1mbold text\x1b[m"}
	Splice(lines, []string{"BOX"}, 20, 5, 0)
	if w := ansi.StringWidth(lines[0]); w != 20 {
		t.Errorf("%d cells: %q", w, lines[0])
	}
	if got := ansi.Strip(lines[0]); got != "red  BOXin bold text" {
		t.Errorf("%q", got)
	}
	if !strings.Contains(lines[0], "in \x1b[1mbold") {
		t.Errorf("%q", lines[0])
	}
	inside := []string{"\x1b[1mbold text\x1b[m"}
	Splice(inside, []string{"B"}, 9, 2, 0)
	if !strings.HasSuffix(inside[0], "\x1b[1md text\x1b[m") {
		t.Errorf("%q", inside[0])
	}
}
