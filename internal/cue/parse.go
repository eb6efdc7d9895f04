package cue

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// parser is one reading of one sheet.
type parser struct {
	sheet Sheet
	track *Track // that is being read; nil before the first
	audio bool   // and whether it is sound
	at    bool   // and whether INDEX 01 was there
	file  string
	n     int
	errs  []error
}

func (p *parser) fail(format string, args ...any) {
	if len(p.errs) < maxErrors {
		p.errs = append(p.errs, fmt.Errorf("cue: line %d: %w", p.n, fmt.Errorf(format, args...)))
	}
}

// line takes one line: a command and its words.
func (p *parser) line(l string) {
	command, rest := word(l)
	switch strings.ToUpper(command) {
	case "FILE":
		p.fileLine(rest)
	case "TRACK":
		p.trackLine(rest)
	case "INDEX":
		p.indexLine(rest)
	case "REM":
		key, value := word(rest)
		p.remark(strings.ToUpper(key), value)
	case "TITLE":
		p.set(&p.sheet.Title, func(t *Track) *string { return &t.Title }, rest)
	case "PERFORMER":
		p.set(&p.sheet.Performer, func(t *Track) *string { return &t.Performer }, rest)
	case "SONGWRITER", "COMPOSER":
		p.set(&p.sheet.Songwriter, func(t *Track) *string { return &t.Songwriter }, rest)
	case "CATALOG":
		p.sheet.Catalog = value(rest)
	case "ISRC":
		p.set(nil, func(t *Track) *string { return &t.ISRC }, rest)
	case "", "FLAGS", "PREGAP", "POSTGAP", "CDTEXTFILE", "ARRANGER", "MESSAGE", "DISC_ID", "GENRE", "SIZE_INFO", "TOC_INFO1", "TOC_INFO2", "UPC_EAN":
		// silence that is not in the file, and what no player needs
	default:
		p.fail("%.40q is no command of a cue sheet", clean(command))
	}
}

// word is the first word of a line, and what follows it.
func word(l string) (first, rest string) {
	l = strings.TrimLeft(l, " \t\u00a0")
	i := strings.IndexAny(l, " \t")
	if i < 0 {
		return l, ""
	}
	return l[:i], l[i:]
}

// value is what stands behind a command: quoted, or all of the line. A quote
// inside of quotes is part of the text, and a missing last one is forgiven.
func value(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 0 && s[0] == '"' {
		s = s[1:]
		if i := strings.LastIndexByte(s, '"'); i >= 0 {
			s = s[:i]
		}
	}
	return clean(s)
}

// set sets a text of the track that is being read, or of the sheet before the first.
func (p *parser) set(sheet *string, track func(*Track) *string, rest string) {
	switch {
	case p.track != nil:
		*track(p.track) = value(rest)
	case sheet != nil:
		*sheet = value(rest)
	}
}

// fileLine takes FILE "name" TYPE.
func (p *parser) fileLine(rest string) {
	if p.at { // the track before is complete; one whose INDEX 01 comes after this line starts in the new file
		p.flush()
	}
	rest = strings.TrimSpace(rest)
	if strings.HasPrefix(rest, `"`) {
		if i := strings.LastIndexByte(rest, '"'); i > 0 {
			p.file = value(rest[:i+1])
			return
		}
		p.fail("the quotes around the file's name do not end")
		rest = rest[1:]
	}
	if i := strings.LastIndexAny(rest, " \t"); i > 0 && fileType(rest[i+1:]) {
		rest = rest[:i]
	}
	p.file = clean(rest)
}

func fileType(s string) bool {
	return slices.Contains([]string{"WAVE", "MP3", "AIFF", "BINARY", "MOTOROLA", "FLAC"}, strings.ToUpper(s))
}

// trackLine takes TRACK number type.
func (p *parser) trackLine(rest string) {
	p.flush()
	number, kind := word(rest)
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || n < 1 || n > maxTracks {
		p.fail("track number %.20q is none from 1 to %d", clean(number), maxTracks)
		n = len(p.sheet.Tracks) + 1
	}
	kind = clean(kind)
	p.audio = kind == "" || strings.EqualFold(kind, "AUDIO")
	p.track, p.at = &Track{Number: n, Gap: -1}, false
}

