package tags_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"segue/internal/tags"
)

// samples are the smallest files that show what each reader can do, by the name
// under which they are read.
func samples() map[string][]byte {
	apic := frame{id: "APIC", body: []byte("\x00image/png\x00\x03\x00\x89PNG picture")}
	all := id3v2(4, 0, utf8Text("TIT2", "Title"), latin1("TPE1", "\xcf\xf0\xe8\xe2\xe5\xf2"), utf16le("TALB", "Album", true), utf8Text("TCON", "(17)"),
		userText("REPLAYGAIN_TRACK_GAIN", "-7 dB"), frame{id: "COMM", body: []byte("\x01eng\xff\xfe\x00\x00\xff\xfea\x00")},
		frame{id: "SYLT", body: cat([]byte("\x03eng\x02\x01\x00one\x00"), be32(1000))}, frame{id: "RVA2", body: []byte("track\x00\x01\xf2\x00\x10\x40\x00")}, apic)
	sheet := make([]byte, 396+36+12)
	sheet[395], sheet[396+8], sheet[396+35] = 1, 1, 1
	return map[string][]byte{
		"id3v24.mp3": cat(all, xing(2, 576, 576), mp3(2)),
		"id3v23.mp3": cat(id3raw(3, 0x80, unsync(id3v2(3, 0, latin1("TIT2", "x"), apic)[10:])), mp3(2)),
		"id3v22.mp3": cat(id3v2(2, 0, latin1("TT2", "x"), frame{id: "PIC", body: []byte("\x00PNG\x03\x00\x89PNG picture")}), mp3(2)),
		"tail.mp3":   cat(mp3(2), ape("Title", "x", "Cover Art (Front)", "a\x00\xff\xd8\xff"), id3v1("t", "a", "l", "1999", 3, 17)),
		"aac.aac":    bytes.Repeat(cat([]byte{0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc}, make([]byte, 9)), 5),
		"all.flac":   flac(block(4, false, comments(fields()...)), block(5, false, sheet), block(6, false, flacPicture(3, "image/png", []byte("\x89PNG")))),
		"vorbis.ogg": cat(page(7, 2, 0, []byte("\x01vorbis\x00\x00\x00\x00\x02\x44\xac\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xb8\x01")), page(7, 0, 0, append([]byte("\x03vorbis"), comments("TITLE=x")...), []byte("\x05vorbis")), page(7, 4, 44100, []byte("sound"))),
		"opus.opus":  opus(7, 0, 3, "TITLE=x", "R128_TRACK_GAIN=-512"),
		"flac.oga":   cat(page(7, 2, 0, cat([]byte("\x7fFLAC\x01\x00\x00\x01fLaC"), block(0, false, streamInfo(100)))), page(7, 0, 0, block(4, true, comments("TITLE=x"))), page(7, 4, 100, []byte("\xff\xf8sound"))),
		"all.m4a":    m4a(45124, true, box("\xa9nam", data(1, "Title")), box("trkn", data(0, "\x00\x00\x00\x03\x00\x0c\x00\x00")), free("iTunSMPB", " 0 840 104 A9FC"), box("covr", data(13, "\xff\xd8\xff"))),
		"new.ape":    monkey(),
		"tag.dsf":    dsf(),
		"ape.tta":    cat([]byte("TTA1\x01\x00\x02\x00\x10\x00\x44\xac\x00\x00\x64\x00\x00\x00"), make([]byte, 40), ape("Title", "x")),
		"ape.wv":     wavpack(),
		"all.wma":    wma(),
		"sv7.mpc":    musepack7(),
		"sv8.mpc":    musepack8(),
		"id3.dff":    dff(id3v2(3, 0, latin1("TIT2", "x"))),
		"info.wav":   wave(pcmFormat(), riffChunk("LIST", cat([]byte("INFO"), riffChunk("INAM", []byte("x")))), riffChunk("data", make([]byte, 40)), riffChunk("id3 ", id3v2(3, 0, latin1("TIT2", "x")))),
		"id3.aiff":   aiff(iffChunk("COMM", []byte("\x00\x02\x00\x00\x00\x0a\x00\x10\x40\x0e\xac\x44\x00\x00\x00\x00\x00\x00")), iffChunk("NAME", []byte("x")), iffChunk("SSND", make([]byte, 48)), iffChunk("ID3 ", id3v2(3, 0, latin1("TALB", "x")))),
	}
}

