package page

import (
	"slices"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
)

// Act does an action on the list.
func (l *List) Act(a keymap.Action, n int) bool {
	if l.actMove(a, n) {
		l.note()
		return true
	}
	return l.actOpen(a) || l.actSelect(a, n) || l.actEdit(a, n)
}

func (l *List) actMove(a keymap.Action, n int) bool {
	r := &l.rows
	half := max(r.h/2, 1)
	switch a {
	case keymap.Down:
		r.move(r.cursor + n)
	case keymap.Up:
		r.move(r.cursor - n)
	case keymap.Top:
		r.move(0)
	case keymap.Bottom:
		if n > 1 { // a count before it names a row
			r.move(n - 1)
		} else {
			r.move(r.total - 1)
		}
	case keymap.HalfDown:
		r.move(r.cursor + half*n)
	case keymap.HalfUp:
		r.move(r.cursor - half*n)
	case keymap.PageDown:
		r.move(r.cursor + max(r.h-1, 1)*n)
	case keymap.PageUp:
		r.move(r.cursor - max(r.h-1, 1)*n)
	case keymap.FindNext, keymap.FindPrev:
		if r.ask.Filter == "" || r.total == 0 {
			return false
		}
		if a == keymap.FindPrev {
			n = -n
		}
		r.move(((r.cursor+n)%r.total + r.total) % r.total)
	case keymap.RowTop:
		r.top = r.cursor
		r.clampTop()
	case keymap.RowMiddle:
		r.top = r.cursor - r.h/2
		r.clampTop()
	case keymap.RowBottom:
		r.top = r.cursor - r.h + 1
		r.clampTop()
	default:
		return false
	}
	return true
}

func (l *List) actOpen(a keymap.Action) bool {
	switch a {
	case keymap.Open, keymap.In:
		it, e, ok := l.rows.at(l.rows.cursor)
		if ok && l.rows.total > 0 {
			l.open(it, e, a == keymap.Open)
		}
	case keymap.PlayAll:
		l.playAll()
	case keymap.Refresh:
		l.rows.reload()
		l.env.Say(session.Info, "reading “"+l.Title()+"” anew")
	default:
		return false
	}
	return true
}

// open plays a track in its context and opens anything else.
func (l *List) open(it music.Item, e session.EntryID, play bool) {
	if c, ok := it.(music.Chart); ok {
		it = c.Item
	}
	ref := it.ItemRef()
	switch {
	case ref.IsZero():
		l.env.Say(session.Warning, "“"+it.ItemName()+"” is not in your library")
	case !ref.IsTrack():
		l.env.Open(Place{View: l.place.View, Of: ref, Title: it.ItemName()})
	case !play:
	case l.place.Of == music.Queue:
		l.env.Send(session.QueuePlay{Entry: e})
	case l.loose:
		l.playLoose(ref)
	default:
		c := session.PlayContext{Ask: l.question(), Start: ref, Index: l.rows.cursor}
		if t, ok := it.(music.Track); ok {
			c.At = t.At
			l.env.Wish(t)
		}
		l.env.Send(c)
	}
}

// playLoose plays the tracks among the rows, beginning with one of them.
func (l *List) playLoose(start music.Ref) {
	var asks []music.Ask
	for _, it := range l.rows.items {
		if ref := it.ItemRef(); ref.IsTrack() {
			asks = append(asks, music.Ask{Of: ref})
		}
	}
	if len(asks) > 0 {
		l.env.Send(session.PlayContext{Ask: asks[0], More: asks[1:], Start: start})
	}
}

// question is the list as a whole, as it is filtered and sorted.
func (l *List) question() music.Ask {
	return music.Ask{Of: l.place.Of, Filter: l.rows.ask.Filter, Sort: l.rows.ask.Sort}
}

// playAll plays the container under the cursor, or this one from its top.
func (l *List) playAll() {
	if it, _, ok := l.rows.at(l.rows.cursor); ok {
		if ref := it.ItemRef(); !ref.IsZero() && !ref.IsTrack() {
			l.env.Send(session.PlayContext{Ask: music.Ask{Of: ref}})
			return
		}
	}
	if l.place.Of == music.Queue {
		if e := l.rows.entries; len(e) > 0 && l.rows.off == 0 {
			l.env.Send(session.QueuePlay{Entry: e[0]})
		}
		return
	}
	switch {
	case l.loose:
		l.playLoose(music.Ref{})
	case l.rows.total > 0:
		l.env.Send(session.PlayContext{Ask: l.question()})
	}
}

func (l *List) actSelect(a keymap.Action, n int) bool {
	switch a {
	case keymap.Mark:
		for range min(n, l.rows.total-l.rows.cursor) {
			l.toggleMark(l.rows.cursor)
			l.rows.move(l.rows.cursor + 1)
		}
	case keymap.Range:
		if l.anchor >= 0 {
			l.keepRange()
		} else {
			l.anchor = l.rows.cursor
			l.note()
		}
	case keymap.Back:
		switch {
		case l.anchor >= 0 || len(l.marks) > 0:
			l.drop()
		case l.rows.ask.Filter != "" && !l.bare:
			l.SetFilter("")
		default:
			return false
		}
	default:
		return false
	}
	return true
}

