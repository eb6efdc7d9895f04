package spotify

import (
	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
)

// localTrack is the row of a playlist that stands for a file of the user's own. Its Ref
// belongs to the account local, which looks for the file whenever it is shown or played;
// what Spotify says of it is shown where that account is not asked.
func (s *Service) localTrack(w webapi.Track) music.Track {
	s.noteLocal(w.URI)
	t := music.Track{Ref: localRef(w.URI), Title: w.Name, Artists: artistNames(w.Artists), Album: w.Album.Name, Duration: w.Duration}
	l, err := music.ParseLink(w.URI)
	if err == nil {
		if t.Title == "" {
			t.Title = music.Clean(l.Local.Title)
		}
		if len(t.Artists) == 0 && l.Local.Artist != "" {
			t.Artists = []string{music.Clean(l.Local.Artist)}
		}
		if t.Album == "" {
			t.Album = music.Clean(l.Local.Album)
		}
		if t.Duration == 0 {
			t.Duration = l.Local.Duration
		}
		if t.Title == "" {
			t.Title = music.Clean(l.Local.Words())
		}
	}
	t.Title = named(t.Title, "Untitled file")
	return t
}

// noteLocal remembers how Spotify writes a file on disk, where that is not our form: it
// knows its rows by that.
func (s *Service) noteLocal(uri string) {
	r := localRef(uri)
	if r.ID == uri {
		return
	}
	s.seen.Lock()
	defer s.seen.Unlock()
	if s.seen.raw == nil {
		s.seen.raw = map[string]string{}
	}
	s.seen.raw[r.ID] = uri
}

// rawLocal is how Spotify writes a file on disk.
func (s *Service) rawLocal(r music.Ref) string {
	s.seen.Lock()
	defer s.seen.Unlock()
	return named(s.seen.raw[r.ID], r.ID)
}
