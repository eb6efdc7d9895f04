package local

import (
	"context"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/service/local/history"
	"segue/internal/service/local/index"
)

// periods are the spans of toplists; all time is 0.
var periods = [...]struct {
	id, name string
	span     time.Duration
}{
	{"day", "last 24 hours", 24 * time.Hour},
	{"week", "last 7 days", 7 * 24 * time.Hour},
	{"month", "last 30 days", 30 * 24 * time.Hour},
	{"year", "last 365 days", 365 * 24 * time.Hour},
	{"all", "all time", 0},
}

var chartNames = [...]struct{ id, name string }{{history.Tracks, "Tracks"}, {history.Albums, "Albums"}, {history.Artists, "Artists"}}

// chartRows is how long a toplist is.
const chartRows = 100

// toplistPage is a toplist of own plays, "toplist/TYPE/PERIOD", or the choice of them.
func (s *Service) toplistPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	parts := strings.Split(ask.Of.ID, "/")
	if len(parts) == 1 {
		page := music.Page{Title: "Toplists"}
		for _, c := range chartNames {
			page.Items = append(page.Items, music.Folder{Ref: music.Section(music.Local, music.SectionToplist+"/"+c.id), Name: c.name, Detail: "what you play most", Count: len(periods)})
		}
		page.Total = len(page.Items)
		return page, nil
	}
	title := ""
	for _, c := range chartNames {
		if c.id == parts[1] {
			title = c.name
		}
	}
	if title == "" || len(parts) > 3 {
		return music.Page{}, unknown(ask.Of)
	}
	if len(parts) == 2 {
		page := music.Page{Title: title, Total: len(periods)}
		for _, p := range periods {
			page.Items = append(page.Items, music.Folder{Ref: music.Section(music.Local, ask.Of.ID+"/"+p.id), Name: p.name, Count: -1})
		}
		return page, nil
	}
	for _, p := range periods {
		if p.id == parts[2] {
			return s.chartPage(ctx, ask, parts[1], title+" · "+p.name, p.span)
		}
	}
	return music.Page{}, unknown(ask.Of)
}

func (s *Service) chartPage(ctx context.Context, ask music.Ask, what, title string, span time.Duration) (music.Page, error) {
	page := music.Page{Title: title}
	past, err := s.past(ctx)
	if err != nil {
		return page, err
	}
	now := s.cfg.Now().Add(time.Second)
	since := time.Time{}
	if span > 0 {
		since = now.Add(-span)
	}
	rows, err := past.Chart(ctx, what, since, now, chartRows)
	if err != nil {
		return page, err
	}
	if len(rows) == 0 {
		page.Note = "nothing was played in this time: a play counts when half of a track or four minutes of it were heard"
		return page, nil
	}
	tracks, err := s.chartTracks(ctx, rows)
	if err != nil {
		return page, err
	}
	var items []music.Item
	for i, r := range rows {
		c := music.Chart{Rank: r.Rank, Previous: r.Previous, Plays: r.Plays, Item: s.chartItem(ctx, what, r.Track, tracks[i])}
		if matches(ask.Filter, c) {
			items = append(items, c)
		}
	}
	return cut(page, items, ask), nil
}

// chartTracks are the tracks of rows as they are now. Those of other accounts, and
// those whose file is gone, are as they were when they were heard.
func (s *Service) chartTracks(ctx context.Context, rows []history.Row) ([]music.Track, error) {
	refs := make([]music.Ref, len(rows))
	for i, r := range rows {
		refs[i] = r.Track.Ref
	}
	now, err := s.Tracks(ctx, refs)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		if r.Track.Ref.Account != music.Local {
			now[i] = r.Track
		} else if now[i].Unplayable != "" {
			now[i] = r.Track
			now[i].Ref = music.Ref{}
		}
	}
	return now, nil
}

// chartItem is what a row of a chart names.
func (s *Service) chartItem(ctx context.Context, what string, then, now music.Track) music.Item {
	switch what {
	case history.Albums:
		a := music.Album{Ref: now.AlbumRef, Title: then.Album, Artists: then.AlbumArtists, ArtistRef: now.ArtistRef, Year: now.Year, HasCover: now.HasCover}
		if len(a.Artists) == 0 {
			a.Artists = then.Artists
		}
		if then.Ref.Account == music.Local && now.Ref.IsZero() {
			a.Ref = music.Ref{}
		}
		if a.Ref.Account != music.Local || a.Ref == samplerRef {
			return a
		}
		if db, err := s.index(ctx); err == nil {
			if have, err := db.AlbumByID(ctx, albumID(a.Ref)); err == nil && have != nil {
				return albumItem(have)
			}
		}
		a.Ref = music.Ref{}
		return a
	case history.Artists:
		name := firstOf(then.Artists)
		a := music.Artist{Ref: then.ArtistRef, Name: index.Clean(name)}
		if then.Ref.Account != music.Local {
			return a
		}
		a.Ref = music.Ref{}
		if db, err := s.index(ctx); err == nil {
			if have, ok, err := db.ArtistNamed(ctx, name); err == nil && ok {
				return music.Artist{Ref: artistRef(have.Name), Name: have.Name, Albums: have.Albums, Tracks: have.Tracks}
			}
		}
		return a
	}
	return now
}
