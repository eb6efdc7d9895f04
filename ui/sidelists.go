package ui

import (
	"slices"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
)

// sideLists is how many playlists of an account, or of a folder, the sidebar shows.
const sideLists = 500

// lists are the playlists of all accounts for the sidebar: a tree with the stars of each
// account at its head. What was read stays until something newer is there.
type lists struct {
	pages map[music.Ref]music.Page // sections and folders that were read
	stale map[music.Ref]bool       // to be asked for
	asked map[session.Ticket]music.Ref
	open  map[string]bool // folders that show what is in them, by the text of their Ref
	shut  bool            // nothing but the heading is shown
}

// want notes that containers are to be read, at once or when the sidebar is shown.
func (s *sidebar) want(refs ...music.Ref) {
	if s.lists.stale == nil {
		s.lists.stale = map[music.Ref]bool{}
	}
	for _, r := range refs {
		s.lists.stale[r] = true
	}
}

// fetch asks for what is wanted.
func (s *sidebar) fetch() {
	l := &s.lists
	if len(l.stale) == 0 || l.shut {
		return
	}
	if l.asked == nil {
		l.asked = map[session.Ticket]music.Ref{}
	}
	for ref := range l.stale {
		limit := sideLists
		if ref.ID == music.SectionStarred && ref.Kind == music.KindSection {
			limit = 1 // only how many there are
		}
		t := s.env.Ticket()
		l.asked[t] = ref
		s.env.Send(session.Load{Ticket: t, Lane: "sidebar " + ref.String(), Ask: music.Ask{Of: ref, Limit: limit}})
	}
	clear(l.stale)
}

// listNames are the names of the playlists that were read and can be added to.
func (s *sidebar) listNames() []string {
	var names []string
	for _, p := range s.lists.pages {
		for _, it := range p.Items {
			if l, ok := it.(music.Playlist); ok && l.Writable {
				names = append(names, screen.Clean(l.Name))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// playlist is one of those that were read.
func (s *sidebar) playlist(ref music.Ref) (music.Playlist, bool) {
	for _, p := range s.lists.pages {
		for _, it := range p.Items {
			if l, ok := it.(music.Playlist); ok && l.Ref == ref {
				return l, true
			}
		}
	}
	return music.Playlist{}, false
}

// keeper is the account whose playlists are shown first: the local one, but where it is
// known to have none the first that has some.
func (s *sidebar) keeper() music.AccountID {
	known := func(id music.AccountID) (n int, read bool) {
		p, read := s.lists.pages[music.Section(id, music.SectionPlaylists)]
		return len(p.Items), read
	}
	if n, read := known(music.Local); !read || n > 0 {
		return music.Local
	}
	for _, a := range s.accounts {
		if n, _ := known(a.ID); n > 0 && page.KeepsPlaylists(a) {
			return a.ID
		}
	}
	return music.Local
}

// apply takes news of playlists and stars.
func (s *sidebar) apply(ev session.Event) {
	l := &s.lists
	switch ev := ev.(type) {
	case session.PageLoaded:
		ref, ours := l.asked[ev.Ticket]
		if !ours {
			return
		}
		delete(l.asked, ev.Ticket)
		if ev.Fault != nil && len(ev.Page.Items) == 0 {
			return // what is shown stays
		}
		if l.pages == nil {
			l.pages = map[music.Ref]music.Page{}
		}
		l.pages[ref] = ev.Page
		s.update(s.accounts)
	case session.ContainerChanged:
		s.changed(ev.Of)
	case session.Resync: // answers may have been lost
		for _, ref := range l.asked {
			s.want(ref)
		}
		clear(l.asked)
		s.changed(music.Ref{})
	default:
	}
}

// changed wants what a container's change concerns; the zero Ref is everything.
func (s *sidebar) changed(of music.Ref) {
	for ref := range s.lists.pages {
		account := ref.Account == of.Account
		switch {
		case of.IsZero(), of == ref, account && of.Kind == music.KindPlaylist && ref.ID != music.SectionStarred:
			s.want(ref)
		}
	}
}

// addLists puts the group of playlists under the accounts.
func (s *sidebar) addLists() {
	var keepers []session.AccountInfo
	for _, a := range s.accounts {
		if page.KeepsPlaylists(a) {
			keepers = append(keepers, a)
		}
	}
	if len(keepers) == 0 {
		return
	}
	s.rows = append(s.rows, sideRow{}, sideRow{heading: "Playlists", lists: true})
	for _, a := range keepers {
		for _, id := range []string{music.SectionStarred, music.SectionPlaylists} {
			if ref := music.Section(a.ID, id); has(a, id) {
				if _, read := s.lists.pages[ref]; !read && !s.waits(ref) {
					s.want(ref)
				}
			}
		}
		if s.lists.shut {
			continue
		}
		if len(keepers) > 1 {
			s.rows = append(s.rows, sideRow{word: page.AccountName(a.ID)})
		}
		if has(a, music.SectionStarred) {
			ref := music.Section(a.ID, music.SectionStarred)
			s.rows = append(s.rows, sideRow{section: music.Folder{Ref: ref, Name: "♥ Starred", Count: s.lists.pages[ref].Total}})
		}
		s.addTree(music.Section(a.ID, music.SectionPlaylists), 0)
	}
}

func has(a session.AccountInfo, section string) bool {
	for _, f := range a.Sections {
		if f.Ref.ID == section {
			return true
		}
	}
	return false
}

// waits reports whether an answer about ref is on its way.
func (s *sidebar) waits(ref music.Ref) bool {
	for _, r := range s.lists.asked {
		if r == ref {
			return true
		}
	}
	return false
}

// deepest is how deep folders of playlists are shown: a server's loop ends there.
const deepest = 5

// addTree puts the rows of a container of playlists, and of the folders in it that are
// open.
func (s *sidebar) addTree(of music.Ref, depth int) {
	for _, it := range s.lists.pages[of].Items {
		ref := it.ItemRef()
		row := sideRow{section: music.Folder{Ref: ref, Name: screen.Clean(it.ItemName())}, depth: depth}
		switch v := it.(type) {
		case music.Playlist:
			row.section.Count = v.Tracks
			s.rows = append(s.rows, row)
		case music.Folder:
			row.folder = true
			s.rows = append(s.rows, row)
			if !s.lists.open[ref.String()] || depth >= deepest {
				continue
			}
			if _, read := s.lists.pages[ref]; !read && !s.waits(ref) {
				s.want(ref)
			}
			s.addTree(ref, depth+1)
		default:
		}
	}
}

// unfold shows what is in the folder under the cursor, or hides it again; of the heading,
// all playlists. false = there is no folder.
func (s *sidebar) unfold() bool {
	if s.cursor < 0 || s.cursor >= len(s.rows) {
		return false
	}
	r, l := s.rows[s.cursor], &s.lists
	switch {
	case r.lists:
		l.shut = !l.shut
	case r.folder:
		if l.open == nil {
			l.open = map[string]bool{}
		}
		if key := r.section.Ref.String(); l.open[key] {
			delete(l.open, key)
		} else {
			l.open[key] = true
		}
	default:
		return false
	}
	s.update(s.accounts)
	return true
}

// onLists reports whether the cursor is on the heading of the playlists, or on a folder.
func (s *sidebar) onLists() (is, open bool) {
	if s.cursor < 0 || s.cursor >= len(s.rows) {
		return false, false
	}
	r := s.rows[s.cursor]
	return r.lists || r.folder, r.lists && !s.lists.shut || r.folder && s.lists.open[r.section.Ref.String()]
}