// indexLine takes INDEX number mm:ss:ff.
func (p *parser) indexLine(rest string) {
	if p.track == nil {
		p.fail("an index before the first track")
		return
	}
	number, when := word(rest)
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 99 {
		p.fail("index %.20q is no number from 0 to 99", clean(number))
		return
	}
	at, err := position(strings.TrimSpace(when))
	switch {
	case err != nil:
		p.fail("%w", err)
	case n == 0:
		p.track.Gap = at
	case n == 1 || !p.at:
		if p.track.Gap >= 0 && p.track.Gap > at { // its gap lies at the end of the file before
			p.track.Gap = -1
		}
		p.track.Start, p.track.File, p.at = at, p.file, true
	}
}

// position reads mm:ss:ff into 1/75 s.
func position(s string) (int, error) {
	parts := strings.Split(s, ":")
	if len(parts) != 3 {
		return 0, fmt.Errorf("time %.20q is not mm:ss:ff", clean(s))
	}
	var v [3]int
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return 0, fmt.Errorf("time %.20q is not mm:ss:ff", clean(s))
		}
		v[i] = int(n)
	}
	if v[1] > 59 || v[2] >= PerSecond {
		return 0, fmt.Errorf("time %.20q has more than 59 seconds or 74 frames", clean(s))
	}
	return (v[0]*60+v[1])*PerSecond + v[2], nil
}

// flush puts the track that was read to the others, if it can be played.
func (p *parser) flush() {
	t := p.track
	if t == nil {
		return
	}
	p.track = nil
	at := p.at
	p.at = false
	switch last := len(p.sheet.Tracks) - 1; {
	case !p.audio:
	case !at:
		p.fail("track %d before it has no index 01", t.Number)
	case len(p.sheet.Tracks) == maxTracks:
		p.fail("more than %d tracks", maxTracks)
	case last >= 0 && p.sheet.Tracks[last].File == t.File && p.sheet.Tracks[last].Start >= t.Start:
		p.fail("track %d before it starts before the one that precedes it", t.Number)
	default:
		p.sheet.Tracks = append(p.sheet.Tracks, *t)
	}
}

// inherit gives the tracks what the sheet says for all of them.
func (p *parser) inherit() {
	s := &p.sheet
	for i := range s.Tracks {
		t := &s.Tracks[i]
		if t.Performer == "" {
			t.Performer = s.Performer
		}
		t.Gain.AlbumDB, t.Gain.AlbumPeak, t.Gain.HasAlbum = s.Gain.AlbumDB, s.Gain.AlbumPeak, s.Gain.HasAlbum
	}
}

// remark takes REM KEY value.
func (p *parser) remark(key, rest string) {
	s := &p.sheet
	switch key {
	case "DATE", "YEAR":
		p.set(&s.Date, func(t *Track) *string { return &t.Date }, rest)
	case "GENRE":
		p.set(&s.Genre, func(t *Track) *string { return &t.Genre }, rest)
	case "COMMENT":
		if p.track == nil {
			s.Comment = value(rest)
		}
	case "DISCID":
		s.DiscID = value(rest)
	case "COMPOSER":
		p.set(&s.Songwriter, func(t *Track) *string { return &t.Songwriter }, rest)
	case "DISCNUMBER":
		p.count(&s.Disc, rest)
	case "TOTALDISCS", "DISCTOTAL":
		p.count(&s.Discs, rest)
	case "REPLAYGAIN_ALBUM_GAIN":
		p.decibels(&s.Gain.AlbumDB, &s.Gain.HasAlbum, rest)
	case "REPLAYGAIN_ALBUM_PEAK":
		p.peak(&s.Gain.AlbumPeak, rest)
	case "REPLAYGAIN_TRACK_GAIN":
		if p.track != nil {
			p.decibels(&p.track.Gain.TrackDB, &p.track.Gain.HasTrack, rest)
		}
	case "REPLAYGAIN_TRACK_PEAK":
		if p.track != nil {
			p.peak(&p.track.Gain.TrackPeak, rest)
		}
	}
}

func (p *parser) count(to *int, rest string) {
	n, err := strconv.Atoi(value(rest))
	if err != nil || n < 1 || n > 9999 {
		p.fail("%.20q is no count", value(rest))
		return
	}
	*to = n
}

func (p *parser) decibels(to *float64, has *bool, rest string) {
	v, err := number(rest)
	if err != nil || v < -64 || v > 64 {
		p.fail("%.20q is no gain in dB", value(rest))
		return
	}
	*to, *has = v, true
}

func (p *parser) peak(to *float64, rest string) {
	v, err := number(rest)
	if err != nil || v <= 0 || v > 100 {
		p.fail("%.20q is no peak", value(rest))
		return
	}
	*to = v
}

var errNumber = errors.New("no number")

// number reads "-6.42 dB".
func number(s string) (float64, error) {
	s, _ = word(value(s))
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, errNumber
	}
	return v, nil
}
