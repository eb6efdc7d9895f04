package ui

import (
	tea "charm.land/bubbletea/v2"

	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// popup is something over the panes that has the keys for itself.
type popup interface {
	context() keymap.Context
	// draw gives the box, where it stands, and the text cursor (-1 = none).
	draw(m *Model) (lines []string, at screen.Rect, cx, cy int)
	act(m *Model, a keymap.Action) tea.Cmd
	// edit takes an editing key or typed text.
	edit(m *Model, key, text string)
	click(m *Model, x, y int) tea.Cmd
	wheel(by int)
	apply(m *Model, ev session.Event)
}

func (m *Model) push(p popup) {
	m.chord.end()
	m.popups = append(m.popups, p)
}

func (m *Model) pop() {
	if n := len(m.popups); n > 0 {
		m.popups = m.popups[:n-1]
	}
}

func (m *Model) topPopup() popup {
	if n := len(m.popups); n > 0 {
		return m.popups[n-1]
	}
	return nil
}

// overlays lays popups and the which-key box over the panes.
func (m *Model) overlays(lines []string, cursor *tea.Cursor) ([]string, *tea.Cursor) {
	for _, p := range m.popups {
		box, at, cx, cy := p.draw(m)
		screen.Splice(lines, box, m.w, at.X, at.Y)
		cursor = nil
		if cx >= 0 {
			cursor = tea.NewCursor(at.X+cx, at.Y+cy)
		}
	}
	if m.chord.shown {
		box := m.whichBox()
		screen.Splice(lines, box, m.w, 0, max(m.lay.progress.Y-len(box), 0))
	}
	if box := m.completionBox(); box != nil {
		screen.Splice(lines, box, m.w, 0, max(m.lay.progress.Y-len(box), 0))
	}
	return lines, cursor
}

// middle is where a popup of that size stands: above the player where it has room there,
// so that nothing of it is cut.
func (m *Model) middle(w, h int) screen.Rect {
	if at := m.stage(); h <= at.H {
		return at.Centre(w, h)
	}
	return screen.Rect{W: m.w, H: m.h}.Centre(w, h)
}

// stage is what lies between the top bar and the player; on a small screen, where every
// line counts, it is all.
func (m *Model) stage() screen.Rect {
	if m.lay.tier < tierWide {
		return screen.Rect{W: m.w, H: m.h}
	}
	return screen.Rect{Y: 1, W: m.w, H: m.lay.progress.Y - 1}
}

// pick is a popup to choose from.
type pick struct {
	widget.Picker
	choose func(m *Model, c widget.Choice, text string) tea.Cmd
	news   func(m *Model, p *pick, ev session.Event)
	at     screen.Rect // where it was drawn
	anchor *[2]int     // the cell it belongs to, for the mouse; nil = the middle
	size   [2]int      // not smaller than this, so that filtering does not move it
}

func (p *pick) context() keymap.Context {
	if p.Filter || p.FreeInput {
		return keymap.Input
	}
	return keymap.Popup
}

func (p *pick) draw(m *Model) ([]string, screen.Rect, int, int) {
	around := 4
	switch {
	case m.lay.tier >= tierWide:
		around = 0 // its stage has margins
	case m.lay.tier < tierSmall:
		around = 0 // every line counts
	}
	w, h := p.Size(m.w-around, m.stage().H-around)
	if p.size == [2]int{} {
		p.size = [2]int{w, h}
	}
	w, h = min(max(w, p.size[0]), m.w), min(max(h, p.size[1]), m.h)
	p.at = m.middle(w, h)
	if p.anchor != nil {
		p.at.X, p.at.Y = min(p.anchor[0], m.w-w), min(p.anchor[1], m.h-h)
	}
	lines, cx, cy := p.Draw(m.env.Set, p.at.W, p.at.H)
	return lines, p.at, cx, cy
}

func (p *pick) act(m *Model, a keymap.Action) tea.Cmd {
	switch a {
	case keymap.PopupDown, keymap.InputNext, keymap.InputTab:
		p.Move(1)
	case keymap.PopupUp, keymap.InputPrev, keymap.InputBackTab:
		p.Move(-1)
	case keymap.PopupPgDown, keymap.InputPgDown:
		p.Page(1)
	case keymap.PopupPgUp, keymap.InputPgUp:
		p.Page(-1)
	case keymap.PopupClose, keymap.InputCancel:
		m.pop()
	case keymap.PopupAccept, keymap.InputAccept:
		return p.take(m)
	default:
	}
	return nil
}

// take closes the popup and does what was chosen.
func (p *pick) take(m *Model) tea.Cmd {
	c, ok := p.Chosen()
	text := p.Input.Value()
	if !ok && !p.FreeInput {
		return nil
	}
	m.pop()
	if p.choose == nil {
		return nil
	}
	return p.choose(m, c, text)
}

func (p *pick) edit(_ *Model, key, text string) {
	if !p.Filter && !p.FreeInput {
		return
	}
	if text != "" {
		p.Input.Insert(text)
	} else if !p.Input.Key(key) {
		return
	}
	p.Refilter()
}

func (p *pick) click(m *Model, x, y int) tea.Cmd {
	if !p.at.Has(x, y) {
		m.pop()
		return nil
	}
	if p.At(y - p.at.Y) {
		return p.take(m)
	}
	return nil
}

func (p *pick) wheel(by int) { p.Move(by) }

func (p *pick) apply(m *Model, ev session.Event) {
	if p.news != nil {
		p.news(m, p, ev)
	}
}

// typed puts text into the field, as if somebody had typed it.
func (p *pick) typed(text string) {
	if p != nil {
		p.Input.Set(text)
		p.Refilter()
	}
}

// info is a popup of text to read.
type info struct {
	title string
	text  func(m *Model, w int) []string
	link  string // what the key that copies a link copies; "" = nothing
	top   int
	at    screen.Rect
	most  int
}

// infoLeast is how wide it is at least, where there is room: its note wants that.
const infoLeast = 48

func (p *info) context() keymap.Context { return keymap.Popup }

func (p *info) draw(m *Model) ([]string, screen.Rect, int, int) {
	w, aside, above := min(m.w-2, 104), 2, 1
	if m.lay.tier < tierSmall {
		w, aside, above = m.w, 1, 0 // every cell counts
	}
	lines := p.text(m, w-2-2*aside)
	most := screen.Width(p.title)
	for _, l := range lines {
		most = max(most, screen.Width(l))
	}
	w = min(w, max(most+2+2*aside, infoLeast))
	h := min(len(lines)+2+2*above, m.stage().H)
	p.most = max(len(lines)-(h-2-2*above), 0)
	p.top = min(p.top, p.most)
	p.at = m.middle(w, h)
	body := make([]string, above, above+len(lines))
	for _, l := range lines[p.top:] {
		body = append(body, screen.Spaces(aside)+l)
	}
	return widget.Box(m.env.Set, w, h, p.title, p.note(m, widget.EdgeRoom(w)), body[:min(len(body), max(h-2, 0))]), p.at, -1, -1
}

// note says what the keys do, in w cells: what there is no room for is left out, the
// scrolling first, which everybody tries.
func (p *info) note(m *Model, w int) string {
	note, scroll := m.keys.Key(keymap.PopupClose)+" closes", ""
	if p.most > 0 {
		scroll = " · " + m.keys.Key(keymap.PopupDown) + " " + m.keys.Key(keymap.PopupUp) + " scroll"
	}
	copies := ""
	if p.link != "" {
		copies = " · " + m.keys.Key(keymap.CopyLink) + " copies"
	}
	if screen.Width(note+scroll+copies) > w {
		scroll = ""
	}
	return note + scroll + copies
}

func (p *info) act(m *Model, a keymap.Action) tea.Cmd {
	switch a {
	case keymap.PopupDown:
		p.wheel(1)
	case keymap.PopupUp:
		p.wheel(-1)
	case keymap.PopupPgDown:
		p.wheel(p.at.H / 2)
	case keymap.PopupPgUp:
		p.wheel(-p.at.H / 2)
	case keymap.PopupClose, keymap.PopupAccept:
		m.pop()
	default:
	}
	return nil
}

func (p *info) wheel(by int)                { p.top = max(min(p.top+by, p.most), 0) }
func (p *info) apply(*Model, session.Event) {}
func (p *info) click(m *Model, x, y int) tea.Cmd {
	if !p.at.Has(x, y) {
		m.pop()
	}
	return nil
}

// edit copies the link; a chord's first key is enough, as nothing else has one here.
func (p *info) edit(m *Model, name, _ string) {
	if p.link == "" || !m.keys.Begins(keymap.CopyLink, name) {
		return
	}
	m.say(session.Info, "copied “"+p.link+"”")
	m.later = append(m.later, tea.SetClipboard(p.link))
}

// facts draws names and values in two columns, values wrapped. Where it is narrow, the
// names take no more than they need.
func facts(set *style.Set, w int, rows [][2]string) []string {
	name := 14
	if w < 50 {
		name = 0
		for _, r := range rows {
			if r[1] != "" {
				name = max(name, min(screen.Width(r[0])+2, w/2))
			}
		}
	}
	var out []string
	for _, r := range rows {
		if r[1] == "" {
			continue
		}
		for i, l := range screen.Lines(r[1], max(w-name, 8)) {
			label := ""
			if i == 0 {
				label = r[0]
			}
			out = append(out, set.Do(style.Muted, screen.Fit(label, name, ""))+set.Do(style.Text, l))
		}
	}
	return out
}
