package ui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// run does a line typed after ':'.
func (m *Model) run(line string) tea.Cmd {
	name, arg, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, ":")), " ")
	arg = strings.TrimSpace(arg)
	if name == "" {
		return nil
	}
	if name == "q" {
		name = string(keymap.Quit)
	}
	d, ok := m.keys.Def(keymap.Action(name))
	if !ok {
		msg := "no command is named “" + name + "”"
		if n, near := m.keys.Nearest(name); near {
			msg += "; did you mean “" + string(n) + "”?"
		}
		m.say(session.Warning, msg)
		return nil
	}
	if arg == "" {
		return m.do(d.Name, 1)
	}
	if d.Arg == "" {
		if n, err := strconv.Atoi(arg); err == nil && n > 0 {
			return m.do(d.Name, n)
		}
		m.say(session.Warning, name+" takes no “"+arg+"”")
		return nil
	}
	return m.runWith(d, arg)
}

// runWith does an action with what was typed after its name.
func (m *Model) runWith(d keymap.Def, arg string) tea.Cmd {
	if d.Name == keymap.NewPlaylist {
		m.createPlaylist(arg)
		return nil
	}
	c, err := page.Argument(d.Name, arg)
	switch {
	case err != nil:
		m.say(session.Warning, err.Error())
		return nil
	case c != nil:
		m.env.Send(c)
		return nil
	}
	if m.accountAct(d.Name, arg) || m.prefer(d.Name, arg) {
		return nil
	}
	switch d.Name {
	case keymap.Find:
		m.filter(arg)
	case keymap.SaveSearch:
		m.saveSearchAs(arg)
	case keymap.Sort:
		m.sortBy(music.Sort(arg))
	case keymap.GoSearch:
		m.show(page.Search)
		if s, ok := m.current().(interface{ Ask(string) }); ok {
			s.Ask(arg)
		}
	case keymap.GoToplists:
		m.show(page.Toplists)
		if s, ok := m.current().(interface{ Ask(string) }); ok {
			s.Ask(arg)
		}
	case keymap.Rename:
		m.renameTo(arg)
	case keymap.AddTo:
		m.addTo(m.selection()).typed(arg)
	case keymap.Rate:
		m.rateTo(arg)
	case keymap.Scan:
		m.scan([]string{page.Expand(arg)})
	case keymap.GoDevices:
		m.chooseDevice(arg)
	case keymap.Theme:
		return m.loadTheme(arg)
	case keymap.Keys:
		m.useKeymap(arg)
	default:
	}
	return nil
}
