package page

import (
	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// playlists is the page of all playlists, account by account: a tab for each that keeps
// some. With one account alone it is a list like any other.
type playlists struct {
	*List
	w, h int
}

func newPlaylists(env *Env, p Place) Page {
	s := &playlists{}
	s.change(env, p)
	return s
}

func (s *playlists) change(env *Env, p Place) {
	p.View = Playlists
	s.List = newList(env, p, "playlists")
	s.Resize(s.w, s.h)
}

// Account is the account whose playlists are shown.
func (s *playlists) Account() music.AccountID { return s.List.place.Of.Account }

// tabs are the accounts that keep playlists, and which of them is shown.
func (s *playlists) tabs() (ids []music.AccountID, texts []string, open int) {
	for _, a := range s.env.Accounts {
		if !KeepsPlaylists(a) {
			continue
		}
		if a.ID == s.Account() {
			open = len(ids)
		}
		ids, texts = append(ids, a.ID), append(texts, AccountName(a.ID))
	}
	return ids, texts, open
}

// KeepsPlaylists reports whether an account has playlists.
func KeepsPlaylists(a session.AccountInfo) bool {
	for _, f := range a.Sections {
		if f.Ref.ID == music.SectionPlaylists {
			return true
		}
	}
	return false
}

// head is how many lines the tabs take.
func (s *playlists) head() int {
	if ids, _, _ := s.tabs(); len(ids) < 2 || s.h < 4 {
		return 0
	}
	if s.h < 12 {
		return 1
	}
	return 3
}

// name stands before the tabs where there is room for it.
func (s *playlists) name() string {
	if s.w < 60 {
		return ""
	}
	return s.Title() + "   "
}

// tabsX is where the tabs begin.
func (s *playlists) tabsX() int { return widget.Gutter + len(s.name()) }

// Title is the view's name.
func (s *playlists) Title() string { return "Playlists" }

// Resize gives the page its cells.
func (s *playlists) Resize(w, h int) {
	s.w, s.h = w, h
	s.List.bare = s.head() > 0
	s.List.Resize(w, max(h-s.head(), 0))
}

// Act walks through the accounts with the tab keys.
func (s *playlists) Act(a keymap.Action, n int) bool {
	ids, _, open := s.tabs()
	switch {
	case len(ids) < 2:
	case a == keymap.NextTab:
		s.to(ids, open+n)
		return true
	case a == keymap.PrevTab:
		s.to(ids, open-n)
		return true
	}
	return s.List.Act(a, n)
}

func (s *playlists) to(ids []music.AccountID, i int) {
	n := len(ids)
	s.change(s.env, Place{Of: music.Section(ids[(i%n+n)%n], music.SectionPlaylists), Title: "Playlists"})
}

// Click opens a tab or goes to a row.
func (s *playlists) Click(x, y int) bool {
	if y >= s.head() {
		return s.List.Click(x, y-s.head())
	}
	ids, texts, _ := s.tabs()
	for i, span := range Spans(texts, s.tabsX()) {
		if y == 0 && x >= span[0] && x < span[1] {
			s.to(ids, i)
		}
	}
	return false
}

// Lines draws the tabs and the playlists of the account.
func (s *playlists) Lines(dst []string, focused bool) []string {
	if s.w <= 0 || s.h <= 0 {
		return dst
	}
	head := s.head()
	if s.List.bare != (head > 0) { // an account came or went
		s.Resize(s.w, s.h)
	}
	if head > 0 {
		dst = append(dst, s.top())
	}
	if head > 1 {
		dst = append(dst, screen.Fit(screen.Spaces(widget.Gutter)+s.below(), s.w, ""), screen.Spaces(s.w))
	}
	return s.List.Lines(dst, focused)
}

// top is the line of the view's name, the tabs, and where the cursor stands.
func (s *playlists) top() string {
	set := s.env.Set
	_, texts, open := s.tabs()
	line := screen.Spaces(widget.Gutter) + set.Do(style.Strong, s.name()) + Tabs(set, texts, open, 0, max(s.w-s.tabsX(), 0))
	right := s.counter()
	spans := Spans(texts, s.tabsX())
	at := s.w - screen.Width(right) - widget.Gutter
	if at <= spans[len(spans)-1][1] {
		return screen.Fit(line, s.w, "")
	}
	return screen.Fit(line, at, "") + set.Do(style.Muted, right) + screen.Spaces(widget.Gutter)
}

// below is what the list is filtered by, and what is to be known of it.
func (s *playlists) below() string {
	set, room := s.env.Set, max(s.w-2*widget.Gutter, 1)
	switch {
	case s.Filter() != "":
		return set.Do(style.Accent, screen.Cut("/"+clean(s.Filter()), room, widget.Tail))
	case s.lacking() != "":
		return set.Do(style.Warn, screen.Cut(s.lacking(), room, widget.Tail))
	}
	k := s.env.Keys
	return set.Do(style.Muted, screen.Cut(k.Key(keymap.PrevTab)+" "+k.Key(keymap.NextTab)+" account", room, widget.Tail))
}
