package page

import (
	"slices"
	"strings"

	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// offers is what the search field may be completed to: what was meant, what the
// accounts suggest, and with an empty field what was searched for lately. They hang
// under the field while it has the focus.
type offers struct {
	texts  []string
	at     int // the chosen one, -1 = none; counts only while there are some
	ticket session.Ticket
	typed  string // the text that the offers are for
	meant  bool   // the first is what was meant
	top, h int    // lines of the box within the page, at the last drawing
	w      int
}

// keepSearches is how many searches are remembered.
const keepSearches = 50

// searched remembers what was searched for, the newest first, each once.
func (e *Env) searched(words string) {
	words = strings.TrimSpace(words)
	if words == "" {
		return
	}
	list := append([]string{words}, slices.DeleteFunc(slices.Clone(e.Searches), func(s string) bool { return s == words })...)
	e.Searches = list[:min(len(list), keepSearches)]
}

// leave takes the focus from the field.
func (s *search) leave() { s.typing, s.drop = false, offers{} }

// suggest asks the accounts for completions of what is typed; those of before stay
// until the answer is there, as far as they still go on from it.
func (s *search) suggest() {
	words := strings.TrimSpace(s.input.Value())
	s.drop.at, s.drop.meant, s.drop.typed = -1, false, words
	if words == "" {
		s.drop.ticket, s.drop.texts = 0, slices.Clone(s.env.Searches)
		return
	}
	s.drop.texts = slices.DeleteFunc(s.drop.texts, func(t string) bool { return !goesOn(t, words) })
	if !s.suggests() {
		return
	}
	s.drop.ticket = s.env.Ticket()
	s.env.Send(session.Suggest{Ticket: s.drop.ticket, Lane: "search", Query: words, Account: s.every.only})
}

// goesOn reports whether a suggestion goes on from what is typed.
func goesOn(text, words string) bool {
	return strings.HasPrefix(strings.ToLower(text), strings.ToLower(words)) && !strings.EqualFold(text, words)
}

// suggested takes the answer to what is typed; earlier searches that go on from it
// stand first.
func (s *search) suggested(ev session.SuggestionsLoaded) {
	if ev.Ticket == 0 || ev.Ticket != s.drop.ticket || !s.typing {
		return
	}
	s.drop.ticket = 0
	texts := s.drop.texts[:0:0]
	if s.drop.meant && len(s.drop.texts) > 0 {
		texts = append(texts, s.drop.texts[0])
	}
	add := func(t string) {
		t = clean(t)
		if t != "" && !strings.EqualFold(t, s.drop.typed) && !slices.ContainsFunc(texts, func(x string) bool { return strings.EqualFold(x, t) }) {
			texts = append(texts, t)
		}
	}
	for _, t := range s.env.Searches {
		if goesOn(t, s.drop.typed) {
			add(t)
		}
	}
	for _, t := range ev.Texts {
		add(t)
	}
	s.drop.texts, s.drop.at = texts, min(s.drop.at, len(texts)-1)
}

// meant offers what was meant in place of a slip, first of all.
func (s *search) meant(text string) {
	text = clean(text)
	if text == "" || !s.typing || strings.EqualFold(text, s.drop.typed) || s.drop.meant {
		return
	}
	s.drop.texts = append([]string{text}, s.drop.texts...)
	s.drop.meant = true
	if s.drop.at >= 0 {
		s.drop.at++
	}
}

// Offers reports whether there are completions on the screen, and whether one is chosen.
func (s *search) Offers() (some, chosen bool) {
	some = s.typing && s.offered() > 0
	return some, some && s.drop.at >= 0
}

// offered is how many offers there is room for.
func (s *search) offered() int {
	room := 6
	if s.h < 16 {
		room = 2
	}
	return min(len(s.drop.texts), room, max(s.h-4, 0))
}

// actOffers does an action on the offers; false = it is none of theirs.
func (s *search) actOffers(a keymap.Action) bool {
	n := s.offered()
	if !s.typing || n == 0 {
		return false
	}
	d := &s.drop
	switch {
	case a == keymap.InputNext && d.at < n-1:
		d.at++
	case a == keymap.InputPrev && d.at >= 0:
		d.at--
	case a == keymap.InputTab:
		s.takeOffer(max(d.at, 0))
	case a == keymap.InputAccept && d.at >= 0:
		s.takeOffer(d.at)
	case a == keymap.InputCancel && d.typed != "":
		s.drop = offers{typed: d.typed, at: -1}
	default:
		return false
	}
	return true
}

// takeOffer puts an offer into the field and searches for it.
func (s *search) takeOffer(i int) {
	text := s.drop.texts[i]
	s.input.Set(text)
	s.env.searched(text)
	s.drop = offers{typed: text, at: -1}
	s.retype()
	s.drop = offers{typed: text, at: -1} // what goes on from it comes with the next letter
}

// clickOffer takes the offer under the mouse.
func (s *search) clickOffer(x, y int) bool {
	i := y - s.drop.top - 1
	if !s.typing || x < offersX || x >= offersX+s.drop.w || i < 0 || i >= s.offered() || s.drop.h == 0 {
		return false
	}
	s.takeOffer(i)
	return true
}

// offersX is the column of the box: its texts stand under what is typed.
const offersX = 3

// drawOffers lays the offers over the page's lines, under the field.
func (s *search) drawOffers(lines []string) {
	n := s.offered()
	s.drop.h = 0
	if !s.typing || n == 0 || len(lines) < n+3 {
		return
	}
	set := s.env.Set
	w := 24
	for _, t := range s.drop.texts[:n] {
		w = max(w, screen.Width(t)+4)
	}
	w = min(w, s.w-offersX-2, 60)
	if w < 8 {
		return
	}
	rows := make([]string, n)
	for i, t := range s.drop.texts[:n] {
		pen, bg, note := style.Text, "", ""
		if s.drop.meant && i == 0 {
			note = "meant?"
		}
		if i == s.drop.at {
			pen, bg = style.Strong, set.Select
		}
		rows[i] = bg + set.On(pen) + " " + screen.Fit(t, w-4-len(note), widget.Tail) + set.On(style.Muted) + note + " " + style.Reset
	}
	title := ""
	if s.drop.typed == "" {
		title = "Lately"
	}
	box := widget.Box(set, w, n+2, title, "", rows)
	s.drop.top, s.drop.h, s.drop.w = 1, n+2, w
	screen.Splice(lines, box, s.w, offersX, s.drop.top)
}

// suggests reports whether an account that is searched can complete what is typed.
func (s *search) suggests() bool {
	return slices.ContainsFunc(s.env.Accounts, func(a session.AccountInfo) bool {
		return a.Can.Suggest && (s.every.only == "" || a.ID == s.every.only)
	})
}
