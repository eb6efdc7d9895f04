package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/ui/page"
	"segue/ui/screen"
)

func itoa(n int) string { return strconv.Itoa(n) }

// details shows all that is known of the row under the cursor.
func (m *Model) details() {
	if d, is := m.current().(page.Detailer); is {
		if title, rows, ok := d.Detail(); ok {
			m.push(&info{title: title, text: func(m *Model, w int) []string { return facts(m.env.Set, w, rows) }})
			return
		}
	}
	if sel := m.current().Selection(); len(sel.Items) > 0 {
		m.detailsOf(sel.Items[0])
	}
}

func (m *Model) detailsOf(it music.Item) {
	if c, ok := it.(music.Chart); ok {
		it = c.Item
	}
	var rows [][2]string
	switch v := it.(type) {
	case music.Track:
		rows = trackFacts(v)
	case music.Album:
		rows = [][2]string{{"Artist", v.Artist()}, {"Date", first(v.Date, year(v.Year))}, {"Genre", strings.Join(v.Genres, ", ")},
			{"Tracks", num(v.Tracks)}, {"Discs", num(v.Discs)}, {"Time", screen.Clock(v.Duration)}, {"Plays", num(v.Plays)}, {"Added", day(v.Added)}}
	case music.Artist:
		rows = [][2]string{{"Albums", num(v.Albums)}, {"Tracks", num(v.Tracks)}, {"Plays", num(v.Plays)}}
	case music.Playlist:
		rows = [][2]string{{"About", v.Description}, {"Owner", v.Owner}, {"Tracks", num(v.Tracks)}, {"Time", screen.Clock(v.Duration)},
			{"Changed", day(v.Changed)}, {"Query", v.Query}}
	case music.Folder:
		rows = [][2]string{{"", v.Detail}}
	}
	rows = append(rows, [2]string{"Page", m.pageOf(it.ItemRef())}, [2]string{"Link", screen.Clean(it.ItemRef().String())})
	m.push(&info{title: it.ItemName(), link: m.copyText(it, true), text: func(m *Model, w int) []string { return facts(m.env.Set, w, rows) }})
}

// pageOf is where a thing is on the web, by its service; "" = nowhere.
func (m *Model) pageOf(ref music.Ref) string {
	if m.opt.PageOf == nil {
		return ""
	}
	return screen.Clean(m.opt.PageOf(ref))
}

func trackFacts(t music.Track) [][2]string {
	gain := ""
	if t.Gain.HasTrack {
		gain = fmt.Sprintf("track %+.1f dB", t.Gain.TrackDB)
	}
	if t.Gain.HasAlbum {
		gain = strings.TrimPrefix(gain+fmt.Sprintf(", album %+.1f dB", t.Gain.AlbumDB), ", ")
	}
	a := t.Audio
	sound := a.Codec
	if a.Rate > 0 {
		sound += fmt.Sprintf(", %d Hz", a.Rate)
	}
	if a.Bits > 0 {
		sound += fmt.Sprintf(", %d bit", a.Bits)
	}
	if a.Channels > 0 {
		sound += ", " + plural(a.Channels, "channel")
	}
	if a.Bitrate > 0 {
		sound += fmt.Sprintf(", %d kbit/s", a.Bitrate)
	}
	albumArtist := ""
	if t.AlbumArtist() != t.Artist() {
		albumArtist = t.AlbumArtist()
	}
	rating := ""
	if t.Rating > 0 {
		rating = itoa(t.Rating) + " of 5"
	}
	starred := ""
	if t.Starred {
		starred = "yes"
	}
	return [][2]string{{"Cannot play", t.Unplayable}, {"Artist", t.Artist()}, {"Album", t.Album}, {"Album artist", albumArtist},
		{"Date", first(t.Date, year(t.Year))}, {"Genre", strings.Join(t.Genres, ", ")}, {"Disc", of(t.Disc, t.Discs)}, {"Track", of(t.Number, t.Numbers)},
		{"Time", screen.Clock(t.Duration)}, {"Sound", strings.TrimPrefix(sound, ", ")}, {"Loudness", gain}, {"Starred", starred}, {"Rating", rating},
		{"Plays", num(t.Plays)}, {"Last played", day(t.LastPlayed)}, {"Added", day(t.Added)}, {"File", screen.Clean(t.Path)}}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func year(n int) string { return num(n) }

func num(n int) string {
	if n <= 0 {
		return ""
	}
	return itoa(n)
}

func of(n, total int) string {
	if n > 0 && total > 0 {
		return itoa(n) + " of " + itoa(total)
	}
	return num(n)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}
