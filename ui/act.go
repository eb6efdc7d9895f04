package ui

import (
	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// do does an action n times where that makes sense: the sidebar when it has the
// focus, then the page, then what works everywhere.
func (m *Model) do(a keymap.Action, n int) tea.Cmd {
	if (m.focus == paneSide || m.lay.main.Empty() && m.lay.tier != tierNone) && m.sideAct(a, n) {
		return nil
	}
	if m.focus == paneMain && m.current().Act(a, n) {
		return nil
	}
	if c, ok := m.transport(a, n); ok {
		for _, one := range c {
			m.env.Send(one)
		}
		return nil
	}
	if m.goTo(a) {
		return nil
	}
	return m.other(a)
}

// sideAct does an action on the sidebar.
func (m *Model) sideAct(a keymap.Action, n int) bool {
	s := &m.side
	switch a {
	case keymap.Down:
		s.move(n)
	case keymap.Up:
		s.move(-n)
	case keymap.Top:
		s.cursor = 0
		s.move(0)
	case keymap.Bottom:
		s.cursor = 0
		s.move(len(s.rows))
	case keymap.HalfDown, keymap.PageDown:
		s.move(max(s.h/2, 1))
	case keymap.HalfUp, keymap.PageUp:
		s.move(-max(s.h/2, 1))
	case keymap.Open, keymap.In:
		m.enterSide()
	case keymap.PlayAll:
		if f, ok := s.chosen(); ok {
			m.env.Send(session.PlayContext{Ask: music.Ask{Of: f.Ref}})
		}
	case keymap.Enqueue, keymap.EnqueueNext:
		if f, ok := s.chosen(); ok {
			m.env.Send(session.Enqueue{Asks: []music.Ask{{Of: f.Ref}}, Where: where(a)})
		}
	case keymap.Back, keymap.Out:
		m.focus, m.showB = paneMain, false
	case keymap.Find, keymap.Sort, keymap.Mark, keymap.Range, keymap.Remove, keymap.MoveDown, keymap.MoveUp,
		keymap.Star, keymap.AddTo, keymap.Details, keymap.Actions:
		return true // rows of the list, which has not got the focus
	default:
		return false
	}
	return true
}

// enterSide opens the section under the cursor, or folds the account's.
func (m *Model) enterSide() {
	if id := m.side.heading(); id != "" {
		m.side.fold(id)
		m.save()
		return
	}
	if m.side.unfold() {
		m.save()
		return
	}
	if f, ok := m.side.chosen(); ok {
		m.openSection(f)
	}
}

func where(a keymap.Action) session.Where {
	if a == keymap.EnqueueNext {
		return session.AfterCurrent
	}
	return session.AtEnd
}

// transport gives the commands of an action on what plays; ok = it is one.
func (m *Model) transport(a keymap.Action, n int) (c []session.Command, ok bool) {
	if a == keymap.StarPlaying {
		if m.env.Loaded() {
			c = append(c, session.Star{Refs: []music.Ref{m.playingRef()}})
		}
		return c, true
	}
	if (a == keymap.Toggle || a == keymap.Resume) && !m.env.Loaded() && m.env.Queue.Len == 0 {
		m.nothingToPlay()
		return nil, true
	}
	return page.Transport(a, n)
}

// nothingToPlay says what would play something, when Space finds the queue empty.
func (m *Model) nothingToPlay() {
	text := "nothing is queued"
	if row, _ := m.current().Row(); row != nil && m.view != page.Now {
		text += ": " + m.keys.Key(keymap.Open) + either(row.ItemRef().IsTrack(), " plays this track", " opens this, "+m.keys.Key(keymap.PlayAll)+" plays it")
	} else {
		text += ": " + m.keys.Key(keymap.GoLibrary) + " is the library"
	}
	m.say(session.Info, text)
}

// goTo does the actions that lead somewhere.
func (m *Model) goTo(a keymap.Action) bool {
	switch a {
	case keymap.GoLibrary:
		m.show(page.Library)
	case keymap.GoSearch:
		m.show(page.Search)
		if s, ok := m.current().(interface{ Focus() }); ok {
			s.Focus()
		}
	case keymap.GoPlaylists:
		m.show(page.Playlists)
	case keymap.GoQueue:
		m.show(page.Queue)
	case keymap.GoToplists:
		m.show(page.Toplists)
	case keymap.GoNow:
		m.show(page.Now)
	case keymap.GoAccounts:
		m.show(page.Accounts)
	case keymap.GoSettings:
		m.show(page.Settings)
	case keymap.GoDevices:
		m.show(page.Devices)
	case keymap.GoLog:
		m.toast = page.Toast{} // it is the last line
		m.show(page.Log)
	case keymap.GoFiles:
		if f, ok := m.side.find(music.SectionFiles); ok {
			m.openSection(f)
		} else {
			m.say(session.Info, "no account has files to browse")
		}
	case keymap.GoPlaying:
		m.goPlaying()
	case keymap.GoAlbum, keymap.GoArtist:
		m.goRelated(a == keymap.GoAlbum, m.heard())
	case keymap.RowAlbum, keymap.RowArtist:
		m.goRelated(a == keymap.RowAlbum, m.subject())
	case keymap.Back:
		if !m.back() && len(m.jobs) > 0 {
			m.cancelJob()
		}
	case keymap.Out:
		m.out()
	case keymap.NextPane, keymap.PrevPane:
		m.nextPane()
	default:
		return false
	}
	m.save()
	return true
}

// out leaves a place; from the outermost one it goes to the sidebar.
func (m *Model) out() {
	if len(m.stacks[m.view]) > 1 {
		m.back()
		return
	}
	m.nextPane()
}

// nextPane moves the focus between list and sidebar.
func (m *Model) nextPane() {
	switch {
	case m.focus == paneSide:
		m.focus, m.showB = paneMain, false // where it is a view of its own it hides the list
	case !m.lay.side.Empty() && len(m.side.rows) > 0:
		m.focus = paneSide
		m.side.put(m.activeSection())
	}
}

// goPlaying puts the cursor on the playing row: here if it is here, else in the queue.
func (m *Model) goPlaying() {
	if !m.env.Loaded() {
		m.say(session.Info, "nothing plays")
		return
	}
	if l, ok := m.current().(page.Lister); ok && m.view != page.Queue && l.Select(m.playingRef()) {
		return
	}
	m.show(page.Queue)
	s := m.stacks[page.Queue]
	m.stacks[page.Queue] = s[:1]
	if j, ok := m.current().(page.Jumper); ok {
		j.Jump(m.env.Queue.Index)
	}
}

// goRelated opens the album or the artist of a row; nil = there is none.
func (m *Model) goRelated(album bool, it music.Item) {
	if it == nil {
		m.say(session.Info, "there is no track to tell the "+either(album, "album", "artist")+" of")
		return
	}
	ref, title, what := page.Related(it, album)
	if ref.IsZero() {
		m.say(session.Info, "the "+what+" of “"+it.ItemName()+"” is not known")
		return
	}
	m.env.Open(page.Place{Of: ref, Title: title})
}

// heard is the track that plays, nil for none.
func (m *Model) heard() music.Item {
	if !m.env.Loaded() {
		return nil
	}
	return m.env.Play.Track
}

// subject is the track or album under the cursor, else the track that plays.
func (m *Model) subject() music.Item {
	if sel := m.current().Selection(); len(sel.Items) > 0 && m.focus == paneMain {
		it := sel.Items[0]
		if c, ok := it.(music.Chart); ok {
			it = c.Item
		}
		switch it.(type) {
		case music.Track, music.Album:
			return it
		default:
		}
	}
	return m.heard()
}
