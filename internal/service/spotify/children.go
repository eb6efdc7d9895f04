package spotify

import (
	"context"
	"errors"
	"strings"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/session"
)

// Children answers with a window of a container's rows. Where Spotify cannot be asked the
// rows are those of an earlier time, with a note; and a Fault beside them says why, unless
// the network is off by wish.
func (s *Service) Children(ctx context.Context, what music.Ask) (music.Page, error) {
	l := &look{Service: s}
	if s.watched() {
		l.patience = patientRows // somebody can be told when more is there
	}
	op := "open " + nameOf(what.Of)
	if what.Of.Kind == music.KindSection && isSearch(what.Of.ID) {
		op = "search"
	}
	if err := s.allows(op, what.Of, toSee); err != nil {
		return music.Page{Ask: what}, err
	}
	page, err := l.children(ctx, what)
	page.Ask = what
	if err != nil {
		return page, s.explain(op, what.Of, err)
	}
	page.Items = s.markHere(s.markStars(page.Items))
	note, why := l.age()
	if page.Note == "" {
		page.Note = note
	}
	if why == nil {
		return page, nil
	}
	f := s.faultOf(op, why)
	if f.Kind == session.NetworkDisabled {
		return page, nil
	}
	return page, f
}

// patientRows is how many rows of a list that is not on disk are read before a page that is
// filtered or sorted is shown: twenty calls. The others are read behind it.
const patientRows = 1000

// markHere marks, while the network is off by wish, what Spotify plays: nothing of it is on
// this machine.
func (s *Service) markHere(items []music.Item) []music.Item {
	if s.allowed() {
		return items
	}
	for i, it := range items {
		if t, ok := it.(music.Track); ok && t.Ref.Account == s.id && t.Unplayable == "" {
			t.Unplayable = whyOff
			items[i] = t
		}
	}
	return items
}

// nameOf is a container in a user's words.
func nameOf(r music.Ref) string {
	switch {
	case r.Kind == music.KindSection && r.ID == "":
		return "Spotify"
	case r.Kind == music.KindSection:
		return music.Clean(r.ID)
	}
	return "the " + string(r.Kind)
}

// unknown is the fault of a list that is not there.
func (s *Service) unknown(r music.Ref) error {
	return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: "open " + music.Clean(r.String()), Err: errors.New("Spotify has no such list")}
}

func (l *look) children(ctx context.Context, what music.Ask) (music.Page, error) {
	switch what.Of.Kind {
	case music.KindSection:
		return l.sectionPage(ctx, what)
	case music.KindAlbum:
		return l.albumPage(ctx, what)
	case music.KindArtist:
		return l.artistPage(ctx, what)
	case music.KindPlaylist:
		return l.playlistPage(ctx, what)
	case kindShow:
		return l.showPage(ctx, what)
	case music.KindTrack:
		list, err := l.Tracks(ctx, []music.Ref{what.Of})
		if err != nil {
			return music.Page{}, err
		}
		return music.Page{Title: list[0].Title, Items: []music.Item{list[0]}, Total: 1}, nil
	default:
		return music.Page{}, l.unknown(what.Of)
	}
}

func (l *look) sectionPage(ctx context.Context, what music.Ask) (music.Page, error) {
	id := what.Of.ID
	if ls, ok := l.listOf(id); ok {
		return l.listPage(ctx, ls, what)
	}
	switch {
	case id == music.SectionRoot:
		return l.rootPage(ctx)
	case id == music.SectionPlayed:
		return l.playedPage(ctx, what)
	case id == sectionQueue:
		return l.queuePage(ctx, what)
	case isSearch(id):
		return l.searchPage(ctx, what)
	case id == music.SectionToplist, strings.HasPrefix(id, music.SectionToplist+"/"):
		return l.toplistPage(ctx, what)
	}
	return music.Page{}, l.unknown(what.Of)
}

// listPage is a window of one of Spotify's lists: as it is by the pages that it needs, in
// another order or filtered by all of them.
func (l *look) listPage(ctx context.Context, ls list, what music.Ask) (music.Page, error) {
	page := music.Page{Title: ls.title, Sorts: ls.sorts}
	if what.Filter == "" && (what.Sort == music.SortDefault || what.Sort == ls.sorts[0]) {
		items, total, err := l.window(ctx, ls.shelf, what)
		if ls.owned {
			l.saved(items)
		}
		page.Items, page.Total = items, total
		if total >= 0 {
			page.Subtitle = rows.Count(total, ls.count)
		}
		if total == 0 {
			page.Note = ls.none
		}
		return page, err
	}
	items, err := l.whole(ctx, ls.shelf)
	if err != nil {
		return page, err
	}
	if ls.owned {
		l.saved(items)
	}
	if len(items) == 0 {
		page.Note = ls.none
	}
	return cut(page, items, what, ls.count), nil
}

