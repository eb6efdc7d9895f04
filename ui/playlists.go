package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
	"segue/ui/widget"
)

// addTo offers the playlists that a selection can be added to, and a new one; nil = nothing
// is selected.
func (m *Model) addTo(sel page.Selection) *pick {
	asks := sel.Asks()
	if len(asks) == 0 {
		return nil
	}
	var lists []music.Playlist
	tickets := map[session.Ticket]bool{}
	p := &pick{Picker: widget.Picker{Title: "Add " + selWords(sel) + " to", Filter: true, Empty: "Enter makes a new playlist of that name."}}
	p.FreeInput = true
	p.Input.Placeholder = "a playlist, or the name of a new one"
	home := m.playlistsOf(asks)
	several := len(m.allKeepers()) > 1
	fill := func() {
		first := widget.Choice{Label: "new playlist …", ID: -1}
		if several {
			first.Detail = "in " + page.AccountName(home)
		}
		rows := []widget.Choice{first}
		for i, l := range lists {
			detail := itoa(l.Tracks)
			if several {
				detail = page.AccountName(l.Ref.Account) + "  " + detail
			}
			rows = append(rows, widget.Choice{Label: l.Name, Detail: detail, ID: i})
		}
		p.SetChoices(rows)
	}
	fill()
	p.size = [2]int{48, 16}
	p.news = func(_ *Model, p *pick, ev session.Event) {
		l, ok := ev.(session.PageLoaded)
		if !ok || !tickets[l.Ticket] {
			return
		}
		for _, it := range l.Page.Items {
			if pl, ok := it.(music.Playlist); ok && pl.Writable {
				pl.Name = screen.Clean(pl.Name)
				lists = append(lists, pl)
			}
		}
		fill()
	}
	create := func(m *Model, name string) {
		if name = strings.TrimSpace(name); name != "" {
			m.env.Send(session.PlaylistCreate{Account: home, Name: name, Add: asks})
		}
	}
	p.choose = func(m *Model, c widget.Choice, text string) tea.Cmd {
		m.endSelection()
		switch {
		case c.Label != "" && c.ID >= 0 && c.ID < len(lists):
			m.env.Send(session.PlaylistAdd{Playlist: lists[c.ID].Ref, Add: asks})
		case strings.TrimSpace(text) != "":
			create(m, text)
		default:
			m.ask(promptNewPlaylist, "new playlist: ", "").done = func(m *Model, name string) tea.Cmd { create(m, name); return nil }
		}
		return nil
	}
	for _, id := range m.keepers(asks) {
		t := m.env.Ticket()
		tickets[t] = true
		m.env.Send(session.Load{Ticket: t, Lane: "chooser " + string(id), Ask: music.Ask{Of: music.Section(id, music.SectionPlaylists), Limit: 500}})
	}
	m.push(p)
	return p
}

// newPlaylist asks for the name of an empty playlist.
func (m *Model) newPlaylist() {
	where := ""
	if len(m.allKeepers()) > 1 {
		where = " in " + page.AccountName(m.accountInView())
	}
	m.ask(promptNewPlaylist, "new playlist"+where+": ", "")
}

// createPlaylist makes an empty playlist in the account that is looked at.
func (m *Model) createPlaylist(name string) {
	if name = strings.TrimSpace(name); name != "" {
		m.env.Send(session.PlaylistCreate{Account: m.accountInView(), Name: name})
	}
}

// accountInView is the account of the list on the screen if playlists can be made in it,
// else the local one.
func (m *Model) accountInView() music.AccountID {
	if of := m.current().Place().Of; m.can(of).Playlists {
		return of.Account
	}
	return music.Local
}

// allKeepers are the accounts that playlists can be made in.
func (m *Model) allKeepers() []music.AccountID {
	var ids []music.AccountID
	for _, a := range m.env.Accounts {
		if a.Can.Playlists {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// playlistsOf is the account that a new playlist of a selection is made in: that of its
// tracks where all are of one that keeps playlists, else the local one.
func (m *Model) playlistsOf(asks []music.Ask) music.AccountID {
	id := asks[0].Of.Account
	for _, a := range asks {
		if a.Of.Account != id {
			return music.Local
		}
	}
	if m.can(asks[0].Of).Playlists {
		return id
	}
	return music.Local
}

// keepers are the accounts whose playlists a selection may be added to: the local one,
// which takes all, and that of its tracks.
func (m *Model) keepers(asks []music.Ask) []music.AccountID {
	ids := []music.AccountID{music.Local}
	if id := m.playlistsOf(asks); id != music.Local {
		ids = append(ids, id)
	}
	return ids
}

// endSelection drops marks and range once they were acted on.
func (m *Model) endSelection() {
	if m.current().Selection().Many {
		m.current().Act(keymap.Back, 1)
	}
}

func selWords(sel page.Selection) string {
	if len(sel.Items) == 1 {
		return "“" + screen.Cut(sel.Items[0].ItemName(), 24, widget.Tail) + "”"
	}
	return plural(len(sel.Items), "row")
}

// playlist is the playlist under the cursor, or the one on the screen.
func (m *Model) playlist() (music.Ref, string, bool) {
	if p, ok := m.playlistRow(); ok {
		return p.Ref, p.Name, true
	}
	if p := m.current().Place(); p.Of.Kind == music.KindPlaylist {
		return p.Of, m.current().Title(), true
	}
	m.say(session.Info, "there is no playlist under the cursor")
	return music.Ref{}, "", false
}

// playlistRow is the playlist under the cursor.
func (m *Model) playlistRow() (music.Playlist, bool) {
	sel := m.current().Selection()
	if len(sel.Items) != 1 {
		return music.Playlist{}, false
	}
	p, ok := sel.Items[0].(music.Playlist)
	return p, ok
}

func (m *Model) rename() {
	ref, name, ok := m.playlist()
	if !ok {
		return
	}
	m.ask(promptRename, "rename to: ", name).done = func(m *Model, text string) tea.Cmd {
		if text != "" && text != name {
			m.env.Send(session.PlaylistRename{Playlist: ref, Name: text})
		}
		return nil
	}
}

func (m *Model) renameTo(name string) {
	if ref, _, ok := m.playlist(); ok {
		m.env.Send(session.PlaylistRename{Playlist: ref, Name: name})
	}
}

// deletePlaylist asks first: it is the one edit that may reach beyond this list.
func (m *Model) deletePlaylist() {
	ref, name, ok := m.playlist()
	if !ok {
		return
	}
	ask, do := "Delete", "Delete the playlist"
	row, ok := m.playlistRow()
	if !ok {
		row, _ = m.side.playlist(ref) // we are inside of it
		inside, is := m.current().(interface{ Followed() bool })
		row.Followed = row.Followed || is && inside.Followed()
	}
	if row.Followed {
		ask, do = "Unfollow", "Take it out of the library"
	}
	p := &pick{Picker: widget.Picker{Title: ask + " “" + screen.Cut(name, 30, widget.Tail) + "”?"}}
	p.SetChoices([]widget.Choice{{Label: "Keep it", ID: 0}, {Label: do, Detail: m.keys.Key(keymap.Undo) + " brings it back", ID: 1}})
	p.choose = func(m *Model, c widget.Choice, _ string) tea.Cmd {
		if c.ID == 1 {
			m.env.Send(session.PlaylistDelete{Playlist: ref})
			if m.current().Place().Of == ref {
				m.back()
			}
		}
		return nil
	}
	m.push(p)
}
