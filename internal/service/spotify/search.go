package spotify

import (
	"context"
	"fmt"
	"strings"

	"segue/internal/music"
	"segue/internal/query"
	"segue/internal/rows"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

const (
	// foundLast is how many rows of a search can be had: Spotify gives ten from offset 1000.
	foundLast = 1010
	// foundMost is how far a search is read for what only we can look for in it.
	foundMost = 50
	// few is how many artists, albums and playlists stand above the tracks in a search of
	// everything.
	few = 3
)

// kinds of things that are searched for, by their names in sections.
var foundKinds = map[string]string{
	session.TypeTracks: webapi.FindTracks, session.TypeAlbums: webapi.FindAlbums, session.TypeArtists: webapi.FindArtists,
	session.TypePlaylists: webapi.FindPlaylists, sectionShows: webapi.FindShows, sectionEpisodes: webapi.FindEpisodes,
}

// together are the kinds that are asked for in one call on the first pages: who searches
// looks at all of them, and it is one call instead of four.
var together = []string{webapi.FindTracks, webapi.FindArtists, webapi.FindAlbums, webapi.FindPlaylists}

// togetherMost is how far that goes.
const togetherMost = 20

// searchShelf is what Spotify finds for words, of one kind.
func (l *look) searchShelf(words, of string) shelf {
	kind := foundKinds[of]
	return shelf{
		of: music.Ref{Account: l.id, Kind: music.KindSearch, ID: kind + " " + words}, most: mostFound, fresh: worksFor, last: foundLast,
		fetch: func(ctx context.Context, w webapi.Window) (part, error) {
			types := []string{kind}
			if w.Offset < togetherMost && of != sectionShows && of != sectionEpisodes {
				types = together
			}
			f, err := l.api.Search(ctx, words, types, w)
			if err != nil {
				return part{total: -1, next: -1}, err
			}
			return l.found(f, of), nil
		},
	}
}

// found is what was found of one kind.
func (l *look) found(f webapi.Found, of string) part {
	switch of {
	case session.TypeTracks:
		return partOf(f.Tracks, func(w webapi.Track) music.Item { return l.track(w, webapi.Album{}) })
	case session.TypeAlbums:
		return partOf(f.Albums, func(w webapi.Album) music.Item { return l.album(w) })
	case session.TypeArtists:
		return partOf(f.Artists, func(w webapi.Artist) music.Item { return l.artist(w) })
	case session.TypePlaylists:
		return partOf(f.Playlists, func(w webapi.Playlist) music.Item { return l.playlist(w) })
	case sectionShows:
		return partOf(f.Shows, func(w webapi.Show) music.Item { return l.show(w) })
	}
	return partOf(f.Episodes, func(w webapi.Episode) music.Item { return l.episode(w, webapi.Show{}) })
}

// searchPage answers the sections search and search/TYPE.
func (l *look) searchPage(ctx context.Context, what music.Ask) (music.Page, error) {
	page := music.Page{Title: "Search", Subtitle: music.Clean(what.Filter), Sorts: []music.Sort{music.SortDefault}}
	of := strings.TrimPrefix(strings.TrimPrefix(what.Of.ID, music.SectionSearch), "/")
	if _, ok := foundKinds[of]; !ok && of != "" {
		return music.Page{}, l.unknown(what.Of)
	}
	if strings.TrimSpace(what.Filter) == "" {
		page.Note = "type to search"
		return page, nil
	}
	q, err := query.Parse(what.Filter)
	if err != nil {
		return page, &session.Fault{Kind: session.InvalidArgument, Account: l.id, Op: "search for " + music.Clean(what.Filter), Err: err}
	}
	if of == "" {
		page, err = l.foundAll(ctx, page, q, what)
	} else {
		page, err = l.foundOf(ctx, page, q, of, what)
	}
	if err == nil && page.Total == 0 && page.Note == "" {
		page.Note = "Spotify finds nothing that is called " + music.Clean(what.Filter)
	}
	return page, err
}

// foundOf is a window of what is found of one kind.
func (l *look) foundOf(ctx context.Context, page music.Page, q *query.Query, of string, what music.Ask) (music.Page, error) {
	all := translate(l.id, q, of)
	if len(all) != 1 || all[0].rest != nil || what.Sort != music.SortDefault {
		return l.sifted(ctx, page, all, of, what)
	}
	sh := l.searchShelf(cutWords(all[0].q), of)
	// The first page says how many there are: those behind it count otherwise.
	head, err := l.page(ctx, sh, 0, sh.fresh)
	if err != nil {
		return page, err
	}
	total := min(head.total, foundLast)
	if what.Offset < total {
		if page.Items, _, err = l.window(ctx, sh, what); err != nil {
			return page, err
		}
	}
	page.Total = total
	if head.total > foundLast {
		page.Note = fmt.Sprintf("the first %d of %d: Spotify gives no more", foundLast, head.total)
	}
	return page, nil
}

// sifted looks for what Spotify cannot look for in the first rows that it finds; where it
// has nothing to look for, in the library.
func (l *look) sifted(ctx context.Context, page music.Page, all []wanted, of string, what music.Ask) (music.Page, error) {
	var items []music.Item
	seen := map[music.Ref]bool{}
	for _, w := range all {
		found, note, err := l.candidates(ctx, w, of)
		if err != nil {
			return page, err
		}
		page.Note = named(note, page.Note)
		for _, it := range l.markStars(found) {
			if r := it.ItemRef(); !seen[r] && (w.rest == nil || rows.Holds(w.rest, it)) {
				seen[r] = true
				items = append(items, it)
			}
		}
	}
	rows.Sort(items, what.Sort)
	return rows.Cut(page, items, what), nil
}

// librarySections are where things are looked for that Spotify cannot look for at all.
var librarySections = map[string]string{
	session.TypeTracks: music.SectionStarred, session.TypeAlbums: music.SectionAlbums, session.TypeArtists: music.SectionArtists,
	session.TypePlaylists: music.SectionPlaylists, sectionShows: sectionShows, sectionEpisodes: sectionEpisodes,
}

func (l *look) candidates(ctx context.Context, w wanted, of string) (items []music.Item, note string, err error) {
	if w.q == "" {
		ls, _ := l.listOf(librarySections[of])
		items, err = l.whole(ctx, ls.shelf)
		if ls.owned {
			l.saved(items)
		}
		return items, "looked for in the library: Spotify's search does not know such a field", err
	}
	items, total, err := l.window(ctx, l.searchShelf(cutWords(w.q), of), music.Ask{Limit: foundMost})
	if total > foundMost && w.rest != nil {
		note = fmt.Sprintf("looked for among the first %d that Spotify finds", foundMost)
	}
	return items, note, err
}

// foundAll is a search of everything: a few artists, albums and playlists, then tracks.
func (l *look) foundAll(ctx context.Context, page music.Page, q *query.Query, what music.Ask) (music.Page, error) {
	head := music.Ask{Of: what.Of, Limit: few}
	var items []music.Item
	for _, of := range []string{session.TypeArtists, session.TypeAlbums, session.TypePlaylists} {
		got, err := l.foundOf(ctx, music.Page{}, q, of, head)
		if err != nil {
			return page, err
		}
		items = append(items, got.Items...)
	}
	tracks := what
	tracks.Offset = max(0, what.Offset-len(items))
	got, err := l.foundOf(ctx, music.Page{}, q, session.TypeTracks, tracks)
	if err != nil {
		return page, err
	}
	page.Items = append(page.Items, items[min(max(what.Offset, 0), len(items)):]...)
	page.Items = append(page.Items, got.Items...)
	page.Items = page.Items[:min(len(page.Items), rows.Limit(what))]
	page.Total, page.Note = got.Total+len(items), got.Note
	return page, nil
}
