package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// help opens the help: every action with its keys, filtered as you type; Enter runs the row.
func (m *Model) help() {
	p := &pick{Picker: widget.Picker{Title: "Help", Filter: true, Empty: "No command is called that."}}
	p.Input.Placeholder = "type to filter, Enter runs it"
	var rows []widget.Choice
	defs := m.keys.Defs()
	at := map[keymap.Action]int{}
	for i, d := range defs {
		at[d.Name] = i
	}
	for _, g := range m.keys.Help(m.context()) {
		rows = append(rows, widget.Choice{Label: g.Name, Heading: true})
		for _, e := range g.Entries {
			keys := strings.Join(e.Keys, "  ")
			if keys == "" {
				keys = ":" + string(e.Action)
			}
			rows = append(rows, widget.Choice{Label: e.Title, Detail: keys, Muted: !e.Live, Search: string(e.Action) + " " + g.Name, ID: at[e.Action]})
		}
	}
	p.SetChoices(rows)
	p.choose = func(m *Model, c widget.Choice, _ string) tea.Cmd { return m.runDef(defs[c.ID]) }
	m.push(p)
}

// runDef does an action chosen in the help or the palette.
func (m *Model) runDef(d keymap.Def) tea.Cmd {
	if d.Context == keymap.Popup || d.Context == keymap.Input {
		return nil
	}
	return m.do(d.Name, 1)
}

// palette opens all commands.
func (m *Model) palette() {
	p := &pick{Picker: widget.Picker{Title: "Commands", Filter: true, Empty: "No command is called that."}}
	p.Input.Placeholder = "what do you want to do?"
	defs := m.keys.Defs()
	var rows []widget.Choice
	for i, d := range defs {
		if d.Hidden || d.Group == "Move" {
			continue
		}
		rows = append(rows, widget.Choice{Label: m.inWords(d), Detail: m.keys.Key(d.Name), Search: string(d.Name) + " " + d.Group, ID: i})
	}
	p.SetChoices(rows)
	p.choose = func(m *Model, c widget.Choice, _ string) tea.Cmd { return m.runDef(defs[c.ID]) }
	m.push(p)
}

// inWords is an action's title; undo and redo say what they would take back.
func (m *Model) inWords(d keymap.Def) string {
	switch {
	case d.Name == keymap.Undo && m.env.Queue.Undo != "":
		return d.Title + ": " + screen.Clean(m.env.Queue.Undo)
	case d.Name == keymap.Redo && m.env.Queue.Redo != "":
		return d.Title + ": " + screen.Clean(m.env.Queue.Redo)
	}
	return d.Title
}

// menuRow is a row of a menu.
type menuRow struct {
	label string
	key   keymap.Action
	do    func() tea.Cmd
}

// actionsMenu offers what can be done with a selection; at is the cell it was
// asked from, nil = the middle.
func (m *Model) actionsMenu(sel page.Selection, at *[2]int) {
	if len(sel.Items) == 0 {
		return
	}
	rows := m.selectionRows(sel)
	title := sel.Items[0].ItemName()
	if len(sel.Items) > 1 {
		title = plural(len(sel.Items), "row")
	}
	m.menu(title, rows).anchor = at
}

// menu opens a popup of things to do.
func (m *Model) menu(title string, rows []menuRow) *pick {
	p := &pick{Picker: widget.Picker{Title: title}}
	choices := make([]widget.Choice, len(rows))
	for i, r := range rows {
		choices[i] = widget.Choice{Label: r.label, Detail: m.keys.Key(r.key), ID: i}
	}
	p.SetChoices(choices)
	p.choose = func(_ *Model, c widget.Choice, _ string) tea.Cmd { return rows[c.ID].do() }
	m.push(p)
	return p
}

