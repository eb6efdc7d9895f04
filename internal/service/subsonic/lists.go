package subsonic

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/subsonic/wire"
)

// counted is "12 tracks, 41:03".
func counted(n int, tracks []music.Track) string {
	var sum time.Duration
	for _, t := range tracks {
		sum += t.Duration
	}
	what := rows.Count(n, "track")
	if sum > 0 {
		what += ", " + rows.Clock(sum)
	}
	return what
}

func (l *look) artistsPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Artists", Sorts: []music.Sort{music.SortDefault}}
	reply, err := l.ask(ctx, "getArtists", nil)
	if err != nil {
		return page, err
	}
	items := rows.Filter(l.artistItems(reply.Artists.Value.All()), ask.Filter)
	page.Subtitle = rows.Count(len(items), "artist")
	return rows.Cut(page, items, ask), nil
}

func (l *look) artistPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Artist", Sorts: []music.Sort{music.SortDefault, music.SortTitle, music.SortYear}}
	reply, err := l.ask(ctx, "getArtist", url.Values{"id": {ask.Of.ID}})
	if err != nil {
		return page, err
	}
	w := reply.Artist.Value
	items := rows.Filter(l.albums(w.Albums), ask.Filter)
	rows.Sort(items, ask.Sort)
	page.Title, page.Subtitle = string(w.Name), rows.Count(len(items), "album")
	if ask.Filter == "" && w.Name != "" {
		if !l.lacks("getTopSongs") {
			items = append(items, music.Folder{Ref: l.ref(kindTop, wire.ID(w.Name)), Name: "Top tracks", Count: -1})
		}
		if !l.lacks("getSimilarSongs2") {
			items = append(items, music.Folder{Ref: l.ref(kindSimilar, wire.ID(ask.Of.ID)), Name: "Radio: similar tracks", Count: -1})
		}
	}
	if len(w.Albums) == 0 {
		page.Note = "the server has no albums of this artist"
	}
	return rows.Cut(page, items, ask), nil
}

func (l *look) artistTracks(ctx context.Context, id string) ([]music.Track, error) {
	reply, err := l.ask(ctx, "getArtist", url.Values{"id": {id}})
	if err != nil {
		return nil, err
	}
	return l.songsOf(ctx, reply.Artist.Value.Albums)
}

func (l *look) genresPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Genres"}
	reply, err := l.ask(ctx, "getGenres", nil)
	if err != nil {
		return page, err
	}
	var items []music.Item
	for _, g := range reply.Genres.Value.Genres {
		name := g.Value
		if name == "" {
			name = g.Name
		}
		if name == "" {
			continue
		}
		items = append(items, music.Folder{Ref: l.ref(music.KindGenre, wire.ID(name)), Name: string(name),
			Detail: rows.Subtitle(rows.Count(small(g.Albums), "album"), rows.Count(small(g.Songs), "track")), Count: small(g.Songs)})
	}
	if len(items) == 0 {
		page.Note = "the server's tracks name no genres"
	}
	rows.Sort(items, music.SortTitle)
	return rows.Cut(page, rows.Filter(items, ask.Filter), ask), nil
}

// genrePage is the tracks of a genre, a window at a time.
func (l *look) genrePage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: music.Clean(ask.Of.ID), Sorts: []music.Sort{music.SortDefault}}
	if ask.Filter != "" || ask.Sort != music.SortDefault {
		tracks, err := l.genreTracks(ctx, ask.Of.ID)
		if err != nil {
			return page, err
		}
		return trackPage(page, tracks, ask), nil
	}
	songs, total, err := windowOf(ask, func(n int) ([]wire.Song, error) { return l.genreWindow(ctx, ask.Of.ID, n*pageSize, pageSize) })
	if err != nil {
		return page, err
	}
	tracks, err := l.learn(ctx, songs)
	for _, t := range tracks {
		page.Items = append(page.Items, t)
	}
	page.Total = total
	return page, err
}

