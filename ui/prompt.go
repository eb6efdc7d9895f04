package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"segue/keymap"
	"segue/session"
	"segue/ui/page"
	"segue/ui/widget"
)

// promptKind says what a line typed at the bottom is for; each has a history of its own.
type promptKind string

const (
	promptCommand     promptKind = "command"
	promptFind        promptKind = "find"
	promptSaveQueue   promptKind = "save"
	promptNewPlaylist promptKind = "new"
	promptRename      promptKind = "rename"
	promptOpen        promptKind = "open"
	promptSaveSearch  promptKind = "save-search"
	promptAccount     promptKind = "account" // may hold secrets: it has no history
)

// prompt is a line that is typed at the bottom of the screen.
type prompt struct {
	kind  promptKind
	label string
	input widget.Input
	finds page.Page // the list that a find filters as it is typed
	was   string    // its filter before
	at    int       // in the history, from the newest; -1 = the line being typed
	typed string
	done  func(m *Model, text string) tea.Cmd // where the kind alone does not say
	names []string                            // completions that are offered
	name  int
	wrong string // what is wrong with a query, in words
}

// ask opens a prompt.
func (m *Model) ask(kind promptKind, label, text string) *prompt {
	m.chord.end()
	m.prompt = &prompt{kind: kind, label: label, input: widget.NewInput(text), at: -1, name: -1}
	m.prompt.complete(m)
	return m.prompt
}

// find opens the prompt that filters the list on the screen.
func (m *Model) find() {
	l, ok := m.current().(page.Lister)
	if !ok {
		return
	}
	p := m.ask(promptFind, "/", l.Filter())
	p.finds, p.was = l, l.Filter()
}

// offered puts what is on the clipboard into the prompt for links, if it looks like one
// and nothing was typed yet.
func (m *Model) offered(text string) {
	p := m.prompt
	if p == nil || p.kind != promptOpen || p.input.Value() != "" {
		return
	}
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	for _, start := range []string{"/", "~/", "http://", "https://", "spotify:", "segue:", "file://"} {
		if strings.HasPrefix(text, start) && len(text) < 2000 {
			p.input.Set(text)
			return
		}
	}
}

func (m *Model) promptKey(name, text string) tea.Cmd {
	p := m.prompt
	a, _, ok := m.keys.Resolve(keymap.Input, nil, name)
	if ok && a != "" {
		return m.promptAct(a)
	}
	if text != "" {
		m.promptType(text)
		return nil
	}
	if p.input.Value() == "" && (name == "backspace" || name == "ctrl+h") {
		m.cancelPrompt()
		return nil
	}
	was := p.input.Value()
	if p.input.Key(name); p.input.Value() != was {
		m.promptChanged()
	}
	return nil
}

func (m *Model) promptType(text string) {
	m.prompt.input.Insert(text)
	m.promptChanged()
}

// promptChanged filters as it is typed and looks for completions.
func (m *Model) promptChanged() {
	p := m.prompt
	p.at, p.name, p.wrong = -1, -1, ""
	p.complete(m)
	if p.kind == promptFind {
		m.filter(p.input.Value())
	}
}

// filter asks for the rows that match; while the words make no query the rows
// of before stay, and the mistake is marked where it is.
func (m *Model) filter(words string) (wrong string) {
	l, ok := m.current().(page.Lister)
	pos, n, wrong := page.Mistake(words)
	if p, is := l.(interface{ Plain() bool }); is && p.Plain() {
		pos, n, wrong = 0, 0, ""
	}
	if m.prompt != nil && m.prompt.kind == promptFind {
		m.prompt.wrong = wrong
		m.prompt.input.Mark(pos, n)
	}
	if wrong == "" && ok {
		l.SetFilter(strings.TrimSpace(words))
	}
	return wrong
}

func (m *Model) cancelPrompt() {
	if m.prompt.kind == promptFind {
		m.filter(m.prompt.was)
	}
	m.prompt = nil
}

func (m *Model) promptAct(a keymap.Action) tea.Cmd {
	p := m.prompt
	switch a {
	case keymap.InputCancel:
		if p.kind == promptFind {
			p.was = ""
		}
		m.cancelPrompt()
	case keymap.InputAccept:
		text := strings.TrimSpace(p.input.Value())
		m.prompt = nil
		m.remember(p.kind, text)
		return m.answer(p, text)
	case keymap.InputNext, keymap.InputPrev:
		if p.kind == promptFind && a == keymap.InputNext && m.historyOf(p.kind, 0) == "" {
			break
		}
		m.recall(a == keymap.InputPrev)
	case keymap.InputTab:
		p.next(1)
	case keymap.InputBackTab:
		p.next(-1)
	default:
	}
	return nil
}

// answer does what a prompt was for.
func (m *Model) answer(p *prompt, text string) tea.Cmd {
	if p.done != nil {
		return p.done(m, text)
	}
	switch p.kind {
	case promptFind:
		if wrong := m.filter(text); wrong != "" {
			m.say(session.Warning, wrong)
		}
	case promptCommand:
		return m.run(text)
	case promptSaveQueue:
		if text != "" {
			m.env.Send(session.SaveQueue{Name: text})
		}
	case promptNewPlaylist:
		m.createPlaylist(text)
	case promptSaveSearch:
		if text != "" {
			m.saveSearchAs(text)
		}
	case promptOpen:
		if text != "" {
			m.env.Send(session.OpenLink{Text: page.Expand(text)})
		}
	case promptRename, promptAccount:
	}
	return nil
}

// remember adds a line to its history, the newest first, each line once.
func (m *Model) remember(kind promptKind, text string) {
	if text == "" || kind == promptAccount {
		return
	}
	list := []string{text}
	for _, s := range m.history[kind] {
		if s != text && len(list) < 100 {
			list = append(list, s)
		}
	}
	m.history[kind] = list
}

func (m *Model) historyOf(kind promptKind, i int) string {
	if h := m.history[kind]; i >= 0 && i < len(h) {
		return h[i]
	}
	return ""
}

// recall walks through the history; past its newest line is what was typed.
func (m *Model) recall(older bool) {
	p := m.prompt
	if p.at < 0 {
		p.typed = p.input.Value()
	}
	next := p.at - 1
	if older {
		next = p.at + 1
	}
	if next >= len(m.history[p.kind]) || next < -1 {
		return
	}
	p.at = next
	if next < 0 {
		p.input.Set(p.typed)
	} else {
		p.input.Set(m.historyOf(p.kind, next))
	}
	if p.kind == promptFind {
		m.filter(p.input.Value())
	}
}

// next puts the next completion into the line.
func (p *prompt) next(by int) {
	if len(p.names) == 0 {
		return
	}
	n := len(p.names)
	if p.name < 0 && by < 0 {
		p.name = 0
	}
	p.name = ((p.name+by)%n + n) % n
	p.input.Set(p.names[p.name])
}
