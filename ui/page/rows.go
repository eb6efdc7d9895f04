package page

import (
	"time"

	"segue/internal/music"
	"segue/session"
)

// How many rows are fetched around those on the screen, and how near to the
// edge of what is there the next ones are asked for.
const (
	around = 100
	near   = 40
)

// rows is a window on a container: the rows around the screen, the cursor, and
// the question that is out. Old rows stay until new ones are there.
type rows struct {
	env     *Env
	lane    string
	ask     music.Ask // Of, Filter, Sort
	page    music.Page
	off     int // of items[0]
	items   []music.Item
	entries []session.EntryID
	total   int
	open    bool // nobody says how long it is: total are the rows that are known
	loaded  bool
	fault   *session.Fault
	cursor  int
	top     int
	h       int // rows on the screen
	ticket  session.Ticket
	asked   window    // what was asked for last
	out     bool      // and has no answer yet
	since   time.Time // when the first unanswered question went out
	stale   bool      // ask again when the answer is there
	fresh   bool      // the next answer is for another question: start at its top
	// feed asks for the rows in another way than by Load; the answer comes to take all
	// the same, with the ticket. nil = by Load.
	feed func(t session.Ticket)
}

// window is a part of a container that is asked for.
type window struct{ off, limit int }

// id tells one row from all others of its list.
type id struct {
	ref   music.Ref
	entry session.EntryID
	index int // in lists that may hold a track twice; else 0
}

// at gives a row, ok only when it is loaded.
func (r *rows) at(i int) (it music.Item, e session.EntryID, ok bool) {
	i -= r.off
	if i < 0 || i >= len(r.items) {
		return nil, 0, false
	}
	if i < len(r.entries) {
		e = r.entries[i]
	}
	return r.items[i], e, true
}

// wanted is the window around the screen.
func (r *rows) wanted() window {
	return window{max(r.top-around, 0), min(max(r.h, 20)+2*around, 500)}
}

// load asks for the rows around the screen.
func (r *rows) load() {
	if !r.out {
		r.since = r.env.Now
	}
	r.ticket = r.env.Ticket()
	r.out, r.stale, r.asked = true, false, r.wanted()
	if r.feed != nil {
		r.asked.off = 0
		r.feed(r.ticket)
		return
	}
	ask := r.ask
	ask.Offset, ask.Limit = r.asked.off, r.asked.limit
	r.env.Send(session.Load{Ticket: r.ticket, Lane: r.lane, Ask: ask})
}

// need asks for more when the screen is near the edge of what is loaded, but not twice
// for the same: there may be less than was promised.
func (r *rows) need() {
	if !r.loaded || r.fault != nil && len(r.items) == 0 {
		return
	}
	end := r.off + len(r.items)
	lowOK := r.off == 0 || r.top-r.off >= near
	highOK := end >= r.total && !r.open || end-(r.top+r.h) >= near
	if lowOK && highOK {
		return
	}
	if r.asked != r.wanted() && !(r.out && r.covered()) {
		r.load()
	}
}

// covered reports whether all rows on the screen are loaded.
func (r *rows) covered() bool {
	return r.top >= r.off && min(r.top+r.h, r.total) <= r.off+len(r.items)
}

// reload asks for the same rows again, once what is out has been answered.
func (r *rows) reload() {
	if r.out {
		r.stale = true
		return
	}
	r.load()
}

// resync asks anew: the answer to what is out may have been lost.
func (r *rows) resync() {
	r.out = false
	r.load()
}

// restart asks another question: another filter, order or container.
func (r *rows) restart() {
	r.fresh = true
	r.top = 0
	r.resync()
}

// take handles an answer; false = not ours or an old one.
func (r *rows) take(ev session.PageLoaded) bool {
	if ev.Ticket != r.ticket || !r.out {
		return false
	}
	r.out, r.since = false, time.Time{}
	r.fault = ev.Fault
	if ev.Fault != nil && len(ev.Page.Items) == 0 && r.loaded && !r.fresh {
		return true // keep what is shown
	}
	keep, had := r.identity(r.cursor)
	r.page = ev.Page
	r.off = ev.Page.Ask.Offset
	if len(ev.Page.Items) > 0 && r.off != r.asked.off && ev.Page.Ask == (music.Ask{}) {
		r.off = r.asked.off
	}
	r.items = make([]music.Item, len(ev.Page.Items))
	for i, it := range ev.Page.Items {
		r.items[i] = cleanItem(it)
	}
	r.page.Title, r.page.Subtitle, r.page.Note = clean(r.page.Title), clean(r.page.Subtitle), clean(r.page.Note)
	r.page.Items = nil
	r.entries = ev.Entries
	r.total = ev.Page.Total
	if r.open = r.total < 0; r.open {
		r.total = r.off + len(r.items)
	}
	switch {
	case r.fresh:
		r.cursor, r.top, r.fresh = 0, 0, false
	case had && r.loaded:
		r.follow(keep)
	}
	r.loaded = true
	r.clamp()
	if r.stale {
		r.load()
	} else {
		r.need()
	}
	return true
}

// identity tells which row is at i.
func (r *rows) identity(i int) (id, bool) {
	it, e, ok := r.at(i)
	if !ok {
		return id{}, false
	}
	return id{ref: it.ItemRef(), entry: e}, true
}

// follow keeps the cursor on its row, at its height on the screen, where that
// row has moved; the nearest of equal rows is taken.
func (r *rows) follow(keep id) {
	best := -1
	for i := range r.items {
		k, _ := r.identity(r.off + i)
		if k != keep {
			continue
		}
		if best < 0 || abs(r.off+i-r.cursor) < abs(best-r.cursor) {
			best = r.off + i
		}
	}
	if best >= 0 {
		r.top += best - r.cursor
		r.cursor = best
	}
}

// move puts the cursor on row i and scrolls as little as that needs.
func (r *rows) move(i int) {
	r.cursor = i
	r.clamp()
	margin := min(2, (r.h-1)/2)
	if r.cursor < r.top+margin {
		r.top = r.cursor - margin
	}
	if r.cursor > r.top+r.h-1-margin {
		r.top = r.cursor - r.h + 1 + margin
	}
	r.clampTop()
	r.need()
}

// scroll moves the screen and takes the cursor along only when it would leave it.
func (r *rows) scroll(by int) {
	r.top += by
	r.clampTop()
	r.cursor = min(max(r.cursor, r.top), max(r.top+r.h-1, 0))
	r.clamp()
	r.need()
}

func (r *rows) clamp() {
	r.cursor = max(min(r.cursor, r.total-1), 0)
	if r.h > 0 && r.cursor >= r.top+r.h {
		r.top = r.cursor - r.h + 1
	}
	if r.cursor < r.top {
		r.top = r.cursor
	}
	r.clampTop()
}

func (r *rows) clampTop() { r.top = max(min(r.top, r.total-r.h), 0) }

func abs(n int) int { return max(n, -n) }
