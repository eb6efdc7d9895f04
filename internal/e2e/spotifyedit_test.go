//go:build e2e

package e2e

import (
	"slices"
	"testing"

	"segue/internal/service/spotify/webapi/webapitest"
)

// has waits until the account has a track among its saved ones, or has it no more.
func (s *spotify) has(uri string, saved bool) {
	s.t.Helper()
	eventually(s.t, "what is starred at Spotify", func() bool {
		return slices.Contains(s.web.Saved(webapitest.Ada, "track"), uri) == saved
	})
}

// holds waits until a playlist at Spotify has these rows.
func (s *spotify) holds(list string, uris ...string) {
	s.t.Helper()
	eventually(s.t, "the rows of the playlist at Spotify", func() bool { return slices.Equal(s.web.Items(list), uris) })
}

// owns waits until the account has as many playlists.
func (s *spotify) owns(n int) {
	s.t.Helper()
	eventually(s.t, "the playlists at Spotify", func() bool { return len(s.web.Saved(webapitest.Ada, "playlist")) == n })
}

// TestSpotifysToplistsStarsAndPlaylistsByKeysAlone walks through what Spotify counts, takes
// a star away and gives it back, and edits playlists: each step is seen at Spotify, said in
// words, undone with one key and done again with another.
func TestSpotifysToplistsStarsAndPlaylistsByKeysAlone(t *testing.T) {
	t.Parallel()
	s, home := startSpotify(t, "omit"), t.TempDir()
	kitchen := s.rich(home)
	s.signIn(home)
	w := s.at(in(home)).open(t)
	w.sees("spotify ●", "Kitchen tape")

	w.keys("6")
	w.sees("World   spotify")
	w.keys("((") // around the end: the last one of Spotify
	w.sees("Here   4 weeks   6 months   A year", "spotify counts")
	w.row(`1 +· +Canon +J. S. Bach`)
	w.keys("(")
	w.row(`1 +· +Variation +J. S. Bach`)
	w.keys("(")
	w.row(`1 +· +Aria +J. S. Bach`)
	w.keys("}")
	w.row(`1 +· +Book 1 of J. S. Bach`)
	w.keys("}")
	w.row(`4 +· +坂本龍一`)
	w.keys("}")
	w.row(`1 +· +Aria +J. S. Bach`)

	w.row(`1 +· +Aria +J. S. Bach +♥`)
	aria := "spotify:track:" + s.seed.Tracks[0]
	w.keys("*")
	w.sees("unstarred 1 track · u undoes")
	s.has(aria, false)
	w.row(`♥ Starred +59`)
	w.keys("u")
	w.sees("undone: unstarred 1 track")
	s.has(aria, true)
	w.keys(ctrlR)
	w.sees("again: unstarred 1 track")
	s.has(aria, false)
	w.keys("u")
	s.has(aria, true)

	w.keys("3")
	w.row(`Bob's best +Bob, locked +whole`)
	w.row(`Ours +Bob, shared +3`)
	w.keys("/Kitchen" + enter)
	w.row(`Playlists +Local +spotify +1/1`)
	w.keys(enter)
	w.row(`2 +Kettle +The Testers +Kitchen Recordings +Local +0:11`)
	rows := kitchen.uris
	w.keys("ggd")
	w.sees("removed 1 track from Kitchen tape · u undoes")
	s.holds(kitchen.id, rows[1:]...)
	w.keys("u")
	w.sees("undone: removed 1 track from Kitchen tape")
	s.holds(kitchen.id, rows...)
	w.keys("ggJ")
	w.sees("moved 1 track in Kitchen tape · u undoes")
	s.holds(kitchen.id, rows[1], rows[0], rows[2], rows[3], rows[4])
	w.keys("u")
	w.sees("undone: moved 1 track")
	s.holds(kitchen.id, rows...)
	w.keys(ctrlR)
	w.sees("again: moved 1 track")
	s.holds(kitchen.id, rows[1], rows[0], rows[2], rows[3], rows[4])
	w.keys("u")
	s.holds(kitchen.id, rows...)

	w.keys("A")
	w.sees("Add “Aria” to", "new playlist …")
	w.keys("Ours" + enter)
	w.sees("added 1 track to Ours · u undoes")
	eventually(t, "the track in Ours", func() bool { return slices.Contains(s.web.Items(s.seed.Shared), rows[0]) })
	w.keys("u")
	w.sees("undone: added 1 track to Ours")
	eventually(t, "the track gone from Ours", func() bool { return len(s.web.Items(s.seed.Shared)) == 3 })

	w.keys(":rename-playlist Kitchen songs\r")
	w.sees("renamed Kitchen tape to Kitchen songs · u undoes")
	w.keys("u")
	w.sees("undone: renamed Kitchen tape")
	w.row(`^ *Kitchen tape +5|│ +Kitchen tape`)

	w.keys(":new-playlist Empty shelf\r")
	w.sees("created the playlist Empty shelf · u undoes")
	s.owns(5 + 1)
	w.keys("u")
	w.sees("undone: created the playlist Empty shelf")
	s.owns(5)

	w.keys(":delete-playlist\r")
	w.chooses("Delete the playlist")
	w.sees("deleted Kitchen tape · u undoes")
	s.owns(4)
	w.keys("u")
	w.sees("undone: deleted Kitchen tape")
	s.owns(5)
	s.holds(kitchen.id, rows...)
	w.keys(ctrlC)
	if code := w.exits(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
