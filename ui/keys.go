package ui

import (
	tea "charm.land/bubbletea/v2"

	"segue/keymap"
	"segue/ui/page"
)

// key takes a key press: popup, prompt, a page's own text field, then actions.
func (m *Model) key(msg tea.KeyPressMsg) tea.Cmd {
	name := keyName(msg)
	m.dismiss()
	if p := m.topPopup(); p != nil {
		return m.popupKey(p, name, msg.Text)
	}
	if m.prompt != nil {
		return m.promptKey(name, msg.Text)
	}
	if t, ok := m.typist(); ok {
		return m.typistKey(t, name, msg)
	}
	if m.keys.Counts() && m.chord.digit(name) {
		return nil
	}
	ctx := m.context()
	a, rest, ok := m.keys.Resolve(ctx, m.chord.keys, name)
	if !ok && len(m.chord.keys) == 0 && msg.BaseCode != 0 && msg.Mod == 0 {
		// a letter of another alphabet: the key in the same place
		a, rest, ok = m.keys.Resolve(ctx, nil, string(msg.BaseCode))
	}
	if !ok && m.chord.shown && m.keyOf(name) == keymap.Help {
		a, ok = keymap.Help, true // the box of what may follow offers it for what it has no room for
	}
	if ok && a == "" {
		return m.chord.goOn(rest)
	}
	count := m.chord.count
	m.chord.end()
	switch {
	case !ok:
		return nil
	case count > 0 && a == keymap.Back:
		return nil // it takes the count back
	case count == 1 && a == keymap.Bottom:
		a = keymap.Top // the first row is as well named by a number as any other
	case count > 1 && a == keymap.Top:
		a = keymap.Bottom
	}
	return m.do(a, max(count, 1))
}

// keyOf is what a key does by itself, "" = nothing.
func (m *Model) keyOf(name string) keymap.Action {
	a, _, _ := m.keys.Resolve(m.context(), nil, name)
	return a
}

// dismiss takes a message away that was there long enough to be read; the key does
// what it does besides.
func (m *Model) dismiss() {
	if m.toast.Text != "" && m.env.Now.Sub(m.toastAt) > readAfter {
		m.toast = page.Toast{}
	}
}

// keyName is the key as the key map spells it.
func keyName(msg tea.KeyPressMsg) string {
	k := msg.String()
	if k == " " {
		return "space"
	}
	return k
}

// context says which keys are live outside of popups and fields.
func (m *Model) context() keymap.Context {
	if m.focus == paneSide || m.lay.main.Empty() {
		return keymap.List
	}
	return m.current().Context()
}

func (m *Model) popupKey(p popup, name, text string) tea.Cmd {
	if a, _, ok := m.keys.Resolve(p.context(), nil, name); ok && a != "" {
		return p.act(m, a)
	}
	p.edit(m, name, text)
	return nil
}

// typist gives the page when its text field has the focus.
func (m *Model) typist() (page.Typist, bool) {
	if m.focus != paneMain || m.lay.main.Empty() {
		return nil, false
	}
	t, ok := m.current().(page.Typist)
	return t, ok && t.Typing()
}

func (m *Model) typistKey(t page.Typist, name string, msg tea.KeyPressMsg) tea.Cmd {
	if name == "ctrl+c" {
		return m.do(keymap.Quit, 1)
	}
	if a, _, ok := m.keys.Resolve(keymap.Input, nil, name); ok && a != "" {
		if !m.current().Act(a, 1) && a == keymap.InputCancel {
			return m.do(keymap.Back, 1)
		}
		return nil
	}
	if msg.Text != "" {
		t.Type(msg.Text)
		return nil
	}
	if t.Key(name) {
		return nil
	}
	// keys that no text has, such as media keys and function keys, work here too
	if a, _, ok := m.keys.Resolve(keymap.Global, nil, name); ok && a != "" {
		return m.do(a, 1)
	}
	return nil
}

// paste puts text where the text cursor is.
func (m *Model) paste(text string) {
	if p := m.topPopup(); p != nil {
		p.edit(m, "", text)
		return
	}
	if m.prompt != nil {
		m.promptType(text)
		return
	}
	if t, ok := m.typist(); ok {
		t.Type(text)
	}
}
