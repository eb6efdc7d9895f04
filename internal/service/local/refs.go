package local

import (
	"context"

	"segue/internal/music"
	"segue/internal/service/local/index"
	"segue/session"
)

// Refs lists every track at or below a container in playing order.
func (s *Service) Refs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	refs, err := s.refs(ctx, ask)
	if s.damaged(ctx, err) {
		refs, err = s.refs(ctx, ask)
	}
	if err != nil {
		return refs, fault(session.OtherTransient, "list the tracks of "+s.nameOf(ask.Of), err, "")
	}
	return refs, nil
}

func (s *Service) refs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	switch ask.Of.Kind {
	case music.KindTrack, music.KindStream:
		return []music.Ref{ask.Of}, nil
	case music.KindFolder:
		return s.folderRefs(ctx, ask)
	case music.KindPlaylist:
		return s.playlistRefs(ctx, ask)
	case music.KindAlbum:
		if ask.Of == samplerRef {
			return itemRefs(s.samplerPage(unlimited(ask)).Items), nil
		}
	case music.KindArtist, kindRadio:
		return s.filteredRefs(ctx, ask)
	case music.KindGenre, music.KindYear:
	case music.KindSection:
		return s.sectionRefs(ctx, ask)
	default:
		return nil, unknown(ask.Of)
	}
	db, v, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	if ask.Of.Kind == music.KindAlbum {
		_, src, err := s.albumSource(ctx, db, v, ask.Of)
		if err != nil {
			return nil, err
		}
		return s.trackRefs(ctx, db, v, src, ask)
	}
	src, err := groupSource(ctx, db, v, ask.Of)
	if err != nil {
		return nil, err
	}
	return s.trackRefs(ctx, db, v, src, ask)
}

func (s *Service) sectionRefs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	switch ask.Of.ID {
	case music.SectionSampler:
		return itemRefs(s.samplerPage(unlimited(ask)).Items), nil
	case music.SectionFiles:
		return s.rootRefs(ctx, ask)
	case music.SectionTracks, music.SectionPlayed, music.SectionMost, music.SectionNever, music.SectionGenres, music.SectionYears:
		db, v, err := s.open(ctx)
		if err != nil {
			return nil, err
		}
		if v.Count() == 0 {
			return itemRefs(s.samplerPage(unlimited(ask)).Items), nil
		}
		src, err := s.trackSource(ctx, db, v, ask.Of.ID)
		if err != nil {
			return nil, err
		}
		return s.trackRefs(ctx, db, v, src, ask)
	case music.SectionAlbums, music.SectionArtists:
		return s.albumRefs(ctx, ask)
	case music.SectionRoot, music.SectionErrors:
		return nil, nil
	}
	if kind, ok := searchKind(ask.Of.ID); ok && (kind == "" || kind == searchTracks) {
		tracks := ask
		tracks.Of = music.Section(music.Local, music.SectionSearch+"/"+searchTracks)
		return s.searchTrackRefs(ctx, tracks)
	}
	return s.filteredRefs(ctx, unlimited(ask))
}

// albumRefs are the tracks of all albums that a filter keeps, album by album.
func (s *Service) albumRefs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	db, v, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	if v.Count() == 0 {
		return itemRefs(s.samplerPage(unlimited(ask)).Items), nil
	}
	if ask.Filter == "" && (ask.Sort == music.SortDefault || ask.Sort == music.SortArtist) {
		return s.trackRefs(ctx, db, v, source{sort: music.SortArtist}, music.Ask{})
	}
	ids, _, err := s.albumWindow(ctx, db, v, ask.Filter, ask.Sort, 0, -1)
	if err != nil {
		return nil, err
	}
	var all []uint32
	for _, id := range ids {
		tracks, err := db.AlbumTracks(ctx, v, id)
		if err != nil {
			return nil, err
		}
		all = append(all, tracks...)
	}
	return refsOf(ctx, db, all)
}

func refsOf(ctx context.Context, db *index.DB, ids []uint32) ([]music.Ref, error) {
	paths, err := db.Paths(ctx, ids)
	if err != nil {
		return nil, err
	}
	refs := make([]music.Ref, len(paths))
	for i, p := range paths {
		refs[i] = trackRef(p)
	}
	return refs, nil
}

func (s *Service) rootRefs(ctx context.Context, ask music.Ask) ([]music.Ref, error) {
	if ask.Filter != "" {
		return s.filteredRefs(ctx, unlimited(ask))
	}
	var refs []music.Ref
	for _, r := range s.roots {
		one := ask
		one.Of = folderRef(r)
		below, err := s.folderRefs(ctx, one)
		if err != nil {
			return refs, err
		}
		refs = append(refs, below...)
	}
	return refs, nil
}

func unlimited(ask music.Ask) music.Ask {
	ask.Offset, ask.Limit = 0, 0
	return ask
}

func itemRefs(items []music.Item) []music.Ref {
	var refs []music.Ref
	for _, it := range items {
		if r := it.ItemRef(); r.IsTrack() {
			refs = append(refs, r)
		}
	}
	return refs
}