// reach takes n rows from the cursor on as the selection where there is no other: a count
// before an edit says how many rows it is of.
func (l *List) reach(n int) {
	if n < 2 || l.anchor >= 0 || len(l.marks) > 0 || l.rows.total == 0 {
		return
	}
	l.anchor = l.rows.cursor
	l.rows.move(l.rows.cursor + n - 1)
	l.note()
}

func (l *List) actEdit(a keymap.Action, n int) bool {
	switch a {
	case keymap.Enqueue, keymap.EnqueueNext, keymap.Star, keymap.Remove:
		l.reach(n)
	default:
	}
	switch a {
	case keymap.Enqueue, keymap.EnqueueNext:
		where := session.AtEnd
		if a == keymap.EnqueueNext {
			where = session.AfterCurrent
		}
		if sel, ok := l.whole(); ok {
			l.env.Send(session.Enqueue{Asks: sel.Asks(), Where: where})
			l.done()
		}
	case keymap.Star:
		if sel, ok := l.whole(); ok && len(sel.Refs()) > 0 {
			l.env.Send(session.Star{Refs: sel.Refs()})
			l.drop() // it stays on its row: pressed again it takes the star back
		}
	case keymap.Remove:
		l.remove()
	case keymap.MoveDown:
		l.shift(n)
	case keymap.MoveUp:
		l.shift(-n)
	case keymap.ClearQueue:
		if l.place.Of == music.Queue && l.rows.total > 0 {
			l.env.Send(session.QueueClear{})
		}
	default:
		return false
	}
	return true
}

// done ends a selection that was acted on; a single row moves on to the next,
// so that a key pressed again takes the next row.
func (l *List) done() {
	if l.anchor >= 0 || len(l.marks) > 0 {
		l.drop()
		return
	}
	l.rows.move(l.rows.cursor + 1)
}

// editable tells why rows cannot be removed or moved here; empty = they can.
func (l *List) editable() string {
	switch {
	case l.place.Of != music.Queue && !l.rows.page.Writable:
		return "this list cannot be edited"
	case l.rows.ask.Filter != "":
		return "clear the filter first: " + l.env.Keys.Key(keymap.Back)
	case l.rows.ask.Sort != "":
		return "go back to the list's own order first: " + l.env.Keys.Key(keymap.Sort)
	}
	return ""
}

func (l *List) remove() {
	why := l.editable()
	if l.place.Of == music.Queue {
		why = ""
	}
	if why != "" {
		l.env.Say(session.Warning, why)
		return
	}
	sel, ok := l.whole()
	if !ok {
		return
	}
	if l.place.Of == music.Queue {
		l.env.Send(session.QueueRemove{Entries: sel.Entries})
	} else {
		l.env.Send(session.PlaylistRemove{Playlist: l.place.Of, Rows: playlistRows(sel)})
	}
	l.drop()
}

func playlistRows(sel Selection) []session.Row {
	out := make([]session.Row, 0, len(sel.Items))
	for i, it := range sel.Items {
		out = append(out, session.Row{Index: sel.Indexes[i], Track: it.ItemRef()})
	}
	return out
}

// shift moves the selection by so many rows, on the screen at once.
func (l *List) shift(by int) {
	if why := l.editable(); why != "" {
		l.env.Say(session.Warning, why)
		return
	}
	sel, ok := l.whole()
	if !ok {
		return
	}
	before, ok := l.target(sel.Indexes, by)
	if !ok {
		return
	}
	if l.place.Of == music.Queue {
		var b session.EntryID
		if before < l.rows.total {
			_, b, ok = l.rows.at(before)
			if !ok {
				return
			}
		}
		l.env.Send(session.QueueMove{Entries: sel.Entries, Before: b})
	} else {
		l.env.Send(session.PlaylistMove{Playlist: l.place.Of, Rows: playlistRows(sel), Before: before})
	}
	l.reorder(sel.Indexes, before)
}

// target gives the row before which the rows go, in the numbers of before the move.
func (l *List) target(rows []int, by int) (before int, ok bool) {
	first, last := rows[0], rows[len(rows)-1]
	if by < 0 {
		return max(first+by, 0), first > 0
	}
	return min(last+1+by, l.rows.total), last < l.rows.total-1
}

// reorder does to the loaded rows what the session will do, so that the next
// key meets what is seen.
func (l *List) reorder(rows []int, before int) {
	r := &l.rows
	moved := map[int]bool{}
	for _, i := range rows {
		moved[i] = true
	}
	var order []int
	put := func() { order = append(order, rows...) }
	for i := r.off; i < r.off+len(r.items); i++ {
		if i == before {
			put()
		}
		if !moved[i] {
			order = append(order, i)
		}
	}
	if before >= r.off+len(r.items) {
		put()
	}
	if len(order) != len(r.items) {
		return // a moved row is outside what is loaded: the answer will show it
	}
	items, entries := slices.Clone(r.items), slices.Clone(r.entries)
	cursor, anchor := r.cursor, l.anchor
	for to, from := range order {
		items[to] = r.items[from-r.off]
		if len(entries) == len(items) {
			entries[to] = r.entries[from-r.off]
		}
		if from == cursor {
			r.cursor = r.off + to
		}
		if from == anchor {
			l.anchor = r.off + to
		}
	}
	r.items, r.entries = items, entries
	l.moveMarks(order)
	r.move(r.cursor)
}
