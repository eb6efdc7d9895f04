package tags_test

import (
	"encoding/binary"
	"reflect"
	"testing"
	"time"

	"segue/internal/tags"
)

// same compares two Tags field by field.
func same(t *testing.T, got, want tags.Tags) {
	t.Helper()
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.NumField() {
		if !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
			t.Errorf("%s is %#v, want %#v", g.Type().Field(i).Name, g.Field(i), w.Field(i))
		}
	}
}

func TestALesserTagFillsTheGapsOfTheBetter(t *testing.T) {
	file := cat(id3v2(3, 0, latin1("TIT2", "A title that is longer than thirty letters")), mp3(8),
		ape("Artist", "Anna\x00Bob", "Title", "worse", "REPLAYGAIN_TRACK_GAIN", "-3.00 dB", "Track", "4/9", "Year", "1998"),
		id3v1("A title that is longer than th", "Anna & Bob", "Album", "1999", 5, 8))
	got := read(t, "a.mp3", file)
	if got.Title != "A title that is longer than thirty letters" || len(got.Artists) != 2 || got.Album != "Album" {
		t.Errorf("title %q, artists %q, album %q", got.Title, got.Artists, got.Album)
	}
	if got.Number != 4 || got.Numbers != 9 || got.Year != 1998 || got.Genres[0] != "Jazz" || got.Gain.TrackDB != -3 {
		t.Errorf("track %d/%d, year %d, genres %q, gain %+v", got.Number, got.Numbers, got.Year, got.Genres, got.Gain)
	}
	if want := 8 * 1152 * time.Second / 44100; got.Duration < want-2*time.Millisecond || got.Duration > want+2*time.Millisecond {
		t.Errorf("duration %v, want %v: the tags are no sound", got.Duration, want)
	}
}

func TestTheLengthOfAnMP3IsExact(t *testing.T) {
	vbri := mp3(1)
	copy(vbri[36:], "VBRI")
	binary.BigEndian.PutUint32(vbri[36+14:], 8)
	tests := []struct {
		name string
		file []byte
		want int64
	}{
		{"delay and padding", cat(xing(8, 576, 1000), mp3(8)), 8*1152 - 1576},
		{"tag in front", cat(id3v2(3, 0, latin1("TIT2", "x")), xing(8, 576, 576), mp3(8)), 8*1152 - 1152},
		{"head of Fraunhofer", cat(vbri, mp3(8)), 8 * 1152},
		{"delay and padding longer than the sound", cat(xing(1, 4000, 4000), mp3(1)), 1152},
		{"rubbish in front", cat(make([]byte, 5000), xing(8, 576, 1000), mp3(8)), 8*1152 - 1576},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(t, "a.mp3", tt.file); got.Frames != tt.want {
				t.Errorf("%d frames, want %d", got.Frames, tt.want)
			}
		})
	}
}

func TestAnMP3CutInHalfIsNotExact(t *testing.T) {
	head := xing(1000, 576, 576)
	copy(head[40:], "\x00\x00\x00\x03")
	copy(head[52:], head[48:390])
	binary.BigEndian.PutUint32(head[48:], 1000*417)
	got := read(t, "a.mp3", cat(head, mp3(500)))
	if got.Frames != -1 || len(got.Warnings) != 1 {
		t.Errorf("%d frames, warnings %q", got.Frames, got.Warnings)
	}
	if s := got.Duration.Seconds(); s < 12.5 || s > 13.5 {
		t.Errorf("%v, want half of 26 s", got.Duration)
	}
}

func TestALengthWithoutAnyHeadIsAGoodGuess(t *testing.T) {
	slow := mp3(1)[:104] // 32 kbit/s
	slow[2] = 0x10
	var changing []byte
	for range 400 {
		changing = cat(changing, slow, mp3(1), mp3(1))
	}
	for name, file := range map[string][]byte{"constant": mp3(1200), "changing": changing} {
		want := 1200 * 1152 * time.Second / 44100
		got := read(t, "a.mp3", file)
		if d := got.Duration - want; d > want/50 || d < -want/50 || got.Frames != -1 {
			t.Errorf("%s: %v (%d frames), want about %v", name, got.Duration, got.Frames, want)
		}
	}
}
