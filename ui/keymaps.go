package ui

import (
	tea "charm.land/bubbletea/v2"

	"segue/keymap"
	"segue/session"
	"segue/ui/widget"
)

// keymapMenu offers the key maps that come with the program.
func (m *Model) keymapMenu() {
	names := keymap.Presets()
	p := &pick{Picker: widget.Picker{Title: "Keys as in"}}
	rows, at := make([]widget.Choice, len(names)), 0
	for i, n := range names {
		rows[i] = widget.Choice{Label: n, ID: i}
		if n == m.keys.Name() {
			rows[i].Detail, at = "now", i
		}
	}
	p.SetChoices(rows)
	p.Move(at)
	p.choose = func(m *Model, c widget.Choice, _ string) tea.Cmd {
		m.useKeymap(names[c.ID])
		return nil
	}
	m.push(p)
}

// useKeymap puts other keys into use until the end; the config keeps them for longer.
func (m *Model) useKeymap(name string) {
	get := m.opt.Keymaps
	if get == nil {
		get = keymap.Preset
	}
	keys, err := get(name)
	if keys.Name() == "" {
		m.say(session.Warning, err.Error())
		return
	}
	m.keys, m.env.Keys = keys, keys
	m.chord.end()
	if err != nil { // the map is good, some of the user's own keys are not
		m.keep(session.Warning, err.Error())
	}
	m.say(session.Info, "keys of “"+name+"”; screen.keymap in the config keeps them")
}
