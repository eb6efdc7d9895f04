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

// help opens the help: every action with its keys, filtered as you type; Enter runs the row.
func (m *Model) help() {
	p := &pick{Picker: widget.Picker{Title: "Help", Filter: true, Empty: "No command is called that."}}
	p.Input.Placeholder = "type to filter, Enter runs it"
	var rows []widget.Choice
	defs := m.keys.Defs()
	at := map[keymap.Action]int{}
	for i, d := range defs {
		at[d.Name] = i
	}
	for _, g := range m.keys.Help(m.context()) {
		if len(rows) > 0 {
			rows = append(rows, widget.Choice{Heading: true}) // an empty line
		}
		rows = append(rows, widget.Choice{Label: g.Name, Heading: true})
		for _, e := range g.Entries {
			keys := strings.Join(e.Keys, "  ")
			if keys == "" {
				keys = ":" + string(e.Action)
			}
			rows = append(rows, widget.Choice{Label: e.Title, Detail: keys, Muted: !e.Live, Search: string(e.Action) + " " + g.Name, ID: at[e.Action]})
		}
	}
	p.SetChoices(rows)
	p.choose = func(m *Model, c widget.Choice, _ string) tea.Cmd { return m.runDef(defs[c.ID]) }
	m.push(p)
}

// runDef does an action chosen in the help or the palette.
func (m *Model) runDef(d keymap.Def) tea.Cmd {
	if d.Context == keymap.Popup || d.Context == keymap.Input {
		return nil
	}
	return m.do(d.Name, 1)
}

// palette opens all commands.
func (m *Model) palette() {
	p := &pick{Picker: widget.Picker{Title: "Commands", Filter: true, Empty: "No command is called that."}}
	p.Input.Placeholder = "what do you want to do?"
	defs := m.keys.Defs()
	var rows []widget.Choice
	for i, d := range defs {
		if d.Hidden || d.Group == "Move" {
			continue
		}
		rows = append(rows, widget.Choice{Label: m.inWords(d), Detail: m.keys.Key(d.Name), Search: string(d.Name) + " " + d.Group, ID: i})
	}
	p.SetChoices(rows)
	p.choose = func(m *Model, c widget.Choice, _ string) tea.Cmd { return m.runDef(defs[c.ID]) }
	m.push(p)
}

// inWords is an action's title; undo and redo say what they would take back.
func (m *Model) inWords(d keymap.Def) string {
	switch {
	case d.Name == keymap.Undo && m.env.Queue.Undo != "":
		return d.Title + ": " + screen.Clean(m.env.Queue.Undo)
	case d.Name == keymap.Redo && m.env.Queue.Redo != "":
		return d.Title + ": " + screen.Clean(m.env.Queue.Redo)
	}
	return d.Title
}

// menuRow is a row of a menu.
type menuRow struct {
	label string
	key   keymap.Action
	do    func() tea.Cmd
}

// menu opens a popup of things to do.
func (m *Model) menu(title string, rows []menuRow) *pick {
	p := &pick{Picker: widget.Picker{Title: title}}
	choices := make([]widget.Choice, len(rows))
	for i, r := range rows {
		choices[i] = widget.Choice{Label: r.label, Detail: m.keys.Key(r.key), ID: i}
	}
	p.SetChoices(choices)
	p.choose = func(_ *Model, c widget.Choice, _ string) tea.Cmd { return rows[c.ID].do() }
	m.push(p)
	return p
}

// sortMenu offers the orders of the list.
func (m *Model) sortMenu() {
	l, ok := m.current().(page.Lister)
	if !ok {
		return
	}
	all, now := l.Sorts()
	if len(all) == 0 {
		m.say(session.Info, "this list has one order only")
		return
	}
	p := &pick{Picker: widget.Picker{Title: "Sort by"}}
	rows := make([]widget.Choice, len(all))
	at := 0
	for i, s := range all {
		rows[i] = widget.Choice{Label: page.SortName(s), ID: i}
		if s == now {
			rows[i].Detail, at = "now", i
		}
	}
	p.SetChoices(rows)
	p.Move(at)
	p.choose = func(m *Model, c widget.Choice, _ string) tea.Cmd { m.sortBy(all[c.ID]); return nil }
	m.push(p)
}

func (m *Model) sortBy(s music.Sort) {
	l, ok := m.current().(page.Lister)
	if !ok {
		return
	}
	all, _ := l.Sorts()
	for i, x := range all {
		if x == s {
			if i == 0 {
				s = music.SortDefault
			}
			l.SetSort(s)
			m.save()
			return
		}
	}
	m.say(session.Warning, "this list cannot be sorted by “"+string(s)+"”")
}

// themeMenu offers the themes.
func (m *Model) themeMenu() {
	names := style.Names(m.opt.ThemeDir)
	p := &pick{Picker: widget.Picker{Title: "Theme"}}
	rows, at := make([]widget.Choice, len(names)), 0
	for i, n := range names {
		rows[i] = widget.Choice{Label: n, ID: i}
		if n == m.theme.Name {
			rows[i].Detail, at = "now", i
		}
	}
	p.SetChoices(rows)
	p.Move(at)
	p.choose = func(m *Model, c widget.Choice, _ string) tea.Cmd { return m.loadTheme(names[c.ID]) }
	m.push(p)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return itoa(n) + " " + what + "s"
}
