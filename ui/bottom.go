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

// bottomLine is the prompt, or the hints with what there is to say. The cursor
// is the column of the text cursor, -1 = none.
func (m *Model) bottomLine() (line string, cursor int) {
	if p := m.prompt; p != nil {
		return m.promptLine(p)
	}
	if m.long() {
		lines := m.longLines()
		return lines[len(lines)-1], -1
	}
	const apart, before = 3, 3 // cells between the hints, and before the news
	right := m.news()
	if m.chord.count > 0 {
		right = m.env.Set.Do(style.AccentStrong, itoa(m.chord.count)+keymap.Show(strings.Join(m.chord.keys, " ")))
	}
	rw := screen.Width(right)
	room := m.w - 2*margin
	if rw > 0 {
		room -= rw + before
	}
	left, used := "", 0
	for _, h := range m.hints() {
		w := screen.Width(h[0]) + 1 + screen.Width(h[1])
		if used > 0 {
			w += apart
		}
		if used+w > room {
			break
		}
		if used > 0 {
			left += screen.Spaces(apart)
		}
		left += m.env.Set.Do(style.Text, h[0]) + " " + m.env.Set.Do(style.Muted, h[1])
		used += w
	}
	if used == 0 && rw > 0 {
		return screen.Fit(screen.Spaces(margin)+right, m.w, widget.Tail), -1
	}
	return screen.Spaces(margin) + left + screen.Spaces(m.w-2*margin-used-rw) + right + screen.Spaces(margin), -1
}

func (m *Model) promptLine(p *prompt) (string, int) {
	set := m.env.Set
	label := "   " + p.label
	if m.w < 60 {
		label = " " + p.label
	}
	lw := screen.Width(label)
	wrong := p.wrong
	ww := min(screen.Width(wrong), m.w/2)
	field, x := p.input.Line(set, m.w-lw-ww-2)
	line := set.Do(style.AccentStrong, label) + field
	if wrong != "" {
		line += " " + set.Do(style.Warn, screen.Cut(wrong, ww, widget.Tail))
	}
	return screen.Fit(line, m.w, ""), lw + x
}

// news is what stands at the right of the hints: a message, else a job. A warning
// that has no room there has lines of its own.
func (m *Model) news() string {
	set := m.env.Set
	limit := max(m.w-6, 1)
	if t := m.toast; t.Text != "" && !m.long() {
		if t.Level == session.Info {
			return set.Do(style.Text, screen.Cut(t.Text, limit, widget.Tail))
		}
		return set.Do(style.Warn, screen.Cut(m.toastText(), limit, widget.Tail))
	}
	if words := openingWords(m.env.Opening); words != "" && m.env.Loaded() { // else the player's line says it
		return set.Do(style.Accent, screen.Cut(words, min(limit, 48), widget.Tail))
	}
	if n := len(m.jobs); n > 0 {
		j := m.jobs[n-1]
		s := screen.Clean(j.Title)
		if j.Total > 0 {
			s += " " + screen.Thousands(j.Done) + "/" + screen.Thousands(j.Total)
		} else if j.Done > 0 {
			s += " " + screen.Thousands(j.Done)
		}
		return set.Do(style.Accent, m.busy.View()+" "+screen.Cut(s, limit-2, widget.Tail))
	}
	return ""
}

// toastText is the message as it is drawn: a failure is told apart without colour too.
func (m *Model) toastText() string {
	if m.toast.Level == session.Failure {
		return "! " + m.toast.Text
	}
	return m.toast.Text
}

// long reports whether the message is a warning that has no room beside the first hints:
// it takes their line then, and the player's second where that is not enough.
func (m *Model) long() bool {
	if m.toast.Text == "" || m.toast.Level == session.Info {
		return false
	}
	const hints = 3
	room := m.w - 8
	for i, h := range m.hints() {
		if i < hints {
			room -= screen.Width(h[0]) + screen.Width(h[1]) + 4
		}
	}
	return screen.Width(m.toastText()) > room
}

