package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/ui/page"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// View draws the screen. It changes nothing that anyone else sees.
func (m *Model) View() tea.View {
	if m.asBefore {
		return m.shown.view
	}
	m.env.Now = m.clock()
	v := tea.View{AltScreen: true, ReportFocus: true, WindowTitle: m.windowTitle()}
	v.KeyboardEnhancements.ReportAlternateKeys = true
	if m.opt.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.ProgressBar = m.taskbar()
	now := shown{y: -1}
	var lines []string
	lines, v.Cursor = m.content()
	v.Content = join(lines, m.clockLine(), &now)
	if now.view = v; m.painted(now) {
		return m.shown.view
	}
	m.shown, m.painting, m.paintedBar = now, now.line, v.ProgressBar
	if m.idle != nil && m.w > 0 { // before its size is known there is nothing to draw
		m.idle.awake()
	}
	return v
}

// join makes one text of lines, and notes where line y is in it (-1 = nowhere).
func join(lines []string, y int, at *shown) string {
	var b strings.Builder
	n := len(lines)
	for _, l := range lines {
		n += len(l)
	}
	b.Grow(n)
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i == y {
			at.y, at.from, at.line = y, b.Len(), l
		}
		b.WriteString(l)
	}
	return b.String()
}

// clockLine is the number of the progress line while nothing lies over it, else -1.
func (m *Model) clockLine() int {
	if m.lay.tier == tierNone || m.w <= 0 || len(m.popups) > 0 || m.chord.shown || m.prompt != nil {
		return -1
	}
	return m.lay.progress.Y
}

func (m *Model) content() ([]string, *tea.Cursor) {
	if m.w <= 0 || m.h <= 0 {
		return nil, nil
	}
	if m.lay.tier == tierNone {
		return m.spelled(m.tooSmall(), nil), nil
	}
	lines, cursor := m.overlays(m.panes())
	return m.spelled(lines, cursor), cursor
}

// spelled gives lines as the terminal wants them: in ASCII where that is wished, and laid
// out by code points where it goes on by those; the text cursor goes along.
func (m *Model) spelled(lines []string, cursor *tea.Cursor) []string {
	for i, l := range lines {
		switch {
		case m.opt.ASCII:
			lines[i] = screen.ASCII(l)
		case !m.clusters:
			if lines[i] = screen.ByCodePoints(l); cursor != nil && cursor.Y == i && lines[i] != l {
				cursor.X = screen.CodePointColumn(l, cursor.X)
			}
		}
	}
	return lines
}

// tooSmall says what size it takes; the music goes on.
func (m *Model) tooSmall() []string {
	msg := "segue needs 40x8"
	for _, shorter := range []string{"needs 40x8", "40x8"} {
		if len(msg) > m.w {
			msg = shorter
		}
	}
	msg = screen.Cut(msg, m.w, "")
	lines := make([]string, m.h)
	lines[(m.h-1)/2] = screen.Spaces((m.w-len(msg))/2) + m.env.Set.Do(style.Muted, msg)
	return lines
}

// panes draws everything below the popups.
func (m *Model) panes() ([]string, *tea.Cursor) {
	l := &m.lay
	over := m.stepBack()
	lines := append(m.lines[:0], m.topBar())
	if l.tier >= tierWide {
		lines = append(lines, "")
	}
	lines = m.body(lines)
	over()
	if !l.visual.Empty() {
		lines = m.visualRows(lines)
	}
	lines = append(lines, m.progressLine(), m.titleLine())
	if !l.detail.Empty() {
		lines = append(lines, m.detailLine())
	}
	if m.prompt == nil && m.long() {
		if long := m.longLines(); len(long) > 1 {
			lines[len(lines)-1] = long[0]
		}
	}
	bottom, cursor := m.bottomLine()
	lines = append(lines, bottom)
	m.lines = lines
	return lines, m.cursor(cursor)
}

// stepBack has what is drawn until over is called step back behind a popup. The player
// below stays as it is.
func (m *Model) stepBack() (over func()) {
	set := m.env.Set
	if len(m.popups) > 0 {
		m.env.Set = set.Quiet()
	}
	return func() { m.env.Set = set }
}

