package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/session"
	"segue/ui/page"
)

// How long things stay or wait.
const (
	slowAfter  = 150 * time.Millisecond // before "reading …" is shown
	whichAfter = 300 * time.Millisecond // before a chord tells what may follow
	infoStays  = 4 * time.Second
	warnStays  = 10 * time.Second
)

// timers arms what is due: the second's tick while something plays, the word
// that a page waits, the end of a toast. Nothing is armed when nothing moves.
func (m *Model) timers() tea.Cmd {
	return tea.Batch(m.tick(), m.slow(), m.fade())
}

// tick arms the next change of the position on the screen: the next full second
// of the track, or the next line of the lyrics if that is sooner.
func (m *Model) tick() tea.Cmd {
	if m.ticking || !m.env.Playing() || m.w == 0 || m.env.Play.Position.Rate == 0 {
		return nil
	}
	m.ticking = true
	m.tickID++
	id := m.tickID
	return tea.Tick(m.untilTick(), func(time.Time) tea.Msg { return tickMsg(id) })
}

func (m *Model) untilTick() time.Duration {
	pos := m.env.Play.Position.Now(m.env.Now, 0)
	d := time.Second - pos%time.Second
	if !m.lay.right.Empty() || m.view == page.Now {
		if at, ok := m.env.Stage.NextLine(pos); ok && at-pos < d {
			d = at - pos
		}
	}
	// a little beyond, so that the second has surely turned
	return max(d, 20*time.Millisecond) + 5*time.Millisecond
}

// retick forgets the tick that is under way: the position has jumped.
func (m *Model) retick() {
	m.ticking = false
	m.tickID++
}

func (m *Model) slow() tea.Cmd {
	since := m.current().Waiting()
	if since.IsZero() {
		m.env.Slow = false
		return nil
	}
	if m.slowing || m.env.Slow {
		return nil
	}
	m.slowing = true
	return tea.Tick(slowAfter, func(time.Time) tea.Msg { return slowMsg{} })
}

func (m *Model) waitedLong() bool {
	since := m.current().Waiting()
	return !since.IsZero() && m.env.Now.Sub(since) >= slowAfter
}

// fade arms the end of a toast that has just come up.
func (m *Model) fade() tea.Cmd {
	if m.toast.Text == "" || m.toastID == m.fading {
		return nil
	}
	m.fading = m.toastID
	stays := infoStays
	if m.toast.Level != session.Info {
		stays = warnStays
	}
	id := m.toastID
	return tea.Tick(stays, func(time.Time) tea.Msg { return toastMsg(id) })
}
