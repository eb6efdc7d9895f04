package page

import (
	"strings"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// search looks for words everywhere, as they are typed, in tabs by kind.
type search struct {
	env    *Env
	place  Place
	input  widget.Input
	typing bool
	tab    int
	list   *List
	counts []int  // by tab, -1 = not known
	least  []bool // by tab: there may be more than that
	asked  []session.Ticket
	w, h   int
	wrong  string // what is wrong with the query, in words
	every  everywhere
	drop   offers
}

// searchTabs are the tabs: the section's name and its title.
func searchTabs() [][2]string {
	return [][2]string{{"", "All"}, {"/tracks", "Tracks"}, {"/albums", "Albums"}, {"/artists", "Artists"}, {"/playlists", "Playlists"}}
}

func newSearch(env *Env, p Place) Page {
	s := &search{env: env, place: p, typing: p.Filter == "", input: widget.NewInput(p.Filter)}
	s.input.Placeholder = "artist:bach year:1740-1750 -live"
	s.counts = make([]int, len(searchTabs()))
	s.asked = make([]session.Ticket, len(searchTabs()))
	s.least = make([]bool, len(searchTabs()))
	for i, t := range searchTabs() {
		if p.Of.ID == music.SectionSearch+t[0] {
			s.tab = i
		}
	}
	s.change(p)
	if s.typing {
		s.suggest()
	}
	return s
}

// change makes the list of the tab anew.
func (s *search) change(p Place) {
	of := music.Ref{}
	p.Filter = strings.TrimSpace(s.input.Value())
	if p.Filter != "" {
		of = music.Section(s.account(), music.SectionSearch+searchTabs()[s.tab][0])
	}
	p.Of, p.View = of, Library
	s.every.missing = ""
	if s.every.on = s.many() && p.Filter != ""; s.every.on {
		s.feed(p)
	} else {
		s.list = newList(s.env, p, "search")
	}
	s.list.bare = true
	s.list.Resize(s.w, max(s.h-s.head(), 0))
	s.countTabs()
}

// countTabs asks how much the other tabs hold.
func (s *search) countTabs() {
	words := strings.TrimSpace(s.input.Value())
	if s.every.on && words != "" {
		s.countEverywhere(words)
		return
	}
	clear(s.least)
	for i, t := range searchTabs() {
		s.counts[i] = -1
		if i == s.tab || words == "" {
			s.asked[i] = 0
			continue
		}
		s.asked[i] = s.env.Ticket()
		s.env.Send(session.Load{Ticket: s.asked[i], Lane: "search" + t[0] + "#",
			Ask: music.Ask{Of: music.Section(s.account(), music.SectionSearch+t[0]), Filter: words, Limit: countRows}})
	}
}

// retype asks for the words as they are now; old rows stay until new ones come.
func (s *search) retype() {
	s.suggest()
	s.look()
}

// look searches for the words as they are now.
func (s *search) look() {
	words := strings.TrimSpace(s.input.Value())
	pos, n, wrong := Mistake(words)
	s.input.Mark(pos, n)
	if s.wrong = wrong; wrong != "" {
		return
	}
	if words == "" || s.list.place.Of.IsZero() || s.every.on != s.many() {
		s.change(s.place)
		return
	}
	if words != s.list.Filter() {
		s.list.SetFilter(words)
		s.countTabs()
	}
}

func (s *search) head() int {
	if s.h < 12 {
		return 2
	}
	return 4
}

// Place is where the search stands.
func (s *search) Place() Place {
	p := s.list.Place()
	p.View = Search
	p.Of = music.Section(s.account(), music.SectionSearch+searchTabs()[s.tab][0])
	return p
}

func (s *search) Title() string { return "Search" }

// Context is the list's; while typing the root asks Typing first.
func (s *search) Context() keymap.Context { return keymap.List }

func (s *search) Resize(w, h int) {
	s.w, s.h = w, h
	s.list.Resize(w, max(h-s.head(), 0))
}

func (s *search) Waiting() time.Time   { return s.list.Waiting() }
func (s *search) Selection() Selection { return s.list.Selection() }
func (s *search) Wheel(rows int)       { s.list.Wheel(rows) }

// Typing reports whether the field has the focus.
func (s *search) Typing() bool { return s.typing }

// Focus puts the cursor into the field.
func (s *search) Focus() {
	s.typing = true
	s.suggest()
}

// Ask puts words into the field and looks for them.
func (s *search) Ask(words string) {
	s.input.Set(words)
	s.typing = words == ""
	s.env.searched(words)
	s.change(s.place)
}

// Cursor is the place of the text cursor.
func (s *search) Cursor() (int, int) {
	_, x := s.input.Line(s.env.Set, s.w-9)
	return x + 5, 0
}

// Type takes text.
func (s *search) Type(text string) {
	s.input.Insert(text)
	s.retype()
}

// Key takes the keys of the field.
func (s *search) Key(k string) bool {
	was := s.input.Value()
	ok := s.input.Key(k)
	if s.input.Value() != was {
		s.retype()
	}
	return ok
}

// Click in the field takes the focus to it, on a tab opens it, on a row goes there.
func (s *search) Click(x, y int) bool {
	switch {
	case y == 0:
		s.Focus()
		return false
	case s.clickOffer(x, y):
		return false
	case y == s.head()-1 || y == s.head()-2 && s.h >= 12:
		for i, span := range s.tabSpans() {
			if x >= span[0] && x < span[1] {
				s.setTab(i)
			}
		}
		return false
	}
	s.env.searched(s.input.Value())
	s.leave()
	return s.list.Click(x, y-s.head())
}

func (s *search) setTab(i int) {
	n := len(searchTabs())
	s.tab = (i%n + n) % n
	s.change(Place{})
}

// Act moves between the field, the tabs and the rows.
func (s *search) Act(a keymap.Action, n int) bool {
	defer s.grow()
	if s.actOffers(a) {
		return true
	}
	switch a {
	case keymap.Find:
		s.Focus()
	case keymap.InputAccept, keymap.InputNext, keymap.InputPgDown:
		s.env.searched(s.input.Value())
		if s.list.rows.total > 0 {
			s.leave()
		}
	case keymap.InputCancel:
		s.leave()
		return !s.list.place.Of.IsZero() && s.list.rows.total > 0 // with no rows to go to, it leads back
	case keymap.InputTab, keymap.NextTab:
		s.setTab(s.tab + 1)
	case keymap.InputBackTab, keymap.PrevTab:
		s.setTab(s.tab - 1)
	case keymap.Up:
		if s.list.rows.cursor == 0 {
			s.Focus()
			return true
		}
		return s.list.Act(a, n)
	default:
		return s.list.Act(a, n)
	}
	return true
}

// Apply takes news.
func (s *search) Apply(ev session.Event) {
	switch ev := ev.(type) {
	case session.SearchLoaded:
		s.found(ev)
		return
	case session.SuggestionsLoaded:
		s.suggested(ev)
		return
	case session.AccountsChanged:
		if s.every.on != (s.many() && s.input.Value() != "") {
			s.change(Place{})
		}
	case session.ConnectionStateUpdated:
		if ev.State == session.ConnLoggedIn && s.lacked(ev.Account) {
			s.list.Reload()
			s.countTabs()
		}
	case session.Resync:
		s.countTabs()
	default:
	}
	if p, ok := ev.(session.PageLoaded); ok {
		for i, t := range s.asked {
			if t != 0 && t == p.Ticket {
				s.least[i] = p.Page.Total < 0
				s.counts[i] = max(p.Page.Total, len(p.Page.Items))
			}
		}
	}
	s.list.Apply(ev)
}

// Lines draws the field, the tabs and the rows.
func (s *search) Lines(dst []string, focused bool) []string {
	if s.w <= 0 || s.h <= 0 {
		return dst
	}
	set := s.env.Set
	start := len(dst)
	field, _ := s.input.Line(set, s.w-9)
	if s.wrong != "" {
		field = strings.TrimRight(field, " ") + "  " + set.Do(style.Warn, s.wrong)
	}
	pen := style.Muted
	if s.typing && focused {
		pen = style.AccentStrong
	}
	dst = append(dst, screen.Fit("   "+set.Do(pen, "/")+" "+field, s.w, widget.Tail))
	if s.h >= 12 {
		dst = append(dst, screen.Spaces(s.w))
	}
	dst = s.tabLines(dst)
	left := s.h - (len(dst) - start)
	if s.list.place.Of.IsZero() {
		dst = Words(dst, set, s.w, left, []string{"Type to search.",
			"Words match titles, artists and albums. artist:  album:  title:  genre:  year:70-79  time:>5m  starred  -not  a|b"})
	} else {
		dst = s.list.Lines(dst, focused && !s.typing)
	}
	s.drawOffers(dst[start:])
	return dst
}

// Row is the row under the cursor.
func (s *search) Row() (music.Item, bool) { return s.list.Row() }
