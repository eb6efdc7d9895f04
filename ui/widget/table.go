// Package widget holds the parts that pages are made of: a table windowed by
// hand, a progress bar, a text field, and a box to pick from. They draw lines
// and keep only their own cursor; they know no session, have no goroutines and
// do no I/O.
package widget

import (
	"strings"

	"segue/ui/screen"
	"segue/ui/style"
)

// Tail ends text that was cut.
const Tail = "…"

// Cell is the text of one column in one row, already clean.
type Cell struct {
	Text string
	Pen  style.Pen
}

// Column says how wide a column is: Width cells, or a share Flex of what is
// left over but at least Min.
type Column struct {
	Name  string
	Width int
	Flex  int
	Min   int
	Right bool
	Drop  int // columns with the highest Drop go first when it gets narrow; 0 = stays
}

const gap = 2

// Widths gives the width of each column in w cells; 0 = no room for it. It appends to dst.
func Widths(cols []Column, w int, dst []int) []int {
	base := len(dst)
	for range cols {
		dst = append(dst, -1)
	}
	out := dst[base:]
	for {
		fixed, flex, n, drop := 0, 0, 0, -1
		for i, c := range cols {
			if out[i] == 0 {
				continue
			}
			n++
			flex += c.Flex
			fixed += max(c.Width, c.Min)
			if c.Drop > 0 && (drop < 0 || c.Drop > cols[drop].Drop) {
				drop = i
			}
		}
		left := w - fixed - gap*(n-1)
		if left < 0 && drop >= 0 {
			out[drop] = 0
			continue
		}
		share(cols, out, max(left, 0), flex)
		return dst
	}
}

// share deals the cells that are left to the flexible columns; the last takes the rest.
func share(cols []Column, out []int, left, flex int) {
	last := -1
	spent := 0
	for i, c := range cols {
		if out[i] == 0 {
			continue
		}
		out[i] = max(c.Width, c.Min)
		if c.Flex > 0 && flex > 0 {
			part := left * c.Flex / flex
			out[i] += part
			spent += part
			last = i
		}
	}
	if last >= 0 {
		out[last] += left - spent
	}
}

// Look is how a row stands out.
type Look struct {
	Gutter    string // two cells before the row: what plays, what is marked
	GutterPen style.Pen
}

// Table draws rows of cells. The zero value is ready; it keeps only buffers.
type Table struct {
	widths []int
	cells  []Cell
	b      strings.Builder
}

// View is what of a table is drawn.
type View struct {
	W, H    int
	Top     int // the first row
	N       int // rows in all
	Cursor  int // -1 = none
	Focused bool
	Columns []Column
	Heading bool // a line of column names, within H
}

// Gutter is the width of what stands before the first column, with the margin, and of
// the margin after the last one, which the scroll bar is in.
const Gutter = 3

// Draw appends exactly v.H lines of exactly v.W cells. row fills the cells of a
// row, one for each column, and says how it looks.
func (t *Table) Draw(dst []string, set *style.Set, v View, row func(i int, cells []Cell) Look) []string {
	t.widths = Widths(v.Columns, v.W-2*Gutter, t.widths[:0])
	if cap(t.cells) < len(v.Columns) {
		t.cells = make([]Cell, len(v.Columns))
	}
	t.cells = t.cells[:len(v.Columns)]
	h := v.H
	if v.Heading && h > 0 {
		dst = append(dst, t.heading(set, v))
		h--
	}
	thumb, size := Thumb(v.Top, h, v.N)
	for y := range h {
		i := v.Top + y
		if i >= v.N {
			dst = append(dst, screen.Spaces(v.W))
			continue
		}
		clear(t.cells)
		look := row(i, t.cells)
		dst = append(dst, t.line(set, v, look, i == v.Cursor, size > 0 && y >= thumb && y < thumb+size))
	}
	return dst
}

// Thumb gives the first row and the size of a scroll bar's thumb; 0 when all rows are seen.
func Thumb(top, h, n int) (first, size int) {
	if n <= h || h <= 0 {
		return 0, 0
	}
	size = max(h*h/n, 1)
	return min(top*(h-size)/max(n-h, 1), h-size), size
}

func (t *Table) heading(set *style.Set, v View) string {
	for i, c := range v.Columns {
		t.cells[i] = Cell{c.Name, style.Muted}
	}
	return t.line(set, v, Look{}, false, false)
}

func (t *Table) line(set *style.Set, v View, look Look, selected, thumb bool) string {
	b := &t.b
	b.Reset()
	b.Grow(v.W + 64)
	under := func(p style.Pen) style.Pen { return p }
	if selected {
		bg := set.Select
		if !v.Focused {
			bg = set.Dim
		}
		b.WriteString(bg)
		under = set.Under
	}
	gutter := look.Gutter
	if gutter == "" {
		gutter = "  "
	}
	b.WriteString(set.On(under(look.GutterPen)))
	b.WriteByte(' ')
	b.WriteString(gutter)
	last := style.Pen(255)
	first := true
	used := Gutter
	for i, c := range v.Columns {
		w := t.widths[i]
		if w == 0 {
			continue
		}
		if !first {
			b.WriteString("  ")
			used += gap
		}
		first = false
		cell := t.cells[i]
		if p := under(cell.Pen); p != last && cell.Text != "" {
			b.WriteString(set.On(p))
			last = p
		}
		if c.Right {
			b.WriteString(screen.FitRight(cell.Text, w, Tail))
		} else {
			b.WriteString(screen.Fit(cell.Text, w, Tail))
		}
		used += w
	}
	b.WriteString(screen.Spaces(v.W - used - 1))
	switch {
	case thumb:
		b.WriteString(set.On(under(style.Faint)))
		b.WriteString("▐")
	default:
		b.WriteByte(' ')
	}
	b.WriteString(style.Reset)
	return b.String()
}
