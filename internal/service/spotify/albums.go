package spotify

import (
	"context"
	"strconv"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/spotify/webapi"
)

var (
	tracksSorts  = []music.Sort{music.SortDefault, music.SortTitle, music.SortArtist, music.SortDuration}
	episodeSorts = []music.Sort{music.SortDefault, music.SortTitle, music.SortDuration}
)

// albumPage is an album. It comes in one call, but for very long ones.
func (l *look) albumPage(ctx context.Context, what music.Ask) (music.Page, error) {
	page, items, err := l.wholeAlbum(ctx, what.Of.ID)
	if err != nil {
		return page, err
	}
	return cut(page, items, what, "track"), nil
}

// oneAlbum asks for an album with its first tracks.
func (l *look) oneAlbum(ctx context.Context, id string) (webapi.Album, error) {
	return inquire(ctx, l, worksFor, func(ctx context.Context) (webapi.Album, error) { return l.api.Album(ctx, id) })
}

func (l *look) wholeAlbum(ctx context.Context, id string) (music.Page, []music.Item, error) {
	page := music.Page{Title: "Album", Sorts: tracksSorts}
	w, err := l.oneAlbum(ctx, id)
	if err != nil {
		return page, nil, err
	}
	tracks := w.Tracks.Items
	head := part{total: w.Tracks.Total, next: w.Tracks.Next}
	about := w
	about.Tracks = webapi.Page[webapi.Track]{}
	items := l.albumTracks(tracks, about)
	if head.next > 0 {
		sh := shelf{of: l.ref(music.KindAlbum, id), most: mostSaved, fresh: worksFor}
		sh.fetch = pages(func(ctx context.Context, win webapi.Window) (webapi.Page[webapi.Track], error) {
			return l.api.AlbumTracks(ctx, id, win)
		}, func(t webapi.Track) music.Item { return l.track(t, about) })
		if items, err = l.whole(ctx, sh); err != nil {
			return page, items, err
		}
	}
	a := l.album(w)
	date := ""
	if a.Year > 0 {
		date = strconv.Itoa(a.Year)
	}
	list := tracksOf(items)
	page.Title, page.Subtitle = a.Title, rows.Subtitle(a.Artist(), date, counted(len(list), list))
	switch {
	case len(items) == 0:
		page.Note = "Spotify lists no tracks in it"
	case w.Restricted != "":
		page.Note = whyNot(true, w.Restricted)
	}
	return page, items, l.learnItems(ctx, items)
}

// albumTracks are the tracks of an album, which do not say themselves what it is.
func (s *Service) albumTracks(list []webapi.Track, of webapi.Album) []music.Item {
	items := make([]music.Item, 0, len(list))
	for _, w := range list {
		items = append(items, s.track(w, of))
	}
	return items
}
