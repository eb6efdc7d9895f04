package webapitest

import (
	"crypto/sha256"
	"fmt"
	"math/big"
	"strings"
	"time"
)

type (
	// User is somebody who may sign in. Unlisted: the app's owner has not put them on the list.
	User struct {
		ID, Name string
		Premium  bool
		Unlisted bool
	}
	// Artist is one of the catalogue.
	Artist struct{ ID, Name string }
	// Album is one of the catalogue; its tracks are those that name it.
	Album struct {
		ID, Name string
		Type     string // "" = album
		Released string // "" = 1981-12-15
		Artists  []string
		tracks   []string
	}
	// Track is one of the catalogue. Lengths of 0 are three minutes.
	Track struct {
		ID, Name     string
		Album        string
		Artists      []string
		Disc, Number int
		Duration     time.Duration
		Unplayable   bool
		local        string // the URI of a file of the user's own
	}
	// Show is a podcast.
	Show struct {
		ID, Name string
		episodes []string
	}
	// Episode is one of a show.
	Episode struct {
		ID, Name, Show string
		Released       string
		Duration       time.Duration
	}
)

// user is a user with all that is theirs.
type user struct {
	User
	expired   bool
	renewed   int
	saved     map[string][]savedRow // by kind: "track" …, last saved first
	following []string              // artists' ids
	top       map[string][]string   // by "tracks short_term"
	recent    []played
	player    player
}

type savedRow struct {
	uri string
	at  time.Time
}

type played struct {
	uri, context string
	at           time.Time
}

// token is what calls of the user have to bring.
func (u *user) token() string { return fmt.Sprintf("token-%s-%d", u.ID, u.renewed) }

// ID makes an id as Spotify has them, 22 letters and digits, the same for the same words.
func ID(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	text := new(big.Int).SetBytes(sum[:]).Text(62)
	return text[:22]
}

// id makes an id that is new. Called with the lock held.
func (s *Server) id(kind, name string) string {
	s.made++
	return ID(kind, name, fmt.Sprint(s.made))
}

// AddUser adds a user; an id that is there is replaced.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[u.ID] = &user{User: u, saved: map[string][]savedRow{}, top: map[string][]string{}, player: newPlayer()}
}

// ChangeUser changes what a user is, but not what is theirs.
func (s *Server) ChangeUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[u.ID].User = u
}

// AddArtist adds an artist and gives the id; an empty ID is made.
func (s *Server) AddArtist(a Artist) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.ID == "" {
		a.ID = s.id("artist", a.Name)
	}
	s.artists[a.ID] = &a
	s.order = append(s.order, "spotify:artist:"+a.ID)
	return a.ID
}

// AddAlbum adds an album with as many tracks as titles and gives the album's id and theirs.
func (s *Server) AddAlbum(a Album, titles ...string) (id string, tracks []string) {
	s.mu.Lock()
	if a.ID == "" {
		a.ID = s.id("album", a.Name)
	}
	if a.Type == "" {
		a.Type = "album"
	}
	if a.Released == "" {
		a.Released = "1981-12-15"
	}
	s.albums[a.ID] = &a
	s.order = append(s.order, "spotify:album:"+a.ID)
	s.mu.Unlock()
	for i, title := range titles {
		tracks = append(tracks, s.AddTrack(Track{Name: title, Album: a.ID, Artists: a.Artists, Number: i + 1}))
	}
	return a.ID, tracks
}

// AddTrack adds a track to its album, which has to be there, and gives its id.
func (s *Server) AddTrack(t Track) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.ID == "" {
		t.ID = s.id("track", t.Name)
	}
	if t.Duration == 0 {
		t.Duration = 3 * time.Minute
	}
	t.Disc = max(t.Disc, 1)
	album := s.albums[t.Album]
	if t.Number == 0 {
		t.Number = len(album.tracks) + 1
	}
	album.tracks = append(album.tracks, t.ID)
	s.tracks[t.ID] = &t
	s.order = append(s.order, "spotify:track:"+t.ID)
	return t.ID
}

// AddLocal adds a file of the user's own, as playlists may hold them, and gives its URI.
func (s *Server) AddLocal(artist, album, title string, d time.Duration) string {
	plus := func(t string) string { return strings.ReplaceAll(t, " ", "+") }
	uri := fmt.Sprintf("spotify:local:%s:%s:%s:%d", plus(artist), plus(album), plus(title), int(d.Seconds()))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tracks[uri] = &Track{Name: title, Duration: d, local: uri}
	return uri
}

// AddShow adds a show with as many episodes as titles, the newest first, and gives its id
// and theirs.
func (s *Server) AddShow(sh Show, titles ...string) (id string, episodes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sh.ID == "" {
		sh.ID = s.id("show", sh.Name)
	}
	s.shows[sh.ID] = &sh
	s.order = append(s.order, "spotify:show:"+sh.ID)
	for i, title := range titles {
		e := Episode{ID: s.id("episode", title), Name: title, Show: sh.ID, Released: fmt.Sprintf("2026-%02d-01", 12-i%12), Duration: 40 * time.Minute}
		s.episodes[e.ID] = &e
		s.order = append(s.order, "spotify:episode:"+e.ID)
		sh.episodes = append(sh.episodes, e.ID)
		episodes = append(episodes, e.ID)
	}
	return sh.ID, episodes
}
