package page

import (
	"slices"
	"strings"

	"segue/internal/music"
	"segue/session"
)

// With several accounts the search asks all of them at once, or one that was chosen.
// What they find stands in one list, account after account, and grows as it is
// scrolled through.

// everywhereRows is how many rows of a type are asked for at a time.
const everywhereRows = 60

// countRows is how many rows are asked for of who does not say how many there are.
const countRows = 50

// everywhere is the search of several accounts.
type everywhere struct {
	only    music.AccountID // the account that is searched; empty = all
	on      bool            // the list is fed by a search of several
	query   session.Ticket  // that fills the list
	counts  session.Ticket  // that counts the other tabs
	more    session.Ticket  // that adds to the list
	result  session.SearchResult
	items   []music.Item
	missing string // accounts that did not answer, in words
	note    string // what slips were understood as
}

// searchable are the accounts that hold music.
func (e *Env) searchable() []music.AccountID {
	var ids []music.AccountID
	for _, a := range e.Accounts {
		if a.ID == music.Local || len(a.Sections) > 0 {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// many reports whether the search is of several accounts.
func (s *search) many() bool { return s.every.only == "" && len(s.env.searchable()) > 1 }

// account is the one account that is searched.
func (s *search) account() music.AccountID {
	if s.every.only != "" {
		return s.every.only
	}
	return music.Local
}

// In searches one account, or all with an empty name.
func (s *search) In(id music.AccountID) {
	s.every.only = id
	s.change(Place{})
}

// Only is the account that is searched; empty = all.
func (s *search) Only() music.AccountID { return s.every.only }

// feed makes the list one that a search of several accounts fills.
func (s *search) feed(p Place) {
	s.list = newList(s.env, Place{View: p.View, Sort: p.Sort}, "search")
	s.list.loose = true
	s.list.place, s.list.rows.ask.Of, s.list.rows.ask.Filter = p, p.Of, p.Filter
	s.list.rows.feed = func(t session.Ticket) {
		s.every.query, s.every.more = t, 0
		s.env.Send(session.Search{Ticket: t, Lane: "search", Query: s.list.rows.ask.Filter, Windows: s.windows(everywhereRows), Early: true})
	}
	s.list.rows.load()
}

// types are the kinds of things on the open tab.
func (s *search) types() []string {
	if t := searchTabs()[s.tab][0]; t != "" {
		return []string{strings.TrimPrefix(t, "/")}
	}
	return []string{session.TypeTracks, session.TypeAlbums, session.TypeArtists, session.TypePlaylists}
}

func (s *search) windows(limit int) []session.SearchWindow {
	types := s.types()
	if len(types) > 1 {
		limit = min(limit, 20)
	}
	var all []session.SearchWindow
	for _, t := range types {
		all = append(all, session.SearchWindow{Type: t, Limit: limit})
	}
	return all
}

// countEverywhere asks how much each tab holds in all accounts.
func (s *search) countEverywhere(words string) {
	s.every.counts = s.env.Ticket()
	var all []session.SearchWindow
	for _, t := range searchTabs()[1:] {
		all = append(all, session.SearchWindow{Type: strings.TrimPrefix(t[0], "/"), Limit: countRows})
	}
	s.env.Send(session.Search{Ticket: s.every.counts, Lane: "search#", Query: words, Windows: all})
}

// found takes the answer of a search of several accounts.
func (s *search) found(ev session.SearchLoaded) {
	e := &s.every
	switch ev.Ticket {
	case 0:
	case e.counts:
		s.counted(ev.Result)
	case e.query:
		if len(ev.Result.Pending) == 0 {
			e.query = 0
		}
		e.items = nil
		s.list.rows.out = true // the whole may come after a part
		s.show(ev)
	case e.more:
		e.more = 0
		s.list.rows.out = true
		s.show(ev)
	}
}

// counted adds up what the accounts hold of each type. Of one that does not say it,
// what it gives counts, and there may be more.
func (s *search) counted(r session.SearchResult) {
	clear(s.least)
	s.counts[0] = 0
	for i, t := range searchTabs()[1:] {
		n := 0
		for _, p := range r.Pages {
			if "/"+p.Type != t[0] {
				continue
			}
			n += max(p.Total, len(p.Items))
			if p.Total < 0 && len(p.Items) >= countRows {
				s.least[i+1], s.least[0] = true, true
			}
		}
		s.counts[i+1] = n
		s.counts[0] += n
	}
}

// show puts what was found under what is there already.
func (s *search) show(ev session.SearchLoaded) {
	e := &s.every
	e.result = ev.Result
	for _, t := range s.types() {
		for _, p := range ev.Result.Pages {
			if p.Type == t {
				e.items = append(e.items, p.Items...)
			}
		}
	}
	var away []string
	for _, f := range ev.Result.Missing {
		away = append(away, clean(f.Error()))
	}
	for _, id := range ev.Result.Pending {
		away = append(away, string(id)+" has not answered yet")
	}
	e.missing = strings.Join(away, "; ")
	note := ""
	for _, p := range ev.Result.Pages {
		if note == "" && len(p.Items) > 0 { // why one has nothing says little here
			note = p.Note
		}
	}
	if ev.Result.DidYouMean != "" {
		note = "did you mean “" + ev.Result.DidYouMean + "”?"
		s.meant(ev.Result.DidYouMean)
	}
	e.note = clean(note)
	fault := ev.Fault
	if fault == nil && len(e.items) == 0 && len(ev.Result.Missing) > 0 && len(ev.Result.Pages) == 0 {
		fault = ev.Result.Missing[0]
	}
	ask := music.Ask{Of: s.list.rows.ask.Of, Filter: s.list.rows.ask.Filter, Limit: len(e.items)}
	s.list.Apply(session.PageLoaded{Ticket: s.list.rows.ticket, Fault: fault,
		Page: music.Page{Ask: ask, Items: e.items, Total: len(e.items), Note: note}})
}

// lacked reports whether an account could not answer.
func (s *search) lacked(id music.AccountID) bool {
	return s.every.on && slices.ContainsFunc(s.every.result.Missing, func(f *session.Fault) bool { return f.Account == id })
}

// grow asks for the next rows when the end of those that are there comes near.
func (s *search) grow() {
	e := &s.every
	r := &s.list.rows
	if !e.on || e.more != 0 || e.query != 0 || r.total == 0 || r.top+r.h+near < r.total {
		return
	}
	next, ok := e.result.More()
	if !ok {
		return
	}
	e.more = s.env.Ticket()
	next.Ticket, next.Lane = e.more, "search+"
	s.env.Send(next)
}
