package music

import (
	"fmt"
	"net/url"
	"strings"
)

// Kind says what a Ref points at.
type Kind string

// The kinds that every service shares. A service may use kinds of its own for
// containers that only it has; a caller treats those as folders.
const (
	KindTrack    Kind = "track"
	KindAlbum    Kind = "album"
	KindArtist   Kind = "artist"
	KindPlaylist Kind = "playlist"
	KindFolder   Kind = "folder"  // a directory; ID is its path or the server's id
	KindGenre    Kind = "genre"   // ID is the genre's name
	KindYear     Kind = "year"    // ID is the year in digits
	KindSection  Kind = "section" // a fixed container; ID is one of the Section… names
	KindStream   Kind = "stream"  // ID is a URL
	KindSearch   Kind = "search"  // the tracks that the words ID find, at any time; where a service has it
)

// Sections: the fixed containers. Not every account has each of them;
// Children of SectionRoot lists those it has.
const (
	SectionRoot      = ""          // the account's sections
	SectionAlbums    = "albums"    // all albums
	SectionArtists   = "artists"   // all album artists
	SectionTracks    = "tracks"    // all tracks
	SectionGenres    = "genres"    // all genres
	SectionYears     = "years"     // all years
	SectionFiles     = "files"     // the library's folders as they are on disk
	SectionRecent    = "recent"    // albums, newest first
	SectionPlayed    = "played"    // tracks, last played first
	SectionMost      = "most"      // tracks, most played first
	SectionNever     = "never"     // tracks never played
	SectionStarred   = "starred"   // starred tracks
	SectionPlaylists = "playlists" // the tree of playlists
	SectionSampler   = "sampler"   // the built-in album (account local)
	SectionSearch    = "search"    // Ask.Filter over everything; ID may be "search/tracks", "search/albums" …
	SectionErrors    = "errors"    // files that a scan could not read (account local)
	SectionToplist   = "toplist"   // own plays; ID is "toplist/TYPE/PERIOD": tracks|albums|artists, day|week|month|year|all
	SectionQueue     = "queue"     // the session's queue (account empty)
)

// Ref names one thing of one account. It is comparable; the zero Ref names nothing.
type Ref struct {
	Account AccountID
	Kind    Kind
	ID      string // opaque outside its service
}

// Section is the Ref of a fixed container of an account.
func Section(a AccountID, id string) Ref { return Ref{Account: a, Kind: KindSection, ID: id} }

// Queue is the Ref of the session's queue, which belongs to no account.
var Queue = Ref{Kind: KindSection, ID: SectionQueue}

// IsZero reports whether r names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// IsTrack reports whether r can be put into the queue as it is.
func (r Ref) IsTrack() bool { return r.Kind == KindTrack || r.Kind == KindStream }

// String is "segue:ACCOUNT:KIND:ID" with the parts escaped as in a URL path;
// ParseRef reads it back.
func (r Ref) String() string {
	return "segue:" + escape(string(r.Account)) + ":" + escape(string(r.Kind)) + ":" + url.PathEscape(r.ID)
}

// escape is for the parts that a colon ends.
func escape(s string) string { return strings.ReplaceAll(url.PathEscape(s), ":", "%3A") }

// ParseRef reads what String wrote.
func ParseRef(s string) (Ref, error) {
	rest, ok := strings.CutPrefix(s, "segue:")
	if !ok {
		return Ref{}, fmt.Errorf("music: %q is no reference: it does not begin with segue:", s)
	}
	parts := strings.SplitN(rest, ":", 3)
	if len(parts) != 3 {
		return Ref{}, fmt.Errorf("music: reference %q has %d parts after segue:, want 3", s, len(parts))
	}
	for i, p := range parts {
		u, err := url.PathUnescape(p)
		if err != nil {
			return Ref{}, fmt.Errorf("music: reference %q: %w", s, err)
		}
		parts[i] = u
	}
	return Ref{AccountID(parts[0]), Kind(parts[1]), parts[2]}, nil
}

// MarshalText writes the form of String; the zero Ref is empty.
func (r Ref) MarshalText() ([]byte, error) {
	if r.IsZero() {
		return nil, nil
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads the form of String; empty is the zero Ref.
func (r *Ref) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*r = Ref{}
		return nil
	}
	p, err := ParseRef(string(b))
	if err == nil {
		*r = p
	}
	return err
}
