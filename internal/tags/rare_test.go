package tags_test

import (
	"bytes"
	"encoding/binary"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/tags"
)

func TestAllThatWindowsMediaSaysIsRead(t *testing.T) {
	b := wma()
	got := read(t, "a.wma", b)
	if got.Title != "Títle" || !slices.Equal(got.Artists, []string{"Anna", "Bert"}) || !slices.Equal(got.AlbumArtists, []string{"Both"}) || got.Album != "Records" {
		t.Errorf("title %q, artists %q of %q, album %q", got.Title, got.Artists, got.AlbumArtists, got.Album)
	}
	if got.Number != 3 || got.Disc != 1 || got.Discs != 2 || got.Year != 1999 || !got.Compilation || got.Comment != "Words" {
		t.Errorf("number %d, disc %d of %d, year %d, compilation %v, comment %q", got.Number, got.Disc, got.Discs, got.Year, got.Compilation, got.Comment)
	}
	if got.MBAlbum != "an-id" || !got.Gain.HasTrack || got.Gain.TrackDB != -7 || !slices.Equal(got.Genres, []string{"Jazz"}) {
		t.Errorf("id %q, gain %+v, genres %q", got.MBAlbum, got.Gain, got.Genres)
	}
	if a := got.Audio; a.Codec != "WMA" || a.Rate != 44100 || a.Channels != 2 || a.Bitrate != 128 || got.Duration != 3*time.Second || got.Frames != -1 {
		t.Errorf("%+v, %v, %d frames", a, got.Duration, got.Frames)
	}
	mime, data, err := tags.CoverFrom(readerAt(b), int64(len(b)), "a.wma")
	if err != nil || mime != "image/jpeg" || string(data) != "\xff\xd8\xffcover" || !got.HasCover {
		t.Errorf("cover %q %q, %v", mime, data, err)
	}
}

func TestAWindowsMediaFileThatIsCutOffGivesWhatIsThere(t *testing.T) {
	whole := wma()
	for n := range whole {
		got, err := tags.ReadFrom(readerAt(whole[:n]), int64(n), "a.wma")
		checkSane(t, got, err)
		if n > 400 && n < len(whole)-600 && got.Title != "Títle" {
			t.Fatalf("%d bytes: title %q, %v", n, got.Title, err)
		}
		_, data, _ := tags.CoverFrom(readerAt(whole[:n]), int64(n), "a.wma") // its error is the one above
		if len(data) > 8 {
			t.Fatalf("%d bytes: a picture of %d", n, len(data))
		}
	}
}

func TestMusepackOfAllVersionsIsMeasured(t *testing.T) {
	old := make([]byte, 500)
	binary.LittleEndian.PutUint32(old, 128<<23|5<<11)
	binary.LittleEndian.PutUint32(old[4:], 100)
	samples := func(n, rate int) time.Duration { return time.Duration(n) * time.Second / time.Duration(rate) }
	tests := []struct {
		name  string
		bytes []byte
		rate  int
		want  time.Duration
	}{
		{"stream version 8", musepack8(), 48000, samples(144_000, 48000)},
		{"stream version 7", musepack7(), 48000, samples(99*1152+500, 48000)},
		{"stream version 5", cat(old, ape("Title", "x", "Artist", "Anna")), 44100, samples(100*1152-481, 44100)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read(t, "a.mpc", tt.bytes)
			if got.Title != "x" || !slices.Equal(got.Artists, []string{"Anna"}) {
				t.Errorf("title %q, artists %q", got.Title, got.Artists)
			}
			if d := got.Duration - tt.want; d.Abs() > time.Microsecond || got.Audio.Rate != tt.rate || got.Audio.Channels != 2 || got.Audio.Codec != "Musepack" {
				t.Errorf("%v of %+v, want %v", got.Duration, got.Audio, tt.want)
			}
		})
	}
}

func TestNoiseInAMusepackNameIsNoMusepack(t *testing.T) {
	if _, err := tags.ReadFrom(readerAt(make([]byte, 500)), 500, "a.mpc"); err == nil {
		t.Error("zeros are taken for music")
	}
}

func TestDSDIFFIsReadAndItsID3BeatsItsWords(t *testing.T) {
	got := read(t, "a.dff", dff())
	if got.Title != "x" || got.Artists[0] != "Anna" || got.Frames != 8000 || got.Audio.Rate != 2822400 || got.Audio.Channels != 2 || got.Audio.Bits != 1 {
		t.Errorf("title %q, artists %q, %d frames of %+v", got.Title, got.Artists, got.Frames, got.Audio)
	}
	got = read(t, "a.dff", dff(id3v2(3, 0, latin1("TIT2", "Title"))))
	if got.Title != "Title" || got.Artists[0] != "Anna" {
		t.Errorf("title %q, artists %q", got.Title, got.Artists)
	}
}

