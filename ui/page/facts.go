package page

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/ui/screen"
)

// Facts are all that is known of a row, by name and value; what is not known is "".
// web is where it is on the web, "" = nowhere.
func Facts(it music.Item, web string) [][2]string {
	if c, ok := it.(music.Chart); ok {
		it = c.Item
	}
	var rows [][2]string
	switch v := it.(type) {
	case music.Track:
		rows = trackFacts(v)
	case music.Album:
		rows = [][2]string{{"Artist", v.Artist()}, {"Date", dated(v.Date, v.Year)}, {"Genre", strings.Join(v.Genres, ", ")},
			{"Tracks", number(v.Tracks)}, {"Discs", number(v.Discs)}, {"Time", screen.Clock(v.Duration)}, {"Plays", number(v.Plays)}, {"Added", day(v.Added)}}
	case music.Artist:
		rows = [][2]string{{"Albums", number(v.Albums)}, {"Tracks", number(v.Tracks)}, {"Plays", number(v.Plays)}}
	case music.Playlist:
		rows = [][2]string{{"About", v.Description}, {"Owner", v.Owner}, {"Tracks", number(v.Tracks)}, {"Time", screen.Clock(v.Duration)},
			{"Changed", day(v.Changed)}, {"Query", v.Query}}
	case music.Folder:
		rows = [][2]string{{"", v.Detail}}
	}
	return append(rows, [2]string{"Page", web}, [2]string{"Link", screen.Clean(it.ItemRef().String())})
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
		rating = strconv.Itoa(t.Rating) + " of 5"
	}
	starred := ""
	if t.Starred {
		starred = "yes"
	}
	return [][2]string{{"Cannot play", t.Unplayable}, {"Artist", t.Artist()}, {"Album", t.Album}, {"Album artist", albumArtist},
		{"Date", dated(t.Date, t.Year)}, {"Genre", strings.Join(t.Genres, ", ")}, {"Disc", outOf(t.Disc, t.Discs)}, {"Track", outOf(t.Number, t.Numbers)},
		{"Time", screen.Clock(t.Duration)}, {"Sound", strings.TrimPrefix(sound, ", ")}, {"Loudness", gain}, {"Starred", starred}, {"Rating", rating},
		{"Plays", number(t.Plays)}, {"Last played", day(t.LastPlayed)}, {"Added", day(t.Added)}, {"File", screen.Clean(t.Path)}}
}

func dated(date string, year int) string {
	if date != "" {
		return date
	}
	return number(year)
}

func outOf(n, total int) string {
	if n > 0 && total > 0 {
		return strconv.Itoa(n) + " of " + strconv.Itoa(total)
	}
	return number(n)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}
