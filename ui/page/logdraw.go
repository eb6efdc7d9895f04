package page

import (
	"path/filepath"
	"time"

	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// The columns before a line's text, and what they take with the gaps after them.
const (
	logTime   = 8
	logLevel  = 5
	logBefore = logTime + 2 + logLevel + 2
)

// word is the level's name.
func (x LogLine) word() string {
	switch {
	case x.Debug:
		return "debug"
	case x.Level == session.Warning:
		return "warn"
	case x.Level == session.Failure:
		return "error"
	}
	return "info"
}

// Lines draws the tabs and the lines.
func (l *logView) Lines(dst []string, focused bool) []string {
	if l.w <= 0 || l.h <= 0 {
		return dst
	}
	l.look()
	set, start := l.env.Set, len(dst)
	title := screen.Spaces(widget.Gutter)
	if l.tabsX() > widget.Gutter {
		title += set.Do(style.Strong, "Log") + screen.Spaces(3)
	}
	dst = append(dst, screen.Fit(title+Tabs(set, logTabs(), l.tab, 0, l.w-l.tabsX()), l.w, ""))
	if l.head() > 1 {
		dst = append(dst, screen.Fit(screen.Spaces(widget.Gutter)+l.about(), l.w, ""), screen.Spaces(l.w))
	}
	left := l.h - (len(dst) - start)
	if len(l.shown) == 0 {
		return Words(dst, set, l.w, left, l.emptyWords())
	}
	cols := []widget.Column{{Width: logTime}, {Width: logLevel, Drop: 1}, {Flex: 1, Min: 10}}
	dst = l.table.Draw(dst, set, widget.View{W: l.w, H: left - l.foot(), Top: l.top, N: len(l.shown), Cursor: l.cursor, Focused: focused, Columns: cols}, l.row)
	return l.whole(dst)
}

// whole shows all of the line under the cursor, as far as there is room at the end.
func (l *logView) whole(dst []string) []string {
	if l.foot() == 0 {
		return dst
	}
	var lines []string
	if text := l.shown[l.cursor].Text; screen.Width(text) > l.w-2*widget.Gutter-logBefore { // its row does not show all
		lines = screen.Lines(text, max(l.w-2*widget.Gutter, 1))
	}
	dst = append(dst, screen.Spaces(l.w))
	for i := range l.foot() - 1 {
		s := ""
		if i < len(lines) && len(lines) > 0 {
			s = screen.Spaces(widget.Gutter) + l.env.Set.Do(style.Muted, lines[i])
		}
		dst = append(dst, screen.Fit(s, l.w, ""))
	}
	return dst
}

// about tells where the lines are from, and what they are filtered by.
func (l *logView) about() string {
	set, b := l.env.Set, l.env.Log
	switch {
	case l.filter != "":
		return set.Do(style.Accent, screen.Cut("/"+clean(l.filter), max(l.w-2*widget.Gutter, 1), widget.Tail))
	case b.Fault != "":
		return set.Do(style.Warn, screen.Cut(clean(b.Fault), max(l.w-2*widget.Gutter, 1), widget.Tail))
	case b.Path == "":
		return set.Do(style.Muted, "What was said on the screen; there is no log file.")
	}
	const words = "What was said on the screen, and "
	file, room := clean(b.Path), max(l.w-2*widget.Gutter, 1)
	if screen.Width(words+file) > room {
		file = filepath.Base(file)
	}
	return set.Do(style.Muted, screen.Cut(words+file, room, widget.Tail))
}

func (l *logView) emptyWords() []string {
	k := l.env.Keys
	switch {
	case l.filter != "":
		return []string{"No line has “" + clean(l.filter) + "”.", k.Key(keymap.Back) + " shows all lines again."}
	case l.tab > 0:
		return []string{"There is nothing of that kind.", k.Key(keymap.PrevTab) + " goes back to all lines."}
	case !l.env.Log.Read && l.env.Log.Path != "":
		return []string{"Reading …"}
	}
	return []string{"Nothing was logged so far.", "log.level = \"debug\" in the config, or segue --log-level debug, logs every event."}
}

func (l *logView) row(i int, cells []widget.Cell) widget.Look {
	x := l.shown[i]
	pen, level := style.Text, style.Muted
	switch {
	case x.Debug:
		pen = style.Muted
	case x.Level != session.Info:
		pen, level = style.Warn, style.Warn
	}
	when := x.At.Local().Format("15:04:05")
	if l.env.Now.Sub(x.At) > 24*time.Hour {
		when = x.At.Local().Format("2 Jan")
	}
	cells[0], cells[1], cells[2] = muted(when), widget.Cell{Text: x.word(), Pen: level}, widget.Cell{Text: x.Text, Pen: pen}
	return widget.Look{}
}
