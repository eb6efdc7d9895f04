package tags

import (
	"bytes"
	"slices"
	"strings"
)

// field takes one "KEY" and its value, UTF-8, as Vorbis comments, APE items and
// the free fields of ID3 and MP4 write them. Keys of the other formats are
// translated to these first.
func (p *parser) field(key, val []byte) {
	if p.wantCover || len(key) > 40 || len(val) == 0 {
		return
	}
	var k [40]byte
	n := 0
	for _, c := range key {
		switch {
		case c == ' ' || c == '_' || c == '-':
			continue // "ALBUM ARTIST", "album_artist" and "ALBUMARTIST" are one
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		}
		k[n] = c
		n++
	}
	switch {
	case p.words(k[:n], val), p.numbers(k[:n], val), p.loudness(k[:n], val):
	default:
		p.ids(k[:n], val)
	}
}

// words takes the fields that are text.
func (p *parser) words(key, val []byte) bool {
	t := &p.t
	switch string(key) {
	case "TITLE":
		first(&t.Title, val)
	case "ARTIST":
		add(&t.Artists, val)
	case "ARTISTS":
		add(&p.artists, val)
	case "ALBUM":
		first(&t.Album, val)
	case "ALBUMARTIST":
		add(&t.AlbumArtists, val)
	case "ALBUMARTISTS":
		add(&p.albumArtists, val)
	case "COMPOSER":
		add(&t.Composers, val)
	case "GENRE":
		addGenres(&t.Genres, val)
	case "TITLESORT":
		first(&t.TitleSort, val)
	case "ALBUMSORT":
		first(&t.AlbumSort, val)
	case "ARTISTSORT":
		add(&t.ArtistSort, val)
	case "ALBUMARTISTSORT":
		add(&t.AlbumArtistSort, val)
	case "COMMENT", "DESCRIPTION":
		if t.Comment == "" {
			t.Comment = text(val, maxText)
		}
	case "LYRICS", "UNSYNCEDLYRICS", "SYNCEDLYRICS":
		p.lyrics(val)
	case "CUESHEET":
		if t.CueSheet == "" {
			t.CueSheet = text(val, maxLong)
		}
	default:
		return false
	}
	return true
}

// numbers takes counts and dates.
func (p *parser) numbers(key, val []byte) bool {
	t := &p.t
	switch string(key) {
	case "TRACKNUMBER", "TRACK":
		numbered(&t.Number, &t.Numbers, val)
	case "TRACKTOTAL", "TOTALTRACKS":
		count(&t.Numbers, val)
	case "DISCNUMBER", "DISC":
		numbered(&t.Disc, &t.Discs, val)
	case "DISCTOTAL", "TOTALDISCS":
		count(&t.Discs, val)
	case "DATE", "YEAR":
		day(&t.Date, val)
	case "ORIGINALDATE", "ORIGINALYEAR", "ORIGYEAR":
		day(&t.OriginalDate, val)
	case "COMPILATION", "ITUNESCOMPILATION":
		t.Compilation = t.Compilation || yes(val)
	case "BPM", "TBPM":
		if f, ok := decimal(val); ok && t.BPM == 0 && f > 0 && f < 2000 {
			t.BPM = f
		}
	default:
		return false
	}
	return true
}

// ids takes the MusicBrainz ids.
func (p *parser) ids(key, val []byte) {
	t := &p.t
	switch string(key) {
	case "MUSICBRAINZTRACKID":
		first(&t.MBRecording, val)
	case "MUSICBRAINZRELEASETRACKID":
		first(&t.MBTrack, val)
	case "MUSICBRAINZALBUMID":
		first(&t.MBAlbum, val)
	case "MUSICBRAINZRELEASEGROUPID":
		first(&t.MBReleaseGroup, val)
	case "MUSICBRAINZARTISTID":
		addIDs(&t.MBArtists, val)
	case "MUSICBRAINZALBUMARTISTID":
		addIDs(&t.MBAlbumArtists, val)
	}
}

// lyrics prefers lyrics with times in them to those without.
func (p *parser) lyrics(val []byte) {
	if p.t.Lyrics == "" || !synced(p.t.Lyrics) && synced(string(val[:min(len(val), maxLong)])) {
		p.t.Lyrics = text(val, maxLong)
	}
}

// synced reports whether a text has an LRC time such as "[01:23" at the begin of a line.
func synced(s string) bool {
	for l := range strings.SplitSeq(s, "\n") {
		l = strings.TrimSpace(l)
		if len(l) > 4 && l[0] == '[' && isDigit(l[1]) {
			if i := strings.IndexByte(l, ':'); i > 1 && i < 5 && i+1 < len(l) && isDigit(l[i+1]) {
				return true
			}
		}
	}
	return false
}

// first sets a text that is not set yet.
func first(to *string, val []byte) {
	if *to == "" {
		val, _, _ = bytes.Cut(bytes.Trim(val, "\x00"), []byte{0})
		*to = line(val)
	}
}

// add adds the values, divided by NULs, to a list that has each name once.
func add(to *[]string, val []byte) {
	for len(val) > 0 && len(*to) < maxList {
		var v []byte
		v, val, _ = bytes.Cut(val, []byte{0})
		addOne(to, v)
	}
}

func addOne(to *[]string, v []byte) {
	if s := line(v); s != "" && len(*to) < maxList && !slices.Contains(*to, s) {
		*to = append(*to, s)
	}
}

// addGenres divides at ';' too: no genre has one in its name. '/' stays ("Hip-Hop/Rap").
func addGenres(to *[]string, val []byte) {
	for len(val) > 0 && len(*to) < maxList {
		v := val
		if i := bytes.IndexAny(val, ";\x00"); i >= 0 {
			v, val = val[:i], val[i+1:]
		} else {
			val = nil
		}
		addOne(to, genreName(v))
	}
}

// addIDs divides ids, which have neither blanks nor any of these marks.
func addIDs(to *[]string, val []byte) {
	for _, v := range bytes.FieldsFunc(val[:min(len(val), maxLine)], func(r rune) bool {
		return r == 0 || r == ';' || r == '/' || r == ',' || r == ' '
	}) {
		addOne(to, v)
	}
}

func numbered(n, total *int, val []byte) {
	a, b := pair(val)
	if *n == 0 {
		*n = a
	}
	if *total == 0 {
		*total = b
	}
}

func count(n *int, val []byte) {
	if *n == 0 {
		*n, _ = leadingInt(val)
	}
}

// day keeps the most exact of the dates that a file gives.
func day(to *string, val []byte) {
	s := line(val)
	if len(s) > 64 {
		return
	}
	d, year := date(s)
	switch {
	case *to == "":
		*to = d
	case year > 0 && len(d) > len(*to) && strings.HasPrefix(d, *to):
		*to = d
	}
}

func yes(val []byte) bool {
	switch strings.ToLower(line(val)) {
	case "1", "true", "yes":
		return true
	}
	return false
}
