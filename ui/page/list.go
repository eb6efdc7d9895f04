package page

import (
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/widget"
)

// List is the page of one container.
type List struct {
	env    *Env
	place  Place
	rows   rows
	layout layout
	table  widget.Table
	w, h   int
	head   int // lines above the first row, at the last drawing
	marks  map[id]mark
	anchor int // of the range, -1 = none
	spread gather
	bare   bool // no heading of its own: inside the search or the toplists
	// loose says that the rows are of no container: they are played one by one.
	loose bool
}

func newList(env *Env, p Place, lane string) *List {
	l := &List{env: env, place: p, anchor: -1, marks: map[id]mark{}}
	l.rows = rows{env: env, lane: lane, ask: music.Ask{Of: p.Of, Filter: p.Filter, Sort: p.Sort}, cursor: p.Cursor, top: p.Top, total: p.Cursor + 1}
	if !p.Of.IsZero() {
		l.rows.load()
	}
	return l
}

// Place tells where the list is.
func (l *List) Place() Place {
	p := l.place
	p.Filter, p.Sort = l.rows.ask.Filter, l.rows.ask.Sort
	p.Cursor, p.Top = l.rows.cursor, l.rows.top
	return p
}

// Followed reports whether it is a playlist of somebody else's in the user's library.
func (l *List) Followed() bool { return l.rows.page.Followed }

// Title is the container's name.
func (l *List) Title() string {
	if l.rows.page.Title != "" {
		return l.rows.page.Title
	}
	return l.place.Title
}

// Context is the queue's, an editable playlist's, or a list's.
func (l *List) Context() keymap.Context {
	switch {
	case l.place.Of == music.Queue:
		return keymap.Queue
	case l.rows.page.Writable:
		return keymap.Playlist
	}
	return keymap.List
}

// Resize gives the list its cells.
func (l *List) Resize(w, h int) {
	l.w, l.h = w, h
	l.head = l.headLines()
	l.rows.h = max(h-l.head, 1)
	l.rows.clamp()
	l.rows.need()
}

// Waiting tells since when there is nothing to show.
func (l *List) Waiting() time.Time {
	if l.rows.loaded && !l.rows.fresh && l.rows.covered() {
		return time.Time{}
	}
	return l.rows.since
}

// Apply takes news.
func (l *List) Apply(ev session.Event) {
	switch ev := ev.(type) {
	case session.PageLoaded:
		total := l.rows.total
		if l.gathered(ev) {
			return
		}
		if l.rows.take(ev) {
			if !l.rows.open { // else it grows as it is walked through
				l.anchor = min(l.anchor, l.rows.total-1)
			}
			l.renote()
			l.layout = layoutFor(l.place.Of, l.rows.items)
			l.remark(total)
			l.Resize(l.w, l.h)
		}
	case session.ContainerChanged:
		if ev.Of.IsZero() || ev.Of == l.place.Of {
			l.spread = gather{}
			l.rows.reload()
		}
	case session.Resync:
		l.spread = gather{}
		l.rows.resync()
	case session.ConnectionStateUpdated:
		if f := l.rows.fault; f != nil && f.Account == ev.Account && ev.State == session.ConnLoggedIn {
			l.rows.reload()
		}
	case session.TracksChanged:
		l.retouch(ev.Tracks)
	default:
	}
}

// retouch puts what is now known of tracks into their rows.
func (l *List) retouch(tracks []music.Track) {
	for _, t := range tracks {
		for i, it := range l.rows.items {
			switch v := it.(type) {
			case music.Track:
				if v.Ref == t.Ref {
					l.rows.items[i] = CleanTrack(t)
				}
			case music.Chart:
				if v.Item.ItemRef() == t.Ref {
					v.Item = CleanTrack(t)
					l.rows.items[i] = v
				}
			default:
			}
		}
	}
}

// Filter is the filter in force.
func (l *List) Filter() string { return l.rows.ask.Filter }

// SetFilter asks for the rows that match; the old ones stay until they are there.
func (l *List) SetFilter(words string) {
	if words == l.rows.ask.Filter {
		return
	}
	l.rows.ask.Filter = words
	l.drop()
	l.rows.restart()
}

// Sorts tells the orders that make sense here and the one in force.
func (l *List) Sorts() ([]music.Sort, music.Sort) {
	now := l.rows.ask.Sort
	if now == "" && len(l.rows.page.Sorts) > 0 {
		now = l.rows.page.Sorts[0]
	}
	return l.rows.page.Sorts, now
}

// SetSort asks for another order.
func (l *List) SetSort(s music.Sort) {
	l.rows.ask.Sort = s
	l.drop()
	l.rows.restart()
}

// Reload asks for the rows again.
func (l *List) Reload() { l.rows.reload() }

// Select puts the cursor on a track's row.
func (l *List) Select(ref music.Ref) bool {
	for i, it := range l.rows.items {
		if it.ItemRef() == ref {
			l.rows.move(l.rows.off + i)
			return true
		}
	}
	return false
}

// Selection is the marked rows, else the range, else the cursor's row.
func (l *List) Selection() Selection {
	var s Selection
	add := func(i int, it music.Item, e session.EntryID) {
		s.Items = append(s.Items, it)
		s.Indexes = append(s.Indexes, i)
		if e != 0 {
			s.Entries = append(s.Entries, e)
		}
	}
	switch {
	case len(l.marks) > 0:
		for _, m := range sortedMarks(l.marks) {
			add(m.index, m.item, m.entry)
		}
		s.Many = true
	case l.anchor >= 0:
		return l.rangeSelection()
	default:
		if it, e, ok := l.rows.at(l.rows.cursor); ok && l.rows.total > 0 {
			add(l.rows.cursor, it, e)
		}
	}
	return s
}

// Click puts the cursor on the row at y.
func (l *List) Click(_, y int) bool {
	i := l.rows.top + y - l.head
	if y < l.head || i >= l.rows.total {
		return false
	}
	l.rows.cursor = i
	l.rows.clamp()
	return true
}

// Wheel scrolls.
func (l *List) Wheel(rows int) { l.rows.scroll(rows) }

// Jump puts the cursor on a row and that row into the middle of the screen.
func (l *List) Jump(row int) {
	l.rows.total = max(l.rows.total, row+1)
	l.rows.move(row)
	l.rows.top = l.rows.cursor - l.rows.h/2
	l.rows.clampTop()
	l.rows.need()
}

// Row is the row under the cursor.
func (l *List) Row() (music.Item, bool) {
	many := len(l.marks) > 0 || l.anchor >= 0
	if it, _, ok := l.rows.at(l.rows.cursor); ok && l.rows.total > 0 {
		return it, many
	}
	return nil, many
}
