package cli

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"segue/internal/music"
	"segue/ui/screen"
)

// row is an item as --json prints it. Fields that do not apply are left out.
type row struct {
	Type       string   `json:"type"` // track, album, artist, playlist, folder
	Ref        string   `json:"ref,omitempty"`
	Rank       int      `json:"rank,omitempty"`
	Previous   int      `json:"previous,omitempty"` // rank in the period before; absent = new
	Listens    int      `json:"listens,omitempty"`  // in the period
	Title      string   `json:"title"`
	Artists    []string `json:"artists,omitempty"`
	Album      string   `json:"album,omitempty"`
	Disc       int      `json:"disc,omitempty"`
	Number     int      `json:"number,omitempty"`
	Year       int      `json:"year,omitempty"`
	Genres     []string `json:"genres,omitempty"`
	Seconds    float64  `json:"seconds,omitempty"`
	Tracks     int      `json:"tracks,omitempty"`
	Plays      int      `json:"plays,omitempty"`
	Rating     int      `json:"rating,omitempty"`
	Starred    bool     `json:"starred,omitempty"`
	Owner      string   `json:"owner,omitempty"`
	Query      string   `json:"query,omitempty"`
	Path       string   `json:"path,omitempty"`
	Unplayable string   `json:"unplayable,omitempty"`
}

func rowOf(it music.Item) row {
	r := row{Title: it.ItemName()}
	if ref := it.ItemRef(); !ref.IsZero() {
		r.Ref = ref.String()
	}
	switch it := it.(type) {
	case music.Track:
		r.Type, r.Artists, r.Album, r.Disc, r.Number, r.Year = "track", it.Artists, it.Album, it.Disc, it.Number, it.Year
		r.Genres, r.Seconds, r.Plays, r.Rating, r.Starred = it.Genres, it.Duration.Seconds(), it.Plays, it.Rating, it.Starred
		r.Path, r.Unplayable = it.Path, it.Unplayable
	case music.Album:
		r.Type, r.Artists, r.Year, r.Genres, r.Tracks = "album", it.Artists, it.Year, it.Genres, it.Tracks
		r.Seconds, r.Plays, r.Rating, r.Starred = it.Duration.Seconds(), it.Plays, it.Rating, it.Starred
	case music.Artist:
		r.Type, r.Tracks, r.Plays, r.Starred = "artist", it.Tracks, it.Plays, it.Starred
	case music.Playlist:
		r.Type, r.Tracks, r.Seconds, r.Owner, r.Query = "playlist", it.Tracks, it.Duration.Seconds(), it.Owner, it.Query
	case music.Folder:
		r.Type, r.Tracks = "folder", max(it.Count, 0)
	case music.Chart:
		r = rowOf(it.Item)
		r.Rank, r.Previous, r.Listens = it.Rank, it.Previous, it.Plays
	}
	return r
}

func rowsOf(items []music.Item) []row {
	rows := make([]row, 0, len(items))
	for _, it := range items {
		rows = append(rows, rowOf(it))
	}
	return rows
}

// writeRows prints items: JSON, or a line each in columns for people.
func (g *global) writeRows(items []music.Item, asJSON bool) error {
	if asJSON {
		return g.writeJSON(rowsOf(items))
	}
	for i, it := range items {
		if err := g.printf("%s\n", lineOf(i+1, it)); err != nil {
			return err
		}
	}
	return nil
}

func lineOf(n int, it music.Item) string {
	var a, b, c string
	switch it := it.(type) {
	case music.Track:
		a, b, c = it.Artist(), it.Album, screen.ClockAt(it.Duration)
	case music.Album:
		a, b, c = it.Artist(), yearOf(it.Year), count(it.Tracks, "track")
	case music.Artist:
		a, c = count(it.Albums, "album"), count(it.Tracks, "track")
	case music.Playlist:
		a, c = it.Query, count(it.Tracks, "track")
		if it.Ref.Account != music.Local {
			b = string(it.Ref.Account)
		}
		if it.Closed {
			c = "as a whole"
		}
	case music.Folder:
		a = it.Detail
	case music.Chart:
		return lineOf(it.Rank, it.Item) + fmt.Sprintf("  %s  %s", count(it.Plays, "play"), moved(it))
	}
	return fmt.Sprintf("%5d  %s  %s  %s  %9s", n, cell(it.ItemName(), 40), cell(a, 28), cell(b, 28), c)
}

// count is "3 tracks", "1 track", and nothing for 0, which is often not known.
func count(n int, what string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// moved is where a chart's row went since the period before.
func moved(c music.Chart) string {
	switch {
	case c.Previous == 0:
		return "NEW"
	case c.Previous > c.Rank:
		return fmt.Sprintf("▲%d", c.Previous-c.Rank)
	case c.Previous < c.Rank:
		return fmt.Sprintf("▼%d", c.Rank-c.Previous)
	}
	return "="
}

func yearOf(y int) string {
	if y == 0 {
		return ""
	}
	return fmt.Sprint(y)
}

// cell cuts or fills s to w columns of the terminal.
func cell(s string, w int) string {
	s = ansi.Truncate(s, w, "…")
	return s + strings.Repeat(" ", max(0, w-ansi.StringWidth(s)))
}
