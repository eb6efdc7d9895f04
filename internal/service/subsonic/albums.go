package subsonic

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"segue/internal/music"
	"segue/internal/query"
	"segue/internal/rows"
	"segue/internal/service/subsonic/wire"
)

// pageSize is how many rows a server is asked for at once, and most of them give.
const pageSize = 500

// albumList is one of the server's lists of albums.
type albumList struct {
	title string
	kind  string // getAlbumList2's type
	sort  music.Sort
	more  url.Values
	none  string // why it is empty
}

var albumLists = map[string]albumList{
	music.SectionAlbums: {"Albums", "alphabeticalByName", music.SortTitle, nil, "the server has no albums"},
	music.SectionRecent: {"Recently added", "newest", music.SortAdded, nil, "the server has no albums"},
	music.SectionPlayed: {"Recently played", "recent", music.SortPlayed, nil, "nothing was played yet"},
	music.SectionMost:   {"Most played", "frequent", music.SortPlays, nil, "nothing was played yet"},
	sectionRated:        {"Highest rated", "highest", music.SortRating, nil, "nothing was rated yet"},
}

// albumSorts are the lists that are the orders of all albums.
var albumSorts = map[music.Sort]string{
	music.SortTitle: "alphabeticalByName", music.SortArtist: "alphabeticalByArtist", music.SortAdded: "newest",
	music.SortPlays: "frequent", music.SortPlayed: "recent", music.SortRating: "highest", music.SortYear: "byYear",
}

func (l *look) albumsPage(ctx context.Context, list albumList, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: list.title, Sorts: []music.Sort{list.sort}}
	if list.sort == music.SortTitle {
		page.Sorts = []music.Sort{music.SortTitle, music.SortArtist, music.SortYear, music.SortAdded, music.SortPlays, music.SortPlayed, music.SortRating}
		if kind, ok := albumSorts[ask.Sort]; ok {
			list.kind = kind
		}
		if list.kind == "byYear" {
			list.more = url.Values{"fromYear": {"0"}, "toYear": {"9999"}}
		}
		if ask.Filter != "" {
			return l.foundAlbums(ctx, page, ask)
		}
	}
	if ask.Filter != "" {
		albums, err := l.albumsOf(ctx, list, filterMost)
		if err != nil {
			return page, err
		}
		items := rows.Filter(l.albums(albums), ask.Filter)
		return rows.Cut(page, items, ask), nil
	}
	got, total, err := windowOf(ask, func(n int) ([]wire.Album, error) { return l.albumWindow(ctx, list, n*pageSize, pageSize) })
	if err != nil {
		return page, err
	}
	page.Items, page.Total = l.albums(got), total
	if page.Total == 0 {
		page.Note = list.none
	}
	return page, nil
}

// windowOf takes a window out of a list whose pages of pageSize rows come by number. Asking
// in whole pages, the same ones come again from memory, with or without the server. total
// is -1 unless the last page was seen.
func windowOf[T any](ask music.Ask, page func(n int) ([]T, error)) (window []T, total int, err error) {
	from := max(ask.Offset, 0)
	to := from + rows.Limit(ask)
	for n := from / pageSize; n*pageSize < to; n++ {
		got, err := page(n)
		if err != nil {
			return window, -1, err
		}
		at := n * pageSize
		if lo, hi := max(from-at, 0), min(to-at, len(got)); lo < hi {
			window = append(window, got[lo:hi]...)
		}
		switch {
		case len(got) >= pageSize:
		case len(got) == 0 && n > 0 && n == from/pageSize:
			return window, -1, nil // it ends before, we know not where
		default:
			return window, at + len(got), nil
		}
	}
	return window, -1, nil
}

// filterMost is how many rows of a list are looked through for a filter that the server
// cannot apply.
const filterMost = 5000

// openEnd is the length of a list of which a window came: unknown while windows are full.
func openEnd(ask music.Ask, got int) int {
	if got >= rows.Limit(ask) {
		return -1
	}
	if got == 0 && ask.Offset > 0 {
		return -1 // it ends before, we know not where
	}
	return max(ask.Offset, 0) + got
}

func (l *look) albumWindow(ctx context.Context, list albumList, offset, limit int) ([]wire.Album, error) {
	p := url.Values{"type": {list.kind}, "size": {strconv.Itoa(limit)}, "offset": {strconv.Itoa(max(offset, 0))}}
	for k, v := range list.more {
		p[k] = v
	}
	reply, err := l.ask(ctx, "getAlbumList2", p)
	if err != nil {
		var w *wire.Error
		if list.kind == "highest" && errors.As(err, &w) && w.Code == wire.CodeGeneric {
			l.srv.Lack(highest)
			err = l.cannot("open " + list.title)
		}
		return nil, err
	}
	return reply.AlbumList.Value.Albums, nil
}

// albumsOf is a list of albums from its start, at most that many.
func (l *look) albumsOf(ctx context.Context, list albumList, most int) ([]wire.Album, error) {
	var all []wire.Album
	for len(all) < most {
		got, err := l.albumWindow(ctx, list, len(all), pageSize)
		if err != nil {
			return all, err
		}
		all = append(all, got...)
		if len(got) < pageSize {
			break
		}
	}
	return all, nil
}

// foundAlbums are the albums that a filter asks for: the server looks for the words, and
// what it cannot look for is looked for in what it finds.
func (l *look) foundAlbums(ctx context.Context, page music.Page, ask music.Ask) (music.Page, error) {
	words, exact, err := l.words(ask.Filter)
	if err != nil {
		return page, err
	}
	if exact && ask.Sort == music.SortDefault {
		reply, err := l.search3(ctx, words, "album", ask.Offset, rows.Limit(ask))
		if err != nil {
			return page, err
		}
		got := reply.SearchResult.Value.Albums
		page.Items, page.Total = l.albums(got), openEnd(ask, len(got))
		return page, nil
	}
	var albums []wire.Album
	if words == "" {
		albums, err = l.albumsOf(ctx, albumLists[music.SectionAlbums], filterMost)
	} else {
		var reply *wire.Reply
		if reply, err = l.search3(ctx, words, "album", 0, pageSize); err == nil {
			albums = reply.SearchResult.Value.Albums
		}
	}
	if err != nil {
		return page, err
	}
	items := rows.Filter(l.albums(albums), ask.Filter)
	rows.Sort(items, ask.Sort)
	return rows.Cut(page, items, ask), nil
}

// words are what a server can look for of a filter; exact reports that this is all of it.
func (l *look) words(filter string) (words string, exact bool, err error) {
	q, err := query.Parse(filter)
	if err != nil {
		return "", false, l.badQuery(filter, err)
	}
	exact = true
	for i, w := range q.Words() {
		if i > 0 {
			words += " "
		}
		words += w
	}
	nodes := []query.Node{q.Root}
	if a, ok := q.Root.(query.And); ok {
		nodes = a.Nodes
	}
	for _, n := range nodes {
		t, ok := n.(query.Text)
		exact = exact && ok && t.Field == query.Any && !t.Phrase
	}
	return words, exact, nil
}
