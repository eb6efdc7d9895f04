package subsonic

import (
	"segue/internal/music"
	"segue/internal/service/subsonic/wire"
)

// RadioOf names what the server finds similar to a track, an album or an artist; false
// for anything else, and where the server cannot.
func (s *Service) RadioOf(like music.Ref) (music.Ref, bool) {
	switch like.Kind {
	case music.KindTrack, music.KindAlbum, music.KindArtist:
		return s.ref(kindSimilar, wire.ID(like.ID)), !s.lacks("getSimilarSongs2")
	default:
		return music.Ref{}, false
	}
}
