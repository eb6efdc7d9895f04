package spotify

import (
	"strings"

	"segue/internal/music"
)

// kindShow is what only Spotify has: a podcast, whose rows are episodes. ID is Spotify's.
const kindShow music.Kind = "show"

// A Ref's ID is Spotify's id. What plays and is no track stands with its kind before it:
// "episode:ID", "chapter:ID"; and "playlist:ID" or "show:ID" is one that Spotify plays as a
// whole, where its rows are not told.
const (
	uriPrefix   = "spotify:"
	localPrefix = "spotify:local:"
)

// goneID is the ID of a row of a playlist of which Spotify no longer says what it was.
const goneID = "gone"

// uriOf is the URI under which Spotify knows a thing of this account; ok is false for what
// it has no URI for: sections, rows that are gone, files on disk.
func uriOf(r music.Ref) (uri string, ok bool) {
	if r.ID == "" || r.ID == goneID {
		return "", false
	}
	switch r.Kind {
	case music.KindTrack:
		if strings.HasPrefix(r.ID, localPrefix) {
			return "", false
		}
		if strings.Contains(r.ID, ":") {
			return uriPrefix + r.ID, true
		}
	case music.KindAlbum, music.KindArtist, music.KindPlaylist, kindShow:
	default:
		return "", false
	}
	return uriPrefix + string(r.Kind) + ":" + r.ID, true
}

// refOf is the Ref of what a URI names; ok is false for what is no thing with an id.
func (s *Service) refOf(uri string) (r music.Ref, ok bool) {
	if strings.HasPrefix(uri, localPrefix) {
		return localRef(uri), true
	}
	kind, id, ok := strings.Cut(strings.TrimPrefix(uri, uriPrefix), ":")
	if !ok || id == "" || !strings.HasPrefix(uri, uriPrefix) || strings.ContainsAny(id, ": /") {
		return r, false
	}
	switch kind {
	case "track":
		return s.ref(music.KindTrack, id), true
	case "album", "artist", "playlist", "show":
		return s.ref(music.Kind(kind), id), true
	case "episode", "chapter":
		return s.ref(music.KindTrack, kind+":"+id), true
	}
	return r, false
}

// localRef is the Ref of a file of the user's own that a playlist at Spotify names by its
// words: it belongs to the account local, which finds the file and plays it. What Spotify
// wrote is brought into our form, so that one file is one Ref.
func localRef(uri string) music.Ref {
	r := music.Ref{Account: music.Local, Kind: music.KindTrack, ID: uri}
	if l, err := music.ParseLink(uri); err == nil && l.Type == music.LinkLocalTrack {
		r.ID = l.Local.URI()
	}
	return r
}

// wholeRef is the Ref that plays a playlist or a show as a whole.
func (s *Service) wholeRef(of music.Ref) music.Ref {
	return s.ref(music.KindTrack, string(of.Kind)+":"+of.ID)
}

// wholeOf is the container that a Ref plays as a whole.
func (s *Service) wholeOf(r music.Ref) (of music.Ref, ok bool) {
	kind, id, ok := strings.Cut(r.ID, ":")
	if !ok || r.Kind != music.KindTrack || kind != string(music.KindPlaylist) && kind != string(kindShow) {
		return music.Ref{}, false
	}
	return s.ref(music.Kind(kind), id), true
}

// episodeOf is the id of the episode that a Ref names.
func episodeOf(r music.Ref) (id string, ok bool) {
	id, ok = strings.CutPrefix(r.ID, "episode:")
	return id, ok && r.Kind == music.KindTrack
}

func (s *Service) ref(kind music.Kind, id string) music.Ref {
	if id == "" {
		return music.Ref{}
	}
	return music.Ref{Account: s.id, Kind: kind, ID: id}
}

func (s *Service) section(id string) music.Ref { return music.Section(s.id, id) }
