package page

import (
	"segue/internal/music"
	"segue/session"
)

// gather knows the rows of a range, those too that have left the window: they
// are read while the range grows, page by page. The rows from lo to hi-1 are known,
// without a gap, so that a key costs the same however long the range is.
type gather struct {
	rows   map[int]known
	lo, hi int
	ticket session.Ticket // of the page that is out, 0 = none
}

type known struct {
	item  music.Item
	entry session.EntryID
}

// gatherRows is how many rows of a range are asked for at once.
const gatherRows = 500

// put keeps a row that is in the range or beside it; others would leave a gap.
func (g *gather) put(i int, k known) {
	switch {
	case len(g.rows) == 0:
		g.rows, g.lo, g.hi = map[int]known{}, i, i+1
	case i == g.lo-1:
		g.lo = i
	case i == g.hi:
		g.hi = i + 1
	case i < g.lo || i > g.hi:
		return
	}
	g.rows[i] = k
}

// note keeps the loaded rows that lie in the range and were not known, and asks for the
// next that is not there.
func (l *List) note() {
	g := &l.spread
	if l.anchor < 0 {
		*g = gather{}
		return
	}
	if len(g.rows) == 0 {
		l.keep(l.anchor)
	}
	lo, hi := min(l.anchor, l.rows.cursor), max(l.anchor, l.rows.cursor)
	for len(g.rows) > 0 && g.lo > lo && l.keep(g.lo-1) {
	}
	for len(g.rows) > 0 && g.hi <= hi && l.keep(g.hi) {
	}
	if g.ticket != 0 || len(g.rows) > 0 && g.lo <= lo && g.hi > hi {
		return
	}
	ask := l.rows.ask
	switch {
	case len(g.rows) == 0:
		ask.Offset = l.anchor
	case g.hi <= hi:
		ask.Offset = g.hi
	default:
		ask.Offset = max(g.lo-gatherRows, 0)
	}
	ask.Limit = gatherRows
	g.ticket = l.env.Ticket()
	l.env.Send(session.Load{Ticket: g.ticket, Lane: l.rows.lane + " range", Ask: ask})
}

// keep keeps the row i of those that are loaded; false = it is not.
func (l *List) keep(i int) bool {
	it, e, ok := l.rows.at(i)
	if ok {
		l.spread.put(i, known{it, e})
	}
	return ok
}

// renote takes the rows of a range as they are now, after they were read again.
func (l *List) renote() {
	g := &l.spread
	for i := max(g.lo, l.rows.off); i < min(g.hi, l.rows.off+len(l.rows.items)) && l.anchor >= 0; i++ {
		l.keep(i)
	}
	l.note()
}

// gathered takes a page of the range; false = it is not one.
func (l *List) gathered(ev session.PageLoaded) bool {
	g := &l.spread
	if g.ticket == 0 || ev.Ticket != g.ticket {
		return false
	}
	g.ticket = 0
	n := len(ev.Page.Items)
	for i := range n {
		if ev.Page.Ask.Offset < g.lo {
			i = n - 1 - i // towards the known ones, then on
		}
		k := known{item: cleanItem(ev.Page.Items[i])}
		if i < len(ev.Entries) {
			k.entry = ev.Entries[i]
		}
		g.put(ev.Page.Ask.Offset+i, k)
	}
	if n > 0 {
		l.note()
	}
	return true
}

// rangeSelection is the range; Missing counts its rows that are not read yet.
func (l *List) rangeSelection() Selection {
	l.note()
	s := Selection{Many: true}
	for i := min(l.anchor, l.rows.cursor); i <= max(l.anchor, l.rows.cursor); i++ {
		k, ok := l.spread.rows[i]
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
