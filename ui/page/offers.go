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
// accounts suggest, and with an empty field what was searched for lately. They stand
// under the field while it has the focus, never over results.
type offers struct {
	texts  []string
	at     int // the chosen one, -1 = none; counts only while there are some
	ticket session.Ticket
	typed  string        // the text that the offers are for
	meant  bool          // the first is what was meant
	spans  []screen.Rect // where each was drawn in the page
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
	return some, some && s.drop.at >= 0 && s.hanging()
}

// hanging reports whether the offers hang under the field as a list: there are no results
// that it would cover. Otherwise they stand in one line.
func (s *search) hanging() bool { return s.list.place.Of.IsZero() }

// offered is how many offers there is room for.
func (s *search) offered() int {
	room := 6
	if s.hanging() {
		room = min(12, s.h-5)
	}
	return max(min(len(s.drop.texts), room), 0)
}

// actOffers does an action on the offers; false = it is none of theirs.
func (s *search) actOffers(a keymap.Action) bool {
	n := s.offered()
	if !s.typing || n == 0 {
		return false
	}
	d, hangs := &s.drop, s.hanging()
	switch {
	case a == keymap.InputNext && hangs:
		d.at = min(d.at+1, n-1)
	case a == keymap.InputPrev && hangs:
		d.at = max(d.at-1, -1)
	case a == keymap.InputAccept && hangs && d.at >= 0, a == keymap.InputTab && hangs:
		s.takeOffer(max(d.at, 0))
		d.texts = nil
	case a == keymap.InputTab:
		s.takeOffer((d.at + 1) % n)
	case a == keymap.InputBackTab && d.at >= 0:
		s.takeOffer((d.at + n - 1) % n)
	default:
		return false
	}
	return true
}

// takeOffer puts an offer into the field and searches for it; the offers stay, so that
// the same key goes on to the next.
func (s *search) takeOffer(i int) {
	s.input.Set(s.drop.texts[i])
	s.drop.at, s.drop.ticket = i, 0
	s.look()
}

// clickOffer takes the offer under the mouse.
func (s *search) clickOffer(x, y int) bool {
	if !s.typing {
		return false
	}
	for i, r := range s.drop.spans {
		if r.Has(x, y) {
			s.takeOffer(i)
			s.drop.texts = nil
			return true
		}
	}
	return false
}

// offersX is the column of the offers: they stand under what is typed.
const offersX = 5

// drawOffers draws the offers into the page's lines, under the field.
func (s *search) drawOffers(lines []string) {
	s.drop.spans = s.drop.spans[:0]
	n := s.offered()
	switch {
	case !s.typing || n == 0:
	case s.hanging():
		s.drawHanging(lines, n)
	case len(lines) > 1: // the empty line there, or with little room the tabs
		lines[1] = s.offerLine(n)
	}
}

// offerLine is the offers in one line: the one under the field.
func (s *search) offerLine(n int) string {
	set, x := s.env.Set, offersX
	line := screen.Spaces(offersX)
	for i, t := range s.drop.texts[:n] {
		room := s.w - x - widget.Gutter
		if s.drop.meant && i == 0 {
			t = "meant: " + t
		}
		if i > 0 && screen.Width(t) > min(room, 36) && room < 16 || room < 6 {
			break
		}
		t = screen.Cut(t, min(room, 36), widget.Tail)
		pen := style.Muted
		if i == s.drop.at {
			pen = style.AccentStrong
		}
		line += set.Do(pen, t) + "   "
		s.drop.spans = append(s.drop.spans, screen.Rect{X: x, Y: 1, W: screen.Width(t), H: 1})
		x += screen.Width(t) + 3
	}
	return screen.Fit(line, s.w, "")
}

// drawHanging draws the offers as a list over the lines below the field.
func (s *search) drawHanging(lines []string, n int) {
	set := s.env.Set
	w := 24
	for _, t := range s.drop.texts[:n] {
		w = max(w, screen.Width(t)+4)
	}
	if w = min(w, s.w-offersX, 60); w < 8 || len(lines) < n+3 {
		return
	}
	rows := make([]string, n)
	for i, t := range s.drop.texts[:n] {
		pen, bg := style.Text, ""
		if i == s.drop.at {
			pen, bg = style.Strong, set.Select
		}
		rows[i] = bg + set.On(pen) + " " + screen.Fit(t, w-4, widget.Tail) + " " + style.Reset
		s.drop.spans = append(s.drop.spans, screen.Rect{X: offersX - 2, Y: 2 + i, W: w, H: 1})
	}
	title := ""
	if s.drop.typed == "" {
		title = "Lately"
	}
	screen.Splice(lines, widget.Box(set, w, n+2, title, "", rows), s.w, offersX-2, 1)
}

// suggests reports whether an account that is searched can complete what is typed.
func (s *search) suggests() bool {
	return slices.ContainsFunc(s.env.Accounts, func(a session.AccountInfo) bool {
		return a.Can.Suggest && (s.every.only == "" || a.ID == s.every.only)
	})
}
