package page

import (
	"strings"
	"time"

	"segue/internal/match"
	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/widget"
)

// LogLine is a line of the log: of the file, or said on the screen.
type LogLine struct {
	At    time.Time
	Level session.Level
	Debug bool // only of use to whoever looks for a mistake
	Said  bool // on the screen
	Text  string
}

// Logbook is what the log view shows; the root model fills it.
type Logbook struct {
	Path  string // of the file; empty = there is none
	File  []LogLine
	Said  []LogLine
	Fault string // why the file cannot be read
	Read  bool   // it was read once
	lines uint64 // grows with each change
}

// Changed says that there are other lines.
func (b *Logbook) Changed() { b.lines++ }

// logTabs are the levels that are shown: each with its own and the graver ones.
func logTabs() []string { return []string{"All", "Said here", "Warnings", "Errors"} }

// logView shows the end of the log as it grows, the newest line last.
type logView struct {
	env    *Env
	place  Place
	tab    int
	filter string
	shown  []LogLine
	made   uint64 // of the book, when shown was made
	cursor int
	top    int
	end    bool // the cursor follows the newest line
	table  widget.Table
	w, h   int
}

func newLog(env *Env, p Place) Page {
	l := &logView{env: env, place: p, end: true}
	if len(env.Log.Said) > 0 {
		l.tab = 1 // mostly it is looked for what was said a moment ago
	}
	l.make()
	return l
}

// make gathers the lines that the tab and the filter keep, in the order of time.
func (l *logView) make() {
	b := l.env.Log
	l.made = b.lines
	file, said := b.File, b.Said
	l.shown = l.shown[:0]
	for len(file) > 0 || len(said) > 0 {
		var x LogLine
		if len(said) == 0 || len(file) > 0 && file[0].At.Before(said[0].At) {
			x, file = file[0], file[1:]
		} else {
			x, said = said[0], said[1:]
		}
		if l.keeps(x) && !l.twice(x) {
			l.shown = append(l.shown, x)
		}
	}
	if l.end {
		l.cursor = len(l.shown) - 1
	}
	l.move(0)
}

// twice reports whether a line was just shown: what is said here often is in the file too.
func (l *logView) twice(x LogLine) bool {
	for _, y := range l.shown[max(len(l.shown)-6, 0):] {
		if y.Text == x.Text && y.Said != x.Said && y.At.Sub(x.At).Abs() < 2*time.Second {
			return true
		}
	}
	return false
}

func (l *logView) keeps(x LogLine) bool {
	switch l.tab {
	case 1:
		if !x.Said {
			return false
		}
	case 2:
		if x.Level == session.Info {
			return false
		}
	case 3:
		if x.Level != session.Failure {
			return false
		}
	}
	for _, w := range strings.Fields(l.filter) {
		if !match.Contains(x.Text, w) && !strings.Contains(strings.ToLower(x.Text), strings.ToLower(w)) {
			return false
		}
	}
	return true
}

func (l *logView) Place() Place {
	p := l.place
	p.View = Log
	return p
}
func (l *logView) Title() string           { return "Log" }
func (l *logView) Context() keymap.Context { return keymap.List }
func (l *logView) Waiting() time.Time      { return time.Time{} }
func (l *logView) Selection() Selection    { return Selection{} }
func (l *logView) Row() (music.Item, bool) { return nil, false }
func (l *logView) Apply(session.Event)     {}
func (l *logView) Resize(w, h int) {
	l.w, l.h = w, h
	l.look()
}

// look takes what is new.
func (l *logView) look() {
	if l.made != l.env.Log.lines {
		l.make()
	}
	l.move(0)
}

// Filter, SetFilter and the rest of a Lister: the log is found in like any list.
func (l *logView) Filter() string { return l.filter }

// SetFilter keeps the lines that have all the words.
func (l *logView) SetFilter(words string) {
	l.filter, l.end = words, true
	l.make()
}

// Sorts tells of none: the log has the order of time.
func (l *logView) Sorts() ([]music.Sort, music.Sort) { return nil, "" }