// TestTheCorpusIsWhatTheWritersMake keeps testdata/ equal to samples();
// SEGUE_WRITE_TESTDATA=1 writes it anew.
func TestTheCorpusIsWhatTheWritersMake(t *testing.T) {
	for name, want := range samples() {
		path := filepath.Join("testdata", name)
		if os.Getenv("SEGUE_WRITE_TESTDATA") == "1" {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			writeFile(t, path, want)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what samples() makes (%v)", path, err)
		}
		if got, err := tags.Read(path); err != nil || got.Audio.Codec == "" {
			t.Errorf("%s: %+v, %v", name, got.Audio, err)
		}
	}
}

// fuzz reads any bytes under a name of the given kind.
func fuzz(f *testing.F, exts ...string) {
	for _, ext := range exts {
		paths, err := filepath.Glob(filepath.Join("testdata", "*."+ext))
		if err != nil || len(paths) == 0 {
			f.Fatalf("no corpus for %s: %v", ext, err)
		}
		for _, path := range paths {
			b, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			t.Skip()
		}
		got, err := tags.ReadFrom(bytes.NewReader(b), int64(len(b)), "a."+exts[0])
		checkSane(t, got, err)
		_, data, err := tags.CoverFrom(bytes.NewReader(b), int64(len(b)), "a."+exts[0])
		if len(data) > len(b) && err != nil {
			t.Errorf("a picture of %d bytes out of %d, with %v", len(data), len(b), err)
		}
	})
}

// checkSane looks for what must never come out.
func checkSane(t *testing.T, got tags.Tags, err error) {
	t.Helper()
	if err != nil && (strings.ContainsAny(err.Error(), "\n\x00\x1b") || len(err.Error()) > 1000) {
		t.Errorf("error %q is not one clean line", err)
	}
	if got.Frames < -1 || got.Duration < 0 || got.Number < 0 || got.Audio.Bitrate < 0 || got.Audio.Rate < 0 || got.Audio.Channels < 0 || got.Year < 0 || got.Year > 9999 {
		t.Errorf("numbers: %+v", got)
	}
	if len(got.Warnings) > 8 {
		t.Errorf("%d warnings", len(got.Warnings))
	}
	v := reflect.ValueOf(got)
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		switch field := v.Field(i).Interface().(type) {
		case string:
			checkText(t, name, field)
		case []string:
			if len(field) > 64 {
				t.Errorf("%s has %d entries", name, len(field))
			}
			for _, s := range field {
				checkText(t, name, s)
			}
		}
	}
}

func checkText(t *testing.T, name, s string) {
	t.Helper()
	control := "\x00\x1b\x07\r\u0085"
	if name != "Comment" && name != "Lyrics" && name != "CueSheet" {
		control += "\n\t"
	}
	if !utf8.ValidString(s) || strings.ContainsAny(s, control) || strings.TrimSpace(s) != s && name != "CueSheet" || len(s) > 1<<20 {
		t.Errorf("%s is %q", name, s)
	}
}

func FuzzMP3(f *testing.F)      { fuzz(f, "mp3", "aac") }
func FuzzFLAC(f *testing.F)     { fuzz(f, "flac") }
func FuzzOgg(f *testing.F)      { fuzz(f, "ogg", "opus", "oga") }
func FuzzMP4(f *testing.F)      { fuzz(f, "m4a") }
func FuzzWAV(f *testing.F)      { fuzz(f, "wav") }
func FuzzLossless(f *testing.F) { fuzz(f, "wv", "ape", "tta", "dsf") }
func FuzzRare(f *testing.F)     { fuzz(f, "wma", "mpc", "dff") }
func FuzzAIFF(f *testing.F)     { fuzz(f, "aiff") }
