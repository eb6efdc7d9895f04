package charts

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"segue/internal/httpx"
	"segue/session"
)

// appleMost is how many rows Apple's charts have; it gives 10, 25, 50 or 100.
const appleMost = 100

// appleChart is what a country plays most at Apple Music. It has no periods, and artists
// are derived from the songs.
type appleChart struct {
	c *Charts
	a session.ToplistAsk
}

func (p appleChart) name() string { return "Apple Music" }

func (p appleChart) key() string { return "apple/" + p.a.Type + "/" + p.a.Region }

func (p appleChart) title() string {
	return typeName(p.a.Type) + " · " + strings.ToUpper(p.a.Region)
}

// fetch asks the newest address first and the older ones when it does not work.
func (p appleChart) fetch(ctx context.Context, _ int, old *kept) (kept, error) {
	type try struct {
		addr   string
		decode func([]byte) (session.Chart, error)
	}
	what, legacy := "songs", "topsongs"
	if p.a.Type == session.TypeAlbums {
		what, legacy = "albums", "topalbums"
	}
	var tries []try
	for _, base := range []string{p.c.o.Apple, p.c.o.AppleOld} {
		if base != "" {
			tries = append(tries, try{fmt.Sprintf("%s/api/v2/%s/music/most-played/%d/%s.json", base, p.a.Region, appleMost, what), decodeApple})
		}
	}
	if p.c.o.ITunes != "" {
		tries = append(tries, try{fmt.Sprintf("%s/%s/rss/%s/limit=%d/json", p.c.o.ITunes, p.a.Region, legacy, appleMost), decodeITunes})
	}
	var first error
	for _, t := range tries {
		decode := func(data []byte) (session.Chart, error) {
			chart, err := t.decode(data)
			if p.a.Type == session.TypeArtists {
				chart.Rows = artistsOf(chart.Rows)
			}
			for i := range chart.Rows {
				chart.Rows[i].ArtistIDs = nil // Apple's own mean nothing to anybody else
			}
			return chart, err
		}
		k, err := get(ctx, p.c.apple, t.addr, old, decode)
		if err == nil || errors.Is(err, errSame) || !elsewhere(err) {
			return k, err
		}
		if first == nil {
			first = err
		}
	}
	var h *httpx.Error
	if errors.As(first, &h) && h.Kind == httpx.Status && (h.Status == http.StatusNotFound || h.Status == http.StatusBadRequest) {
		first = errNoRegion
	}
	return kept{}, first
}

// elsewhere reports whether another address may do better.
func elsewhere(err error) bool {
	var h *httpx.Error
	return !errors.As(err, &h) || h.Kind != httpx.RateLimited && h.Kind != httpx.Cancelled
}

// decodeApple reads the answer of most-played. Everything but a name may be missing.
func decodeApple(data []byte) (session.Chart, error) {
	var doc struct {
		Feed struct {
			Updated str               `json:"updated"`
			Results []json.RawMessage `json:"results"`
		} `json:"feed"`
	}
	if json.Unmarshal(data, &doc) != nil {
		return session.Chart{}, errNoRows
	}
	chart := list{session.Chart{Updated: day(string(doc.Feed.Updated))}}
	for _, raw := range doc.Feed.Results {
		var r struct {
			Name       str `json:"name"`
			ArtistName str `json:"artistName"`
			ArtistID   str `json:"artistId"`
			Art        str `json:"artworkUrl100"`
			URL        str `json:"url"`
		}
		if json.Unmarshal(raw, &r) == nil {
			chart.add(string(r.Name), string(r.ArtistName), "", string(r.ArtistID), string(r.URL), larger(string(r.Art)))
		}
	}
	return chart.Chart, chart.check()
}

// decodeITunes reads the answer of the older feed, in which a single entry is no list.
func decodeITunes(data []byte) (session.Chart, error) {
	var doc struct {
		Feed struct {
			Updated label           `json:"updated"`
			Entry   json.RawMessage `json:"entry"`
		} `json:"feed"`
	}
	if json.Unmarshal(data, &doc) != nil {
		return session.Chart{}, errNoRows
	}
	var entries []json.RawMessage
	if json.Unmarshal(doc.Feed.Entry, &entries) != nil {
		entries = []json.RawMessage{doc.Feed.Entry}
	}
	chart := list{session.Chart{Updated: day(string(doc.Feed.Updated.Label))}}
	for _, raw := range entries {
		var e struct {
			Name       label   `json:"im:name"`
			Artist     label   `json:"im:artist"`
			Images     []label `json:"im:image"`
			ID         label   `json:"id"`
			Collection struct {
				Name label `json:"im:name"`
			} `json:"im:collection"`
		}
		if len(raw) == 0 || json.Unmarshal(raw, &e) != nil {
			continue
		}
		art := ""
		if len(e.Images) > 0 {
			art = string(e.Images[len(e.Images)-1].Label)
		}
		chart.add(string(e.Name.Label), string(e.Artist.Label), string(e.Collection.Name.Label), "", string(e.ID.Label), art)
	}
	return chart.Chart, chart.check()
}

// list is a chart that grows.
type list struct{ session.Chart }

// add puts a row at the end, if it has a name and there is room.
func (l *list) add(title, artist, album, artistID, addr, art string) {
	if title == "" || len(l.Rows) == mostCount {
		return
	}
	row := session.ChartRow{Title: title, Album: album, URL: addr, Art: art}
	if artist != "" {
		row.Artists = []string{artist}
	}
	if artistID != "" {
		row.ArtistIDs = []string{artistID}
	}
	l.Rows = append(l.Rows, row)
}

func (l *list) check() error {
	if len(l.Rows) == 0 {
		return errNoRows
	}
	return nil
}

// artistsOf derives a chart of artists from one of songs: each song counts for its artist,
// the first the most, and who has the highest song goes first among equals. Where songs
// have an artist's id, those with guests count for the one whose id it is.
func artistsOf(songs []session.ChartRow) []session.ChartRow {
	type artist struct {
		row    session.ChartRow
		points int
	}
	var all []*artist
	by := map[string]*artist{}
	for i, s := range songs {
		if len(s.Artists) == 0 {
			continue
		}
		name, key := s.Artists[0], strings.ToLower(s.Artists[0])
		if len(s.ArtistIDs) > 0 {
			key = s.ArtistIDs[0]
		}
		a := by[key]
		if a == nil {
			a = &artist{row: session.ChartRow{Title: name, Artists: []string{name}, Art: s.Art}}
			by[key], all = a, append(all, a)
		}
		if len(name) < len(a.row.Title) { // "Anna" rather than "Anna & Bea"
			a.row.Title, a.row.Artists = name, []string{name}
		}
		a.points += len(songs) - i
	}
	slices.SortStableFunc(all, func(a, b *artist) int { return cmp.Compare(b.points, a.points) })
	rows := make([]session.ChartRow, len(all))
	for i, a := range all {
		rows[i] = a.row
	}
	return rows
}

// larger is the address of a picture of 600 pixels instead of 100.
func larger(art string) string { return strings.Replace(art, "100x100", "600x600", 1) }

// day reads the times that Apple writes; zero where it cannot be read.
func day(s string) time.Time {
	for _, layout := range []string{time.RFC1123Z, "Mon, 2 Jan 2006 15:04:05 -0700", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
