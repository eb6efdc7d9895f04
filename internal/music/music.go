// Package music holds the plain values that every part of the house speaks of:
// references, tracks, albums, artists, playlists and pages of them.
//
// It has no goroutines, does no I/O and knows no service. All values may be
// copied and, unless a comment says otherwise, encoded as JSON.
package music

import (
	"strings"
	"time"
)

// AccountID is an account's name in the config, such as "local" or "home":
// 1 to 32 characters of a-z, 0-9, '.', '_' and '-', not only dots (it becomes a
// file's name).
type AccountID string

// Valid reports whether an account may have that name.
func (id AccountID) Valid() bool {
	if len(id) == 0 || len(id) > 32 || strings.Trim(string(id), ".") == "" {
		return false
	}
	return strings.Trim(string(id), "abcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}

// Local is the account that is always there: files on disk and the built-in sampler.
const Local AccountID = "local"

// Gain is what a recording says of its own loudness (ReplayGain 2.0 or R128,
// the latter already moved to ReplayGain's -18 LUFS reference).
type Gain struct {
	// TrackDB and AlbumDB are in decibels; they mean something only where Has… is set.
	TrackDB, AlbumDB float64
	// TrackPeak and AlbumPeak are linear, 1 = full scale; 0 = unknown.
	TrackPeak, AlbumPeak float64
	HasTrack, HasAlbum   bool
}

// Audio describes the encoded sound of a track, as far as it is known before it is opened.
type Audio struct {
	Codec    string // "FLAC", "MP3", "Vorbis", "Opus", "WAV", "AIFF", "AAC", "ALAC" …; empty = unknown
	Rate     int    // Hz
	Bits     int    // bits a sample, 0 for lossy codecs
	Channels int
	Bitrate  int // kbit/s, average
}

// Track is one recording that can be played.
type Track struct {
	Ref          Ref
	Title        string
	Artists      []string
	AlbumArtists []string
	Album        string
	AlbumRef     Ref // zero when the service has no album for it
	ArtistRef    Ref // the first artist
	Disc, Discs  int // 0 = unknown
	Number       int
	Numbers      int // track total
	Date         string
	Year         int // 0 = unknown
	Genres       []string
	Duration     time.Duration
	Gain         Gain
	Audio        Audio
	Path         string // where the file is, for local tracks
	Starred      bool
	Rating       int // 0 (none) to 5
	Plays        int
	Added        time.Time
	LastPlayed   time.Time
	Unplayable   string // why it cannot be played now; empty = it can
	HasCover     bool
	Episode      bool          // of a podcast, which is its Album
	At           time.Duration // where in it to begin, in a list of bookmarks
}

// Artist is the artists as one text, or "" where none is known.
func (t Track) Artist() string { return join(t.Artists) }

// By is what stands beside a title: the artist; of an episode of which nobody but its
// podcast is named, the day when it came out.
func (t Track) By() string {
	who := t.Artist()
	if t.Episode && (who == "" || who == t.Album) && t.Date != "" {
		return t.Date
	}
	return who
}

// AlbumArtist is the album artists as one text, or the artists where there are none.
func (t Track) AlbumArtist() string {
	if len(t.AlbumArtists) > 0 {
		return join(t.AlbumArtists)
	}
	return t.Artist()
}

// Album is a release.
type Album struct {
	Ref       Ref
	Title     string
	Artists   []string
	ArtistRef Ref
	Year      int
	Date      string
	Genres    []string
	Tracks    int
	Discs     int
	Duration  time.Duration
	Starred   bool
	Rating    int
	Plays     int
	Added     time.Time
	HasCover  bool
}

// Artist is the album's artists as one text.
func (a Album) Artist() string { return join(a.Artists) }

// Artist is a person or a band.
type Artist struct {
	Ref     Ref
	Name    string
	Albums  int
	Tracks  int
	Starred bool
	Plays   int
}

// Playlist is an ordered list of tracks that somebody keeps.
type Playlist struct {
	Ref         Ref
	Name        string
	Description string
	Owner       string
	Tracks      int
	Duration    time.Duration
	Public      bool
	Writable    bool
	Changed     time.Time
	Query       string // not empty: a live playlist, the answer to this query
	Closed      bool   // its service does not list its tracks to us: it only plays as a whole
	Theirs      bool   // somebody else's: Owner's
	Followed    bool   // theirs, and in the user's library: to delete it is to follow it no more
}

// User is somebody at a service.
type User struct {
	Name    string // what they sign in with
	Display string // what people call them; "" = Name
	Country string // two letters, "" = not known
	Product string // "premium", "free" …; "" = not known
}

// Folder is anything else that holds rows: a directory, a genre, a year, a
// section of the sidebar, a folder of playlists.
type Folder struct {
	Ref    Ref
	Name   string
	Detail string // what stands beside the name, such as "12 albums"
	Count  int    // rows below, -1 = unknown
}

func join(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	n := 0
	for _, s := range names {
		n += len(s) + 2
	}
	b := make([]byte, 0, n)
	for i, s := range names {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, s...)
	}
	return string(b)
}