// longLines is a long message in one line or two; what has no room in them is in the log.
func (m *Model) longLines() []string {
	set := m.env.Set
	w := max(m.w-2*margin, 1)
	lines := screen.Lines(m.toastText(), w)
	most := 2
	if m.lay.detail.Empty() {
		most = 1 // two lines with the player between them would not be read as one message
	}
	if len(lines) > most {
		more := "… " + m.keys.Key(keymap.GoLog) + " shows all"
		lines = append(lines[:most-1:most-1], screen.Cut(strings.Join(lines[most-1:], " "), w-screen.Width(more), "")+more)
	}
	for i, l := range lines {
		lines[i] = screen.Fit(screen.Spaces(margin)+set.Do(style.Warn, l), m.w, "")
	}
	return lines
}

// hints are the keys that help most where the focus is.
func (m *Model) hints() [][2]string {
	k := m.keys
	var out [][2]string
	add := func(a keymap.Action, word string) {
		if key := k.Key(a); key != "" {
			out = append(out, [2]string{key, word})
		}
	}
	if t, ok := m.typist(); ok && t.Typing() {
		some, chosen := false, false
		if c, ok := t.(page.Completer); ok {
			some, chosen = c.Offers()
		}
		add(keymap.InputAccept, either(chosen, "search for it", "to the results"))
		add(keymap.InputTab, either(some, "complete", "next tab"))
		add(keymap.InputCancel, "leave the field")
		return out
	}
	if m.focus == paneSide && m.side.heading() != "" {
		add(keymap.Open, either(m.side.shows(m.side.heading()), "fold it", "show its sections"))
		add(keymap.NextPane, "to the list")
		add(keymap.Help, "help")
		return out
	}
	if is, open := m.side.onLists(); is && m.focus == paneSide {
		add(keymap.Open, either(open, "fold it", "show what is in it"))
		add(keymap.GoPlaylists, "all playlists")
		add(keymap.NextPane, "to the list")
		add(keymap.Help, "help")
		return out
	}
	if m.focus == paneSide {
		add(keymap.Open, "open")
		add(keymap.PlayAll, "play it all")
		add(keymap.NextPane, "to the list")
		add(keymap.Help, "help")
		return out
	}
	if m.env.Loaded() {
		if m.env.Playing() {
			add(keymap.Toggle, "pause")
		} else {
			add(keymap.Toggle, either(m.env.Play.Lost, "try again", "resume"))
		}
	}
	row, many := m.current().Row()
	if many {
		add(keymap.Enqueue, "queue")
		add(keymap.AddTo, "to a playlist")
		add(keymap.Star, "star")
		if m.current().Context() != keymap.List {
			add(keymap.Remove, "remove")
		}
		add(keymap.Back, "unselect")
		return out
	}
	if row != nil && m.view != page.Now {
		if row.ItemRef().IsTrack() {
			add(keymap.Open, "play")
		} else {
			add(keymap.Open, "open")
			add(keymap.PlayAll, "play it")
		}
		m.listHints(add)
	}
	if m.atSections() {
		if m.lay.side.Empty() {
			add(keymap.Sidebar, "sections")
		} else if row == nil { // with rows there is more to say, and Tab is found
			add(keymap.NextPane, "to the sections")
		}
	}
	if c, ok := m.current().(page.Copier); ok && m.view == page.Log && len(c.Copy(false)) > 0 {
		add(keymap.Find, "find")
		add(keymap.NextTab, "level")
		add(keymap.CopyLink, "copy the line")
		add(keymap.Details, "all of it")
	}
	if p, ok := m.current().(interface{ Opens() string }); ok {
		if word := p.Opens(); word != "" {
			add(keymap.Open, word)
		}
	}
	if m.view == page.Now {
		if c, ok := m.current().(interface{ Choosing() string }); ok && c.Choosing() != "" {
			add(keymap.Open, c.Choosing())
			add(keymap.Back, either(c.Choosing() == "play", "unselect", "follow the song"))
			return out
		}
		if m.env.Loaded() {
			add(keymap.GoQueue, "queue")
			if !m.env.Play.Track.AlbumRef.IsZero() {
				add(keymap.GoAlbum, "album")
			}
			if m.env.Stage.HasLyrics() {
				add(keymap.NextTab, "lyrics, up next")
			}
		} else {
			add(keymap.GoLibrary, "library")
		}
	}
	add(keymap.Help, "help")
	add(keymap.Command, "command")
	return out
}

