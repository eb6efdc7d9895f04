package page

import (
	"testing"

	"segue/internal/music"
)

func TestWhatDoesNotPlayIsMarkedWithoutColourToo(t *testing.T) {
	plays := music.Track{Title: "Kettle"}
	not := music.Track{Title: "Toaster", Unplayable: "the file is not there"}
	if a, b := trackCell(fTitle, plays).Text, trackCell(fTitle, not).Text; a != "Kettle" || b != "× Toaster" {
		t.Errorf("%q and %q", a, b)
	}
}

func TestAnEpisodeShowsItsDateAndNotItsPodcastTwice(t *testing.T) {
	e := music.Track{Title: "Stretto", Artists: []string{"On Counterpoint"}, Album: "On Counterpoint", Date: "2026-03-01", Episode: true}
	by, other, song := e, e, e
	by.Artists, other.Date, song.Episode = []string{"Radio One"}, "", false
	for name, c := range map[string]struct {
		track music.Track
		want  string
	}{
		"nobody is named":           {e, "2026-03-01"},
		"somebody makes it":         {by, "Radio One"},
		"its day is not known":      {other, "On Counterpoint"},
		"an album like its artists": {song, "On Counterpoint"},
	} {
		if got := trackCell(fArtist, c.track).Text; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAPlaylistWhoseRowsAreKeptToItsServiceSaysThatItPlaysAsAWhole(t *testing.T) {
	for name, c := range map[string]struct {
		list music.Playlist
		n    string
		more string
		of   string
	}{
		"one of one's own":   {music.Playlist{Name: "Mine", Owner: "Ada", Tracks: 3, Writable: true}, "3", "3 tracks", ""},
		"one that is kept":   {music.Playlist{Name: "Bob's", Owner: "Bob", Theirs: true, Closed: true}, "whole", "plays as a whole", "Bob, locked"},
		"one that is shared": {music.Playlist{Name: "Ours", Owner: "Bob", Theirs: true, Tracks: 2, Writable: true}, "2", "2 tracks", "Bob, shared"},
		"one of a friend's":  {music.Playlist{Name: "Friend", Owner: "Bob", Theirs: true, Tracks: 2}, "2", "2 tracks", "Bob"},
	} {
		if got := playlistCell(fOwner, c.list).Text; got != c.of {
			t.Errorf("%s: whose is %q", name, got)
		}
		if got := playlistCell(fTracks, c.list).Text; got != c.n {
			t.Errorf("%s: tracks %q", name, got)
		}
		if got := playlistCell(fDetail, c.list).Text; got != c.more {
			t.Errorf("%s: %q", name, got)
		}
	}
}
