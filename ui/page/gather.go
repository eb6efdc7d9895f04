package page

import (
	"segue/internal/music"
	"segue/session"
)

// gather knows the rows of a range, those too that have left the window: they
// are read while the range grows, page by page.
type gather struct {
	known  map[int]known
	ticket session.Ticket // of the page that is out, 0 = none
}

type known struct {
	item  music.Item
	entry session.EntryID
}

// note keeps the loaded rows that lie in the range, and asks for the first
// that is not known.
func (l *List) note() {
	if l.anchor < 0 {
		l.spread = gather{}
		return
	}
	g := &l.spread
	if g.known == nil {
		g.known = map[int]known{}
	}
	lo, hi := min(l.anchor, l.rows.cursor), max(l.anchor, l.rows.cursor)
	for i := max(lo, l.rows.off); i <= min(hi, l.rows.off+len(l.rows.items)-1); i++ {
		if it, e, ok := l.rows.at(i); ok {
			g.known[i] = known{it, e}
		}
	}
	if g.ticket != 0 {
		return
	}
	for i := lo; i <= hi; i++ {
		if _, ok := g.known[i]; ok {
			continue
		}
		ask := l.rows.ask
		ask.Offset, ask.Limit = i, 500
		g.ticket = l.env.Ticket()
		l.env.Send(session.Load{Ticket: g.ticket, Lane: l.rows.lane + " range", Ask: ask})
		return
	}
}

// gathered takes a page of the range; false = it is not one.
func (l *List) gathered(ev session.PageLoaded) bool {
	g := &l.spread
	if g.ticket == 0 || ev.Ticket != g.ticket {
		return false
	}
	g.ticket = 0
	for i, it := range ev.Page.Items {
		k := known{item: cleanItem(it)}
		if i < len(ev.Entries) {
			k.entry = ev.Entries[i]
		}
		g.known[ev.Page.Ask.Offset+i] = k
	}
	if len(ev.Page.Items) > 0 {
		l.note()
	}
	return true
}

// rangeSelection is the range; Missing counts its rows that are not read yet.
func (l *List) rangeSelection() Selection {
	l.note()
	s := Selection{Many: true}
	for i := min(l.anchor, l.rows.cursor); i <= max(l.anchor, l.rows.cursor); i++ {
		k, ok := l.spread.known[i]
		if !ok {
			s.Missing++
			continue
		}
		s.Items, s.Indexes = append(s.Items, k.item), append(s.Indexes, i)
		if k.entry != 0 {
			s.Entries = append(s.Entries, k.entry)
		}
	}
	return s
}

// whole gives the selection when all its rows are known, and says so when not.
func (l *List) whole() (Selection, bool) {
	s := l.Selection()
	if s.Missing > 0 {
		l.env.Say(session.Info, "the selection is still being read: "+plural(s.Missing, "row")+" to come")
		return Selection{}, false
	}
	return s, len(s.Items) > 0
}
