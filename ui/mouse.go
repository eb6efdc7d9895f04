package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
	"segue/ui/widget"
)

// doubleClick is the longest time between the two clicks of one.
const doubleClick = 400 * time.Millisecond

// tap is the first click of what may become a double click.
type tap struct {
	x, y int
	row  music.Ref // that it chose, if it is one of music
	at   time.Time
}

// mouse takes clicks, drags and the wheel, against the rectangles that drew the frame.
func (m *Model) mouse(msg tea.MouseMsg) tea.Cmd {
	e := msg.Mouse()
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		m.wheel(e.X, e.Y, msg.Button)
	case tea.MouseClickMsg:
		m.chord.end()
		m.dragging = false // the button may have been released outside of the window
		return m.click(e.X, e.Y, msg.Button)
	case tea.MouseMotionMsg:
		if m.dragging {
			m.seekAt(e.X)
		}
	case tea.MouseReleaseMsg:
		m.dragging = false
	}
	return nil
}

// again reports whether this click, after the one before it, is the second of a double
// click; if not, it may be the first of one.
func (m *Model) again(before tap, x, y int) bool {
	now := tap{x: x, y: y, at: m.env.Now}
	if it, _ := m.current().Row(); it != nil {
		now.row = it.ItemRef()
	}
	if before.x/2 == x/2 && before.y == y && before.row == now.row && m.env.Now.Sub(before.at) < doubleClick {
		return true
	}
	m.lastTap = now
	return false
}

func (m *Model) wheel(x, y int, b tea.MouseButton) {
	by := 3
	switch b {
	case tea.MouseWheelUp:
		by = -3
	case tea.MouseWheelDown:
	default:
		return
	}
	switch {
	case m.topPopup() != nil:
		m.topPopup().wheel(by)
	case m.lay.volume.Has(x, y):
		m.env.Send(session.ChangeVolume{By: -by * 5 / 3})
	case m.lay.progress.Has(x, y):
		m.env.Send(session.SeekBy{Delta: time.Duration(by) * -5 * time.Second / 3})
	case m.lay.side.Has(x, y):
		m.side.move(by / 3)
	case m.lay.main.Has(x, y):
		m.current().Wheel(by)
	case m.lay.right.Has(x, y):
		m.env.Stage.Scroll(by)
	}
}

func (m *Model) click(x, y int, b tea.MouseButton) tea.Cmd {
	before := m.lastTap
	m.lastTap = tap{} // most clicks are not the first of two
	if p := m.topPopup(); p != nil {
		if b != tea.MouseLeft {
			x, y = -1, -1 // the others are as if beside it
		}
		return p.click(m, x, y)
	}
	switch b {
	case tea.MouseLeft:
		return m.leftClick(x, y, before)
	case tea.MouseRight:
		if m.lay.main.Has(x, y) && m.current().Click(x-m.lay.main.X, y-m.lay.main.Y) {
			m.focus = paneMain
			m.actionsMenu(&[2]int{x, y})
		} else if y >= m.lay.title.Y && m.lay.tier != tierNone && m.env.Loaded() {
			return m.do(keymap.ActionsNow, 1)
		}
	case tea.MouseBackward:
		return m.do(keymap.Back, 1)
	default:
	}
	return nil
}

func (m *Model) leftClick(x, y int, before tap) tea.Cmd {
	l := &m.lay
	switch {
	case l.tier == tierNone:
	case m.bar().Has(x, y):
		m.dragging = true
		m.seekAt(x)
	case l.top.Has(x, y) && l.tier >= tierSmall:
		m.clickView(x)
	case l.side.Has(x, y):
		if i := m.side.top + y - l.side.Y; i >= 0 && i < len(m.side.rows) && m.side.rows[i].stop() {
			m.side.cursor = i
			m.enterSide()
		}
	case l.main.Has(x, y):
		m.prompt, m.focus = nil, paneMain
		if m.current().Click(x-l.main.X, y-l.main.Y) && m.again(before, x, y) {
			return m.do(keymap.Open, 1)
		}
	case l.title.Has(x, y) && x < 4:
		m.env.Send(session.Toggle{})
	case l.title.Has(x, y) && !l.volume.Has(x, y), l.right.Has(x, y):
		if m.again(before, x, y) {
			m.show(page.Now)
		}
	}
	return nil
}

func (m *Model) clickView(x int) {
	starts := m.viewSpans()
	for i, v := range page.Views() {
		if x >= starts[i] && x < starts[i+1] {
			m.show(v)
			m.save()
			return
		}
	}
	if w := screen.Width(m.accountLine(m.w - margin - barGap - starts[len(starts)-1])); w > 0 && x >= m.w-margin-w {
		m.show(page.Accounts)
	}
}

// seekAt seeks to where the bar was clicked; the position on the screen follows
// at once and is confirmed by the player.
func (m *Model) seekAt(x int) {
	d := m.env.Play.Track.Duration
	bar := m.bar()
	if d <= 0 || bar.Empty() {
		return
	}
	to := widget.TimeAt(x-bar.X, bar.W, d)
	m.env.Play.Position.Position, m.env.Play.Position.At = to, m.env.Now
	m.retick()
	m.env.Send(session.SeekTo{Position: to})
}