func (l *look) genreWindow(ctx context.Context, genre string, offset, limit int) ([]wire.Song, error) {
	reply, err := l.ask(ctx, "getSongsByGenre", url.Values{"genre": {genre}, "count": {strconv.Itoa(limit)}, "offset": {strconv.Itoa(max(offset, 0))}})
	if err != nil {
		return nil, err
	}
	return reply.SongsByGenre.Value.Songs, nil
}

func (l *look) genreTracks(ctx context.Context, genre string) ([]music.Track, error) {
	return l.inWindows(ctx, refsMost, func(offset int) ([]wire.Song, error) { return l.genreWindow(ctx, genre, offset, pageSize) })
}

// yearsPage lists the years that albums are of, the newest first. Of a library with more
// albums than are looked through, the years before are listed without knowing whether they
// hold something.
func (l *look) yearsPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Years"}
	list := albumList{kind: "byYear", more: url.Values{"fromYear": {"9999"}, "toYear": {"1"}}}
	albums, err := l.albumsOf(ctx, list, filterMost)
	if err != nil {
		return page, err
	}
	count := map[int]int{}
	oldest := 0
	for _, a := range albums {
		if y := int(a.Year); y >= 1 && y <= 9999 {
			count[y]++
			oldest = y
		}
	}
	var items []music.Item
	for _, y := range slices.Backward(slices.Sorted(maps.Keys(count))) {
		items = append(items, l.yearItem(y, count[y]))
	}
	if len(albums) >= filterMost && oldest > 0 {
		first, err := l.edgeYear(ctx, "1", "9999")
		if err != nil {
			return page, err
		}
		for y := oldest - 1; y >= first && oldest-y < 1000; y-- {
			items = append(items, l.yearItem(y, -1))
		}
	}
	if len(items) == 0 {
		page.Note = "the server's albums name no years"
	}
	return rows.Cut(page, rows.Filter(items, ask.Filter), ask), nil
}

// yearItem is a year with how many albums there are of it, -1 = not known.
func (l *look) yearItem(year, albums int) music.Item {
	f := music.Folder{Ref: l.ref(music.KindYear, wire.ID(strconv.Itoa(year))), Name: strconv.Itoa(year), Count: -1}
	if albums >= 0 {
		f.Detail = rows.Count(albums, "album")
	}
	return f
}

// edgeYear is the first album's year of a span; 0 = there is none.
func (l *look) edgeYear(ctx context.Context, from, to string) (int, error) {
	reply, err := l.ask(ctx, "getAlbumList2", url.Values{"type": {"byYear"}, "fromYear": {from}, "toYear": {to}, "size": {"1"}, "offset": {"0"}})
	if err != nil {
		return 0, err
	}
	albums := reply.AlbumList.Value.Albums
	if len(albums) == 0 || albums[0].Year < 1 || albums[0].Year > 9999 {
		return 0, nil
	}
	return int(albums[0].Year), nil
}

func yearList(year string) albumList {
	return albumList{title: year, kind: "byYear", sort: music.SortDefault, more: url.Values{"fromYear": {year}, "toYear": {year}}, none: "the server has no album of this year"}
}

func (l *look) yearPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	if _, err := strconv.Atoi(ask.Of.ID); err != nil {
		return music.Page{}, l.unknown(ask.Of)
	}
	return l.albumsPage(ctx, yearList(ask.Of.ID), ask)
}

// starred is what the user has starred.
func (l *look) starred(ctx context.Context) (music.Page, wire.Found, error) {
	page := music.Page{Title: "Starred"}
	reply, err := l.ask(ctx, "getStarred2", nil)
	if err != nil {
		return page, wire.Found{}, err
	}
	return page, reply.Starred.Value, nil
}

func (l *look) starredPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page, found, err := l.starred(ctx)
	if err != nil {
		return page, err
	}
	items := append(l.artistItems(found.Artists), l.albums(found.Albums)...)
	tracks, err := l.learn(ctx, found.Songs)
	for _, t := range tracks {
		items = append(items, t)
	}
	if len(items) == 0 {
		page.Note = "nothing is starred yet"
	}
	page.Subtitle = counted(len(tracks), tracks)
	page.Sorts = trackSorts
	items = rows.Filter(items, ask.Filter)
	rows.Sort(items, ask.Sort)
	return rows.Cut(page, items, ask), err
}
