package subsonic

import (
	"context"
	"net/url"
	"strconv"

	"segue/internal/music"
	"segue/internal/rows"
)

// whole is a list of tracks that comes in one answer.
func (l *look) whole(ctx context.Context, r music.Ref) (music.Page, []music.Track, error) {
	switch r.Kind {
	case music.KindAlbum:
		return l.wholeAlbum(ctx, r.ID)
	case music.KindPlaylist:
		return l.wholePlaylist(ctx, r.ID)
	case kindSimilar:
		return l.similar(ctx, r.ID)
	case kindTop:
		return l.top(ctx, r.ID)
	case music.KindSearch:
		return l.foundPage(ctx, r.ID)
	case kindShare:
		return l.wholeShare(ctx, r.ID)
	case music.KindSection:
		return l.wholeSection(ctx, r)
	default:
		return music.Page{}, nil, l.unknown(r)
	}
}

func (l *look) wholeSection(ctx context.Context, r music.Ref) (music.Page, []music.Track, error) {
	switch r.ID {
	case music.SectionStarred:
		page, found, err := l.starred(ctx)
		if err != nil {
			return page, nil, err
		}
		tracks, err := l.learn(ctx, found.Songs)
		return page, tracks, err
	case sectionRandom:
		return l.random(ctx)
	case sectionRadio:
		return l.stations(ctx)
	case sectionBookmarks:
		return l.bookmarks(ctx)
	case sectionListeners:
		return l.listeners(ctx)
	case sectionSaved:
		return l.savedQueue(ctx)
	}
	return music.Page{}, nil, l.unknown(r)
}

func (l *look) wholeAlbum(ctx context.Context, id string) (music.Page, []music.Track, error) {
	reply, err := l.ask(ctx, "getAlbum", url.Values{"id": {id}})
	if err != nil {
		return music.Page{Title: "Album"}, nil, err
	}
	w := reply.Album.Value
	tracks, err := l.learn(ctx, w.Songs)
	page := music.Page{Title: "Album"}
	if a, ok := l.album(w); ok {
		page.Title = a.Title
		year := ""
		if a.Year > 0 {
			year = strconv.Itoa(a.Year)
		}
		page.Subtitle = rows.Subtitle(a.Artist(), year, counted(len(tracks), tracks))
	}
	if len(tracks) == 0 {
		page.Note = "the server has no tracks in it"
	}
	return page, tracks, err
}

func (l *look) random(ctx context.Context) (music.Page, []music.Track, error) {
	page := music.Page{Title: "Random", Subtitle: "others each time"}
	reply, err := l.ask(ctx, "getRandomSongs", url.Values{"size": {"100"}})
	if err != nil {
		return page, nil, err
	}
	tracks, err := l.learn(ctx, reply.RandomSongs.Value.Songs)
	return page, tracks, err
}

// similarMost is how long "radio from here" is.
const similarMost = "100"

func (l *look) similar(ctx context.Context, id string) (music.Page, []music.Track, error) {
	page := music.Page{Title: "Similar tracks"}
	if l.lacks("getSimilarSongs2") {
		return page, nil, l.cannot("find similar tracks")
	}
	reply, err := l.ask(ctx, "getSimilarSongs2", url.Values{"id": {id}, "count": {similarMost}})
	if err != nil {
		return page, nil, err
	}
	tracks, err := l.learn(ctx, reply.SimilarSongs.Value.Songs)
	if len(tracks) == 0 {
		page.Note = "the server knows nothing similar (it may need Last.fm or ListenBrainz in its settings)"
	}
	return page, tracks, err
}

func (l *look) top(ctx context.Context, artist string) (music.Page, []music.Track, error) {
	page := music.Page{Title: "Top tracks", Subtitle: music.Clean(artist)}
	if l.lacks("getTopSongs") {
		return page, nil, l.cannot("find top tracks")
	}
	reply, err := l.ask(ctx, "getTopSongs", url.Values{"artist": {artist}, "count": {"100"}})
	if err != nil {
		return page, nil, err
	}
	tracks, err := l.learn(ctx, reply.TopSongs.Value.Songs)
	if len(tracks) == 0 {
		page.Note = "the server knows no top tracks (it may need Last.fm or ListenBrainz in its settings)"
	}
	return page, tracks, err
}
