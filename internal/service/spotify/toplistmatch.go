package spotify

import (
	"context"
	"slices"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/internal/service/store"
	"segue/session"
)

// matchNow is how many rows of a public toplist are searched for while somebody waits: a
// call each. The others are looked for behind it, where somebody can be told.
const matchNow = 20

// matchWish is a row of a public toplist that is to be searched for.
type matchWish struct {
	typ string
	row session.ChartRow
}

// Match finds what Spotify has for rows of a public toplist: among the tracks that were
// seen before, then by a search for each. Of a toplist of a hundred rows the first come at
// once, and it fills while it is looked at.
func (s *Service) Match(ctx context.Context, typ string, list []session.ChartRow) ([]music.Item, error) {
	found := make([]music.Item, len(list))
	seen, err := s.seenThings(ctx, typ, list)
	if err != nil {
		return found, s.fault("look for the rows of the toplist", err)
	}
	var later []matchWish
	asked := 0
	for i, r := range list {
		if found[i] = r.Best(typ, seen[i]); found[i] != nil {
			continue
		}
		if it, known := s.matchKept(ctx, typ, r); known {
			found[i] = it
			continue
		}
		if asked == matchNow {
			later = append(later, matchWish{typ, r})
			continue
		}
		asked++
		if found[i], err = s.matchOne(ctx, typ, r); err != nil {
			return found, s.fault("look for the rows of the toplist", err)
		}
	}
	s.errands.lookFor(later)
	return s.markStars(found), nil
}

// seenThings are, for each row, what was seen before that may be it.
func (s *Service) seenThings(ctx context.Context, typ string, list []session.ChartRow) ([][]music.Item, error) {
	key := func(name string) string { return match.Fold(match.Core(name)) }
	rows := map[string][]int{}
	for i, r := range list {
		name := r.Title
		if typ == session.TypeArtists && name == "" && len(r.Artists) > 0 {
			name = r.Artists[0]
		}
		rows[key(name)] = append(rows[key(name)], i)
	}
	delete(rows, "")
	out := make([][]music.Item, len(list))
	db, err := s.store(ctx)
	if err != nil {
		return out, err
	}
	err = db.EachSong(ctx, suggestThrough, func(x store.Song) {
		it := thingOf(typ, x.Track)
		if it == nil {
			return
		}
		for _, i := range rows[key(it.ItemName())] {
			if !slices.ContainsFunc(out[i], func(o music.Item) bool { return o.ItemRef() == it.ItemRef() }) {
				out[i] = append(out[i], it)
			}
		}
	})
	return out, err
}

// thingOf is a track, its album or its artist; nil where that is not known.
func thingOf(typ string, t music.Track) music.Item {
	switch {
	case typ == session.TypeTracks:
		return t
	case typ == session.TypeAlbums && t.AlbumRef.Kind == music.KindAlbum:
		return music.Album{Ref: t.AlbumRef, Title: t.Album, Artists: artistsOf(t), Year: t.Year, HasCover: t.HasCover}
	case typ == session.TypeArtists && !t.ArtistRef.IsZero() && len(t.Artists) > 0:
		return music.Artist{Ref: t.ArtistRef, Name: t.Artists[0]}
	}
	return nil
}

// matchKept looks at the answers of searches that are on disk; known is false where there
// is none.
func (s *Service) matchKept(ctx context.Context, typ string, r session.ChartRow) (it music.Item, known bool) {
	words := cutWords(r.Words(typ))
	if words == "" {
		return nil, true
	}
	f, err := s.api.Search(webapi.OnlyCached(ctx), words, together, webapi.Window{Limit: mostFound})
	if err != nil {
		return nil, false
	}
	l := &look{Service: s}
	return r.Best(typ, l.found(f, typ).items), true
}

func (s *Service) matchOne(ctx context.Context, typ string, r session.ChartRow) (music.Item, error) {
	l := &look{Service: s}
	p, err := l.page(ctx, l.searchShelf(cutWords(r.Words(typ)), typ), 0, worksFor)
	if err != nil {
		return nil, err
	}
	return r.Best(typ, p.items), nil
}

// match searches for rows that were left; the toplist is told when some were found.
func (s *Service) match(ctx context.Context, wishes []matchWish) {
	news := false
	for _, w := range wishes {
		it, err := s.matchOne(ctx, w.typ, w.row)
		if err != nil {
			break // they are asked for again when they are shown again
		}
		news = news || it != nil
	}
	if news {
		s.tell(s.section(music.SectionToplist))
	}
}
