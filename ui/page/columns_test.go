package page

import (
	"testing"

	"segue/internal/music"
)

func TestAPlaylistWhoseRowsAreKeptToItsServiceSaysThatItPlaysAsAWhole(t *testing.T) {
	for name, c := range map[string]struct {
		list music.Playlist
		n    string
		more string
	}{
		"one of one's own": {music.Playlist{Name: "Mine", Tracks: 3}, "3", "3 tracks"},
		"one that is kept": {music.Playlist{Name: "Bob's", Closed: true}, "whole", "plays as a whole"},
	} {
		if got := playlistCell(fTracks, c.list).Text; got != c.n {
			t.Errorf("%s: tracks %q", name, got)
		}
		if got := playlistCell(fDetail, c.list).Text; got != c.more {
			t.Errorf("%s: %q", name, got)
		}
	}
}
