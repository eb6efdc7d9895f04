package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/widget"
)

// question is a popup that a service opened while it signs in: it says what is to be
// done, and takes the answer in a field.
type question struct {
	account music.AccountID
	id      session.Ticket
	q       session.Question
	input   widget.Input
	at      screen.Rect
}

// asked takes a question of a service, or its end.
func (m *Model) asked(ev session.LoginNeeded) {
	for i, p := range m.popups {
		if q, ok := p.(*question); ok && q.account == ev.Account && q.id == ev.ID {
			m.popups = append(m.popups[:i:i], m.popups[i+1:]...)
			break
		}
	}
	if ev.Over {
		return
	}
	q := &question{account: ev.Account, id: ev.ID, q: ev.Question}
	q.input.Secret = ev.Question.What == session.QuestionPassword
	switch ev.Question.What {
	case session.QuestionBrowser:
		q.input.Placeholder = "the address that the browser ends at, if it does not come back by itself"
	case session.QuestionPassword, session.QuestionText, session.QuestionCode, session.QuestionYesNo:
	}
	m.push(q)
}

func (q *question) context() keymap.Context {
	if q.q.What == session.QuestionYesNo || q.q.What == session.QuestionCode {
		return keymap.Popup
	}
	return keymap.Input
}

// typed reports whether the question is answered in its field.
func (q *question) typed() bool { return q.context() == keymap.Input }

func (q *question) act(m *Model, a keymap.Action) tea.Cmd {
	switch a {
	case keymap.InputAccept:
		if text := strings.TrimSpace(q.input.Value()); text != "" {
			q.answer(m, text)
		}
	case keymap.InputTab:
		return q.copy(m)
	case keymap.PopupAccept:
		if q.q.What == session.QuestionYesNo {
			q.answer(m, "yes")
		}
	case keymap.PopupClose:
		if q.q.What == session.QuestionYesNo {
			q.answer(m, "no")
			return nil
		}
		q.giveUp(m)
	case keymap.InputCancel:
		q.giveUp(m)
	default:
	}
	return nil
}

// copy puts the address on the clipboard, by the terminal.
func (q *question) copy(m *Model) tea.Cmd {
	if q.q.URL == "" {
		return nil
	}
	m.say(session.Info, "copied the address")
	return tea.SetClipboard(q.q.URL)
}

func (q *question) answer(m *Model, text string) {
	m.drop(q)
	m.env.Send(session.AnswerLogin{Account: q.account, ID: q.id, Answer: secret.New(text)})
}

func (q *question) giveUp(m *Model) {
	m.drop(q)
	m.env.Send(session.AnswerLogin{Account: q.account, ID: q.id, Cancel: true})
}

// drop takes a popup away, wherever it is in the stack.
func (m *Model) drop(p popup) {
	for i, x := range m.popups {
		if x == p {
			m.popups = append(m.popups[:i:i], m.popups[i+1:]...)
			return
		}
	}
}

func (q *question) edit(m *Model, key, text string) {
	switch {
	case q.typed() && text != "":
		q.input.Insert(text)
	case q.typed():
		q.input.Key(key)
	case m.keys.Begins(keymap.CopyLink, key):
		m.later = append(m.later, q.copy(m))
	}
}

func (q *question) wheel(int)                   {}
func (q *question) apply(*Model, session.Event) {}

// click outside of it does nothing: a sign-in is not given up by accident.
func (q *question) click(*Model, int, int) tea.Cmd { return nil }
