package webapi

import "time"

// User is the one who signed in. Country and Product come only where an app is older than
// 2026 or more than in development mode.
type User struct {
	ID, URI   string
	AccountID string // since 2026; may be empty
	Name      string // what people call them; may be empty
	Country   string // two letters, mostly empty
	Product   string // "premium", "free"; mostly empty
	Images    []Image
}

// Image is a picture, somewhere. A width or height of 0 is not known.
type Image struct {
	URL           string
	Width, Height int
}

// Artist is a person or a band.
type Artist struct {
	ID, URI, Name string
	Images        []Image // not where the artist is part of something else
	Genres        []string
}

// Album is a release.
type Album struct {
	ID, URI, Name string
	Type          string // "album", "single", "compilation"
	Artists       []Artist
	Images        []Image
	Released      string // "1981", "1981-12" or "1981-12-15"
	Total         int    // tracks
	Restricted    string // "market", "product", "explicit": why it cannot be played; empty = it can
	Tracks        Page[Track]
	Genres        []string
}

// Track is a recording. One of the user's own files that is in a playlist is Local: it has
// a URI (spotify:local:…) and no ID.
type Track struct {
	ID, URI, Name string
	Artists       []Artist
	Album         Album // zero in an album's own tracks
	Disc, Number  int   // 0 = unknown
	Duration      time.Duration
	Explicit      bool
	Local         bool
	Playable      bool   // false only where Spotify says so
	Restricted    string // "market", "product", "explicit"; empty = not, or not said
	ISRC          string
}

// Show is a podcast.
type Show struct {
	ID, URI, Name string
	Publisher     string // mostly empty since 2026
	Description   string
	Images        []Image
	Total         int // episodes
	Explicit      bool
	Episodes      Page[Episode]
}

// Episode is one of a show.
type Episode struct {
	ID, URI, Name string
	Description   string
	Duration      time.Duration
	Released      string // as with Album
	Explicit      bool
	Playable      bool // false only where Spotify says so
	Restricted    string
	Images        []Image
	Show          Show // zero in a show's own episodes
	Resume        time.Duration
	Played        bool // to its end
}

// Item is something that can be played: a track, an episode, or nothing (both are nil)
// where Spotify names none.
type Item struct {
	Track   *Track
	Episode *Episode
}

// URI is that of the track or the episode; "" of nothing.
func (i Item) URI() string {
	switch {
	case i.Track != nil:
		return i.Track.URI
	case i.Episode != nil:
		return i.Episode.URI
	}
	return ""
}

// Duration is that of the track or the episode.
func (i Item) Duration() time.Duration {
	switch {
	case i.Track != nil:
		return i.Track.Duration
	case i.Episode != nil:
		return i.Episode.Duration
	}
	return 0
}

// Playlist is a list that somebody keeps.
type Playlist struct {
	ID, URI, Name string
	Description   string
	OwnerID       string
	Owner         string // the owner's name; their id where they have none
	Public        bool
	Collaborative bool
	Snapshot      string // changes with each change
	Total         int    // items; -1 = not said, as with lists of others
	Images        []Image
	// Items are the first ones, where a whole playlist was asked for and they may be
	// listed (Listed).
	Items  Page[PlaylistItem]
	Listed bool
}

// PlaylistItem is one row of a playlist. Its Item is nothing where Spotify does not say
// any longer what it was; the row still counts.
type PlaylistItem struct {
	Added   time.Time // zero = not said
	AddedBy string    // a user's id
	Local   bool
	Item    Item
}

// Saved is a row of the library: a track, an album, a show or an episode.
type Saved[T any] struct {
	Added time.Time
	Value T
}

// Device is something that Spotify plays on. Its ID may be empty for a moment, and then it
// cannot be told anything.
type Device struct {
	ID, Name       string
	Type           string // "Computer", "Smartphone", "Speaker" …
	Active         bool
	Private        bool // a private session
	Restricted     bool // takes no commands
	Volume         int  // percent; -1 = not said
	SupportsVolume bool
}

// Playback is what plays, and where.
type Playback struct {
	None       bool // nothing plays anywhere, and no device is active
	Device     Device
	Repeat     string // "off", "track", "context"
	Shuffle    bool
	Context    string    // URI of the album, playlist, artist or show it comes from; may be empty
	Changed    time.Time // when Spotify last changed it, by its clock
	Progress   time.Duration
	Playing    bool
	Item       Item
	Type       string   // "track", "episode", "ad", "unknown"
	Disallowed []string // actions that are not possible now: "seeking", "skipping_prev" …
}

// Play is one entry of what was played.
type Play struct {
	Track   Track
	At      time.Time
	Context string // a URI; may be empty
}

// Queue is what plays and what comes next.
type Queue struct {
	Current Item
	Next    []Item
}

// Found is what a search found, of the types that were asked for.
type Found struct {
	Tracks    Page[Track]
	Artists   Page[Artist]
	Albums    Page[Album]
	Playlists Page[Playlist]
	Shows     Page[Show]
	Episodes  Page[Episode]
}
