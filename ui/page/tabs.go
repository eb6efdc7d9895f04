package page

import (
	"strings"

	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

func (s *search) tabTexts() []string {
	var out []string
	for i, t := range searchTabs() {
		text := t[1]
		n, least := s.counts[i], s.least[i]
		if i == s.tab && s.list.rows.loaded && !s.list.place.Of.IsZero() && !s.every.on {
			n, least = s.list.rows.total, s.list.rows.open
		}
		if n >= 0 {
			text += " " + atLeast(n, least)
		}
		out = append(out, text)
	}
	return out
}

func (s *search) tabSpans() [][2]int {
	return Spans(s.tabTexts(), 3)
}

// note says where is searched, what was understood, and who did not answer.
func (s *search) note() (string, style.Pen) {
	l := s.list
	switch {
	case s.every.missing != "":
		return s.every.missing, style.Warn
	case s.every.on && s.every.note != "" && l.rows.total > 0:
		return s.every.note, style.Muted
	case !s.every.on && l.lacking() != "":
		return l.lacking(), style.Warn
	case !s.every.on && l.rows.page.Note != "" && l.rows.total > 0:
		return l.rows.page.Note, style.Muted // what slips were understood as
	case s.every.only != "":
		return "in " + clean(string(s.every.only)), style.Muted
	case s.every.on:
		return "everywhere", style.Muted
	}
	return "", style.Muted
}

// tabLines draws the tabs with the note at their right, or, where it has no room there and
// there is a line below them, in that.
func (s *search) tabLines(dst []string) []string {
	note, pen := s.note()
	tabs := Tabs(s.env.Set, s.tabTexts(), s.tab, 3, s.w)
	spans := s.tabSpans()
	room := s.w - spans[len(spans)-1][1] - 4 - widget.Gutter
	below := s.h >= 12
	switch {
	case note == "", room < 8 && !below:
		dst = append(dst, tabs)
	case screen.Width(note) > room && below:
		line := screen.Spaces(widget.Gutter) + s.env.Set.Do(pen, screen.Cut(note, s.w-2*widget.Gutter, widget.Tail))
		return append(dst, tabs, screen.Fit(line, s.w, ""))
	default:
		dst = append(dst, screen.Cut(tabs, s.w-room-widget.Gutter, "")+s.env.Set.Do(pen, screen.FitRight(note, room, widget.Tail))+screen.Spaces(widget.Gutter))
	}
	if below {
		dst = append(dst, screen.Spaces(s.w))
	}
	return dst
}

// Spans tells from which to which column each tab goes.
func Spans(texts []string, x int) [][2]int {
	var out [][2]int
	for _, t := range texts {
		w := screen.Width(t)
		out = append(out, [2]int{x, x + w})
		x += w + 3
	}
	return out
}

// Tabs draws tabs from column x on: the one that is open in the accent and in bold.
func Tabs(set *style.Set, texts []string, open, x, w int) string {
	var b strings.Builder
	b.WriteString(screen.Spaces(x))
	for i, t := range texts {
		if i > 0 {
			b.WriteString("   ")
		}
		if i == open {
			b.WriteString(set.Do(style.AccentStrong, t))
		} else {
			b.WriteString(set.Do(style.Muted, t))
		}
	}
	return screen.Fit(b.String(), w, "")
}
