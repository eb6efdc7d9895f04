package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

// rateMenu offers the ratings of the selection.
func (m *Model) rateMenu() {
	refs := m.rated()
	if len(refs) == 0 {
		return
	}
	var rows []menuRow
	for stars := 5; stars >= 0; stars-- {
		rows = append(rows, menuRow{rateWord(stars), "", func() tea.Cmd { m.rate(refs, stars); return nil }})
	}
	m.menu("Rate", rows)
}

// rateTo rates the selection as it was typed.
func (m *Model) rateTo(arg string) {
	n, err := page.Stars(arg)
	if err != nil {
		m.say(session.Warning, err.Error())
		return
	}
	if refs := m.rated(); len(refs) > 0 {
		m.rate(refs, n)
	}
}

func (m *Model) rate(refs []music.Ref, stars int) {
	m.env.Send(session.Rate{Refs: refs, Stars: stars})
	m.endSelection()
}

// rated are the selected rows if they can be rated; if not it says so.
func (m *Model) rated() []music.Ref {
	refs := m.selection().Refs()
	for _, r := range refs {
		if !r.IsTrack() || !m.can(r).Rate {
			m.say(session.Info, "tracks can be rated, where their account keeps ratings")
			return nil
		}
	}
	return refs
}

func rateWord(n int) string {
	if n == 0 {
		return "none"
	}
	return strings.Repeat("★", n) + strings.Repeat("☆", 5-n)
}
