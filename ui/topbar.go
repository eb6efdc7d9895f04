package ui

import (
	"strings"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
	"segue/ui/style"
)

// topBar names the program, the views and the accounts.
func (m *Model) topBar() string {
	set := m.env.Set
	if m.lay.tier == tierMini {
		return m.miniBar()
	}
	left := "   " + set.Do(style.AccentStrong, "segue")
	open := style.Strong
	if m.lay.tier >= tierWide {
		left += "   "
	} else {
		left, open = " ", style.AccentStrong // no name beside it has the accent
	}
	for _, v := range page.Views() {
		pen := style.Muted
		if v == m.view {
			pen = open
		}
		left += "  " + set.Do(pen, v.Title())
		if v == page.Queue && m.env.Queue.Len > 0 && m.lay.tier >= tierWide {
			left += set.Do(style.Muted, " "+screen.Thousands(m.env.Queue.Len))
		}
	}
	room := m.w - screen.Width(left) - margin
	right := m.accountLine(room - barGap)
	return left + screen.Spaces(room-screen.Width(right)) + right + screen.Spaces(margin)
}

func (m *Model) miniBar() string {
	return " " + m.env.Set.Do(style.AccentStrong, m.view.Title()) +
		m.env.Set.Do(style.Muted, screen.Fit("  "+m.keys.Key(keymap.Help)+" help", m.w-1-screen.Width(m.view.Title()), ""))
}

// barGap is how many cells are between the views and the accounts.
const barGap = 3

// accountLine shows the accounts but the local one, which is always there. Where there is
// no room for all, those that are not signed in matter most.
func (m *Model) accountLine(room int) string {
	for _, out := range []bool{false, true} {
		if s := m.accountMarks(out); screen.Width(s) <= room {
			return s
		}
	}
	return ""
}

func (m *Model) accountMarks(out bool) string {
	set := m.env.Set
	var parts []string
	if m.env.Settings.Private {
		parts = append(parts, set.Do(style.Accent, "private"))
	}
	if m.env.Settings.Offline {
		parts = append(parts, set.Do(style.Warn, "offline"))
	}
	for _, a := range m.env.Accounts {
		if a.ID == music.Local || out && a.State == session.ConnLoggedIn {
			continue
		}
		mark, pen := page.StateMark(a.State)
		s := set.Do(style.Muted, page.AccountName(a.ID)) + " " + set.Do(pen, mark)
		if !a.RetryAt.IsZero() && a.RetryAt.After(m.env.Now) {
			s += set.Do(style.Muted, " again at "+a.RetryAt.Format("15:04"))
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "   ")
}

// viewSpans tells which columns of the top bar belong to which view, for the mouse.
func (m *Model) viewSpans() []int {
	x := 3
	if m.lay.tier >= tierWide {
		x = 13
	}
	var starts []int
	for _, v := range page.Views() {
		starts = append(starts, x)
		x += screen.Width(v.Title()) + 2
		if v == page.Queue && m.env.Queue.Len > 0 && m.lay.tier >= tierWide {
			x += screen.Width(screen.Thousands(m.env.Queue.Len)) + 1
		}
	}
	return append(starts, x)
}