func TestOldMonkeysAndOptimFROGAreCounted(t *testing.T) {
	tag := ape("Title", "x")
	monkey := cat([]byte("MAC "), le(2, 3920, 2000, 0, 2), le(4, 44100, 0, 0, 10, 1000, 0), make([]byte, 200), tag)
	if got := read(t, "a.ape", monkey); got.Frames != 9*73728+1000 || got.Title != "x" || got.Audio.Rate != 44100 {
		t.Errorf("%d frames of %+v, title %q", got.Frames, got.Audio, got.Title)
	}
	frog := cat([]byte("OFR "), le(4, 15, 88200), le(2, 0), le(1, 2, 1), le(4, 44100), make([]byte, 100), tag)
	if got := read(t, "a.ofr", frog); got.Frames != 44100 || got.Title != "x" || got.Audio.Channels != 2 {
		t.Errorf("%d frames of %+v, title %q", got.Frames, got.Audio, got.Title)
	}
}

// TestWavPackOfManyChannelsAndOddRatesIsRead asks a real encoder.
func TestWavPackOfManyChannelsAndOddRatesIsRead(t *testing.T) {
	dir := t.TempDir()
	in := wavFile(t, dir)
	for name, args := range map[string][]string{"six": {"-ac", "6"}, "odd": {"-ar", "12345"}} {
		path := filepath.Join(dir, name+".wv")
		run(t, "ffmpeg", append(append([]string{"-v", "error", "-i", in}, args...), "-metadata", "title=x", path)...)
		got, err := tags.Read(path)
		if err != nil || got.Title != "x" {
			t.Fatalf("%s: title %q, %v", name, got.Title, err)
		}
		channels, rate := 2, 12345
		if name == "six" {
			channels, rate = 6, 44100
		}
		if a := got.Audio; a.Channels != channels || a.Rate != rate || a.Bits != 16 || got.Duration.Round(10*time.Millisecond) != 3200*time.Millisecond {
			t.Errorf("%s: %+v, %v", name, a, got.Duration)
		}
	}
	dsd := make([]byte, 32+6+4)
	copy(dsd, "wvpk\x22\x00\x00\x00\x10\x04")
	binary.LittleEndian.PutUint32(dsd[12:], 352800)
	binary.LittleEndian.PutUint32(dsd[24:], 1<<31|0x1800|15<<23)
	copy(dsd[32:], "\x67\x02\x20\x62\x05\x00") // 352,800 Hz, of eight samples each
	copy(dsd[38:], "\x4e\x01\x00\x00")
	if got := read(t, "a.wv", cat(dsd, ape("Title", "x"))); got.Audio.Rate != 2822400 || got.Frames != 2822400 || got.Audio.Bits != 1 || got.Duration != time.Second {
		t.Errorf("DSD: %d frames of %+v, %v", got.Frames, got.Audio, got.Duration)
	}
}

func TestAnEmbeddedFileOfARareFormatIsRead(t *testing.T) {
	b := wma()
	if got := read(t, "stream.bin", b); !strings.HasPrefix(got.Title, "T") || got.Duration != 3*time.Second {
		t.Errorf("title %q, %v", got.Title, got.Duration)
	}
}

// TestObjectsInObjectsInObjectsAreNotFollowed: a file of them is read on no deeper stack.
func TestObjectsInObjectsInObjectsAreNotFollowed(t *testing.T) {
	b := wma()
	const more, deep = "\xb5\x03\xbf\x5f\x2e\xa9\xcf\x11", 300_000
	objects := bytes.Clone(b[30 : len(b)-500])
	nested := make([]byte, 0, deep*46)
	for left := deep; left > 0; left-- {
		nested = append(nested, cat([]byte(more), make([]byte, 8), le(8, uint64(left*46)), make([]byte, 22))...)
	}
	objects = append(objects, nested...)
	file := cat(b[:16], le(8, uint64(30+len(objects))), b[24:30], objects, make([]byte, 500))
	old := debug.SetMaxStack(16 << 20) // deeper is the end of the program
	defer debug.SetMaxStack(old)
	if got := read(t, "a.wma", file); got.Title != "Títle" || got.Album != "Records" {
		t.Errorf("%+v", got)
	}
}
