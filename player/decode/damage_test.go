package decode

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// encodings remembers what encoded made, by the number of frames.
var encodings = map[int]map[string][]byte{}

// encoded makes one short file of every codec that is decoded here, without ffmpeg. What
// it returns is shared: it is only read. Tests that run in parallel do not call it.
func encoded(t testing.TB, frames int) map[string][]byte {
	t.Helper()
	if files := encodings[frames]; files != nil {
		return files
	}
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, frames)
	files := map[string][]byte{}
	for name, args := range map[string][]string{
		"a.wav":  {"sox", "IN", "OUT"},
		"a.aiff": {"sox", "IN", "OUT"},
		"a.flac": {"flac", "-s", "-o", "OUT", "IN"},
		"a.oga":  {"flac", "-s", "--ogg", "-o", "OUT", "IN"},
		"a.ogg":  {"oggenc", "-Q", "-o", "OUT", "IN"},
		"a.opus": {"opusenc", "--quiet", "IN", "OUT"},
		"a.mp3":  {"lame", "--quiet", "-V5", "IN", "OUT"},
		"b.mp3":  {"lame", "--quiet", "-t", "IN", "OUT"},
	} {
		p := filepath.Join(dir, name)
		run(t, args[0], withFiles(args[1:], in.path, p)...)
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = b
	}
	encodings[frames] = files
	return files
}

// exercise opens, reads and seeks; it fails when that does not end.
func exercise(t testing.TB, r io.Reader, name string) {
	t.Helper()
	src, err := Open(Input{R: r, Size: -1, Name: name})
	if err != nil {
		if strings.Contains(err.Error(), "\n") {
			t.Fatalf("an error of two lines: %q", err)
		}
		return
	}
	defer func() { _ = src.Close() }()
	box := make([]float32, 4096*src.Format().Channels)
	read := func(most int) {
		for range most {
			n, err := src.Read(box)
			if n%src.Format().Channels != 0 || n < 0 || n > len(box) {
				t.Fatalf("%s: %d samples", name, n)
			}
			if err != nil {
				return
			}
			if n == 0 {
				t.Fatalf("%s: neither samples nor an error", name)
			}
		}
		if most > 1000 {
			t.Fatalf("%s: does not end", name)
		}
	}
	read(100_000)
	length := src.Format().Duration(max(src.Info().Frames, 0))
	for _, to := range []time.Duration{length / 2, 0, length, length - time.Millisecond, time.Second} {
		at, err := src.Seek(to)
		if err == nil && at < 0 {
			t.Fatalf("%s: at %v after a seek to %v", name, at, to)
		}
		read(5)
	}
}

// TestCutFilesGiveWhatIsThereAndEnd: at many lengths, from a file and from a pipe.
func TestCutFilesGiveWhatIsThereAndEnd(t *testing.T) {
	for name, b := range encoded(t, 30_000) {
		t.Run(name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(3, 4))
			cuts := []int{1, 2, 4, 11, 12, 27, 28, 44, 45, 60, len(b) - 1}
			for range 20 {
				cuts = append(cuts, rnd.IntN(len(b)))
			}
			for _, n := range cuts {
				exercise(t, bytes.NewReader(b[:n]), name)
				exercise(t, onlyReads(string(b[:n])), name)
			}
		})
	}
}

// TestFlippedBytesNeitherCrashNorHang.
func TestFlippedBytesNeitherCrashNorHang(t *testing.T) {
	for name, b := range encoded(t, 30_000) {
		t.Run(name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(5, 6))
			for range 30 {
				bad := bytes.Clone(b)
				reach := len(bad)
				if rnd.IntN(2) == 0 {
					reach = min(reach, 300) // headers
				}
				for range 1 + rnd.IntN(20) {
					bad[rnd.IntN(reach)] = byte(rnd.Uint32())
				}
				exercise(t, bytes.NewReader(bad), name)
				exercise(t, onlyReads(string(bad)), name)
			}
		})
	}
}

