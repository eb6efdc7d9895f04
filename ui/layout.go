package ui

import (
	"segue/ui/page"
	"segue/ui/screen"
	"segue/ui/widget"
)

// tier is how much of the design a size of terminal has room for.
type tier uint8

const (
	tierNone  tier = iota // smaller than 40x8: a message
	tierMini              // from 40x8: the list alone over title, progress and hints
	tierSmall             // from 60x16: the list; the sidebar is a view of its own
	tierWide              // from 100x24: sidebar and list
	tierFull              // from 140x36: sidebar, list, and the pane of what plays
)

func tierOf(w, h int) tier {
	switch {
	case w >= 140 && h >= 36:
		return tierFull
	case w >= 100 && h >= 24:
		return tierWide
	case w >= 60 && h >= 16:
		return tierSmall
	case w >= 40 && h >= 8:
		return tierMini
	}
	return tierNone
}

// layout is where everything stands. It is computed from the size alone and
// what is switched on, so that nothing jumps when something plays.
type layout struct {
	tier                            tier
	top, side, main, right          screen.Rect
	progress, title, detail, bottom screen.Rect
	volume                          screen.Rect
	visual                          screen.Rect // the visualizer, over the progress line
	sideLine, rightLine             int         // columns of the lines between panes, -1 = none
}

// margin is how many cells are free at the left and the right of what is written, on
// every line: times, counts and what the player says end in one column.
const margin = widget.Gutter

// bar is the part of the progress line between the times: it can be clicked. The times
// have the room that the longer one needs, so that the bar stays while a track plays.
func (m *Model) bar() screen.Rect {
	if !m.env.Loaded() || m.lay.tier == tierNone {
		return screen.Rect{}
	}
	length := screen.Width(screen.Clock(m.env.Play.Track.Duration))
	at := max(length, screen.Width(screen.ClockAt(m.env.Position())))
	x, end := margin+at+1, m.w-margin
	if length > 0 {
		end -= length + 1
	}
	return screen.Rect{X: x, Y: m.lay.progress.Y, W: max(end-x, 1), H: 1}
}

// arrange computes the layout and tells the page its size.
func (m *Model) arrange() {
	if m.w == 0 || m.h == 0 {
		return
	}
	m.lay = m.makeLayout()
	m.env.Wide = !m.lay.side.Empty()
	if m.lay.side.Empty() && m.focus == paneSide {
		m.focus = paneMain
	}
	m.side.resize(m.lay.side.W, m.lay.side.H)
	m.current().Resize(m.lay.main.W, m.lay.main.H)
}

func (m *Model) makeLayout() layout {
	l := layout{tier: tierOf(m.w, m.h), sideLine: -1, rightLine: -1}
	if l.tier == tierNone {
		return l
	}
	w, y := m.w, m.h
	line := func() screen.Rect {
		y--
		return screen.Rect{X: 0, Y: y, W: w, H: 1}
	}
	l.bottom = line()
	if l.tier >= tierWide {
		l.detail = line()
	}
	l.title = line()
	l.progress = line()
	if l.tier >= tierSmall {
		vw := volumeWidth(l.tier)
		l.volume = screen.Rect{X: w - margin - vw, Y: l.title.Y, W: vw, H: 1}
	}
	if n := visualLines(l.tier, m.h); m.visual.on && n > 0 {
		y -= n
		l.visual = screen.Rect{Y: y, W: w, H: n}
	}
	topLines := 1
	if l.tier >= tierWide {
		topLines = 2
	}
	l.top = screen.Rect{W: w, H: 1}
	body := screen.Rect{X: 0, Y: topLines, W: w, H: max(y-topLines, 0)}
	l.split(m, body)
	return l
}

// split deals the body to the sidebar, the list and the right pane.
func (l *layout) split(m *Model, body screen.Rect) {
	side, right := 0, 0
	switch l.tier {
	case tierFull:
		side, right = 26, 40
	case tierWide:
		side = 24
	case tierNone, tierMini, tierSmall:
	}
	if l.tier >= tierWide && m.hideB {
		side = 0
	}
	if l.tier == tierFull && m.hideR {
		right = 0
	}
	if l.tier == tierWide && m.wantR {
		right = 40
	}
	if m.view == page.Now {
		side, right = 0, 0 // the stage for itself
	}
	if l.tier < tierWide && m.showB {
		l.side = body
		return
	}
	l.main = body
	if side > 0 {
		l.side = screen.Rect{X: 0, Y: body.Y, W: side, H: body.H}
		l.sideLine = side
		l.main.X, l.main.W = side+1, body.W-side-1
	}
	if right > 0 && (l.tier == tierFull || l.main.W-right > 30) {
		l.main.W -= right + 1
		l.rightLine = l.main.X + l.main.W
		l.right = screen.Rect{X: l.rightLine + 1, Y: body.Y, W: right, H: body.H}
	}
}
