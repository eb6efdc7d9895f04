package local

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/query"
	"segue/internal/service/local/index"
	"segue/session"
)

// Details tells of one album, artist, playlist, track or folder without its rows.
func (s *Service) Details(ctx context.Context, of music.Ref) (music.Item, error) {
	it, err := s.details(ctx, of)
	if s.damaged(ctx, err) {
		it, err = s.details(ctx, of)
	}
	if err != nil {
		return nil, fault(session.OtherTransient, "open "+s.nameOf(of), err, "")
	}
	return it, nil
}

func (s *Service) details(ctx context.Context, of music.Ref) (music.Item, error) {
	switch of.Kind {
	case music.KindTrack, music.KindStream:
		list, err := s.Tracks(ctx, []music.Ref{of})
		if err != nil {
			return nil, err
		}
		return list[0], nil
	case music.KindPlaylist:
		if _, _, err := readPlaylist(of.ID); err != nil {
			return nil, playlistFault("open", of.ID, err)
		}
		return s.playlistRow(of.ID), nil
	case music.KindAlbum:
		if of == samplerRef {
			return s.sampler.album(), nil
		}
		db, v, err := s.open(ctx)
		if err != nil {
			return nil, err
		}
		a, _, err := s.albumSource(ctx, db, v, of)
		if err != nil {
			return nil, err
		}
		list := []music.Album{albumItem(a)}
		s.markAlbums(ctx, list)
		return list[0], nil
	case music.KindArtist:
		db, err := s.index(ctx)
		if err != nil {
			return nil, err
		}
		a, ok, err := db.ArtistNamed(ctx, of.ID)
		if err == nil && !ok {
			err = &session.Fault{Kind: session.OtherPermanent, Account: music.Local, Op: "open the artist " + index.Clean(of.ID), Err: errors.New("it is no longer in the library")}
		}
		if err != nil {
			return nil, err
		}
		return s.artistItems(ctx, []index.Artist{a})[0], nil
	case music.KindFolder, music.KindGenre, music.KindYear, music.KindSection, music.KindSearch:
	}
	page, err := s.children(ctx, music.Ask{Of: of, Limit: 1})
	if err != nil {
		return nil, err
	}
	return music.Folder{Ref: of, Name: page.Title, Detail: page.Subtitle, Count: page.Total}, nil
}

// Match gives what the library has for rows of a chart: tracks by MusicBrainz's number
// of the recording where the tags have it, then all by their names.
func (s *Service) Match(ctx context.Context, typ string, rows []session.ChartRow) ([]music.Item, error) {
	found := make([]music.Item, len(rows))
	for i, r := range rows {
		it, err := s.matchRow(ctx, typ, r)
		if err != nil {
			return nil, fault(session.OtherTransient, "look for what a toplist names", err, "")
		}
		found[i] = it
	}
	return found, nil
}

// recording is the first track that plays of those with MusicBrainz's number, nil = none.
func (s *Service) recording(ctx context.Context, mbid string) (music.Item, error) {
	if mbid == "" {
		return nil, nil //nolint:nilnil // nothing to look for
	}
	db, v, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	set, err := db.RecordingTracks(ctx, v, mbid)
	if err != nil || set.Len() == 0 {
		return nil, err
	}
	list, err := s.someOf(ctx, db, v, set)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		if t.Unplayable == "" {
			return t, nil
		}
	}
	return nil, nil //nolint:nilnil // all are away
}

func (s *Service) matchRow(ctx context.Context, typ string, r session.ChartRow) (music.Item, error) {
	if typ == session.TypeTracks {
		if t, err := s.recording(ctx, r.Recording); err != nil || t != nil {
			return t, err
		}
		if r.Title == "" || len(r.Artists) == 0 {
			return nil, nil //nolint:nilnil // nothing to look for
		}
		t, err := s.findWords(ctx, music.LocalTrack{Title: r.Title, Artist: r.Artists[0], Album: r.Album, Duration: r.Duration})
		if err != nil || t == nil || t.Unplayable != "" {
			return nil, err
		}
		return *t, nil
	}
	if typ == session.TypeArtists {
		return s.matchArtist(ctx, r)
	}
	return s.matchAlbum(ctx, r)
}

// matchArtist finds an artist by name, with or without the article.
func (s *Service) matchArtist(ctx context.Context, r session.ChartRow) (music.Item, error) {
	name := cmp.Or(r.Title, firstOf(r.Artists))
	db, err := s.index(ctx)
	if err != nil || name == "" {
		return nil, err
	}
	key := match.SortKey(name)
	for _, n := range [...]string{name, key, "the " + key} {
		a, ok, err := db.ArtistNamed(ctx, n)
		if err != nil {
			return nil, err
		}
		if ok {
			return s.artistItems(ctx, []index.Artist{a})[0], nil
		}
	}
	return nil, nil //nolint:nilnil // there is none
}

// matchAlbum finds an album by the tracks that are on one of its name.
func (s *Service) matchAlbum(ctx context.Context, r session.ChartRow) (music.Item, error) {
	if r.Title == "" || len(r.Artists) == 0 {
		return nil, nil //nolint:nilnil // nothing to look for
	}
	db, v, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	q := &query.Query{Root: query.And{Nodes: []query.Node{
		query.Text{Field: query.Artist, Value: match.Lead(r.Artists[0])}, query.Text{Field: query.Album, Value: match.Core(r.Title)},
	}}}
	list, err := s.candidates(ctx, db, v, q, false)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, t := range list {
		if id := albumID(t.AlbumRef); id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	items, err := s.albumItems(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	return r.Best(session.TypeAlbums, items), nil
}