// selectionRows lists what makes sense for a selection.
func (m *Model) selectionRows(sel page.Selection) []menuRow {
	var rows []menuRow
	send := func(c session.Command) func() tea.Cmd {
		return func() tea.Cmd {
			m.env.Send(c)
			return nil
		}
	}
	act := func(a keymap.Action) func() tea.Cmd {
		return func() tea.Cmd { return m.do(a, 1) }
	}
	add := func(label string, key keymap.Action, do func() tea.Cmd) { rows = append(rows, menuRow{label, key, do}) }
	asks, refs := sel.Asks(), sel.Refs()
	one := len(sel.Items) == 1
	playing := one && len(refs) == 1 && refs[0] == m.playingRef() && len(m.current().Selection().Refs()) == 0
	if one && len(refs) == 1 && !refs[0].IsTrack() {
		add("Open", keymap.Open, act(keymap.Open))
		add("Play", keymap.PlayAll, send(session.PlayContext{Ask: music.Ask{Of: refs[0]}}))
	} else if one && !playing {
		add("Play", keymap.Open, act(keymap.Open))
	}
	if len(asks) > 0 {
		add("Queue at the end", keymap.Enqueue, send(session.Enqueue{Asks: asks, Where: session.AtEnd}))
		add("Queue next", keymap.EnqueueNext, send(session.Enqueue{Asks: asks, Where: session.AfterCurrent}))
		add("Add to a playlist …", keymap.AddTo, func() tea.Cmd { m.addTo(sel); return nil })
		if word := starWord(sel); word != "" {
			add(word, keymap.Star, send(session.Star{Refs: refs}))
		}
		if m.can(refs[0]).Radio {
			add("Radio from here", keymap.Radio, send(session.PlayRadio{Of: refs[0]}))
		}
	}
	if c := m.current().Context(); c == keymap.Queue || c == keymap.Playlist {
		add("Remove from this list", keymap.Remove, act(keymap.Remove))
	}
	if t, ok := track(sel); ok {
		if !t.AlbumRef.IsZero() {
			add("Go to the album", keymap.RowAlbum, m.opener(t.AlbumRef, t.Album))
		}
		if !t.ArtistRef.IsZero() {
			add("Go to the artist", keymap.RowArtist, m.opener(t.ArtistRef, t.Artist()))
		}
		switch bookmarks := m.can(t.Ref).Bookmark; {
		case t.At > 0:
			add("Remove the bookmark", "", send(session.Bookmark{Track: t.Ref, Remove: true}))
		case bookmarks && t.Ref == m.playingRef():
			add("Bookmark this place", keymap.Bookmark, send(session.Bookmark{}))
		}
		for stars := 5; stars >= 0 && m.canRate(t.Ref.Account); stars-- {
			if stars != t.Rating {
				add("Rate "+rateWord(stars), "", send(session.Rate{Refs: refs, Stars: stars}))
			}
		}
	}
	if p, ok := sel.Items[0].(music.Playlist); ok && one {
		if p.Writable && !p.Theirs {
			add("Rename …", keymap.Rename, act(keymap.Rename))
			add("Delete", keymap.DeleteList, act(keymap.DeleteList))
		}
		if p.Followed {
			add("Unfollow", keymap.DeleteList, act(keymap.DeleteList))
		}
	}
	if len(refs) > 0 {
		if c := m.can(refs[0]); c.Offline {
			add("Keep for offline, or not", keymap.MarkOffline, send(session.MarkOffline{Refs: refs}))
		}
		if c := m.can(refs[0]); c.Share {
			add("Share …", keymap.Share, act(keymap.Share))
		}
	}
	if marks := m.searchMarks(); len(marks) > 0 {
		add("Keep for offline what the search finds, or not", "", send(session.MarkOffline{Refs: marks}))
	}
	if words, _ := m.search(); words != "" {
		add("Save the search as a live playlist …", keymap.SaveSearch, act(keymap.SaveSearch))
	}
	add("Details", keymap.Details, func() tea.Cmd { m.detailsOf(sel.Items[0]); return nil })
	if !playing {
		add("Copy the link", keymap.CopyLink, func() tea.Cmd { return m.copy(true) })
	}
	return rows
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

// sortMenu offers the orders of the list.
func (m *Model) sortMenu() {
	l, ok := m.current().(page.Lister)
	if !ok {
		return
	}
	all, now := l.Sorts()
	if len(all) == 0 {
		m.say(session.Info, "this list has one order only")
		return
	}
	p := &pick{Picker: widget.Picker{Title: "Sort by"}}
	rows := make([]widget.Choice, len(all))
	at := 0
	for i, s := range all {
		rows[i] = widget.Choice{Label: page.SortName(s), ID: i}
		if s == now {
			rows[i].Detail, at = "now", i
		}
	}
	p.SetChoices(rows)
	p.Move(at)
	p.choose = func(m *Model, c widget.Choice, _ string) tea.Cmd { m.sortBy(all[c.ID]); return nil }
	m.push(p)
}

func (m *Model) sortBy(s music.Sort) {
	l, ok := m.current().(page.Lister)
	if !ok {
		return
	}
	all, _ := l.Sorts()
	for i, x := range all {
		if x == s {
			if i == 0 {
				s = music.SortDefault
			}
			l.SetSort(s)
			m.save()
			return
		}
	}
	m.say(session.Warning, "this list cannot be sorted by “"+string(s)+"”")
}

// themeMenu offers the themes.
func (m *Model) themeMenu() {
	names := style.Names(m.opt.ThemeDir)
	p := &pick{Picker: widget.Picker{Title: "Theme"}}
	rows, at := make([]widget.Choice, len(names)), 0
	for i, n := range names {
		rows[i] = widget.Choice{Label: n, ID: i}
		if n == m.theme.Name {
			rows[i].Detail, at = "now", i
		}
	}
	p.SetChoices(rows)
	p.Move(at)
	p.choose = func(m *Model, c widget.Choice, _ string) tea.Cmd { return m.loadTheme(names[c.ID]) }
	m.push(p)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return itoa(n) + " " + what + "s"
}
