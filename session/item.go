package session

import (
	"context"

	"segue/internal/music"
)

// Detailer is a service that tells of one album, artist or playlist without its rows.
// Of one that has no Detailer the session reads what its page tells.
type Detailer interface {
	// Details gives an Album, Artist, Playlist or Folder, as the Ref's kind says. One that
	// is gone is a Fault like that of Children.
	Details(ctx context.Context, of music.Ref) (music.Item, error)
}

// itemOf tells of one thing of an account. It runs in a worker.
func itemOf(ctx context.Context, a *account, ref music.Ref) (music.Item, error) {
	if ref.IsTrack() {
		list, err := sources{services: map[music.AccountID]Service{a.id: a.service}}.tracksOf(ctx, a.id, []music.Ref{ref})
		if err != nil {
			return nil, err
		}
		return list[0], nil
	}
	if d, ok := a.service.(Detailer); ok {
		return d.Details(ctx, ref)
	}
	return itemByPage(ctx, a, ref)
}

// itemByPage reads what the page of a thing tells of it.
func itemByPage(ctx context.Context, a *account, ref music.Ref) (music.Item, error) {
	p, err := a.service.Children(ctx, music.Ask{Of: ref})
	if err != nil {
		return nil, err
	}
	name := p.Title
	if name == "" {
		name = ref.ID
	}
	switch ref.Kind {
	case music.KindAlbum:
		al := music.Album{Ref: ref, Title: name, Tracks: max(p.Total, 0), Duration: p.Duration}
		if len(p.Items) == 0 {
			return al, nil
		}
		if t, ok := p.Items[0].(music.Track); ok {
			al.Year, al.Date, al.Genres, al.HasCover, al.ArtistRef = t.Year, t.Date, t.Genres, t.HasCover, t.ArtistRef
			if al.Artists = t.AlbumArtists; len(al.Artists) == 0 {
				al.Artists = t.Artists
			}
		}
		return al, nil
	case music.KindArtist:
		ar := music.Artist{Ref: ref, Name: name}
		for _, it := range p.Items {
			if _, ok := it.(music.Album); ok {
				ar.Albums++
			}
		}
		return ar, nil
	case music.KindPlaylist:
		return music.Playlist{Ref: ref, Name: name, Tracks: max(p.Total, 0), Duration: p.Duration, Writable: p.Writable, Query: p.Query}, nil
	case music.KindTrack, music.KindStream, music.KindFolder, music.KindGenre, music.KindYear, music.KindSearch, music.KindSection:
	}
	return music.Folder{Ref: ref, Name: name, Detail: p.Subtitle, Count: p.Total}, nil
}
