package screen

import (
	"github.com/charmbracelet/x/ansi"
)

// Rect is a part of the screen in cells.
type Rect struct{ X, Y, W, H int }

// Has reports whether the cell x, y lies in r.
func (r Rect) Has(x, y int) bool {
	return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}

// Empty reports whether r has no cells.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Centre gives a rectangle of at most w x h cells in the middle of r.
func (r Rect) Centre(w, h int) Rect {
	w, h = min(w, r.W), min(h, r.H)
	return Rect{r.X + (r.W-w)/2, r.Y + (r.H-h)/2, w, h}
}

// Splice lays the lines of box over lines, at column x and row y. width is the
// screen's; wide characters that the edges cut in two become spaces.
func Splice(lines, box []string, width, x, y int) {
	for i, l := range box {
		if y+i < 0 || y+i >= len(lines) {
			continue
		}
		base := lines[y+i]
		if n, ok := simple(l); ok {
			if left, lw, right, rw, ok := parted(base, x, x+n); ok {
				gap := max(width-x-n-rw, 0)
				lines[y+i] = left + "\x1b[m" + Spaces(x-lw) + l + "\x1b[m" + Spaces(gap) + right
				continue
			}
		}
		left := ansi.Truncate(base, x, "")
		left += "\x1b[m" + Spaces(x-ansi.StringWidth(left))
		end := x + ansi.StringWidth(l)
		right := ""
		if end < width {
			right = ansi.TruncateLeft(base, end, "")
			if ansi.StringWidth(right) > max(ansi.StringWidth(base)-end, 0) { // a wide character was cut in two
				right = " " + ansi.TruncateLeft(base, end+1, "")
			}
			if gap := width - end - ansi.StringWidth(right); gap > 0 {
				right = Spaces(gap) + right
			}
		}
		lines[y+i] = left + l + "\x1b[m" + right
	}
}
