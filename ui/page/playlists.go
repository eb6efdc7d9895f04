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
	env  *Env
	w, h int
}

func newPlaylists(env *Env, p Place) Page {
	s := &playlists{env: env}
	s.change(p)
	return s
}

func (s *playlists) change(p Place) {
	p.View = Playlists
	s.List = newList(s.env, p, "playlists")
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
		ids, texts = append(ids, a.ID), append(texts, AccountName(a))
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
	return 2
}

// Title is the view's name.
func (s *playlists) Title() string { return "Playlists" }

// Resize gives the page its cells.
func (s *playlists) Resize(w, h int) {
	s.w, s.h = w, h
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
	s.change(Place{Of: music.Section(ids[(i%n+n)%n], music.SectionPlaylists), Title: "Playlists"})
}

// Click opens a tab or goes to a row.
func (s *playlists) Click(x, y int) bool {
	if y >= s.head() {
		return s.List.Click(x, y-s.head())
	}
	ids, texts, _ := s.tabs()
	for i, span := range Spans(texts, widget.Gutter) {
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
	if head := s.head(); head > 0 {
		_, texts, open := s.tabs()
		line := Tabs(s.env.Set, texts, open, widget.Gutter, s.w)
		if k := s.env.Keys; s.w >= 72 {
			hint := k.Key(keymap.PrevTab) + " " + k.Key(keymap.NextTab) + " account"
			spans := Spans(texts, widget.Gutter)
			if at := s.w - screen.Width(hint) - widget.Gutter; at > spans[len(spans)-1][1] {
				line = screen.Fit(line, at, "") + s.env.Set.Do(style.Muted, hint) + screen.Spaces(widget.Gutter)
			}
		}
		dst = append(dst, line)
		if head > 1 {
			dst = append(dst, screen.Spaces(s.w))
		}
	}
	return s.List.Lines(dst, focused)
}
