// Package cue reads cue sheets: the lists that divide one long file into the
// tracks of an album, to 1/75 of a second.
//
// It does no I/O, has no goroutines and knows no files: names in a sheet are
// given back as they stand, and whoever asked finds out what they mean. Sheets
// are written by hand and by many programs; what can be understood is kept, and
// every line that cannot is named in an error.
package cue

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"segue/internal/music"
)

// PerSecond is the number of a cue sheet's frames in a second.
const PerSecond = 75

// Limits on what is read of a sheet.
const (
	maxText   = 1 << 20
	maxTracks = 999
	maxErrors = 20
	maxValue  = 4 << 10
)

// Sheet is a cue sheet. Texts are valid UTF-8 without control characters.
type Sheet struct {
	Performer, Title string
	Songwriter       string
	Date, Genre      string // of REM DATE and REM GENRE
	Comment          string
	Catalog          string     // the album's EAN
	DiscID           string     // freedb's
	Disc, Discs      int        // 0 = unknown
	Gain             music.Gain // the album half of it
	Tracks           []Track    // audio only, in the sheet's order
}

// Track is one track of a sheet. It ends where the next track with the same File starts,
// or at that file's end.
type Track struct {
	Number     int // as the sheet says, 1 to 999
	Title      string
	Performer  string // the sheet's where the track has none
	Songwriter string
	File       string // as the sheet says, empty where it names none (embedded sheets)
	Start      int    // INDEX 01 in 1/75 s from the begin of File
	Gap        int    // INDEX 00 in 1/75 s, where the silence before the track begins in File; -1 = there is none
	ISRC       string
	Date       string // where the track has one of its own
	Genre      string
	Gain       music.Gain // the album half is the sheet's
}

// Frame is the first frame of the track in a file of so many frames a second.
// It is exact where rate is a multiple of 75, as it is for 44.1 and 48 kHz, and rounded down elsewhere.
func (t Track) Frame(rate int) int64 { return int64(t.Start) * int64(rate) / PerSecond }

// ErrNoTracks says that a text has no track that could be played.
var ErrNoTracks = errors.New("cue: no tracks in it")

// Parse reads the text of a sheet. Each line that is wrong gives one error that
// begins with its number; what is right is in the sheet all the same.
func Parse(text string) (Sheet, []error) {
	p := parser{}
	if len(text) > maxText {
		text = text[:maxText]
		p.errs = append(p.errs, fmt.Errorf("cue: longer than %d KiB, the rest is left out", maxText>>10))
	}
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	for l := range strings.SplitSeq(text, "\n") {
		p.n++
		p.line(l)
	}
	p.flush()
	p.inherit()
	if len(p.sheet.Tracks) == 0 {
		p.errs = append(p.errs, ErrNoTracks)
	}
	return p.sheet, p.errs
}

// clean takes out of a text what has no place in a name.
func clean(s string) string {
	if len(s) > maxValue {
		s = s[:maxValue]
	}
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r == '\ufeff':
			return -1
		}
		return r
	}, music.WithoutEscapes(s))
	return strings.TrimSpace(s)
}
