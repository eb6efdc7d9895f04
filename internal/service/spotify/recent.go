package spotify

import (
	"context"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
)

var playedSorts = []music.Sort{music.SortPlayed, music.SortTitle, music.SortArtist, music.SortAlbum, music.SortDuration}

// playedPage is what was played last on any device: Spotify tells the last fifty tracks,
// and no episodes.
func (l *look) playedPage(ctx context.Context, what music.Ask) (music.Page, error) {
	page := music.Page{Title: "Recently played", Sorts: playedSorts}
	got, err := inquire(ctx, l, freshFor, func(ctx context.Context) (webapi.Cursor[webapi.Play], error) {
		return l.api.Recent(ctx, time.Time{}, mostSaved)
	})
	if err != nil {
		return page, err
	}
	var items []music.Item
	for _, w := range got.Items {
		t := l.track(w.Track, webapi.Album{})
		t.LastPlayed = w.At
		items = append(items, t)
	}
	if len(items) == 0 {
		page.Note = "nothing was played yet"
	}
	if err := l.learnItems(ctx, items); err != nil {
		return page, err
	}
	return cut(page, items, what, "track"), nil
}

// queuePage is what plays on the user's devices and what comes next there.
func (l *look) queuePage(ctx context.Context, what music.Ask) (music.Page, error) {
	page := music.Page{Title: "Queue at Spotify", Sorts: []music.Sort{music.SortDefault}}
	q, err := inquire(ctx, l, freshFor, l.api.Queue)
	if err != nil {
		return page, err
	}
	var items []music.Item
	if q.Current.URI() != "" {
		items = append(items, l.item(q.Current))
		page.Subtitle = "plays now: " + items[0].ItemName()
	}
	for _, w := range q.Next {
		items = append(items, l.item(w))
	}
	if len(items) == 0 {
		page.Note = "nothing plays on any of your devices"
	}
	if err := l.learnItems(ctx, items); err != nil {
		return page, err
	}
	return cut(page, items, what, "track"), nil
}
