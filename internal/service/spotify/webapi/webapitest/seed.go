package webapitest

import (
	"fmt"
	"time"
)

// Seed is what Fill made.
type Seed struct {
	Artists   []string // ids
	Albums    []string
	Tracks    []string   // all, album by album
	Of        [][]string // the tracks of each album
	Show      string
	Episodes  []string
	Mine      string // a playlist of the user's own: six tracks, an episode, a file, a row that is null
	Shared    string // a collaborative one of Bob's, which the user has
	Followed  string // one of Bob's that the user follows: it may not be listed
	Long      string // one of the user's own with 120 items
	Computer  string // devices
	Phone     string
	LocalFile string // the URI of the file in Mine
}

// URIs makes URIs of ids.
func URIs(kind string, ids ...string) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = "spotify:" + kind + ":" + id
	}
	return all
}

// Fill gives the server a small catalogue and a user a library, playlists, tops, plays and
// two devices that play nothing.
func (s *Server) Fill(userID string) Seed {
	var f Seed
	titles := []string{"Aria", "Variation", "Canon", "Fughetta", "Quodlibet", "Toccata", "Sinfonia", "Gigue"}
	for a, name := range []string{"J. S. Bach", "Clara Schumann", "Ελένη Καραΐνδρου", "坂本龍一"} {
		artist := s.AddArtist(Artist{Name: name})
		f.Artists = append(f.Artists, artist)
		for b := range 3 {
			kind := [...]string{"album", "single", "compilation"}[b]
			album, tracks := s.AddAlbum(Album{Name: fmt.Sprintf("Book %d of %s", b+1, name), Type: kind, Released: fmt.Sprint(1980 + a*3 + b), Artists: []string{artist}},
				titles[:4+b]...)
			f.Albums, f.Tracks, f.Of = append(f.Albums, album), append(f.Tracks, tracks...), append(f.Of, tracks)
		}
	}
	f.Show, f.Episodes = s.AddShow(Show{Name: "On Counterpoint"}, "Inversion", "Retrograde", "Stretto")
	s.AddUser(User{ID: "bob", Name: "Bob", Premium: true})
	f.LocalFile = s.AddLocal("An Artist", "A Tape", "A Song", 200*time.Second)
	mixed := append(URIs("track", f.Tracks[:6]...), "spotify:episode:"+f.Episodes[0], f.LocalFile, "spotify:track:"+ID("gone"))
	f.Mine = s.AddPlaylist(Playlist{Name: "Evening", Description: "Bach &amp; others", Owner: userID}, mixed...)
	f.Shared = s.AddPlaylist(Playlist{Name: "Ours", Owner: "bob", Collaborative: true}, URIs("track", f.Tracks[6:9]...)...)
	f.Followed = s.AddPlaylist(Playlist{Name: "Bob's best", Owner: "bob", Public: true}, URIs("track", f.Tracks[9:14]...)...)
	var long []string
	for i := range 120 {
		long = append(long, "spotify:track:"+f.Tracks[i%len(f.Tracks)])
	}
	f.Long = s.AddPlaylist(Playlist{Name: "Long", Owner: userID, Public: true}, long...)
	s.Save(userID, URIs("playlist", f.Shared, f.Followed)...)
	s.Save(userID, URIs("track", f.Tracks...)...)
	s.Save(userID, URIs("album", f.Albums[:3]...)...)
	s.Save(userID, URIs("show", f.Show)...)
	s.Save(userID, URIs("episode", f.Episodes[:2]...)...)
	s.Save(userID, URIs("artist", f.Artists...)...)
	for i, r := range []string{"short_term", "medium_term", "long_term"} {
		s.SetTop(userID, "tracks", r, f.Tracks[i:i+10]...)
		s.SetTop(userID, "artists", r, f.Artists[:4-i]...)
	}
	for i, id := range f.Tracks[:5] {
		s.AddPlayed(userID, "spotify:track:"+id, "spotify:album:"+f.Albums[0], time.Date(2026, 11, 20, 20, i*4, 0, 0, time.UTC))
	}
	f.Computer = s.AddDevice(userID, Device{Name: "Desk", Type: "Computer", Volume: 60})
	f.Phone = s.AddDevice(userID, Device{Name: "Pocket", Type: "Smartphone", Volume: 40, NoVolume: true})
	return f
}
