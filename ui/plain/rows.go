package plain

import (
	"strconv"
	"strings"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// rowsOf reads which rows of a listing are meant, "3", "2-5" or "1,4-6", and what stands
// behind them; the rows are indexes of l.items.
func rowsOf(l *listing, arg string) (rows []int, rest string, ok bool) {
	numbers, rest, _ := strings.Cut(arg, " ")
	for _, part := range strings.Split(numbers, ",") {
		a, b, ranged := strings.Cut(part, "-")
		from, err := strconv.Atoi(a)
		to := from
		if ranged && err == nil {
			to, err = strconv.Atoi(b)
		}
		from, to = from-1-l.ask.Offset, to-1-l.ask.Offset
		if err != nil || from < 0 || to < from || to >= len(l.items) {
			return nil, "", false
		}
		for i := from; i <= to; i++ {
			rows = append(rows, i)
		}
	}
	return rows, strings.TrimSpace(rest), true
}

// itemAt is the row i, of a toplist's row what it is about.
func itemAt(l *listing, i int) music.Item {
	if c, ok := l.items[i].(music.Chart); ok {
		return c.Item
	}
	return l.items[i]
}

// onRow does what acts on rows of the listing, by their numbers.
func (p *talker) onRow(a keymap.Action, arg string) bool {
	switch a {
	case keymap.Open, keymap.PlayAll, keymap.Enqueue, keymap.EnqueueNext, keymap.Star, keymap.Remove, keymap.Radio, keymap.AddTo,
		keymap.MoveUp, keymap.MoveDown, keymap.Rate, keymap.MarkOffline, keymap.Share, keymap.RowAlbum, keymap.RowArtist, keymap.Details:
	case keymap.Rename, keymap.DeleteList:
		p.onPlaylist(a, arg)
		return true
	default:
		return false
	}
	if t := p.play.Track; arg == "" && !t.Ref.IsZero() && (a == keymap.Radio || a == keymap.Details) {
		p.onOne(a, &listing{items: []music.Item{t}}, 0, nil)
		return true
	}
	l := p.here()
	if l == nil {
		return true
	}
	rows, rest, ok := rowsOf(l, arg)
	if !ok {
		p.say("%s needs the number of a row that is listed", a)
		return true
	}
	var refs []music.Ref
	var asks []music.Ask
	for _, i := range rows {
		it := itemAt(l, i)
		if it.ItemRef().IsZero() {
			p.say("%s is not in your library", it.ItemName())
			return true
		}
		refs, asks = append(refs, it.ItemRef()), append(asks, music.Ask{Of: it.ItemRef()})
	}
	switch a {
	case keymap.Enqueue:
		p.send(session.Enqueue{Asks: asks, Where: session.AtEnd})
	case keymap.EnqueueNext:
		p.send(session.Enqueue{Asks: asks, Where: session.AfterCurrent})
	case keymap.Star:
		p.send(session.Star{Refs: refs})
	case keymap.MarkOffline:
		p.send(session.MarkOffline{Refs: refs})
	case keymap.Share:
		p.share(refs, rest)
	case keymap.Rate:
		p.rate(refs, rest)
	case keymap.AddTo:
		p.addTo(asks, rest)
	case keymap.Remove:
		p.remove(l, rows)
	case keymap.MoveUp, keymap.MoveDown:
		p.move(a, l, rows, rest)
	default:
		if len(rows) > 1 && a != keymap.PlayAll {
			p.say("%s takes one row", a)
			return true
		}
		p.onOne(a, l, rows[0], asks)
	}
	return true
}

// onOne does what is about one row; of play-container about all of asks.
func (p *talker) onOne(a keymap.Action, l *listing, i int, asks []music.Ask) {
	it := itemAt(l, i)
	ref := it.ItemRef()
	switch {
	case a == keymap.Radio:
		p.send(session.PlayRadio{Of: ref})
	case a == keymap.Details:
		p.details(it)
	case a == keymap.RowAlbum, a == keymap.RowArtist:
		p.related(a == keymap.RowAlbum, it)
	case a == keymap.Open && !ref.IsTrack():
		p.goTo(music.Ask{Of: ref}, it.ItemName())
	case len(asks) > 1, !ref.IsTrack():
		p.send(session.PlayContext{Ask: asks[0], More: asks[1:]})
	case l.ask.Of == music.Queue && i < len(l.entries):
		p.send(session.QueuePlay{Entry: l.entries[i]})
	case everywhere(l.ask):
		p.send(session.PlayContext{Ask: music.Ask{Of: ref}})
	default:
		p.send(session.PlayContext{Ask: music.Ask{Of: l.ask.Of, Filter: l.ask.Filter, Sort: l.ask.Sort}, Start: ref, Index: l.ask.Offset + i})
	}
}

// remove takes rows out of the queue or a playlist.
func (p *talker) remove(l *listing, rows []int) {
	switch {
	case l.ask.Of == music.Queue:
		var entries []session.EntryID
		for _, i := range rows {
			if i < len(l.entries) {
				entries = append(entries, l.entries[i])
			}
		}
		p.send(session.QueueRemove{Entries: entries})
	case l.ask.Of.Kind == music.KindPlaylist && p.ordered(l):
		p.send(session.PlaylistRemove{Playlist: l.ask.Of, Rows: playlistRows(l, rows)})
	case l.ask.Of.Kind == music.KindPlaylist:
		return
	default:
		p.say("nothing can be removed from here")
		return
	}
	p.stale = true
}

// ordered reports whether a playlist's rows stand as they are kept, and says what to do if not.
func (p *talker) ordered(l *listing) bool {
	if l.ask.Filter == "" && l.ask.Sort == "" {
		return true
	}
	p.say("its rows are filtered or sorted: back, and open it anew")
	return false
}

func playlistRows(l *listing, rows []int) []session.Row {
	out := make([]session.Row, 0, len(rows))
	for _, i := range rows {
		out = append(out, session.Row{Index: l.ask.Offset + i, Track: itemAt(l, i).ItemRef()})
	}
	return out
}

// move moves rows of the queue or of a playlist by one, or by how many are named.
func (p *talker) move(a keymap.Action, l *listing, rows []int, by string) {
	n := 1
	if by != "" {
		var err error
		if n, err = strconv.Atoi(by); err != nil || n < 1 {
			p.say("%s is no number of rows", strconv.Quote(by))
			return
		}
	}
	first, last := rows[0]+l.ask.Offset, rows[len(rows)-1]+l.ask.Offset
	before := min(last+1+n, l.total)
	if a == keymap.MoveUp {
		before = max(first-n, 0)
	}
	switch {
	case a == keymap.MoveUp && first == 0, a == keymap.MoveDown && last == l.total-1:
		p.say("that is the %s row", either(a == keymap.MoveUp, "first", "last"))
		return
	case l.ask.Of.Kind == music.KindPlaylist && p.ordered(l):
		p.send(session.PlaylistMove{Playlist: l.ask.Of, Rows: playlistRows(l, rows), Before: before})
	case l.ask.Of.Kind == music.KindPlaylist:
		return
	case l.ask.Of == music.Queue:
		c := session.QueueMove{}
		if at := before - l.ask.Offset; at >= 0 && at < len(l.entries) {
			c.Before = l.entries[at]
		} else if before < l.total {
			p.say("row %d is not listed: page-down and page-up list others", before+1)
			return
		}
		for _, i := range rows {
			if i < len(l.entries) {
				c.Entries = append(c.Entries, l.entries[i])
			}
		}
		p.send(c)
	default:
		p.say("nothing can be moved here")
		return
	}
	p.stale = true
}

func (p *talker) share(refs []music.Ref, with string) {
	p.ticket++
	p.sharing = p.ticket
	p.send(session.InboxPost{Ticket: p.ticket, Account: refs[0].Account, User: with, Tracks: refs})
}

func (p *talker) rate(refs []music.Ref, stars string) {
	n, err := page.Stars(stars)
	if err != nil {
		p.say("%s", err)
		return
	}
	p.send(session.Rate{Refs: refs, Stars: n})
}

// related opens the album or the artist of a row.
func (p *talker) related(album bool, it music.Item) {
	ref, title, of := page.Related(it, album)
	if ref.IsZero() {
		p.say("the %s of %s is not known", of, it.ItemName())
		return
	}
	p.goTo(music.Ask{Of: ref}, title)
}
