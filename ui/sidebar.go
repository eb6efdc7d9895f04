package ui

import (
	"strings"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// sidebar lists the accounts and their sections.
type sidebar struct {
	env    *page.Env
	rows   []sideRow
	cursor int
	top    int
	w, h   int
}

// sideRow is an account's heading, an empty line, or a section.
type sideRow struct {
	heading string
	state   session.ConnState
	note    string
	section music.Folder
}

func (r sideRow) open() bool { return !r.section.Ref.IsZero() }

// update takes the accounts; the cursor stays on its section.
func (s *sidebar) update(accounts []session.AccountInfo) {
	var keep music.Ref
	if s.cursor < len(s.rows) {
		keep = s.rows[s.cursor].section.Ref
	}
	s.rows = nil
	for i, a := range accounts {
		if i > 0 {
			s.rows = append(s.rows, sideRow{})
		}
		s.rows = append(s.rows, sideRow{heading: page.AccountName(a), state: a.State, note: screen.Clean(a.Note)})
		for _, f := range a.Sections {
			f.Name, f.Detail = screen.Clean(f.Name), screen.Clean(f.Detail)
			if f.Ref.ID == music.SectionSearch || strings.HasPrefix(f.Ref.ID, music.SectionToplist) {
				continue // they have views of their own
			}
			if f.Ref.ID == music.SectionErrors && f.Count == 0 {
				continue // known to be empty, and nobody looks for it then
			}
			s.rows = append(s.rows, sideRow{section: f})
		}
	}
	if !s.put(keep) {
		s.move(0)
	}
}

// find gives the first section of that name.
func (s *sidebar) find(id string) (music.Folder, bool) {
	for _, r := range s.rows {
		if r.open() && r.section.Ref.Kind == music.KindSection && r.section.Ref.ID == id {
			return r.section, true
		}
	}
	return music.Folder{}, false
}

// put moves the cursor to a section.
func (s *sidebar) put(ref music.Ref) bool {
	for i, r := range s.rows {
		if r.open() && r.section.Ref == ref {
			s.cursor = i
			s.scroll()
			return true
		}
	}
	return false
}

// move moves the cursor by so many sections.
func (s *sidebar) move(by int) {
	if len(s.rows) == 0 {
		return
	}
	step := 1
	if by < 0 {
		step = -1
	}
	at := min(max(s.cursor, 0), len(s.rows)-1)
	for i := at; i >= 0 && i < len(s.rows); i += step {
		if !s.rows[i].open() {
			continue
		}
		s.cursor = i
		if by == 0 || i != at && by == step {
			break
		}
		if i != at {
			by -= step
		}
	}
	s.scroll()
}

func (s *sidebar) chosen() (music.Folder, bool) {
	if s.cursor < 0 || s.cursor >= len(s.rows) || !s.rows[s.cursor].open() {
		return music.Folder{}, false
	}
	return s.rows[s.cursor].section, true
}

func (s *sidebar) resize(w, h int) {
	s.w, s.h = w, h
	s.scroll()
}

func (s *sidebar) scroll() {
	if s.h <= 0 {
		return
	}
	if s.cursor < s.top+1 {
		s.top = s.cursor - 1
	}
	if s.cursor >= s.top+s.h {
		s.top = s.cursor - s.h + 1
	}
	s.top = max(min(s.top, len(s.rows)-s.h), 0)
}

// lines draws the sidebar; active is the section that the list shows.
func (s *sidebar) lines(active music.Ref, focused bool) []string {
	out := make([]string, 0, s.h)
	for y := range s.h {
		i := s.top + y
		if i >= len(s.rows) {
			out = append(out, screen.Spaces(s.w))
			continue
		}
		out = append(out, s.line(s.rows[i], i == s.cursor && focused, s.rows[i].open() && s.rows[i].section.Ref == active))
	}
	return out
}

func (s *sidebar) line(r sideRow, selected, active bool) string {
	set := s.env.Set
	switch {
	case r.heading != "":
		mark, pen := page.StateMark(r.state)
		return set.Do(style.Muted, screen.Fit(" "+r.heading, s.w-3, widget.Tail)) + set.Do(pen, mark) + "  "
	case !r.open():
		return screen.Spaces(s.w)
	}
	pen, bar, bg := style.Text, " ", ""
	if active {
		pen, bar = style.AccentStrong, "▌"
	}
	if selected {
		bg = set.Select
		pen = set.Under(pen)
	}
	n := sideCount(r.section)
	name := screen.Fit(r.section.Name, s.w-5-screen.Width(n), widget.Tail)
	return bg + set.On(style.Accent) + bar + set.On(pen) + "  " + name + set.On(set.Under(style.Muted)) + n + "  " + style.Reset
}

// sideCount is the number beside a section, if it is known and says something.
func sideCount(f music.Folder) string {
	if f.Count > 0 {
		return screen.Thousands(f.Count)
	}
	return ""
}
