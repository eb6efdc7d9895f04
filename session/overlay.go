package session

import (
	"context"

	"segue/internal/music"
)

// overlaid answers an Ask as the account will when everything that waits is done:
// what a user has done while it was away is to be seen. Rows of a playlist with
// edits that wait are shown in its own order, without filter.
func (b *book) overlaid(ctx context.Context, a *account, ask music.Ask) (music.Page, error) {
	if !b.has(a.id) {
		return a.service.Children(ctx, ask)
	}
	if l := b.created(ask.Of); l != nil {
		return b.rowsPage(ctx, a, ask, music.Page{Ask: ask, Title: l.name, Query: l.query, Writable: l.query == "", Note: errWaiting.Error()})
	}
	p, err := a.service.Children(ctx, ask)
	for i, it := range p.Items {
		if t, ok := it.(music.Track); ok {
			one := []music.Track{t}
			b.mark(a.id, one)
			p.Items[i] = one[0]
		}
	}
	if err != nil && len(p.Items) == 0 || ask.Filter != "" || ask.Sort != "" || !b.touches(ask.Of) {
		return p, err
	}
	if ask.Of.Kind == music.KindPlaylist {
		return b.rowsPage(ctx, a, ask, p)
	}
	return b.lists(a, ask, p), err
}

// rowsPage is a window of a playlist's rows, with what waits.
func (b *book) rowsPage(ctx context.Context, a *account, ask music.Ask, p music.Page) (music.Page, error) {
	var have []music.Ref
	if b.created(ask.Of) == nil {
		var err error
		if have, err = a.service.Refs(ctx, music.Ask{Of: ask.Of}); err != nil {
			return p, err
		}
	}
	rows := b.rows(ask.Of, have)
	begin, end := windowOf(ask, len(rows))
	from := sources{services: map[music.AccountID]Service{a.id: a.service}, book: b}
	all, err := from.tracks(ctx, rows[begin:end])
	p.Total, p.Items = len(rows), make([]music.Item, len(all))
	for i, t := range all {
		p.Items[i] = t
	}
	for _, o := range b.of(a.id) {
		if o.list != nil && o.list.op == listRename && o.list.ref == ask.Of {
			p.Title = o.list.name
		}
	}
	return p, err
}

// windowOf is which of n rows are asked for.
func windowOf(ask music.Ask, n int) (begin, end int) {
	size := ask.Limit
	if size <= 0 {
		size = pageRows
	}
	begin = min(max(ask.Offset, 0), n)
	return begin, min(begin+size, n)
}

// lists is the account's playlists with those that wait to be made, renamed or deleted.
// The window may get a row more or fewer.
func (b *book) lists(a *account, ask music.Ask, p music.Page) music.Page {
	for _, o := range b.of(a.id) {
		l := o.list
		if l == nil {
			continue
		}
		if l.op == listCreate && ask.Offset+len(p.Items) >= p.Total {
			p.Items = append(p.Items, music.Playlist{Ref: l.ref, Name: l.name, Tracks: len(b.rows(l.ref, nil)), Query: l.query, Writable: l.query == ""})
			p.Total++
			continue
		}
		for i, it := range p.Items {
			have, ok := it.(music.Playlist)
			if !ok || have.Ref != l.ref {
				continue
			}
			switch l.op {
			case listDelete:
				p.Items = append(p.Items[:i:i], p.Items[i+1:]...)
				p.Total--
			case listRename:
				have.Name = l.name
				p.Items[i] = have
			case listPublic:
				have.Public = l.is == string(On)
				p.Items[i] = have
			case listDescribe:
				have.Description = l.is
				p.Items[i] = have
			case listCreate, listEdit:
			}
			break
		}
	}
	return p
}
