package cue_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"segue/internal/cue"
	"segue/internal/music"
)

const album = "\ufeffREM GENRE \"Trip Hop\"\r\nREM DATE 1998\r\nREM DISCID 7B0A1C0A\r\nREM DISCNUMBER 1\r\nREM TOTALDISCS 2\r\n" +
	"REM REPLAYGAIN_ALBUM_GAIN -6.42 dB\r\nREM REPLAYGAIN_ALBUM_PEAK 0.988\r\nCATALOG 0724384559953\r\n" +
	"PERFORMER \"The Band\"\r\nTITLE \"The \"Great\" Album\"\r\nFILE \"disc one.flac\" WAVE\r\n" +
	"  TRACK 01 AUDIO\r\n    TITLE \"One\"\r\n    ISRC GBAAA9800322\r\n    REM REPLAYGAIN_TRACK_GAIN -7.03 dB\r\n    INDEX 01 00:00:00\r\n" +
	"  TRACK 02 AUDIO\r\n    TITLE \"Two\"\r\n    PERFORMER \"A Guest\"\r\n    FLAGS DCP\r\n    INDEX 00 04:10:70\r\n    INDEX 01 04:12:01\r\n    INDEX 02 05:00:00\r\n" +
	"  TRACK 03 AUDIO\r\n    TITLE Three without quotes\r\n    PREGAP 00:02:00\r\n    INDEX 01 99:59:74\r\n"

func TestASheetIsReadWhole(t *testing.T) {
	s, errs := cue.Parse(album)
	if len(errs) > 0 {
		t.Fatalf("errors: %v", errs)
	}
	gain := music.Gain{AlbumDB: -6.42, AlbumPeak: 0.988, HasAlbum: true}
	first := gain
	first.TrackDB, first.HasTrack = -7.03, true
	want := []cue.Track{
		{Number: 1, Title: "One", Performer: "The Band", File: "disc one.flac", Start: 0, Gap: -1, ISRC: "GBAAA9800322", Gain: first},
		{Number: 2, Title: "Two", Performer: "A Guest", File: "disc one.flac", Start: 252*75 + 1, Gap: 250*75 + 70, Gain: gain},
		{Number: 3, Title: "Three without quotes", Performer: "The Band", File: "disc one.flac", Start: (99*60+59)*75 + 74, Gap: -1, Gain: gain},
	}
	if !slices.Equal(s.Tracks, want) {
		t.Errorf("tracks\n%+v\nwant\n%+v", s.Tracks, want)
	}
	s.Tracks = nil
	if s.Title != `The "Great" Album` || s.Genre != "Trip Hop" || s.Date != "1998" || s.Disc != 1 || s.Discs != 2 || s.Catalog != "0724384559953" || s.DiscID != "7B0A1C0A" {
		t.Errorf("sheet %+v", s)
	}
}

func TestAStartIsExactInFramesOfTheFile(t *testing.T) {
	tr := cue.Track{Start: 252*75 + 1}
	if got := tr.Frame(44100); got != 252*44100+588 {
		t.Errorf("frame %d, want %d", got, 252*44100+588)
	}
}

func TestAGapAtTheEndOfTheFileBeforeBelongsToThat(t *testing.T) {
	s, errs := cue.Parse("FILE \"1.wav\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 00 03:00:00\nFILE \"2.wav\" WAVE\nINDEX 01 00:00:00\n")
	if len(errs) > 0 || len(s.Tracks) != 2 {
		t.Fatalf("%+v, errors %v", s, errs)
	}
	if tr := s.Tracks[1]; tr.File != "2.wav" || tr.Start != 0 || tr.Gap != -1 {
		t.Errorf("second track %+v", tr)
	}
}

func TestWhatIsWrongIsNamedAndTheRestIsKept(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"time with letters", "FILE a WAVE\nTRACK 01 AUDIO\nINDEX 01 aa:00:00\n", `line 3: time "aa:00:00" is not mm:ss:ff`},
		{"seventy-five frames", "TRACK 01 AUDIO\nINDEX 01 00:00:75\n", "more than 59 seconds or 74 frames"},
		{"negative time", "TRACK 01 AUDIO\nINDEX 01 -1:00:00\n", "is not mm:ss:ff"},
		{"no index", "TRACK 01 AUDIO\nTRACK 02 AUDIO\nINDEX 01 00:01:00\n", "track 1 before it has no index 01"},
		{"backwards", "FILE a WAVE\nTRACK 01 AUDIO\nINDEX 01 05:00:00\nTRACK 02 AUDIO\nINDEX 01 04:00:00\n", "track 2 before it starts before"},
		{"track nought", "TRACK 0 AUDIO\nINDEX 01 00:00:00\n", "track number \"0\""},
		{"index outside", "INDEX 01 00:00:00\n", "before the first track"},
		{"another language", "<html>\n", "no command of a cue sheet"},
		{"endless quotes", "FILE \"a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n", "do not end"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := cue.Parse(tt.text)
			if len(errs) == 0 || !strings.Contains(errs[0].Error(), tt.want) {
				t.Errorf("errors %v, want %q", errs, tt.want)
			}
			for _, err := range errs {
				if strings.Contains(err.Error(), "\n") {
					t.Errorf("an error of two lines: %q", err)
				}
			}
		})
	}
}

func TestDataTracksAreNoMusic(t *testing.T) {
	s, errs := cue.Parse("FILE a.bin BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 10:00:00\n")
	if len(errs) > 0 || len(s.Tracks) != 1 || s.Tracks[0].Number != 2 || s.Tracks[0].File != "a.bin" {
		t.Errorf("%+v, errors %v", s, errs)
	}
}

func TestATextWithoutTracksSaysSo(t *testing.T) {
	for _, text := range []string{"", "\n\n", "TITLE \"x\"\n"} {
		if _, errs := cue.Parse(text); len(errs) != 1 || !errors.Is(errs[0], cue.ErrNoTracks) {
			t.Errorf("%q: errors %v", text, errs)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(album)
	f.Add("FILE \"\" WAVE\nTRACK 01 AUDIO\nINDEX 00 00:00:00\nINDEX 01 00:00:01")
	f.Add("TRACK 1\nINDEX 1 1:1:1\rTITLE \"\xff\x00\"\nREM REPLAYGAIN_TRACK_GAIN nan\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, errs := cue.Parse(text)
		if len(s.Tracks) == 0 && len(errs) == 0 {
			t.Error("neither tracks nor an error")
		}
		for i, tr := range s.Tracks {
			if tr.Start < 0 || tr.Number < 1 || !utf8.ValidString(tr.Title+tr.Performer+tr.File) || strings.ContainsAny(tr.Title, "\x00\n\x1b") {
				t.Errorf("track %+v", tr)
			}
			if i > 0 && s.Tracks[i-1].File == tr.File && s.Tracks[i-1].Start >= tr.Start {
				t.Errorf("track %d does not follow its predecessor", i)
			}
		}
	})
}
