package decode

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"segue/internal/pcm"
)

// seekCase is a file in some codec; tolerance is what may differ from the decode from the start.
type seekCase struct {
	name, file string
	prog       string
	args       []string
	tolerance  float64
	seeks      int
}

var seekCases = []seekCase{
	{"WAV", "a.wav", "sox", []string{"IN", "-b", "24", "OUT"}, 0, 200},
	{"AIFF", "a.aiff", "sox", []string{"IN", "OUT"}, 0, 200},
	{"FLAC", "a.flac", "flac", []string{"-s", "-o", "OUT", "IN"}, 0, 200},
	{"FLAC without a seek table", "b.flac", "flac", []string{"-s", "--no-seektable", "-o", "OUT", "IN"}, 0, 200},
	{"FLAC in Ogg", "c.oga", "flac", []string{"-s", "--ogg", "-o", "OUT", "IN"}, 0, 200},
	{"Vorbis", "a.ogg", "oggenc", []string{"-Q", "-q", "3", "-o", "OUT", "IN"}, 0, 200},
	{"Opus", "a.opus", "opusenc", []string{"--quiet", "IN", "OUT"}, 2e-3, 200},
	{"MP3 VBR", "a.mp3", "lame", []string{"--quiet", "-V2", "IN", "OUT"}, 0, 200},
	{"MP3 of a low rate, deep reservoir", "b.mp3", "lame", []string{"--quiet", "-b", "32", "--resample", "48", "IN", "OUT"}, 0, 100},
	{"MP3 of MPEG 2 at 8 kbit/s", "c.mp3", "lame", []string{"--quiet", "-b", "8", "--resample", "24", "IN", "OUT"}, 1e-7, 100},
	{"MP3 without a header", "d.mp3", "lame", []string{"--quiet", "-t", "-b", "128", "IN", "OUT"}, 0, 100},
	{"MP2", "a.mp2", "ffmpeg", []string{"-v", "error", "-i", "IN", "OUT"}, 0, 100},
	{"ALAC", "a.m4a", "ffmpeg", []string{"-v", "error", "-i", "IN", "-c:a", "alac", "OUT"}, 0, 10},
	{"AAC without noise substitution", "b.m4a", "ffmpeg", []string{"-v", "error", "-i", "IN", "-c:a", "aac", "-aac_pns", "0", "OUT"}, 1e-6, 8},
	{"AAC in 48 kHz, index first", "c.m4a", "ffmpeg", []string{"-v", "error", "-i", "IN", "-c:a", "aac", "-aac_pns", "0", "-movflags", "+faststart", "-ar", "48000", "OUT"}, 1e-6, 8},
	{"WavPack", "a.wv", "ffmpeg", []string{"-v", "error", "-i", "IN", "OUT"}, 0, 8},
	{"TTA", "a.tta", "ffmpeg", []string{"-v", "error", "-i", "IN", "OUT"}, 0, 8},
	{"WMA, decoded from the start", "a.wma", "ffmpeg", []string{"-v", "error", "-i", "IN", "-c:a", "wmav2", "OUT"}, -1, 6},
	{"FLAC in Matroska, decoded from the start", "a.mka", "ffmpeg", []string{"-v", "error", "-i", "IN", "-c:a", "flac", "OUT"}, -1, 6},
}

// TestSeekingLandsOnTheExactSample reads at pseudo-random places and compares with the
// decode from the start, then at the edges.
func TestSeekingLandsOnTheExactSample(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 12*44100+17) // FLAC's table has two places then
	for _, c := range seekCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(dir, c.file)
			run(t, c.prog, withFiles(c.args, in.path, out)...)
			whole := all(t, mustOpen(t, out))
			src := mustOpen(t, out)
			ch, f := src.Format().Channels, src.Format()
			frames := len(whole) / ch
			rnd := rand.New(rand.NewPCG(1, 2))
			for i := range c.seeks {
				at := rnd.IntN(frames)
				if i%10 == 0 {
					at = max(frames-1-rnd.IntN(3000), 0)
				}
				if i%10 == 1 {
					at = rnd.IntN(3000)
				}
				got, err := src.Seek(f.Duration(int64(at)))
				if err != nil || got != f.Duration(int64(at)) {
					t.Fatalf("seek to frame %d: at %v, %v", at, got, err)
				}
				n := min(1+rnd.IntN(4000), frames-at)
				same(t, c.name, readSome(t, src, n), whole[at*ch:(at+n)*ch], c.tolerance)
			}
			checkEdges(t, src, whole, c.tolerance)
		})
	}
}

func checkEdges(t *testing.T, src Source, whole []float32, tolerance float64) {
	t.Helper()
	end := src.Format().Duration(src.Info().Frames)
	box := make([]float32, 1024*src.Format().Channels)
	for _, to := range []time.Duration{end, end + time.Hour} {
		at, err := src.Seek(to)
		if err != nil || at > end {
			t.Fatalf("seek to %v: at %v, %v", to, at, err)
		}
		for range 6000 { // where only the container's milliseconds are known, a rest may follow
			if n, err := src.Read(box[:src.Format().Channels]); tolerance >= 0 || n == 0 || err != nil {
				break
			}
		}
		for range 3 {
			if n, err := src.Read(box); n != 0 || !errors.Is(err, io.EOF) {
				t.Fatalf("behind the end: %d samples, %v", n, err)
			}
		}
	}
	at, err := src.Seek(-time.Second)
	if err != nil || at != 0 {
		t.Fatalf("seek before the start: at %v, %v", at, err)
	}
	same(t, "from the start again", all(t, src), whole, tolerance)
	if n, err := src.Read(box); n != 0 || !errors.Is(err, io.EOF) {
		t.Fatalf("after the end: %d samples, %v", n, err)
	}
}

// onlyReader hides what a reader can beside reading, gives little at a time, and counts.
type onlyReader struct {
	r    io.Reader
	most int
	n    int
}

func (o *onlyReader) Read(p []byte) (int, error) {
	n, err := o.r.Read(p[:min(len(p), o.most)])
	o.n += n
	return n, err
}

// TestWhatCannotSeekPlaysForward opens from a pipe-like reader after at most 16 KB, and
// decodes the same.
func TestWhatCannotSeekPlaysForward(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 5*44100+17)
	for _, c := range seekCases {
		t.Run(c.name, func(t *testing.T) {
			out := filepath.Join(dir, c.file)
			run(t, c.prog, withFiles(c.args, in.path, out)...)
			foreign := c.prog == "ffmpeg" && c.name != "MP2"
			b, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			r := &onlyReader{r: bytes.NewReader(b), most: 1500}
			src, err := Open(Input{R: r, Size: -1, Name: c.file})
			if c.file == "a.m4a" || c.file == "b.m4a" {
				if err == nil {
					t.Fatal("the index is at the end, and yet it opened")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = src.Close() })
			// Ogg pages are whole: libFLAC's own are of 32 KB, the others' of up to 16 KB.
			most := 24 << 10
			if c.name == "FLAC in Ogg" {
				most = 48 << 10
			}
			if !foreign && r.n > most {
				t.Errorf("%d bytes were read to open it", r.n)
			}
			if at, err := src.Seek(time.Second); !errors.Is(err, pcm.ErrNoSeek) || at != 0 {
				t.Errorf("seek: at %v, %v", at, err)
			}
			whole := mustOpen(t, out)
			want, got := all(t, whole), all(t, src)
			if foreign && len(got) > len(want) { // the padding's length is unknown here
				got = got[:len(want)]
			}
			same(t, c.name, got, want, 0)
		})
	}
}
