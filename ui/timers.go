package ui

import (
	"time"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"segue/session"
	"segue/ui/page"
)

// How long things stay or wait.
const (
	slowAfter = 150 * time.Millisecond // before "reading …" is shown
	spinStep  = 125 * time.Millisecond // between two frames of the spinner
	measured  = 500 * time.Millisecond // after the start, before the size is asked for again
	infoStays = 4 * time.Second
	warnStays = 10 * time.Second
	readAfter = 3 * time.Second // a message that stood so long goes with the next key
)

// timers arms what is due: the second's tick while something plays, the word
// that a page waits, the end of a toast. Nothing is armed when nothing moves.
func (m *Model) timers() tea.Cmd {
	return tea.Batch(m.tick(), m.slow(), m.fade(), m.turn(), m.look(), m.openTimer())
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

// spinnerKind is what shows that a job runs.
func (m *Model) spinnerKind() spinner.Spinner {
	kind := spinner.MiniDot
	if m.opt.ASCII {
		kind = spinner.Line
	}
	kind.FPS = spinStep
	return kind
}

// turn arms the spinner's next step while a job runs and somebody looks. The
// timer is ours, not the spinner's, so that nothing is armed without a job.
func (m *Model) turn() tea.Cmd {
	if m.turning || len(m.jobs) == 0 || !m.focused || m.toast.Text != "" {
		return nil
	}
	m.turning = true
	busy := m.busy
	return tea.Tick(spinStep, func(time.Time) tea.Msg { return busy.Tick() })
}

// step turns a spinner by one frame; the timer that it wants to arm is not armed.
func step(s spinner.Model, msg spinner.TickMsg) spinner.Model {
	s, _ = s.Update(msg)
	return s
}
