package decode

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// seeds are the tiny files of testdata, made by sox, flac, oggenc, opusenc, lame and ffmpeg
// from 40 to 200 ms of sines.
func seeds(tb testing.TB) map[string][]byte {
	tb.Helper()
	names, err := filepath.Glob("testdata/tiny.*")
	if err != nil || len(names) == 0 {
		tb.Fatalf("no seeds: %v", err)
	}
	out := map[string][]byte{}
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			tb.Fatal(err)
		}
		out[filepath.Base(n)] = b
	}
	return out
}

// FuzzOpen: no input crashes or hangs a decoder, or makes it give half frames. ffmpeg is kept out.
func FuzzOpen(f *testing.F) {
	for _, b := range seeds(f) {
		f.Add(b, true)
	}
	f.Setenv("PATH", "")
	f.Fuzz(func(t *testing.T, b []byte, seekable bool) {
		if seekable {
			exercise(t, bytes.NewReader(b), "fuzz")
		} else {
			exercise(t, onlyReads(string(b)), "fuzz")
		}
	})
}

// FuzzMP4Index: the walk over the boxes ends, and finds no length below zero.
func FuzzMP4Index(f *testing.F) {
	f.Add(seeds(f)["tiny.m4a"])
	f.Fuzz(func(t *testing.T, b []byte) {
		s := newStream(Input{R: bytes.NewReader(b), Size: int64(len(b))})
		m := readMP4(s)
		if m.frames() < 0 {
			t.Errorf("%+v", m)
		}
		_ = indexLast(s)
	})
}

// TestTheMP4IndexTellsTheExactLength where ffmpeg's own edit list has rounded it.
func TestTheMP4IndexTellsTheExactLength(t *testing.T) {
	b := seeds(t)["tiny.m4a"]
	m := readMP4(newStream(Input{R: bytes.NewReader(b), Size: int64(len(b))}))
	if m.frames() != 3200 || m.scale != 16000 {
		t.Errorf("%+v", m)
	}
}
