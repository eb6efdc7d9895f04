package ui

import (
	"fmt"
	"strings"

	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// questionWidth is how wide a question is where there is room.
const questionWidth = 88

// said is what a question shows above its field, in lines of its own.
type said struct {
	text, code, url, rest []string
}

func (q *question) draw(m *Model) ([]string, screen.Rect, int, int) {
	set := m.env.Set
	w := min(m.w-2, questionWidth)
	inner := max(w-6, 1)
	field := 0
	if q.typed() {
		field = 2 // and the line under it
	}
	s := q.words(inner)
	picture := q.picture(m, m.h-s.lines()-field-3)
	if hint := q.noPicture(m, picture, s.lines()+field+3); hint != "" {
		s.rest = append(s.rest, screen.Lines(hint, inner)...)
	}
	s.shorten(m.h - 2 - field)
	body := s.drawn(set)
	if picture != nil {
		w = max(w, widget.QRWidth(picture)+6)
		left := screen.Spaces((w - 2 - widget.QRWidth(picture)) / 2)
		for _, l := range append(picture, "") {
			body = append(body, left+l)
		}
	}
	cx, cy := -1, -1
	if q.typed() { // it stands last, where people look for it
		line, x := q.input.Line(set, inner)
		cx, cy = x+3, len(body)+1
		body = append(body, "  "+line, "")
	}
	h := min(len(body)+2, m.h)
	q.at = m.middle(w, h)
	return widget.Box(set, w, h, "Sign in to "+screen.Clean(string(q.account)), q.note(m), body), q.at, cx, cy
}

// words are what is said, in lines of a width.
func (q *question) words(width int) said {
	var s said
	for _, paragraph := range strings.Split(q.q.Text, "\n") {
		s.text = append(s.text, numbered(screen.Clean(paragraph), width)...)
	}
	if q.q.Code != "" {
		s.code = []string{screen.Clean(q.q.Code)}
	}
	if q.q.URL != "" {
		s.url = screen.Lines(screen.Clean(q.q.URL), width)
	}
	if !q.q.Until.IsZero() {
		s.rest = screen.Lines("Segue waits for the answer until "+q.q.Until.Local().Format("15:04")+".", width)
	}
	return s
}

// numbered is a paragraph in lines; those of a numbered one stand below its first word.
func numbered(paragraph string, width int) []string {
	number, rest, ok := strings.Cut(paragraph, ". ")
	if n := screen.Width(number); !ok || n == 0 || n > 2 || strings.Trim(number, "0123456789") != "" || width < 40 {
		return screen.Lines(paragraph, width)
	}
	number += ". "
	lines := screen.Lines(rest, width-screen.Width(number))
	for i, l := range lines {
		if i == 0 {
			lines[i] = number + l
		} else {
			lines[i] = screen.Spaces(screen.Width(number)) + l
		}
	}
	return lines
}

// lines is how many there are with those between the parts.
func (s *said) lines() int {
	n := 2 + len(s.text) + len(s.rest)
	for _, part := range [][]string{s.code, s.url} {
		if len(part) > 0 {
			n += 1 + len(part)
		}
	}
	return n
}

// shorten makes it fit into so many lines: what is said least loudly goes first, then the
// most of the address, which is copied whole by a key, then the end of the text.
func (s *said) shorten(lines int) {
	for s.lines() > lines && len(s.rest) > 0 {
		s.rest = s.rest[:len(s.rest)-1]
	}
	s.url = cutTo(s.url, max(len(s.url)-max(s.lines()-lines, 0), 1))
	if s.lines() > lines && len(s.text) > 2 {
		s.url = nil
	}
	s.text = cutTo(s.text, max(len(s.text)-max(s.lines()-lines, 0), 1))
}

// cutTo is the first of some lines, with a mark where there were more.
func cutTo(all []string, n int) []string {
	if n >= len(all) {
		return all
	}
	some := append([]string{}, all[:n]...)
	some[n-1] = screen.Cut(some[n-1], max(screen.Width(some[n-1])-1, 1), "") + widget.Tail
	return some
}

func (s *said) drawn(set *style.Set) []string {
	body := []string{""}
	part := func(lines []string, pen style.Pen, apart bool) {
		if apart && len(lines) > 0 {
			body = append(body, "")
		}
		for _, l := range lines {
			body = append(body, "  "+set.Do(pen, l))
		}
	}
	part(s.text, style.Text, false)
	part(s.code, style.AccentStrong, true)
	part(s.url, style.Accent, true)
	part(s.rest, style.Muted, false)
	return append(body, "")
}

// picture is the address as a QR code for a phone, nil where it does not fit into so many
// lines, or would not be read.
func (q *question) picture(m *Model, lines int) []string {
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

// noPicture says what size of window an address needs to be drawn as a QR code, and what
// copies it instead; "" where it is drawn, or would not be in any window. other is how many
// lines stand beside it.
func (q *question) noPicture(m *Model, picture []string, other int) string {
	if picture != nil || q.q.URL == "" || m.opt.ASCII || m.opt.NoColor {
		return ""
	}
	key := keymap.CopyLink
	switch q.q.What {
	case session.QuestionBrowser:
		key = keymap.InputTab
	case session.QuestionCode:
	case session.QuestionPassword, session.QuestionText, session.QuestionYesNo:
		return ""
	}
	w, h, ok := widget.QRSize(q.q.URL)
	if !ok {
		return ""
	}
	return fmt.Sprintf("As a QR code it needs a window of %d x %d; %s copies it.", max(w+8, m.w), max(h+other, m.h), m.keys.Key(key))
}

// note says which keys answer.
func (q *question) note(m *Model) string {
	k := m.keys
	copies := either(m.w < 50, " copies it · ", " copies the address · ")
	switch q.q.What {
	case session.QuestionYesNo:
		return k.Key(keymap.PopupAccept) + " yes · " + k.Key(keymap.PopupClose) + " no"
	case session.QuestionCode:
		return k.Key(keymap.CopyLink) + copies + k.Key(keymap.PopupClose) + " gives up"
	case session.QuestionBrowser:
		return k.Key(keymap.InputTab) + copies + k.Key(keymap.InputCancel) + " gives up"
	case session.QuestionPassword, session.QuestionText:
	}
	return k.Key(keymap.InputAccept) + " answers · " + k.Key(keymap.InputCancel) + " gives up"
}