// body draws sidebar, list and right pane beside each other.
func (m *Model) body(lines []string) []string {
	l := &m.lay
	rule := m.env.Set.Do(style.Faint, "│")
	if l.main.Empty() {
		return append(lines, m.side.lines(m.activeSection(), true)...)
	}
	start := len(lines)
	lines = m.current().Lines(lines, m.focus == paneMain && len(m.popups) == 0)
	if l.side.Empty() && l.right.Empty() {
		return lines
	}
	var side, right []string
	if !l.side.Empty() {
		side = m.side.lines(m.activeSection(), m.focus == paneSide)
	}
	if !l.right.Empty() {
		right = m.rightLines(l.right.W, l.right.H)
	}
	for i := range lines[start:] {
		s := lines[start+i]
		if side != nil {
			s = side[i] + rule + s
		}
		if right != nil {
			s += rule + right[i]
		}
		lines[start+i] = s
	}
	return lines
}

// rightLines draws the cover and under it the lyrics or what comes next.
func (m *Model) rightLines(w, h int) []string {
	set, st := m.env.Set, m.env.Stage
	out := make([]string, 0, h)
	cw := w - 2*margin
	if !m.env.Loaded() {
		return page.Words(out, set, w, h, []string{"Nothing plays."})
	}
	_, ch := m.rightCover(w, h)
	for _, l := range st.Picture(cw, ch, m.env.Colours) {
		out = append(out, screen.Spaces(margin)+l+screen.Spaces(margin))
	}
	out = append(out, screen.Spaces(w))
	head, body := "Up next", []string(nil)
	left := max(h-len(out)-2, 0)
	if st.HasLyrics() {
		head, body = "Lyrics", st.Lyrics(cw, left, -1)
	} else {
		body = st.UpNext(cw, left, 0, -1)
	}
	out = append(out, screen.Fit(screen.Spaces(margin)+set.Do(style.Strong, head), w, ""), screen.Spaces(w))
	for _, l := range body {
		out = append(out, screen.Spaces(margin)+l+screen.Spaces(margin))
	}
	for len(out) < h {
		out = append(out, screen.Spaces(w))
	}
	return out[:h]
}

// rightCover is the size of the cover in a right pane of w x h cells.
func (m *Model) rightCover(w, h int) (cw, ch int) {
	cw = w - 2*margin
	return cw, min(m.env.Rows(cw), h-4)
}

// activeSection is the sidebar's row that the list belongs to.
func (m *Model) activeSection() music.Ref {
	s := m.stacks[m.view]
	if len(s) > 1 && m.view == page.Playlists && m.side.has(s[1].Place().Of) {
		return s[1].Place().Of
	}
	if len(s) > 0 && (m.view == page.Library || m.view == page.Playlists) {
		return s[0].Place().Of
	}
	return music.Ref{}
}

// windowTitle is what the terminal's window is called.
func (m *Model) windowTitle() string {
	t := m.env.Play.Track
	if !m.env.Loaded() {
		return "segue"
	}
	s := t.Title
	if a := t.Artist(); a != "" {
		s = a + " – " + s
	}
	if !m.env.Playing() {
		s += " (paused)"
	}
	if m.opt.ASCII {
		return screen.ASCII(s)
	}
	return s
}

// taskbar is the progress that the terminal shows outside of its cells.
func (m *Model) taskbar() *tea.ProgressBar {
	d := m.env.Play.Track.Duration
	if !m.env.Loaded() || d <= 0 {
		return nil
	}
	return tea.NewProgressBar(m.barState(), int(m.env.Position()*100/d))
}

func (m *Model) barState() tea.ProgressBarState {
	if m.env.Playing() {
		return tea.ProgressBarDefault
	}
	return tea.ProgressBarWarning
}

// progressLine is the line between the panes and the player: time, bar, length.
func (m *Model) progressLine() string {
	set := m.env.Set
	d := m.env.Play.Track.Duration
	if !m.env.Loaded() {
		return set.Do(style.Faint, strings.Repeat("─", m.w))
	}
	bar := m.bar()
	at := screen.Spaces(margin) + screen.Fit(screen.ClockAt(m.env.Position()), bar.X-margin, "")
	return screen.Fit(set.Do(style.Text, at)+widget.Bar(set, bar.W, m.env.Position(), d)+" "+set.Do(style.Muted, screen.Clock(d)), m.w, "")
}
