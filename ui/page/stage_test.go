package page

import (
	"testing"

	"segue/internal/music"
	"segue/session"
)

// TestAnswersForTheTrackOfBeforeAreDropped however late they come: neither its cover nor
// its lyrics are shown for the track that plays now.
func TestAnswersForTheTrackOfBeforeAreDropped(t *testing.T) {
	var images, lyrics []session.Ticket
	env := NewEnv(func(c session.Command) {
		switch c := c.(type) {
		case session.LoadImage:
			images = append(images, c.Ticket)
		case session.LoadLyrics:
			lyrics = append(lyrics, c.Ticket)
		default:
		}
	})
	s := env.Stage
	for _, id := range []string{"a", "b"} {
		env.Play.Track = music.Track{Ref: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: id}}
		s.Apply(session.PlaybackChanged{Playback: env.Play})
	}
	if len(images) != 2 || len(lyrics) != 2 {
		t.Fatalf("asked for %d covers and %d lyrics", len(images), len(lyrics))
	}
	picture := music.Image{Data: []byte("png")}
	if s.Apply(session.ImageLoaded{Ticket: images[0], Image: picture}) != nil {
		t.Error("the cover of the track before is taken")
	}
	words := music.Lyrics{Lines: []music.LyricLine{{Text: "words"}}}
	if s.Apply(session.LyricsLoaded{Ticket: lyrics[0], Lyrics: words}); s.HasLyrics() {
		t.Error("the lyrics of the track before are taken")
	}
	words.Track = music.Ref{Account: music.Local, Kind: music.KindTrack, ID: "a"}
	if s.Apply(session.LyricsLoaded{Ticket: lyrics[1], Lyrics: words}); s.HasLyrics() {
		t.Error("lyrics that say they are another track's are taken")
	}
	words.Track = env.Play.Track.Ref
	s.Apply(session.LyricsLoaded{Ticket: lyrics[1], Lyrics: words})
	if got := s.Apply(session.ImageLoaded{Ticket: images[1], Image: picture}); got == nil || got.Of != env.Play.Track.Ref || !s.HasLyrics() {
		t.Error("its own are not")
	}
}
