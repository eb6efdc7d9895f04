package tags_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"segue/internal/tags"
)

// TestCoversOfRealEncodersComeBackAsTheyWentIn has each program embed a picture,
// and reads it from many goroutines at once.
func TestCoversOfRealEncodersComeBackAsTheyWentIn(t *testing.T) {
	dir := t.TempDir()
	in, jpg := wavFile(t, dir), filepath.Join(dir, "cover.jpg")
	run(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "mandelbrot=size=320x320", "-frames:v", "1", "-q:v", "2", jpg)
	want, err := os.ReadFile(jpg)
	if err != nil {
		t.Fatal(err)
	}
	out := func(name string) string { return filepath.Join(dir, name) }
	run(t, "flac", "-s", "--picture", jpg, "-o", out("a.flac"), in)
	run(t, "lame", "--quiet", "--tt", "x", "--ti", jpg, in, out("a.mp3"))
	run(t, "opusenc", "--quiet", "--picture", jpg, in, out("a.opus"))
	run(t, "ffmpeg", "-v", "error", "-i", in, "-i", jpg, "-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic", "-c:a", "aac", out("a.m4a"))
	var all sync.WaitGroup
	for _, name := range []string{"a.flac", "a.mp3", "a.opus", "a.m4a"} {
		for range 4 {
			all.Go(func() {
				mime, got, err := tags.Cover(out(name))
				if err != nil || mime != "image/jpeg" || !bytes.Equal(got, want) {
					t.Errorf("%s: %s, %d bytes, %v; want %d", name, mime, len(got), err, len(want))
				}
				if tg, err := tags.Read(out(name)); err != nil || !tg.HasCover {
					t.Errorf("%s: HasCover %v, %v", name, tg.HasCover, err)
				}
			})
		}
	}
	all.Wait()
}

func TestIsAudioKnowsFilesByTheirExtension(t *testing.T) {
	for name, want := range map[string]bool{
		"a.mp3": true, "A.FLAC": true, "dir.x/b.Opus": true, "a.m4a": true, "x.wv": true, "x.dsf": true, "x.mp+": true,
		"a.jpg": false, "mp3": false, ".mp3": false, "a.mp3.txt": false, "a.": false, "": false, "a.cue": false, "a.longextension": false,
	} {
		if got := tags.IsAudio(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func TestDatesOfAllShapesAreUnderstood(t *testing.T) {
	for in, want := range map[string]struct {
		date string
		year int
	}{
		"1999": {"1999", 1999}, "1999-12": {"1999-12", 1999}, "1999-12-31": {"1999-12-31", 1999}, "19991231": {"1999-12-31", 1999},
		"1999/12/31": {"1999-12-31", 1999}, "31.12.1999": {"1999-12-31", 1999}, "1999-12-31T23:59:59Z": {"1999-12-31", 1999}, "1999-12-31 10:00": {"1999-12-31", 1999},
		"1999-00-00": {"1999", 1999}, "1999-13-40": {"1999", 1999}, "199912": {"1999-12", 1999}, "ca. 1999": {"1999", 1999}, "Dec 31, 1999": {"1999", 1999},
		"99": {"99", 0}, "0000": {"0000", 0}, "unknown": {"unknown", 0}, "12345": {"12345", 0}, "1741": {"1741", 1741},
	} {
		got := read(t, "a.flac", flac(block(4, false, comments("DATE="+in))))
		if got.Date != want.date || got.Year != want.year {
			t.Errorf("%q: %q, %d; want %q, %d", in, got.Date, got.Year, want.date, want.year)
		}
	}
}