// cut filters, sorts and cuts a list that is there as a whole.
func cut(page music.Page, items []music.Item, what music.Ask, one string) music.Page {
	items = rows.Filter(items, what.Filter)
	rows.Sort(items, what.Sort)
	page.Subtitle = named(page.Subtitle, rows.Count(len(items), one))
	page.Duration = length(tracksOf(items))
	return rows.Cut(page, items, what)
}

func tracksOf(items []music.Item) []music.Track {
	var tracks []music.Track
	for _, it := range items {
		if t, ok := it.(music.Track); ok {
			tracks = append(tracks, t)
		}
	}
	return tracks
}

// Refs lists every track at or below what is asked.
func (s *Service) Refs(ctx context.Context, what music.Ask) ([]music.Ref, error) {
	if what.Of.IsTrack() {
		return []music.Ref{what.Of}, nil
	}
	l := &look{Service: s}
	items, filtered, err := l.below(ctx, what)
	if err != nil {
		return nil, s.explain("list the tracks of "+nameOf(what.Of), what.Of, err)
	}
	if !filtered {
		items = rows.Filter(items, what.Filter)
	}
	if what.Sort != music.SortDefault {
		rows.Sort(items, what.Sort)
	}
	refs := make([]music.Ref, 0, len(items))
	for _, it := range items {
		if r := it.ItemRef(); r.IsTrack() {
			refs = append(refs, r)
		}
	}
	return refs, nil
}

// below are all tracks at or below what is asked, in order; filtered says that its filter
// has been applied.
func (l *look) below(ctx context.Context, what music.Ask) (items []music.Item, filtered bool, err error) {
	switch {
	case what.Of.Kind == music.KindSection && isSearch(what.Of.ID):
		page, err := l.children(ctx, music.Ask{Of: l.section(music.SectionSearch + "/" + session.TypeTracks), Filter: what.Filter, Limit: foundMost})
		return page.Items, true, err
	case what.Of.Kind == music.KindSection:
		items, err = l.belowSection(ctx, what)
	case what.Of.Kind == music.KindArtist:
		albums, err := l.whole(ctx, l.artistShelf(what.Of.ID))
		if err != nil {
			return nil, false, err
		}
		items, err = l.tracksBelow(ctx, albums)
		return items, false, err
	default:
		items, err = l.wholeThing(ctx, what.Of)
	}
	return items, false, err
}

func (l *look) belowSection(ctx context.Context, what music.Ask) ([]music.Item, error) {
	ls, ok := l.listOf(what.Of.ID)
	if !ok {
		page, err := l.children(ctx, music.Ask{Of: what.Of})
		if err != nil {
			return nil, err
		}
		return l.tracksBelow(ctx, page.Items)
	}
	items, err := l.whole(ctx, ls.shelf)
	if err != nil {
		return nil, err
	}
	return l.tracksBelow(ctx, items)
}

// tracksBelow puts the tracks of containers in their places.
func (l *look) tracksBelow(ctx context.Context, items []music.Item) ([]music.Item, error) {
	var all []music.Item
	for _, it := range items {
		if c, ok := it.(music.Chart); ok {
			it = c.Item
		}
		r := it.ItemRef()
		if r.IsTrack() {
			all = append(all, it)
			continue
		}
		more, _, err := l.below(ctx, music.Ask{Of: r})
		if err != nil {
			return all, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// wholeThing is all that is in an album, a playlist or a show.
func (l *look) wholeThing(ctx context.Context, r music.Ref) ([]music.Item, error) {
	switch r.Kind {
	case music.KindAlbum:
		_, items, err := l.wholeAlbum(ctx, r.ID)
		return items, err
	case music.KindPlaylist:
		return l.wholePlaylist(ctx, r.ID)
	case kindShow:
		return l.wholeShow(ctx, r.ID)
	default:
		return nil, l.unknown(r)
	}
}
