package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// questionWidth is how wide a question is where there is room.
const questionWidth = 76

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

func (q *question) draw(m *Model) ([]string, screen.Rect, int, int) {
	set := m.env.Set
	w := min(m.w-2, questionWidth)
	inner := max(w-6, 1)
	var body []string
	text := func(s string, pen style.Pen) {
		for _, l := range screen.Lines(screen.Clean(s), inner) {
			body = append(body, "  "+set.Do(pen, l))
		}
	}
	body = append(body, "")
	for _, paragraph := range strings.Split(q.q.Text, "\n") {
		text(paragraph, style.Text)
	}
	if q.q.Code != "" {
		body = append(body, "", "  "+set.Do(style.AccentStrong, screen.Clean(q.q.Code)))
	}
	if q.q.URL != "" {
		body = append(body, "")
		text(q.q.URL, style.Accent)
	}
	if !q.q.Until.IsZero() {
		text("Segue waits for the answer until "+q.q.Until.Local().Format("15:04")+".", style.Muted)
	}
	body = append(body, "")
	cx, cy := -1, -1
	if q.typed() {
		field, x := q.input.Line(set, inner)
		cx, cy = x+3, len(body)+1
		body = append(body, "  "+field, "")
	}
	if code := q.code(m, m.h-len(body)-3); code != nil {
		w = max(w, widget.QRWidth(code)+6)
		left := screen.Spaces((w - 2 - widget.QRWidth(code)) / 2)
		at := len(body)
		if q.typed() { // the field stands last, where people look for it
			at -= 2
			cy += len(code) + 1
		}
		for _, l := range append(code, "") {
			body = slices.Insert(body, at, left+l)
			at++
		}
	}
	h := min(len(body)+2, m.h)
	q.at = screen.Rect{W: m.w, H: m.h}.Centre(w, h)
	return widget.Box(set, w, h, "Sign in to "+screen.Clean(string(q.account)), q.note(m), body), q.at, cx, cy
}

// code is the address as a QR code for a phone, nil where it does not fit into so many
// lines, or would not be read.
func (q *question) code(m *Model, lines int) []string {
	if q.q.URL == "" || m.opt.ASCII || m.opt.NoColor {
		return nil
	}
	switch q.q.What {
	case session.QuestionBrowser, session.QuestionCode:
		return widget.QR(q.q.URL, m.w-8, lines)
	case session.QuestionPassword, session.QuestionText, session.QuestionYesNo:
	}
	return nil
}

// note says which keys answer.
func (q *question) note(m *Model) string {
	k := m.keys
	switch q.q.What {
	case session.QuestionYesNo:
		return k.Key(keymap.PopupAccept) + " yes · " + k.Key(keymap.PopupClose) + " no"
	case session.QuestionCode:
		return k.Key(keymap.CopyLink) + " copies the address · " + k.Key(keymap.PopupClose) + " gives up"
	case session.QuestionBrowser:
		return k.Key(keymap.InputTab) + " copies the address · " + k.Key(keymap.InputCancel) + " gives up"
	case session.QuestionPassword, session.QuestionText:
	}
	return k.Key(keymap.InputAccept) + " answers · " + k.Key(keymap.InputCancel) + " gives up"
}

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
	case text == m.keys.Key(keymap.CopyLink):
		m.later = append(m.later, q.copy(m))
	}
}

func (q *question) wheel(int)                   {}
func (q *question) apply(*Model, session.Event) {}

// click outside of it does nothing: a sign-in is not given up by accident.
func (q *question) click(*Model, int, int, bool) tea.Cmd { return nil }
