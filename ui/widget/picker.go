package widget

import (
	"slices"
	"strings"
	"unicode"

	"segue/ui/screen"
	"segue/ui/style"
)

// Choice is a row of a Picker.
type Choice struct {
	Label   string
	Detail  string // at the right: a key, a count
	Heading bool   // a title over the rows after it; cannot be chosen
	Muted   bool   // shown, but quieter: it does nothing here
	Search  string // more words that the filter finds the row by
	ID      int    // for the caller
}

// Picker is a list to choose from, with or without a field that filters it.
type Picker struct {
	Title     string
	Input     Input
	Filter    bool
	FreeInput bool // the text itself is an answer: rows are only what may be completed
	Empty     string
	choices   []Choice
	shown     []int
	cursor    int
	top       int
	rows      int // at the last drawing
}

// SetChoices replaces the rows; the cursor stays near where it was.
func (p *Picker) SetChoices(c []Choice) {
	p.choices = c
	p.Refilter()
}

// Refilter applies the field's text to the rows; call it when the text changed.
func (p *Picker) Refilter() {
	p.shown = p.shown[:0]
	words := strings.Fields(strings.ToLower(p.Input.Value()))
	if !p.Filter {
		words = nil
	}
	for i, c := range p.choices {
		if len(words) > 0 && (c.Heading || !matches(c, words)) {
			continue
		}
		p.shown = append(p.shown, i)
	}
	p.cursor = min(p.cursor, len(p.shown)-1)
	if len(words) > 0 {
		slices.SortStableFunc(p.shown, func(a, b int) int { return rank(p.choices[a], words) - rank(p.choices[b], words) })
		p.cursor, p.top = 0, 0
	}
	p.Move(0)
}

// rank is how well a row answers the words: 0 where a word of its label begins with
// each, 1 where each is in its label, 2 where it is in what else is known of it, 3 where
// only its letters are there.
func rank(c Choice, words []string) int {
	label, all := strings.ToLower(c.Label), strings.ToLower(c.Label+" "+c.Detail+" "+c.Search)
	worst := 0
	for _, w := range words {
		switch {
		case strings.HasPrefix(label, w), strings.Contains(label, " "+w):
		case strings.Contains(label, w):
			worst = max(worst, 1)
		case strings.Contains(all, w):
			worst = max(worst, 2)
		default:
			worst = max(worst, 3)
		}
	}
	return worst
}

// matches reports whether each word is in the row, its letters in order.
func matches(c Choice, words []string) bool {
	text := strings.ToLower(c.Label + " " + c.Detail + " " + c.Search)
	for _, w := range words {
		if !strings.Contains(text, w) && !Subsequence(strings.ToLower(c.Label), w) {
			return false
		}
	}
	return true
}

// Subsequence reports whether the letters of word are in text, in order.
func Subsequence(text, word string) bool {
	want := []rune(word)
	for _, r := range text {
		if len(want) > 0 && unicode.ToLower(r) == want[0] {
			want = want[1:]
		}
	}
	return len(want) == 0
}

// Move moves the cursor by so many rows, past headings, and not beyond the ends.
func (p *Picker) Move(by int) {
	n := len(p.shown)
	if n == 0 {
		p.cursor = 0
		return
	}
	i := min(max(p.cursor+by, 0), n-1)
	step := 1
	if by < 0 {
		step = -1
	}
	for p.choices[p.shown[i]].Heading {
		if i+step < 0 || i+step >= n {
			if step = -step; i+step < 0 || i+step >= n {
				break
			}
		}
		i += step
	}
	p.cursor = i
}

// Page moves by so many screens.
func (p *Picker) Page(by int) { p.Move(by * max(p.rows-1, 1)) }

// Chosen gives the row under the cursor.
func (p *Picker) Chosen() (Choice, bool) {
	if p.cursor < 0 || p.cursor >= len(p.shown) {
		return Choice{}, false
	}
	c := p.choices[p.shown[p.cursor]]
	return c, !c.Heading
}

// At moves the cursor to the row drawn on line y of the box; false = there is none.
func (p *Picker) At(y int) bool {
	y--
	if p.Filter || p.FreeInput {
		y -= 2
	}
	i := p.top + y
	if y < 0 || y >= p.rows || i < 0 || i >= len(p.shown) || p.choices[p.shown[i]].Heading {
		return false
	}
	p.cursor = i
	return true
}

// Size is the box that the picker would like, at most maxW x maxH.
func (p *Picker) Size(maxW, maxH int) (w, h int) {
	w = screen.Width(p.Title) + 8
	for _, c := range p.choices {
		w = max(w, screen.Width(c.Label)+screen.Width(c.Detail)+10)
	}
	h = len(p.choices) + 2
	if p.Filter || p.FreeInput {
		h += 2
		w = max(w, 44)
	}
	h = max(h, 3)
	return min(w, maxW), min(h, maxH)
}

// Draw gives the lines of the box and the cursor's place in it (-1 when there is no field).
func (p *Picker) Draw(set *style.Set, w, h int) (lines []string, cx, cy int) {
	inner := w - 2
	var body []string
	cx, cy = -1, -1
	rows := h - 2
	if p.Filter || p.FreeInput {
		field, x := p.Input.Line(set, inner-4)
		body = append(body, "  "+field, set.Do(style.Faint, strings.Repeat("─", inner)))
		cx, cy = x+3, 1
		rows -= 2
	}
	p.rows = max(rows, 0)
	p.scroll()
	if len(p.shown) == 0 && p.Empty != "" {
		body = append(body, set.Do(style.Muted, "  "+p.Empty))
	}
	thumb, size := Thumb(p.top, p.rows, len(p.shown))
	for y := range min(p.rows, len(p.shown)-p.top) {
		i := p.top + y
		bar := size > 0 && y >= thumb && y < thumb+size
		body = append(body, p.line(set, p.choices[p.shown[i]], inner, i == p.cursor, bar))
	}
	return Box(set, w, h, p.Title, "", body), cx, cy
}

func (p *Picker) scroll() {
	p.top = min(p.top, max(len(p.shown)-p.rows, 0))
	if p.cursor < p.top {
		p.top = p.cursor
		for p.top > 0 && p.choices[p.shown[p.top-1]].Heading {
			p.top--
		}
	}
	if p.cursor >= p.top+p.rows {
		p.top = p.cursor - p.rows + 1
	}
	p.top = max(p.top, 0)
}

func (p *Picker) line(set *style.Set, c Choice, w int, selected, thumb bool) string {
	end := " "
	if thumb {
		end = set.On(style.Faint) + "▐"
	}
	if c.Heading {
		return set.Do(style.AccentStrong, screen.Fit("  "+c.Label, w-1, Tail)) + end
	}
	label, detail := style.Text, style.Muted
	if c.Muted {
		label = style.Muted
	}
	var b strings.Builder
	if selected {
		b.WriteString(set.Select)
		label, detail = set.Under(style.Strong), set.Under(style.Muted)
	}
	d := screen.Cut(c.Detail, w/2, Tail)
	dw := screen.Width(d)
	b.WriteString(set.On(label))
	b.WriteString("  ")
	b.WriteString(screen.Fit(c.Label, w-dw-6, Tail))
	b.WriteString("  ")
	b.WriteString(set.On(detail))
	b.WriteString(d)
	b.WriteString(" ")
	b.WriteString(end)
	b.WriteString(style.Reset)
	return b.String()
}
