package subsonic

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"segue/internal/music"
	"segue/internal/query"
	"segue/internal/rows"
	"segue/internal/service/store"
	"segue/internal/service/subsonic/wire"
)

func (l *look) foundTracks(ctx context.Context, page music.Page, ask music.Ask) (music.Page, error) {
	page.Sorts = []music.Sort{music.SortDefault}
	words, exact, err := l.words(ask.Filter)
	if err != nil {
		return page, err
	}
	if why := l.thoughtAway(); why != nil {
		return l.rememberedTracks(ctx, page, ask, why)
	}
	if exact && ask.Sort == music.SortDefault {
		songs, err := l.foundSongs(ctx, words, ask.Offset, rows.Limit(ask))
		if unreachable(err) && ctx.Err() == nil {
			return l.rememberedTracks(ctx, page, ask, err)
		}
		if err != nil {
			return page, err
		}
		tracks, err := l.learn(ctx, songs)
		for _, t := range tracks {
			page.Items = append(page.Items, t)
		}
		page.Total = openEnd(ask, len(songs))
		return page, err
	}
	tracks, err := l.candidates(ctx, words, ask.Filter, filterMost)
	if err != nil {
		return page, err
	}
	return trackPage(page, tracks, ask), nil
}

// rememberedMost is how many remembered songs are looked through.
const rememberedMost = 50_000

// rememberedTracks looks among the songs that were seen before, for a time without the
// server.
func (l *look) rememberedTracks(ctx context.Context, page music.Page, ask music.Ask, why error) (music.Page, error) {
	tracks, err := l.rememberedFound(ctx, ask.Filter, why)
	if err != nil {
		return page, err
	}
	page = trackPage(page, tracks, ask)
	page.Note = "looked for among the tracks that were seen before"
	return page, nil
}

func (l *look) rememberedFound(ctx context.Context, filter string, why error) ([]music.Track, error) {
	db, err := l.store(ctx)
	if err != nil {
		return nil, err
	}
	var tracks []music.Track
	err = db.EachSong(ctx, rememberedMost, func(x store.Song) {
		if rows.Match(filter, x.Track) {
			tracks = append(tracks, x.Track)
		}
	})
	slices.SortStableFunc(tracks, inAlbums)
	l.older(l.cfg.Now(), why)
	l.markHere(ctx, tracks)
	return tracks, err
}

// inAlbums orders tracks by album, and within each as they are on it: what is found without
// the server plays like what is found with it.
func inAlbums(a, b music.Track) int {
	return cmp.Or(strings.Compare(a.AlbumArtist(), b.AlbumArtist()), strings.Compare(a.Album, b.Album), strings.Compare(a.AlbumRef.ID, b.AlbumRef.ID),
		cmp.Compare(a.Disc, b.Disc), cmp.Compare(a.Number, b.Number), strings.Compare(a.Title, b.Title))
}

// everyFound are all tracks that a search finds: now on the server, or, where that is away,
// among those that were seen before.
func (l *look) everyFound(ctx context.Context, filter string) ([]music.Track, error) {
	if strings.TrimSpace(filter) == "" {
		return nil, nil
	}
	words, exact, err := l.words(filter)
	if err != nil {
		return nil, err
	}
	if why := l.thoughtAway(); why != nil {
		return l.rememberedFound(ctx, filter, why)
	}
	var tracks []music.Track
	if exact && words != "" {
		tracks, err = l.everyTrack(ctx, words, refsMost)
	} else {
		tracks, err = l.candidates(ctx, words, filter, refsMost)
		tracks = slices.DeleteFunc(tracks, func(t music.Track) bool { return !rows.Match(filter, t) })
	}
	if unreachable(err) && ctx.Err() == nil {
		return l.rememberedFound(ctx, filter, err)
	}
	return tracks, err
}

// foundPage is a search as a container: what its words find, at any time.
func (l *look) foundPage(ctx context.Context, words string) (music.Page, []music.Track, error) {
	page := music.Page{Title: "Search", Subtitle: music.Clean(words)}
	tracks, err := l.everyFound(ctx, words)
	if len(tracks) == 0 {
		page.Note = "nothing is called " + music.Clean(words)
	}
	return page, tracks, err
}

// throughMost is how many artists or albums a filter by field is followed through.
const throughMost = 20

// candidates are tracks among which those of a filter are: what the server finds for its
// words and, because servers look for words in titles alone, what is by the artists and on
// the albums that it names; of everything the first most.
func (l *look) candidates(ctx context.Context, words, filter string, most int) ([]music.Track, error) {
	all, err := l.everyTrack(ctx, words, most)
	if err != nil || words == "" {
		return all, err
	}
	q, err := query.Parse(filter)
	if err != nil {
		return nil, l.badQuery(filter, err)
	}
	for _, of := range []struct {
		field query.Field
		find  func(context.Context, string) ([]music.Track, error)
	}{{query.Artist, l.tracksOfArtists}, {query.Album, l.tracksOfAlbums}} {
		for _, value := range values(q, of.field) {
			more, err := of.find(ctx, value)
			if err != nil {
				return all, err
			}
			all = append(all, more...)
		}
	}
	seen := make(map[music.Ref]bool, len(all))
	return slices.DeleteFunc(all, func(t music.Track) bool {
		was := seen[t.Ref]
		seen[t.Ref] = true
		return was
	}), nil
}

// values are what a query wants of a field.
func values(q *query.Query, field query.Field) []string {
	nodes := []query.Node{q.Root}
	if a, ok := q.Root.(query.And); ok {
		nodes = a.Nodes
	}
	var all []string
	for _, n := range nodes {
		if t, ok := n.(query.Text); ok && t.Field == field {
			all = append(all, t.Value)
		}
	}
	return all
}

func (l *look) tracksOfArtists(ctx context.Context, name string) ([]music.Track, error) {
	reply, err := l.search3(ctx, name, "artist", 0, throughMost)
	if err != nil {
		return nil, err
	}
	var all []music.Track
	for _, a := range reply.SearchResult.Value.Artists {
		tracks, err := l.artistTracks(ctx, string(a.ID))
		if err != nil {
			return all, err
		}
		all = append(all, tracks...)
	}
	return all, nil
}

func (l *look) tracksOfAlbums(ctx context.Context, name string) ([]music.Track, error) {
	reply, err := l.search3(ctx, name, "album", 0, throughMost)
	if err != nil {
		return nil, err
	}
	return l.songsOf(ctx, reply.SearchResult.Value.Albums)
}

func (l *look) foundSongs(ctx context.Context, words string, offset, limit int) ([]wire.Song, error) {
	reply, err := l.search3(ctx, words, "song", offset, limit)
	if err != nil {
		return nil, err
	}
	return reply.SearchResult.Value.Songs, nil
}

// everyTrack are the tracks that the server finds for words, "" = all that it has.
func (l *look) everyTrack(ctx context.Context, words string, most int) ([]music.Track, error) {
	return l.inWindows(ctx, most, func(offset int) ([]wire.Song, error) { return l.foundSongs(ctx, words, offset, pageSize) })
}

// inWindows asks for windows of pageSize songs until one is not full or there are most.
func (l *look) inWindows(ctx context.Context, most int, ask func(offset int) ([]wire.Song, error)) ([]music.Track, error) {
	var all []music.Track
	for asked := 0; asked < most; asked += pageSize {
		songs, err := ask(asked)
		if err != nil {
			return all, err
		}
		tracks, err := l.learn(ctx, songs)
		if err != nil {
			return all, err
		}
		all = append(all, tracks...)
		if len(songs) < pageSize {
			break
		}
	}
	return all, nil
}