// atSections reports whether the list is one of those that the sidebar leads to.
func (m *Model) atSections() bool {
	return (m.view == page.Library || m.view == page.Playlists) && len(m.stacks[m.view]) == 1
}

func (m *Model) listHints(add func(keymap.Action, string)) {
	if m.current().Place().Of == music.Queue {
		add(keymap.Remove, "remove")
		add(keymap.MoveDown, "down")
		add(keymap.MoveUp, "up")
	} else {
		add(keymap.Enqueue, "queue")
		if !m.atSections() || !m.lay.side.Empty() { // else the way to the sections is worth more
			add(keymap.EnqueueNext, "next")
		}
	}
	add(keymap.Find, "find")
}

// cursor places the terminal's own cursor where text is typed, so that input
// methods open their windows there.
func (m *Model) cursor(x int) *tea.Cursor {
	if x >= 0 {
		return tea.NewCursor(x, m.lay.bottom.Y)
	}
	if t, ok := m.typist(); ok && len(m.popups) == 0 {
		cx, cy := t.Cursor()
		return tea.NewCursor(m.lay.main.X+cx, m.lay.main.Y+cy)
	}
	return nil
}

// whichBox lists what may follow the keys of a chord.
func (m *Model) whichBox() []string {
	set := m.env.Set
	follow := m.keys.Following(m.context(), m.chord.keys)
	inner, most := m.w-2, max(m.lay.progress.Y-2, 1)
	cols := min(max(inner/30, 1), 4)
	for len(follow) > cols*most && inner/(cols+1) >= 18 { // narrower, but all of them
		cols++
	}
	rows := min(max((len(follow)+cols-1)/cols, 1), most)
	if n := rows * cols; n < len(follow) { // the help has what has no room
		follow = append(follow[:n-1:n-1], keymap.Follow{Key: "…", Title: m.keys.Key(keymap.Help) + " shows all"})
	}
	colW := min(inner/min(cols, max((len(follow)+rows-1)/rows, 1)), 44)
	lines := make([]string, rows)
	for i, f := range follow {
		cell := "  " + set.Do(style.AccentStrong, screen.Fit(f.Key, 3, "")) + set.Do(style.Text, screen.Fit(f.Title, colW-6, widget.Tail))
		lines[i%rows] += screen.Fit(cell, colW, "")
	}
	return widget.Box(set, m.w, rows+2, keymap.Show(strings.Join(m.chord.keys, " "))+" …", "", lines)
}

// completionBox lists the names that a command line may become.
func (m *Model) completionBox() []string {
	p := m.prompt
	if p == nil || len(p.names) == 0 || p.kind != promptCommand || p.input.Value() == "" {
		return nil
	}
	set := m.env.Set
	most := max(min(8, m.lay.progress.Y-2), 1)
	w := m.w
	first, col := max(p.name-most+1, 0), 34
	if w < 70 {
		col = w - 4 // no room for what they mean
	}
	var lines []string
	for i := first; i < len(p.names) && len(lines) < most; i++ {
		d, named := m.keys.Def(keymap.Action(p.names[i]))
		pen, bg := style.Text, ""
		if i == p.name {
			pen, bg = style.Strong, set.Select
		}
		name := "  " + p.names[i]
		if !named { // a name and what it takes
			lines = append(lines, bg+set.Do(pen, screen.Fit(name, w-4, widget.Tail))+style.Reset)
			continue
		}
		if d.Arg != "" {
			name += " " + d.Arg
		}
		lines = append(lines, bg+set.On(pen)+screen.Fit(name, col, widget.Tail)+set.On(style.Muted)+screen.Fit(d.Title, w-4-col, widget.Tail)+style.Reset)
	}
	return widget.Box(set, w, len(lines)+2, "", "", lines)
}
