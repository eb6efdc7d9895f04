package ui

import (
	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// findAgain looks in a list that is not filtered for what was looked for last.
// In a filtered list every row is a match, and the list itself goes to the next.
func (m *Model) findAgain() {
	words := m.historyOf(promptFind, 0)
	l, ok := m.current().(page.Lister)
	switch {
	case !ok:
		m.say(session.Info, "there are no rows to find here")
	case l.Filter() != "":
		m.say(session.Info, "nothing here matches “"+l.Filter()+"”")
	case words == "":
		m.say(session.Info, "nothing was looked for yet: "+m.keys.Key(keymap.Find)+" finds")
	default:
		m.filter(words)
	}
}

// whichAccounts offers the accounts that may be searched.
func (m *Model) whichAccounts() {
	type searcher interface {
		In(id music.AccountID)
		Only() music.AccountID
	}
	if _, ok := m.current().(searcher); !ok {
		m.show(page.Search)
	}
	s, ok := m.current().(searcher)
	if !ok {
		return
	}
	row := func(id music.AccountID, name string) menuRow {
		if id == s.Only() {
			name += "  (now)"
		}
		return menuRow{name, "", func() tea.Cmd { s.In(id); m.save(); return nil }}
	}
	rows := []menuRow{row("", "Everywhere")}
	for _, a := range m.env.Accounts {
		rows = append(rows, row(a.ID, page.AccountName(a.ID)))
	}
	m.menu("Search", rows)
}

// search is the search on the screen as one of the whole library; empty with the
// reason where there is none.
func (m *Model) search() (words, why string) {
	p := m.current().Place()
	switch {
	case p.Filter == "":
		return "", "search or filter for something first, then save it"
	case m.view == page.Search && len(m.stacks[page.Search]) == 1:
		return p.Filter, ""
	}
	if words := page.Live(p.Of, p.Filter); words != "" {
		return words, ""
	}
	return "", "a live playlist is of the whole library: search there with " + m.keys.Key(keymap.GoSearch)
}

// searchMarks is the search on the screen as what it finds at each account that keeps
// offline copies; none where there is no search.
func (m *Model) searchMarks() []music.Ref {
	p := m.current().Place()
	if p.Filter == "" || m.view != page.Search || len(m.stacks[page.Search]) != 1 {
		return nil
	}
	var all []music.Ref
	for _, a := range m.env.Accounts {
		if a.Can.Offline && (p.Of.Account == music.Local || p.Of.Account == a.ID) {
			all = append(all, music.Ref{Account: a.ID, Kind: music.KindSearch, ID: p.Filter})
		}
	}
	return all
}

// saveSearch asks for the name of the live playlist.
func (m *Model) saveSearch() {
	if _, why := m.search(); why != "" {
		m.say(session.Info, why)
		return
	}
	m.ask(promptSaveSearch, "save the search as: ", "")
}

// saveSearchAs makes the search on the screen a live playlist.
func (m *Model) saveSearchAs(name string) {
	words, why := m.search()
	if why != "" {
		m.say(session.Info, why)
		return
	}
	m.env.Send(session.PlaylistCreate{Account: music.Local, Name: name, Query: words})
}
