package spotify

import (
	"context"
	"errors"

	"segue/internal/music"
	"segue/session"
)

// Resolve makes a Ref of a link to Spotify: tracks, albums, artists, playlists, shows and
// episodes. What means the same in every account (a search, a user, stars) is the
// session's, files on disk are the account local's.
func (s *Service) Resolve(ctx context.Context, text string) (music.Ref, bool, error) {
	l, err := music.ParseLink(text)
	if err != nil || !l.Ref.IsZero() {
		return music.Ref{}, false, nil //nolint:nilerr // it is no link of Spotify's
	}
	switch l.Type {
	case music.LinkTrack:
		return s.ref(music.KindTrack, l.ID), true, nil
	case music.LinkEpisode:
		return s.ref(music.KindTrack, "episode:"+l.ID), true, nil
	case music.LinkAlbum:
		return s.ref(music.KindAlbum, l.ID), true, nil
	case music.LinkArtist:
		return s.ref(music.KindArtist, l.ID), true, nil
	case music.LinkPlaylist:
		return s.ref(music.KindPlaylist, l.ID), true, nil
	case music.LinkShow:
		return s.ref(kindShow, l.ID), true, nil
	case music.LinkStarred:
		if l.User == "" || l.User == s.myName() {
			return s.section(music.SectionStarred), true, nil
		}
		return music.Ref{}, true, s.othersNot("open the stars of " + music.Clean(l.User))
	case music.LinkImage:
		return music.Ref{}, true, &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: "open " + music.Clean(text),
			Err: errors.New("a picture cannot be played or browsed")}
	case music.LinkSearch, music.LinkProfile, music.LinkLocalTrack, music.LinkFile, music.LinkStream, music.LinkContainer:
	}
	return music.Ref{}, false, nil
}

// LinkOf is the link to a thing that everybody can open: of what plays as a whole, to that.
func (s *Service) LinkOf(of music.Ref) (music.Link, bool) {
	if of == s.section(music.SectionStarred) {
		return music.Link{Type: music.LinkStarred, User: s.myName()}, true
	}
	uri, ok := uriOf(of)
	if !ok || of.Account != s.id {
		return music.Link{}, false
	}
	l, err := music.ParseLink(uri)
	return l, err == nil
}
