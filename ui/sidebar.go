package ui

import (
	"slices"

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

	accounts []session.AccountInfo
	sections []music.Folder           // of all accounts, those too that are folded
	folded   map[music.AccountID]bool // accounts that show their heading alone, by wish
	tight    bool                     // not all sections have room: one account shows its own at a time
	opened   music.AccountID          // that one; "" = the first
	lists    lists
}

// sideRow is a heading, an empty line, the name of an account among the playlists, a
// section, a playlist or a folder of them.
type sideRow struct {
	heading string
	state   session.ConnState
	note    string
	section music.Folder
	account music.AccountID // of a heading that can be folded
	lists   bool            // the heading of the playlists
	word    string          // an account's name among the playlists
	folder  bool            // of playlists
	depth   int             // in how many folders it is
}

func (r sideRow) open() bool { return !r.section.Ref.IsZero() }

// stop reports whether the cursor can stand on the row.
func (r sideRow) stop() bool { return r.open() || r.account != "" || r.lists }

// update takes the accounts; the cursor stays on its row.
func (s *sidebar) update(accounts []session.AccountInfo) {
	var keep sideRow
	if s.cursor < len(s.rows) {
		keep = s.rows[s.cursor]
	}
	s.accounts = accounts
	if !slices.ContainsFunc(accounts, func(a session.AccountInfo) bool { return a.ID == s.opened }) {
		s.opened = ""
	}
	s.tight = s.crowded()
	s.rows, s.sections = nil, nil
	for i, a := range accounts {
		if i > 0 && (!s.tight || s.shows(a.ID) || s.shows(accounts[i-1].ID)) {
			s.rows = append(s.rows, sideRow{}) // headings alone stand close together
		}
		head := sideRow{heading: page.AccountName(a.ID), state: a.State, note: screen.Clean(a.Note)}
		if len(accounts) > 1 && len(a.Sections) > 0 { // one alone has nothing to make room for
			head.account = a.ID
		}
		s.rows = append(s.rows, head)
		s.add(a)
	}
	s.addLists()
	if keep.lists && s.putLists() {
		return
	}
	if !s.stand(keep.section.Ref) && !s.putAccount(keep.account) {
		s.move(0)
	}
}

// add puts the sections of an account under its heading, unless it is folded.
func (s *sidebar) add(a session.AccountInfo) {
	for _, f := range a.Sections {
		if elsewhere(f) {
			continue
		}
		f.Name, f.Detail = screen.Clean(f.Name), screen.Clean(f.Detail)
		s.sections = append(s.sections, f)
		if s.shows(a.ID) && !below(a, f) {
			s.rows = append(s.rows, sideRow{section: f})
		}
	}
}

// putLists puts the cursor on the heading of the playlists.
func (s *sidebar) putLists() bool {
	for i, r := range s.rows {
		if r.lists {
			s.cursor = i
			s.scroll()
			return true
		}
	}
	return false
}

// find gives the first section of that name.
func (s *sidebar) find(id string) (music.Folder, bool) {
	for _, f := range s.sections {
		if f.Ref.Kind == music.KindSection && f.Ref.ID == id {
			return f, true
		}
	}
	return music.Folder{}, false
}

// put moves the cursor to a section or a playlist; where the section is folded away for
// want of room, its account is the one that shows its own.
func (s *sidebar) put(ref music.Ref) {
	if ref.Kind == music.KindSection && ref.ID != music.SectionPlaylists && ref.Account != s.opened && s.at(ref) < 0 && s.holds(ref) {
		s.opened = ref.Account // the others make room for it
		s.update(s.accounts)
	}
	s.stand(ref)
}

// stand moves the cursor to the row of a section or a playlist, if it has one.
func (s *sidebar) stand(ref music.Ref) bool {
	if i := s.at(ref); i >= 0 {
		s.cursor = i
		s.scroll()
		return true
	}
	return ref.Kind == music.KindSection && ref.ID == music.SectionPlaylists && s.putLists()
}

// at is the row of a section or a playlist, -1 = there is none.
func (s *sidebar) at(ref music.Ref) int {
	for i, r := range s.rows {
		if r.open() && r.section.Ref == ref {
			return i
		}
	}
	return -1
}

// has reports whether a section or a playlist has a row.
func (s *sidebar) has(ref music.Ref) bool { return s.at(ref) >= 0 }

// holds reports whether there is such a section, with a row or without.
func (s *sidebar) holds(ref music.Ref) bool {
	return slices.ContainsFunc(s.sections, func(f music.Folder) bool { return f.Ref == ref })
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
		if !s.rows[i].stop() || by == 0 && !s.rows[i].open() && i == 0 && len(s.sections) > 0 && s.rows[i].account != "" && s.shows(s.rows[i].account) {
			continue // at the start it stands on a section
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
	was := s.h
	if s.w, s.h = w, h; h != was && s.crowded() != s.tight {
		s.update(s.accounts)
	}
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
		r := s.rows[i]
		shown := r.open() && r.section.Ref == active || r.lists && active.ID == music.SectionPlaylists && active.Kind == music.KindSection
		if r.account != "" && r.account == active.Account && active.Kind == music.KindSection && !s.shows(r.account) {
			shown = true // the section that the list shows is folded away in it
		}
		out = append(out, s.line(r, i == s.cursor && focused, shown))
	}
	return out
}

func (s *sidebar) line(r sideRow, selected, active bool) string {
	set := s.env.Set
	switch {
	case r.heading != "":
		return s.headingLine(r, selected, active)
	case r.word != "":
		return set.Do(style.Muted, screen.Fit("   "+r.word, s.w, widget.Tail))
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
	name := r.section.Name
	if r.folder {
		name = either(s.lists.open[r.section.Ref.String()], "▾ ", "▸ ") + name
	}
	name = screen.Fit(screen.Spaces(2*r.depth)+name, s.w-5-screen.Width(n), widget.Tail)
	return bg + set.On(style.Accent) + bar + set.On(pen) + "  " + name + set.On(set.Under(style.Muted)) + n + "  " + style.Reset
}

// headingLine draws an account's heading.
func (s *sidebar) headingLine(r sideRow, selected, active bool) string {
	set := s.env.Set
	mark, pen := page.StateMark(r.state)
	fold, word, bg := " ", style.Muted, ""
	if r.lists {
		mark = " "
	}
	switch {
	case r.lists && s.lists.shut, r.account != "" && !s.shows(r.account):
		fold = "▸"
	case r.lists && len(s.accounts) > 1, r.account != "":
		fold = "▾"
	}
	name := " " + fold + " " + r.heading
	if active {
		word = style.AccentStrong
	}
	if selected {
		bg, word, pen = set.Select, set.Under(style.Text), set.Under(pen)
	}
	return bg + set.On(word) + screen.Fit(name, s.w-3, widget.Tail) + set.On(pen) + mark + "  " + style.Reset
}

// sideCount is the number beside a section, if it is known and says something.
func sideCount(f music.Folder) string {
	if f.Count > 0 {
		return screen.Thousands(f.Count)
	}
	return ""
}
