package spotify

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// ranges are the spans over which Spotify counts, by our periods. It has none shorter.
var ranges = map[string]struct {
	span webapi.TimeRange
	name string
}{
	"": {webapi.MediumTerm, "about six months"}, "month": {webapi.ShortTerm, "about four weeks"},
	"year": {webapi.LongTerm, "about a year"}, "all": {webapi.LongTerm, "about a year: Spotify counts no longer"},
}

const toplistRows = 100 // unless asked

// Toplist gives what the user plays most, as Spotify counts it: tracks, artists, and the
// albums of those tracks. Others, regions and shorter spans it does not tell.
func (s *Service) Toplist(ctx context.Context, what session.ToplistAsk) (music.Page, error) {
	op := "open the toplist"
	r, known := ranges[what.Period]
	if what.Region != session.RegionUser || what.User != "" && what.User != s.myName() || !known {
		return music.Page{}, &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op, Err: errors.New("Spotify has no toplist like this")}
	}
	if err := s.wants(op, featTop, toSee); err != nil {
		return music.Page{}, err
	}
	l := &look{Service: s}
	most := what.Limit
	if most <= 0 {
		most = toplistRows
	}
	page := music.Page{Title: "What you play most", Subtitle: r.name}
	items, err := l.top(ctx, what.Type, r.span, most)
	if err != nil {
		return page, s.fault(op, err)
	}
	items = items[:min(len(items), most)]
	if err := l.learnItems(ctx, items); err != nil {
		return page, s.fault(op, err)
	}
	items = s.markStars(items)
	for i, it := range items {
		// Spotify does not say how it was before: nothing is new, and nothing has moved.
		page.Items = append(page.Items, music.Chart{Rank: i + 1, Previous: i + 1, Item: it})
	}
	page.Total = len(page.Items)
	page.Note, _ = l.age()
	if page.Total == 0 {
		page.Note = "Spotify has not counted enough plays yet"
	}
	return page, nil
}

// toplistPage is the section toplist[/TYPE][/PERIOD]: of tracks and of six months where
// that is not said.
func (l *look) toplistPage(ctx context.Context, what music.Ask) (music.Page, error) {
	of, period := session.TypeTracks, ""
	words := strings.Split(what.Of.ID, "/")[1:]
	if len(words) > 0 && slices.Contains([]string{session.TypeTracks, session.TypeAlbums, session.TypeArtists}, words[0]) {
		of, words = words[0], words[1:]
	}
	if len(words) > 0 {
		period = words[0]
	}
	if _, known := ranges[period]; !known || len(words) > 1 {
		return music.Page{}, l.unknown(what.Of)
	}
	page, err := l.Toplist(ctx, session.ToplistAsk{Type: of, Region: session.RegionUser, Period: period, Limit: rows.Most})
	if err != nil {
		return page, err
	}
	page.Items = rows.Filter(page.Items, what.Filter)
	return rows.Cut(page, page.Items, what), nil
}

// topMost is how far Spotify's lists are read for the albums in them.
const topMost = 200

func (l *look) top(ctx context.Context, of string, span webapi.TimeRange, most int) ([]music.Item, error) {
	sh := shelf{of: l.section(music.SectionToplist), most: mostSaved, fresh: restFor}
	switch of {
	case session.TypeArtists:
		sh.fetch = pages(func(ctx context.Context, w webapi.Window) (webapi.Page[webapi.Artist], error) {
			return l.api.TopArtists(ctx, span, w)
		}, func(w webapi.Artist) music.Item { return l.artist(w) })
	default:
		sh.fetch = pages(func(ctx context.Context, w webapi.Window) (webapi.Page[webapi.Track], error) {
			return l.api.TopTracks(ctx, span, w)
		}, func(w webapi.Track) music.Item { return l.track(w, webapi.Album{}) })
	}
	if of == session.TypeAlbums {
		most = topMost
	}
	items, _, err := l.window(ctx, sh, music.Ask{Limit: min(most, rows.Most)})
	if of == session.TypeAlbums {
		return albumsOf(items), err
	}
	return items, err
}

// albumsOf are the albums of a ranking of tracks: each gets, of each of its tracks, as many
// points as there are tracks from there to the end.
func albumsOf(tracks []music.Item) []music.Item {
	points := map[music.Ref]int{}
	var albums []music.Item
	for i, it := range tracks {
		t, ok := it.(music.Track)
		if !ok || t.AlbumRef.IsZero() {
			continue
		}
		if points[t.AlbumRef] == 0 {
			albums = append(albums, music.Album{Ref: t.AlbumRef, Title: named(t.Album, "Untitled album"), Artists: artistsOf(t), ArtistRef: t.ArtistRef,
				Year: t.Year, Date: t.Date, Tracks: t.Numbers, HasCover: t.HasCover})
		}
		points[t.AlbumRef] += len(tracks) - i
	}
	slices.SortStableFunc(albums, func(a, b music.Item) int { return cmp.Compare(points[b.ItemRef()], points[a.ItemRef()]) })
	return albums
}

func artistsOf(t music.Track) []string {
	if len(t.AlbumArtists) > 0 {
		return t.AlbumArtists
	}
	return t.Artists
}