// TestACutFileSaysWhereItEnds, where the container tells its length.
func TestACutFileSaysWhereItEnds(t *testing.T) {
	files := encoded(t, 4*44100)
	for _, c := range []struct{ file, want string }{
		{"a.wav", "cut short at 0:02 of 0:04"},
		{"a.aiff", "cut short at 0:02 of 0:04"},
		{"a.flac", " of 0:04"},
		{"a.oga", " of 0:04"},
		{"a.mp3", " of 0:04"},
		{"a.ogg", "cut short at"}, // Ogg pages do not know what is to come
		{"a.opus", "cut short at"},
	} {
		t.Run(c.file, func(t *testing.T) {
			b := files[c.file]
			src := mustStream(t, bytes.NewReader(b[:len(b)*6/10]), c.file)
			got, err := readOut(src)
			if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			var short interface{ Short() string }
			if !errors.As(err, &short) || !strings.HasPrefix(short.Short(), "cut short at ") || strings.Contains(short.Short(), c.file) {
				t.Errorf("in short: %v", short)
			}
			if n := len(got) / 2; n < src.Format().Rate {
				t.Errorf("only %d frames came", n)
			}
			if n, again := src.Read(make([]float32, 64)); n != 0 || again == nil {
				t.Errorf("a read after the error: %d, %v", n, again)
			}
			if _, err := src.Seek(time.Second); err != nil {
				t.Fatalf("back to what is there: %v", err)
			}
			same(t, "what is there", readSome(t, src, 8000), got[2*src.Format().Rate:2*src.Format().Rate+16000], 2e-3)
		})
	}
}

// TestDamagedFLACKeepsItsTime: lost blocks become silence, and the rest is where it was.
func TestDamagedFLACKeepsItsTime(t *testing.T) {
	b := bytes.Clone(encoded(t, 100_000)["a.flac"])
	for i := range 200 {
		b[len(b)/2+i] ^= 0x5a
	}
	src := mustStream(t, bytes.NewReader(b), "a.flac")
	got, want := all(t, src), floats(music(44100, 2, 100_000))
	if len(got) != len(want) {
		t.Fatalf("%d samples, want %d", len(got), len(want))
	}
	same(t, "before the damage", got[:40_000], want[:40_000], 0)
	same(t, "behind the damage", got[140_000:], want[140_000:], 0)
}

// failing gives an error of its own after some bytes.
type failing struct {
	r    io.Reader
	left int
}

var errCable = errors.New("the cable is out")

func (f *failing) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, errCable
	}
	n, err := f.r.Read(p[:min(len(p), f.left)])
	f.left -= n
	return n, err
}

// flaky fails once, at an offset, and works again from the next seek on.
type flaky struct {
	*bytes.Reader
	at     int64
	failed bool
}

func (f *flaky) Read(p []byte) (int, error) {
	if pos := f.Size() - int64(f.Len()); !f.failed && pos+int64(len(p)) > f.at {
		f.failed = true
		return 0, errCable
	}
	return f.Reader.Read(p)
}

// TestASeekGoesOnAfterAnErrorOfTheReader: as when a server was away.
func TestASeekGoesOnAfterAnErrorOfTheReader(t *testing.T) {
	for name, b := range encoded(t, 4*44100) {
		t.Run(name, func(t *testing.T) {
			want := all(t, mustStream(t, bytes.NewReader(b), name))
			f := &flaky{Reader: bytes.NewReader(b), at: 1 << 40}
			src := mustStream(t, f, name)
			f.at = int64(len(b)) * 6 / 10
			got, err := readOut(src)
			if !errors.Is(err, errCable) {
				t.Fatalf("%d samples, then %v", len(got), err)
			}
			same(t, "before", got, want[:len(got)], 0)
			frame := int64(len(got) / 2)
			if at, err := src.Seek(src.Format().Duration(frame)); err != nil || at != src.Format().Duration(frame) {
				t.Fatalf("the seek: %v, %v", at, err)
			}
			same(t, "after", all(t, src), want[len(got):], 2e-3)
		})
	}
}

// TestTheReadersErrorComesThrough, whichever codec meets it.
func TestTheReadersErrorComesThrough(t *testing.T) {
	for name, b := range encoded(t, 4*44100) {
		t.Run(name, func(t *testing.T) {
			src := mustStream(t, &failing{bytes.NewReader(b), len(b) * 3 / 4}, name)
			got, err := readOut(src)
			if !errors.Is(err, errCable) || len(got) == 0 {
				t.Errorf("%d samples, then %v", len(got), err)
			}
			_, err = Open(Input{R: &failing{bytes.NewReader(b), 20}, Size: int64(len(b)), Name: name})
			if !errors.Is(err, errCable) {
				t.Errorf("at the start: %v", err)
			}
		})
	}
}
