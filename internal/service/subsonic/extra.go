package subsonic

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"segue/internal/music"
	"segue/session"
)

// Starred lists the stars of the user; those of others nobody is told.
func (s *Service) Starred(ctx context.Context, user string, ask music.Ask) (music.Page, error) {
	if user != "" && !s.mine(user) {
		return music.Page{Ask: ask}, &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: "list the stars of " + music.Clean(user),
			Err: errors.New("the server tells nobody's but one's own")}
	}
	ask.Of = s.section(music.SectionStarred)
	return s.Children(ctx, ask)
}

// Toplist gives the user's albums that are played most, and the artists of them. The server
// knows no others: neither tracks, nor periods, nor what other users or the world hear.
func (s *Service) Toplist(ctx context.Context, ask session.ToplistAsk) (music.Page, error) {
	op := "open the toplist"
	own := ask.Region == session.RegionUser && (ask.User == "" || s.mine(ask.User)) && (ask.Period == "" || ask.Period == "all")
	if !own || ask.Type == session.TypeTracks {
		return music.Page{}, &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op, Err: errors.New("the server has no toplist like this")}
	}
	l := &look{Service: s}
	albums, err := l.albumWindow(ctx, albumLists[music.SectionMost], 0, min(max(ask.Limit, 1), pageSize))
	if err != nil {
		return music.Page{}, s.fault(op, err)
	}
	page := music.Page{Title: "Most played", Note: l.old()}
	items := l.albums(albums)
	if ask.Type == session.TypeArtists {
		items = artistsOf(items)
	}
	for i, it := range items {
		c := music.Chart{Rank: i + 1, Previous: i + 1, Item: it} // the server does not say how it was before
		if a, ok := it.(music.Album); ok {
			c.Plays = a.Plays
		}
		page.Items = append(page.Items, c)
	}
	page.Total = len(page.Items)
	if page.Total == 0 {
		page.Note = "nothing was played yet"
	}
	return page, nil
}

// artistsOf are the artists of albums, in the order in which they first come.
func artistsOf(albums []music.Item) []music.Item {
	var out []music.Item
	seen := map[music.Ref]bool{}
	for _, it := range albums {
		a, ok := it.(music.Album)
		if !ok || a.ArtistRef.IsZero() || seen[a.ArtistRef] || len(a.Artists) == 0 {
			continue
		}
		seen[a.ArtistRef] = true
		out = append(out, music.Artist{Ref: a.ArtistRef, Name: a.Artists[0]})
	}
	return out
}

// Details tells of an album, an artist, a playlist or a folder.
func (s *Service) Details(ctx context.Context, of music.Ref) (music.Item, error) {
	op := "look at " + nameOf(of)
	l := &look{Service: s}
	id := url.Values{"id": {of.ID}}
	switch of.Kind {
	case music.KindAlbum:
		reply, err := l.ask(ctx, "getAlbum", id)
		if err != nil {
			return nil, s.fault(op, err)
		}
		if a, ok := s.album(reply.Album.Value); ok {
			a.Tracks = max(a.Tracks, len(reply.Album.Value.Songs))
			return a, nil
		}
	case music.KindArtist:
		reply, err := l.ask(ctx, "getArtist", id)
		if err != nil {
			return nil, s.fault(op, err)
		}
		if a, ok := s.artist(reply.Artist.Value); ok {
			return a, nil
		}
	case music.KindPlaylist:
		reply, err := l.ask(ctx, "getPlaylist", id)
		if err != nil {
			return nil, s.fault(op, err)
		}
		if p, ok := s.playlist(reply.Playlist.Value); ok {
			return p, nil
		}
	default:
		page, err := l.children(ctx, music.Ask{Of: of, Limit: 1})
		if err != nil {
			return nil, s.fault(op, err)
		}
		return music.Folder{Ref: of, Name: page.Title, Detail: page.Subtitle, Count: page.Total}, nil
	}
	return nil, s.unknown(of)
}

// SetQuality is told the preferred qualities. That of streams comes with each call besides.
func (s *Service) SetQuality(_, offline music.Quality) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sync.quality = offline
}

// SetCacheLimit limits the media cache, which all accounts share.
func (s *Service) SetCacheLimit(bytes int64) {
	if s.cfg.Media == nil {
		return
	}
	if err := s.cfg.Media.SetLimit(max(bytes, 0)); err != nil {
		s.note("%s: the cache cannot be limited: %v", s.id, err)
	}
}

// FlushCache puts what has come on the disk.
func (s *Service) FlushCache(context.Context) error {
	if s.cfg.Media == nil {
		return nil
	}
	return s.cfg.Media.Flush()
}

// Resolve makes a Ref of an address of this server: of its web pages those whose last part
// is a kind and an id ("…/album/ID/show", "…#/playlist/ID").
func (s *Service) Resolve(_ context.Context, text string) (music.Ref, bool, error) {
	rest, ok := strings.CutPrefix(text, s.srv.Address().String()+"/")
	if !ok {
		return music.Ref{}, false, nil
	}
	kinds := map[string]music.Kind{"album": music.KindAlbum, "artist": music.KindArtist, "playlist": music.KindPlaylist, "song": music.KindTrack, "track": music.KindTrack}
	parts := strings.FieldsFunc(rest, func(r rune) bool { return r == '/' || r == '#' || r == '?' })
	for i := 0; i+1 < len(parts); i++ {
		if kind, ok := kinds[parts[i]]; ok {
			id, err := url.PathUnescape(parts[i+1])
			if err != nil {
				continue
			}
			return music.Ref{Account: s.id, Kind: kind, ID: id}, true, nil
		}
	}
	return music.Ref{}, false, nil
}
