package page

import (
	"cmp"
	"strings"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// Setting is a row of the settings: a value and where it came from.
type Setting struct {
	Key    string
	Value  string
	Source string // "default", "config.toml:12", a variable's name, "now"
	Doc    string // what it does, a sentence
	// Action changes it when the row is opened; empty = the file does.
	Action keymap.Action
	// Fault is what is wrong with what the config says, and what holds instead; empty = nothing.
	Fault string
}

// settings is the page of all settings. It shows; what can be changed at once is
// changed by the row's action.
type settings struct {
	env    *Env
	place  Place
	rows   []Setting
	cursor int
	top    int
	table  widget.Table
	w, h   int
}

func newSettings(env *Env, p Place) Page {
	s := &settings{env: env, place: p, cursor: p.Cursor, top: p.Top}
	s.fill()
	return s
}

// fill gathers the rows.
func (s *settings) fill() {
	s.rows = AllSettings(s.rows[:0], s.env.Settings, s.env.Config, s.env.Keys)
	s.move(0)
}

// AllSettings appends what is set: what changes while it runs first, then the file's.
func AllSettings(dst []Setting, n session.Settings, config []Setting, keys keymap.Map) []Setting {
	onOff := func(on bool) string {
		if on {
			return "on"
		}
		return "off"
	}
	dst = append(dst,
		live("private session", onOff(n.Private), "Nothing that is heard is counted or reported anywhere.", keymap.PrivateSession),
		live("offline mode", onOff(n.Offline), "No network is used, by wish: what is on this machine plays.", keymap.OfflineMode),
		live("report plays", string(n.Scrobble), "Plays are told to the services that count them; accounts may have their own setting.", keymap.Scrobbling),
		live("loudness", string(n.Gain), "Which of the tags' gains is applied: off, track, album, auto.", keymap.Gain))
	for _, r := range config {
		if r.Action == keymap.Keys && r.Fault == "" { // it may have been changed since the start
			if name := keys.Name(); name != "" && name != r.Value {
				r.Value, r.Source = name, "now"
			}
		}
		dst = append(dst, r)
	}
	return dst
}

// live is a setting of the session: it changes at once, and is remembered.
func live(key, value, doc string, a keymap.Action) Setting {
	return Setting{Key: key, Value: cmp.Or(value, "…"), Source: "now", Doc: doc, Action: a}
}

// faults is how many things in the config are wrong.
func (s *settings) faults() int {
	n := 0
	for _, r := range s.rows {
		if r.Fault != "" {
			n++
		}
	}
	return n
}

func (s *settings) Place() Place {
	p := s.place
	p.View, p.Cursor, p.Top = Settings, s.cursor, s.top
	return p
}
func (s *settings) Title() string           { return "Settings" }
func (s *settings) Context() keymap.Context { return keymap.List }
func (s *settings) Waiting() time.Time      { return time.Time{} }
func (s *settings) Selection() Selection    { return Selection{} }
func (s *settings) Row() (music.Item, bool) { return nil, false }
func (s *settings) Wheel(rows int)          { s.move(rows) }
func (s *settings) Resize(w, h int)         { s.w, s.h = w, h; s.move(0) }
func (s *settings) Opens() string {
	if s.rows[s.cursor].Action == "" {
		return ""
	}
	return "change"
}
func (s *settings) Apply(ev session.Event) {
	if _, ok := ev.(session.SettingsChanged); ok {
		s.fill()
	}
}

// Click puts the cursor on a row.
func (s *settings) Click(_, y int) bool {
	i := s.top + y - s.head()
	if y < s.head() || i >= len(s.rows) || y >= s.h-s.foot() {
		return false
	}
	s.cursor = i
	return true
}

func (s *settings) head() int {
	if s.h >= 12 {
		return 4 // title, file, empty, column names
	}
	return 1
}

// foot is how many lines tell about the row under the cursor.
func (s *settings) foot() int {
	if s.h >= 12 {
		return 4
	}
	return 0
}

func (s *settings) move(by int) {
	s.cursor = max(min(s.cursor+by, len(s.rows)-1), 0)
	rows := max(s.h-s.head()-s.foot(), 1)
	s.top = max(min(s.top, s.cursor), s.cursor-rows+1, 0)
	s.top = max(min(s.top, len(s.rows)-rows), 0)
}

// Act moves, and opens what a row can change.
func (s *settings) Act(a keymap.Action, n int) bool {
	rows := max(s.h-s.head()-s.foot(), 2)
	switch a {
	case keymap.Down:
		s.move(n)
	case keymap.Up:
		s.move(-n)
	case keymap.Top:
		s.move(-len(s.rows))
	case keymap.Bottom:
		s.move(len(s.rows))
	case keymap.HalfDown, keymap.PageDown:
		s.move(n * rows / 2)
	case keymap.HalfUp, keymap.PageUp:
		s.move(-n * rows / 2)
	case keymap.Open, keymap.In:
		if r := s.rows[s.cursor]; r.Action != "" {
			s.env.Do(r.Action)
		} else {
			s.env.Say(session.Info, r.Key+" is set in "+s.env.ConfigPath+", for the next start")
		}
	default:
		return false
	}
	return true
}

// Lines draws the table and, below it, what the setting does.
func (s *settings) Lines(dst []string, focused bool) []string {
	if s.w <= 0 || s.h <= 0 {
		return dst
	}
	set, start := s.env.Set, len(dst)
	title := screen.Spaces(widget.Gutter) + set.Do(style.Strong, "Settings")
	dst = append(dst, screen.Fit(title, s.w, ""))
	if s.head() > 1 {
		words, pen := "What holds, and where it comes from: "+s.env.ConfigPath, style.Muted
		if n := s.faults(); n > 0 {
			words, pen = plural(n, "mistake")+" in "+s.env.ConfigPath+" (!); what stands here holds", style.Warn
		}
		dst = append(dst, screen.Fit(screen.Spaces(widget.Gutter)+set.Do(pen, screen.Cut(words, s.w-2*widget.Gutter, widget.Tail)), s.w, ""), screen.Spaces(s.w))
	}
	from := min(max(18, s.w/4), 30)
	cols := []widget.Column{{Name: "Setting", Width: 22}, {Name: "Value", Flex: 3, Min: 10}, {Name: "From", Width: from, Drop: 1}}
	dst = s.table.Draw(dst, set, widget.View{W: s.w, H: s.h - s.foot() - (len(dst) - start), Top: s.top, N: len(s.rows),
		Cursor: s.cursor, Focused: focused, Columns: cols, Heading: s.head() > 1}, s.row)
	if s.foot() > 0 {
		dst = s.about(dst)
	}
	return dst[:start+s.h]
}

func (s *settings) row(i int, cells []widget.Cell) widget.Look {
	r := s.rows[i]
	value := style.Text
	if r.Source == "default" {
		value = style.Muted
	}
	cells[0], cells[1], cells[2] = widget.Cell{Text: r.Key, Pen: style.Text}, widget.Cell{Text: r.Value, Pen: value}, widget.Cell{Text: r.Source, Pen: style.Muted}
	if strings.HasPrefix(r.Source, "config.toml") || r.Source == "now" {
		cells[2].Pen = style.Accent
	}
	if r.Fault != "" {
		cells[1], cells[2].Pen = widget.Cell{Text: "! " + r.Value, Pen: style.Warn}, style.Warn
	}
	return widget.Look{}
}

// about draws what the setting under the cursor does.
func (s *settings) about(dst []string) []string {
	set, w := s.env.Set, max(min(s.w-2*widget.Gutter, 96), 1)
	dst = append(dst, screen.Spaces(s.w))
	r := s.rows[s.cursor]
	wrong := 0
	var lines []string
	if r.Fault != "" {
		lines = screen.Lines(r.Fault, w)
		wrong = len(lines)
	}
	lines = append(lines, screen.Lines(r.Doc, w)...)
	if room := s.foot() - 1; len(lines) > room {
		lines[room-1] = screen.Cut(lines[room-1]+" "+widget.Tail, w, widget.Tail)
	}
	for i := range s.foot() - 1 {
		l, pen := "", style.Muted
		if i < wrong {
			pen = style.Warn
		}
		if i < len(lines) {
			l = screen.Spaces(widget.Gutter) + set.Do(pen, lines[i])
		}
		dst = append(dst, screen.Fit(l, s.w, ""))
	}
	return dst
}