// SetSort does nothing.
func (l *logView) SetSort(music.Sort) {}

// Select finds no track here.
func (l *logView) Select(music.Ref) bool { return false }

// Reload goes to the newest line.
func (l *logView) Reload() { l.end = true; l.make() }

// Plain reports that the filter is of plain words, not of the query language.
func (l *logView) Plain() bool { return true }

// Wheel scrolls.
func (l *logView) Wheel(rows int) { l.move(rows) }

// Click puts the cursor on a line, or opens a tab.
func (l *logView) Click(x, y int) bool {
	if y == 0 {
		for i, s := range Spans(logTabs(), l.tabsX()) {
			if x >= s[0] && x < s[1] {
				l.setTab(i)
			}
		}
		return false
	}
	i := l.top + y - l.head()
	if y < l.head() || y >= l.h-l.foot() || i >= len(l.shown) {
		return false
	}
	l.cursor = i
	l.move(0)
	return true
}

// tabsX is where the tabs begin: behind the title, where there is room for it.
func (l *logView) tabsX() int {
	if l.w < 60 {
		return widget.Gutter
	}
	return widget.Gutter + len("Log") + 3
}

func (l *logView) head() int {
	if l.h >= 12 {
		return 3
	}
	return 1
}

// foot is how many lines show the line under the cursor whole.
func (l *logView) foot() int {
	if l.h >= 16 {
		return 4
	}
	return 0
}

func (l *logView) move(by int) {
	last := max(len(l.shown)-1, 0)
	l.cursor = max(min(l.cursor+by, last), 0)
	if by != 0 {
		l.end = l.cursor == last
	}
	rows := max(l.h-l.head()-l.foot(), 1)
	l.top = max(min(l.top, l.cursor), l.cursor-rows+1, 0)
	l.top = max(min(l.top, len(l.shown)-rows), 0)
}

func (l *logView) setTab(i int) {
	n := len(logTabs())
	l.tab, l.end = (i%n+n)%n, true
	l.make()
}

// Act moves and changes the level.
func (l *logView) Act(a keymap.Action, n int) bool {
	rows := max(l.h-l.head()-l.foot(), 2)
	switch a {
	case keymap.Down:
		l.move(n)
	case keymap.Up:
		l.move(-n)
	case keymap.Top:
		l.move(-len(l.shown))
	case keymap.Bottom:
		l.end = true
		l.make()
	case keymap.HalfDown:
		l.move(n * rows / 2)
	case keymap.HalfUp:
		l.move(-n * rows / 2)
	case keymap.PageDown:
		l.move(n * (rows - 1))
	case keymap.PageUp:
		l.move(-n * (rows - 1))
	case keymap.NextTab:
		l.setTab(l.tab + n)
	case keymap.PrevTab:
		l.setTab(l.tab - n)
	case keymap.Back:
		if l.filter == "" {
			return false
		}
		l.SetFilter("")
	case keymap.Open:
		l.env.Do(keymap.Details)
	default:
		return false
	}
	return true
}

// Detail is the line under the cursor, whole.
func (l *logView) Detail() (title string, rows [][2]string, ok bool) {
	if l.cursor >= len(l.shown) {
		return "", nil, false
	}
	x := l.shown[l.cursor]
	from := "segue.log"
	if x.Said {
		from = "the screen"
	}
	return "Log", [][2]string{{"When", x.At.Local().Format("2006-01-02 15:04:05")}, {"Level", x.word()}, {"From", from}, {"", x.Text}}, true
}

// Copy is the line under the cursor, or with all the lines that are shown.
func (l *logView) Copy(all bool) []string {
	if l.cursor >= len(l.shown) {
		return nil
	}
	list := l.shown
	if !all {
		list = l.shown[l.cursor : l.cursor+1]
	}
	var out []string
	for _, x := range list[max(len(list)-1000, 0):] {
		out = append(out, x.At.Local().Format("15:04:05")+" "+x.word()+" "+x.Text)
	}
	return out
}
