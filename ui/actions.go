package ui

import (
	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// actions gathers the rows of a menu: what makes sense for a selection.
type actions struct {
	m    *Model
	sel  page.Selection
	here bool // it is what is selected on the page: what acts on that may be offered
	rows []menuRow
}

// actionsMenu offers what can be done with what is selected on the page; at is the cell
// it was asked from, nil = the middle.
func (m *Model) actionsMenu(at *[2]int) {
	a := actions{m: m, sel: m.selection(), here: true}
	if len(a.sel.Items) > 0 {
		a.open().anchor = at
	}
}

// playingMenu offers what can be done with what plays, wherever the cursor is.
func (m *Model) playingMenu() {
	if m.env.Loaded() {
		a := actions{m: m, sel: page.Selection{Items: []music.Item{m.env.Play.Track}}}
		a.open()
	}
}

func (a *actions) open() *pick {
	a.play()
	if a.here {
		a.edit()
	}
	if t, ok := track(a.sel); ok {
		a.track(t)
	}
	if a.here {
		a.playlist()
	}
	a.atService()
	if a.here {
		a.search()
	}
	a.add("Details", keymap.Details, func() tea.Cmd { a.m.detailsOf(a.sel.Items[0]); return nil })
	a.add("Copy the link", keymap.CopyLink, func() tea.Cmd { return a.m.copyItems(a.sel.Items, true) })
	title := a.sel.Items[0].ItemName()
	if len(a.sel.Items) > 1 {
		title = plural(len(a.sel.Items), "row")
	}
	return a.m.menu(title, a.rows)
}

func (a *actions) add(label string, key keymap.Action, do func() tea.Cmd) {
	a.rows = append(a.rows, menuRow{label, key, do})
}

// send adds a row that is a command.
func (a *actions) send(label string, key keymap.Action, c session.Command) {
	a.add(label, key, func() tea.Cmd { a.m.env.Send(c); return nil })
}

// act adds a row that does what its key does.
func (a *actions) act(label string, key keymap.Action) {
	a.add(label, key, func() tea.Cmd { return a.m.do(key, 1) })
}

// play adds what plays and queues the selection.
func (a *actions) play() {
	asks, refs := a.sel.Asks(), a.sel.Refs()
	switch one := len(a.sel.Items) == 1; {
	case one && len(refs) == 1 && !refs[0].IsTrack():
		a.act("Open", keymap.Open)
		a.send("Play", keymap.PlayAll, session.PlayContext{Ask: music.Ask{Of: refs[0]}})
	case one && a.here && a.m.view != page.Now:
		a.act("Play", keymap.Open)
	}
	if len(asks) == 0 {
		return
	}
	a.send("Queue at the end", keymap.Enqueue, session.Enqueue{Asks: asks, Where: session.AtEnd})
	a.send("Queue next", keymap.EnqueueNext, session.Enqueue{Asks: asks, Where: session.AfterCurrent})
	a.add("Add to a playlist …", keymap.AddTo, func() tea.Cmd { a.m.addTo(a.sel); return nil })
	if word := starWord(a.sel); word != "" {
		a.send(word, keymap.Star, session.Star{Refs: refs})
	}
	if a.m.can(refs[0]).Radio {
		a.send("Radio from here", keymap.Radio, session.PlayRadio{Of: refs[0]})
	}
}

// edit adds what changes the list on the screen.
func (a *actions) edit() {
	if c := a.m.current().Context(); c == keymap.Queue || c == keymap.Playlist {
		a.act("Remove from this list", keymap.Remove)
	}
}

// track adds where a track leads, and what its service keeps of it.
func (a *actions) track(t music.Track) {
	if !t.AlbumRef.IsZero() {
		a.add("Go to the album", keymap.RowAlbum, a.m.opener(t.AlbumRef, t.Album))
	}
	if !t.ArtistRef.IsZero() {
		a.add("Go to the artist", keymap.RowArtist, a.m.opener(t.ArtistRef, t.Artist()))
	}
	can := a.m.can(t.Ref)
	switch {
	case t.At > 0:
		a.send("Remove the bookmark", "", session.Bookmark{Track: t.Ref, Remove: true})
	case can.Bookmark && t.Ref == a.m.playingRef():
		a.send("Bookmark this place", keymap.Bookmark, session.Bookmark{})
	}
	for stars := 5; stars >= 0 && can.Rate; stars-- {
		if stars != t.Rating {
			a.send("Rate "+rateWord(stars), "", session.Rate{Refs: a.sel.Refs(), Stars: stars})
		}
	}
}

// playlist adds what can be done with a playlist as a whole.
func (a *actions) playlist() {
	p, ok := a.m.playlistRow()
	if !ok {
		return
	}
	if p.Writable && !p.Theirs {
		a.act("Rename …", keymap.Rename)
		a.act("Delete", keymap.DeleteList)
	}
	if p.Followed {
		a.act("Unfollow", keymap.DeleteList)
	}
}

// atService adds what the account of the selection does beside playing.
func (a *actions) atService() {
	refs := a.sel.Refs()
	if len(refs) == 0 {
		return
	}
	can := a.m.can(refs[0])
	if can.Offline {
		a.send("Keep for offline, or not", keymap.MarkOffline, session.MarkOffline{Refs: refs})
	}
	if can.Share {
		a.add("Share …", keymap.Share, func() tea.Cmd { a.m.share(refs, ""); return nil })
	}
}

// search adds what can be done with the search on the screen.
func (a *actions) search() {
	if marks := a.m.searchMarks(); len(marks) > 0 {
		a.send("Keep for offline what the search finds, or not", "", session.MarkOffline{Refs: marks})
	}
	if words, _ := a.m.search(); words != "" {
		a.act("Save the search as a live playlist …", keymap.SaveSearch)
	}
}

func (m *Model) opener(ref music.Ref, title string) func() tea.Cmd {
	return func() tea.Cmd {
		m.env.Open(page.Place{Of: ref, Title: title})
		return nil
	}
}

// starWord is what Star does with a selection; "" where nothing in it has stars.
func starWord(sel page.Selection) string {
	word := ""
	for _, it := range sel.Items {
		if c, ok := it.(music.Chart); ok {
			it = c.Item
		}
		starred := false
		switch it := it.(type) {
		case music.Track:
			starred = it.Starred
		case music.Album:
			starred = it.Starred
		case music.Artist:
			starred = it.Starred
		case music.Playlist:
			continue
		}
		if !starred {
			return "Star"
		}
		word = "Take the star away"
	}
	return word
}

// track gives the one track of a selection.
func track(sel page.Selection) (music.Track, bool) {
	if len(sel.Items) != 1 {
		return music.Track{}, false
	}
	it := sel.Items[0]
	if c, ok := it.(music.Chart); ok {
		it = c.Item
	}
	t, ok := it.(music.Track)
	return t, ok
}
