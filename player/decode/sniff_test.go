package decode

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWrongFilesAreNamedForWhatTheyAre: whatever their names say.
func TestWrongFilesAreNamedForWhatTheyAre(t *testing.T) {
	noise := make([]byte, 50_000)
	seed := uint32(7)
	for i := range noise {
		seed = seed*1664525 + 1013904223
		noise[i] = byte(seed >> 24)
	}
	cases := []struct{ name, content, want string }{
		{"a picture.mp3", "\x89PNG\r\n\x1a\n" + string(noise), "this is a PNG picture, not audio"},
		{"photo.flac", "\xff\xd8\xff\xe0\x00\x10JFIF" + string(noise), "this is a JPEG picture, not audio"},
		{"a.ogg", "GIF89a" + string(noise), "this is a GIF picture, not audio"},
		{"a.wav", "RIFF\x00\x10\x00\x00WEBPVP8 " + string(noise), "this is a WebP picture, not audio"},
		{"a.wav", "RIFF\x00\x10\x00\x00AVI LIST" + string(noise), "this is an AVI video, not audio"},
		{"b.mp3", "%PDF-1.4\n" + string(noise), "this is a PDF document, not audio"},
		{"album.mp3", "PK\x03\x04" + string(noise), "this is a zip archive, not audio"},
		{"song.mp3", "<!DOCTYPE html><html>login</html>", "this is an HTML page, not audio"},
		{"song.mp3", "\n  <HTML lang=en>", "this is an HTML page, not audio"},
		{"list.mp3", "#EXTM3U\n/a/b.mp3\n", "this is a playlist, not audio"},
		{"notes.mp3", "just some words – naïve ones\n", "this is text, not audio"},
		{"notes.txt", strings.Repeat("é", 3000), "this is text, not audio"},
		{"song.mid", "MThd\x00\x00\x00\x06\x00\x01", "this is a MIDI file: notes, not audio"},
		{"empty.mp3", "", "the file is empty (0 bytes): not audio"},
		{"tag.mp3", "ID3\x03\x00\x00\x00\x00\x00\x02ab", "a tag and nothing behind it: not audio"},
		{"tag.mp3", "ID3\x03\x00\x00\x7f\x7f\x7f\x7fab", "a tag and nothing behind it: not audio"},
		{"noise.mp3", string(noise), "no known sound format: not audio"},
		{"noise", "\x00\x01\x02", "no known sound format: not audio"},
		{"zeros.mp3", string(make([]byte, 100_000)), "no known sound format: not audio"},
	}
	for _, c := range cases {
		t.Run(c.name+" "+c.want, func(t *testing.T) {
			p := filepath.Join(t.TempDir(), c.name)
			if err := os.WriteFile(p, []byte(c.content), 0o644); err != nil {
				t.Fatal(err)
			}
			src, err := File(p)
			if err == nil {
				t.Fatalf("opened as %+v", src.Info())
			}
			if want := "decode: open " + p + ": " + c.want; err.Error() != want || !errors.Is(err, ErrNotAudio) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			// A pipe with the same must say the same, without an end of reading.
			_, err = Open(Input{R: onlyReads(c.content), Size: -1, Name: c.name})
			if err == nil || !strings.HasSuffix(err.Error(), c.want) {
				t.Errorf("from a pipe: %v", err)
			}
		})
	}
}

func onlyReads(s string) io.Reader { return struct{ io.Reader }{strings.NewReader(s)} }

// TestFoldersAndMissingFilesAreSaidInALine too.
func TestFoldersAndMissingFilesAreSaidInALine(t *testing.T) {
	dir := t.TempDir()
	if _, err := File(dir); err == nil || !strings.Contains(err.Error(), "this is a folder, not audio") {
		t.Errorf("a folder: %v", err)
	}
	_, err := File(filepath.Join(dir, "no.mp3"))
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// TestNamesAreNotBelieved gives every codec another's name.
func TestNamesAreNotBelieved(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 20_000)
	for codec, args := range map[string][]string{
		"FLAC":   {"flac", "-s", "-o", "OUT", "IN"},
		"Vorbis": {"oggenc", "-Q", "-o", "OUT", "IN"},
		"Opus":   {"opusenc", "--quiet", "IN", "OUT"},
		"MP3":    {"lame", "--quiet", "IN", "OUT"},
		"AIFF":   {"sox", "IN", "-t", "aiff", "OUT"},
	} {
		p := filepath.Join(dir, codec+".wav")
		run(t, args[0], withFiles(args[1:], in.path, p)...)
		if got := mustOpen(t, p).Info().Codec; got != codec {
			t.Errorf("%s under the name of a WAV: %s", codec, got)
		}
	}
}

// TestTagsInFrontAreSteppedOver: ID3v2 before MP3, FLAC and AIFF, twice, with a footer, large.
func TestTagsInFrontAreSteppedOver(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 50_000)
	tag := func(n int, flags byte) []byte {
		b := []byte{'I', 'D', '3', 4, 0, flags, byte(n >> 21), byte(n >> 14 & 127), byte(n >> 7 & 127), byte(n & 127)}
		// What is in the tag must not be looked at: it may hold a picture, or a frame's sync.
		b = append(b, bytes.Repeat([]byte("\x89PNG\xff\xfb\x90\x00"), n/8)...)
		if flags != 0 {
			b = append(b, "3DI\x04\x00\x10\x00\x00\x00\x00"...)
		}
		return b
	}
	for _, c := range []struct {
		name string
		args []string
		tags []byte
	}{
		{"MP3, a small tag", []string{"lame", "--quiet", "IN", "OUT"}, tag(800, 0)},
		{"MP3, a large tag and another with a footer", []string{"lame", "--quiet", "IN", "OUT"}, append(tag(300_000, 0), tag(80, 0x10)...)},
		{"MP3, zeros behind the tag", []string{"lame", "--quiet", "IN", "OUT"}, append(tag(80, 0), make([]byte, 5000)...)},
		{"FLAC", []string{"flac", "-s", "-o", "OUT", "IN"}, tag(80_000, 0)},
		{"AIFF", []string{"sox", "IN", "-t", "aiff", "OUT"}, tag(4000, 0)},
	} {
		t.Run(c.name, func(t *testing.T) {
			plain := filepath.Join(t.TempDir(), "a")
			run(t, c.args[0], withFiles(c.args[1:], in.path, plain)...)
			want := all(t, mustOpen(t, plain))
			b, err := os.ReadFile(plain)
			if err != nil {
				t.Fatal(err)
			}
			whole := append(bytes.Clone(c.tags), b...)
			if err := os.WriteFile(plain, whole, 0o644); err != nil {
				t.Fatal(err)
			}
			src := mustOpen(t, plain)
			same(t, "file", all(t, src), want, 0)
			if _, err := src.Seek(src.Format().Duration(30_001)); err != nil {
				t.Fatal(err)
			}
			same(t, "after a seek", all(t, src), want[2*30_001:], 0)
			pipe := mustStream(t, onlyReads(string(whole)), "pipe")
			same(t, "pipe", all(t, pipe), want, 0)
		})
	}
}

// TestWithoutFFmpegTheMessageNamesIt: for what only it decodes.
func TestWithoutFFmpegTheMessageNamesIt(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Open(Input{R: strings.NewReader("wvpk" + string(make([]byte, 100))), Size: -1, Name: "a.wv"})
	if err == nil || err.Error() != "decode: open a.wv: WavPack needs ffmpeg: install it" || !errors.Is(err, ErrNeedsFFmpeg) {
		t.Error(err)
	}
}
