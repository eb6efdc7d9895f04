package ui

import (
	"strings"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

// elsewhere tells of the sections that have views of their own, and of the one that is
// known to be empty and that nobody looks for then.
func elsewhere(f music.Folder) bool {
	return f.Ref.ID == music.SectionSearch || strings.HasPrefix(f.Ref.ID, music.SectionToplist) || f.Ref.ID == music.SectionErrors && f.Count == 0
}

// below tells of the sections that stand among the playlists, under all accounts.
func below(a session.AccountInfo, f music.Folder) bool {
	return page.KeepsPlaylists(a) && (f.Ref.ID == music.SectionPlaylists || f.Ref.ID == music.SectionStarred)
}

// crowded reports whether the sections of all accounts leave the playlists less than a
// third of the height. It does not look at how many playlists there are, so that nothing
// folds while they are read.
func (s *sidebar) crowded() bool {
	if len(s.accounts) < 2 || s.h <= 0 {
		return false
	}
	rows := s.h/3 + 1
	for _, a := range s.accounts {
		rows += 2 // heading, empty line
		if s.folded[a.ID] {
			continue
		}
		for _, f := range a.Sections {
			if !elsewhere(f) && !below(a, f) {
				rows++
			}
		}
	}
	return rows > s.h
}

// shows reports whether an account shows its sections.
func (s *sidebar) shows(id music.AccountID) bool {
	if s.folded[id] {
		return false
	}
	return !s.tight || id == s.opened || s.opened == "" && id == s.accounts[0].ID
}

// fold shows the heading of an account alone, or its sections again.
func (s *sidebar) fold(id music.AccountID) {
	if s.folded == nil {
		s.folded = map[music.AccountID]bool{}
	}
	if s.shows(id) {
		s.folded[id] = true
	} else {
		delete(s.folded, id)
		s.opened = id
	}
	s.update(s.accounts)
}

// heading is the account whose heading the cursor is on; "" = it is on none.
func (s *sidebar) heading() music.AccountID {
	if s.cursor < 0 || s.cursor >= len(s.rows) {
		return ""
	}
	return s.rows[s.cursor].account
}

func (s *sidebar) putAccount(id music.AccountID) bool {
	for i, r := range s.rows {
		if id != "" && r.account == id {
			s.cursor = i
			s.scroll()
			return true
		}
	}
	return false
}
