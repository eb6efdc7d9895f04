package session

import (
	"context"
	"slices"

	"segue/internal/music"
	table "segue/internal/rows"
)

// overlaid answers an Ask as the account will when everything that waits is done:
// what a user has done while it was away is to be seen.
func (s sources) overlaid(ctx context.Context, a *account, ask music.Ask) (music.Page, error) {
	b := s.book
	if !b.has(a.id) {
		p, err := a.service.Children(ctx, ask)
		return s.lend(ctx, a, p), err
	}
	if l := b.created(ask.Of); l != nil {
		return s.rowsPage(ctx, a, ask, music.Page{Ask: ask, Title: l.name, Query: l.query, Writable: l.query == "", Note: "it has yet to be made there"})
	}
	p, err := a.service.Children(ctx, ask)
	p.Items = slices.Clone(p.Items) // the service may keep its own
	for i, it := range p.Items {
		if t, ok := it.(music.Track); ok {
			one := []music.Track{t}
			b.mark(a.id, one)
			p.Items[i] = one[0]
		}
	}
	if err != nil && len(p.Items) == 0 && p.Total == 0 || !b.touches(ask.Of) {
		return s.lend(ctx, a, p), err
	}
	if ask.Of.Kind == music.KindPlaylist {
		return s.rowsPage(ctx, a, ask, p)
	}
	return b.lists(a, ask, p), err
}

// rowsPage is a window of a playlist's rows, with what waits.
func (s sources) rowsPage(ctx context.Context, a *account, ask music.Ask, p music.Page) (music.Page, error) {
	rows, err := s.book.rowsNow(ctx, a.service, ask.Of)
	if err != nil {
		return p, err
	}
	p, err = s.window(ctx, ask, p, rows)
	for _, o := range s.book.of(a.id) {
		if o.list != nil && o.list.op == listRename && o.list.ref == ask.Of {
			p.Title = o.list.name
		}
	}
	return p, err
}

// window fills a page with what is asked for of a playlist's rows.
func (s sources) window(ctx context.Context, ask music.Ask, p music.Page, rows []music.Ref) (music.Page, error) {
	if ask.Filter != "" || ask.Sort != "" {
		items, err := s.chosen(ctx, ask, rows)
		begin, end := windowOf(ask, len(items))
		p.Total, p.Items = len(items), items[begin:end]
		return p, err
	}
	begin, end := windowOf(ask, len(rows))
	all, err := s.tracks(ctx, rows[begin:end])
	p.Total, p.Items = len(rows), itemsOf(all)
	return p, err
}

// chosen is what a filter leaves of rows, in the order asked for. It needs the details
// of all.
func (s sources) chosen(ctx context.Context, ask music.Ask, rows []music.Ref) ([]music.Item, error) {
	all, err := s.tracks(ctx, rows)
	items := table.Filter(itemsOf(all), ask.Filter)
	table.Sort(items, ask.Sort)
	return items, err
}

func itemsOf(tracks []music.Track) []music.Item {
	items := make([]music.Item, len(tracks))
	for i, t := range tracks {
		items[i] = t
	}
	return items
}

// waitingRefs are the tracks that are asked for of a container with edits that wait.
func (s sources) waitingRefs(ctx context.Context, svc Service, ask music.Ask) ([]music.Ref, error) {
	rows, err := s.book.rowsNow(ctx, svc, ask.Of)
	if err != nil || ask.Filter == "" && ask.Sort == "" {
		return rows, err
	}
	items, err := s.chosen(ctx, ask, rows)
	if err != nil {
		return nil, err
	}
	rows = make([]music.Ref, len(items))
	for i, it := range items {
		rows[i] = it.ItemRef()
	}
	return rows, nil
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
			it := music.Playlist{Ref: l.ref, Name: l.name, Tracks: len(b.rows(l.ref, nil)), Query: l.query, Writable: l.query == ""}
			if ask.Filter == "" || table.Match(ask.Filter, it) {
				p.Items = append(p.Items, it)
				p.Total++
			}
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
