package music

import (
	"encoding/base64"
	"time"
)

// Item is one row of a page: exactly one of Track, Album, Artist, Playlist, Folder
// and Chart, by value. The sum is sealed.
type Item interface {
	ItemRef() Ref
	// ItemName is the row's main text.
	ItemName() string
	item()
}

// Chart is one row of a toplist: what it names, where it stood before, and the
// thing that can be played for it, if any.
type Chart struct {
	Rank     int
	Previous int  // rank in the period before; 0 = was not in it (NEW)
	Plays    int  // listens in the period; 0 = unknown
	Item     Item // Track, Album or Artist; its Ref is zero where nothing playable was found
}

func (t Track) ItemRef() Ref    { return t.Ref }
func (a Album) ItemRef() Ref    { return a.Ref }
func (a Artist) ItemRef() Ref   { return a.Ref }
func (p Playlist) ItemRef() Ref { return p.Ref }
func (f Folder) ItemRef() Ref   { return f.Ref }
func (c Chart) ItemRef() Ref    { return c.Item.ItemRef() }

func (t Track) ItemName() string    { return t.Title }
func (a Album) ItemName() string    { return a.Title }
func (a Artist) ItemName() string   { return a.Name }
func (p Playlist) ItemName() string { return p.Name }
func (f Folder) ItemName() string   { return f.Name }
func (c Chart) ItemName() string    { return c.Item.ItemName() }

func (Track) item()    {}
func (Album) item()    {}
func (Artist) item()   {}
func (Playlist) item() {}
func (Folder) item()   {}
func (Chart) item()    {}

// Sort names an order of rows. The empty Sort is the container's own order
// (disc and track number in an album, alphabetical among artists …).
type Sort string

// The orders that a service may be asked for; one that does not know an order
// uses the container's own.
const (
	SortDefault  Sort = ""
	SortTitle    Sort = "title"
	SortArtist   Sort = "artist"
	SortAlbum    Sort = "album"
	SortYear     Sort = "year"
	SortAdded    Sort = "added"  // newest first
	SortPlays    Sort = "plays"  // most first
	SortPlayed   Sort = "played" // last played first
	SortRating   Sort = "rating" // best first
	SortDuration Sort = "time"
	SortPath     Sort = "path"
)

// Ask is a question for rows of one container.
type Ask struct {
	Of     Ref
	Filter string // the query language of internal/query; empty = all
	Sort   Sort
	Offset int
	Limit  int // 0 = the answerer's choice (at most 500)
}

// Page is a window of a container's rows.
type Page struct {
	Ask      Ask
	Title    string
	Subtitle string // one line: "J. S. Bach · 1741 · 32 tracks, 78:12"
	Items    []Item
	Total    int           // rows in the whole (filtered) container; -1 = unknown, more may follow
	Duration time.Duration // of all tracks in the container, 0 = unknown
	Sorts    []Sort        // the orders that make sense here, the first is in force when Ask.Sort is empty
	Note     string        // why it is empty or incomplete, and what to do: one line
	Writable bool          // rows may be removed and moved here
	Followed bool          // a playlist of somebody else's in the user's library: to delete it is to follow it no more
	Query    string        // not empty: a live playlist, the answer to this query
}

// Lyrics of one track.
type Lyrics struct {
	Track  Ref
	Synced bool
	Lines  []LyricLine
	Source string // "file", "tags", a service's name
}

// LyricLine is a line and, in synced lyrics, when it is sung.
type LyricLine struct {
	At   time.Duration
	Text string
}

// Image is an encoded picture.
type Image struct {
	Of   Ref
	MIME string
	Data []byte
}

// DataURI is the picture as a data: URI, for pages; "" without one.
func (im Image) DataURI() string {
	if len(im.Data) == 0 {
		return ""
	}
	return "data:" + im.MIME + ";base64," + base64.StdEncoding.EncodeToString(im.Data)
}

// Quality is what a caller wants of a stream.
type Quality struct {
	Kbps int // 0 = original
}
