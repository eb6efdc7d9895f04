package ui

import (
	"slices"
	"strings"
	"unicode"

	"segue/internal/music"
	"segue/keymap"
	"segue/ui/page"
	"segue/ui/style"
	"segue/ui/widget"
)

// complete finds what the line may become: names of actions, and behind a name what it takes.
func (p *prompt) complete(m *Model) {
	p.names = nil
	if p.kind != promptCommand {
		return
	}
	word := p.input.Value()
	name, arg, behind := strings.Cut(word, " ")
	if !behind {
		names := m.keys.Names()
		slices.SortStableFunc(names, func(a, b string) int { return len(a) - len(b) })
		p.names = completions(names, word)
		return
	}
	d, ok := m.keys.Def(keymap.Action(name))
	if !ok {
		return
	}
	for _, a := range completions(m.argumentsOf(d), strings.TrimLeft(arg, " ")) {
		p.names = append(p.names, name+" "+a)
	}
}

// completions are the texts that a word may become: those that begin with it,
// those that it is in, and those that its letters are in.
func completions(texts []string, word string) []string {
	var starts, has, loose []string
	low := strings.ToLower(word)
	for _, t := range texts {
		switch l := strings.ToLower(t); {
		case strings.HasPrefix(l, low):
			starts = append(starts, t)
		case strings.Contains(l, low):
			has = append(has, t)
		case widget.Subsequence(l, low):
			loose = append(loose, t)
		}
	}
	return append(append(starts, has...), loose...)
}

// argumentsOf are the texts that an action may be given, as far as they are known.
func (m *Model) argumentsOf(d keymap.Def) []string {
	switch d.Name {
	case keymap.Theme:
		return style.Names(m.opt.ThemeDir)
	case keymap.Keys:
		return keymap.Presets()
	case keymap.Sort:
		return m.orders()
	case keymap.GoSearch:
		return m.env.Searches
	case keymap.GoDevices:
		return m.deviceNames()
	case keymap.AddTo:
		return m.side.listNames()
	case keymap.Login, keymap.Logout, keymap.Relogin, keymap.Forget, keymap.AccountMenu, keymap.LoadQueue:
		var ids []string
		for _, a := range m.env.Accounts {
			if a.Can.SignIn {
				ids = append(ids, string(a.ID))
			}
		}
		return ids
	default:
		return alternatives(d.Arg)
	}
}

// orders are the names of the orders of the list on the screen.
func (m *Model) orders() []string {
	l, ok := m.current().(page.Lister)
	if !ok {
		return nil
	}
	all, _ := l.Sorts()
	var names []string
	for _, s := range all {
		if s != music.SortDefault {
			names = append(names, string(s))
		}
	}
	return names
}

func (m *Model) deviceNames() []string {
	var names []string
	for _, a := range m.env.Devices {
		for _, d := range a.Devices {
			names = append(names, page.Clean(d.Name))
		}
	}
	return names
}

// alternatives are the words that stand in what an action says it takes, "on | off"; what
// stands there as an example, or in capitals for something of one's own, is none.
func alternatives(arg string) []string {
	var words []string
	for _, w := range strings.Split(strings.Trim(arg, "[]"), "|") {
		w = strings.TrimSpace(w)
		if w != "" && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLower(r) && !unicode.IsDigit(r) }) {
			words = append(words, w)
		}
	}
	return words
}
