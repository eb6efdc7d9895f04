package decode

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"segue/internal/need"
)

// music makes seconds of a deterministic signal: chords that move, with noise and attacks,
// different in every channel. Its samples are of 16 bits, so that every codec of
// whole numbers keeps them.
func music(rate, channels, frames int) []int16 {
	out := make([]int16, 0, frames*channels)
	seed := uint32(12345)
	var scale [12]float64
	for i := range scale {
		scale[i] = 220 * math.Pow(2, float64(i)/12)
	}
	for i := range frames {
		t := float64(i) / float64(rate)
		beat := math.Mod(t, 0.5)
		for c := range channels {
			base := scale[(int(t*2)*5+c*3)%12]
			v := 0.0
			for k := 1; k <= 4; k++ {
				v += math.Sin(2*math.Pi*base*float64(k)*t) / float64(k)
			}
			seed = seed*1664525 + 1013904223
			noise := float64(int32(seed)) / (1 << 31)
			v = v*0.25*math.Exp(-3*beat) + noise*0.05*math.Exp(-30*beat)
			out = append(out, int16(v*30000))
		}
	}
	return out
}

// writeWAV writes 16-bit samples as the plainest of WAV files.
func writeWAV(t testing.TB, path string, rate, channels int, samples []int16) {
	t.Helper()
	le := binary.LittleEndian
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt ")
	b = le.AppendUint32(b, 16)
	b = le.AppendUint16(b, 1)
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(rate*channels*2))
	b = le.AppendUint16(b, uint16(channels*2))
	b = le.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = le.AppendUint32(b, uint32(len(samples)*2))
	for _, s := range samples {
		b = le.AppendUint16(b, uint16(s))
	}
	le.PutUint32(b[4:], uint32(len(b)-8))
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// floats are 16-bit samples as every decoder of them has to give them.
func floats(in []int16) []float32 {
	out := make([]float32, len(in))
	for i, v := range in {
		out[i] = float32(v) / 32768
	}
	return out
}

// run starts a program that makes or decodes a fixture and waits for it.
func run(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	need.Programs(t, name)
	cmd := exec.CommandContext(t.Context(), name, args...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%s %q: %v: %s", name, args, err, exit.Stderr)
		}
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// ffmpegDecode is what ffmpeg makes of a file.
func ffmpegDecode(t testing.TB, path string) []float32 {
	t.Helper()
	return fromF32(run(t, "ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-"))
}

func fromF32(b []byte) []float32 {
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out
}

func mustOpen(t testing.TB, path string) Source {
	t.Helper()
	src, err := File(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = src.Close() })
	return src
}

// mustStream opens what is no file.
func mustStream(t testing.TB, r io.Reader, name string) Source {
	t.Helper()
	src, err := Open(Input{R: r, Size: -1, Name: name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = src.Close() })
	return src
}

// all reads a source to its end, in pieces of odd sizes.
func all(t testing.TB, src Source) []float32 {
	t.Helper()
	out, err := readOut(src)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readOut(src Source) ([]float32, error) {
	ch := src.Format().Channels
	out := make([]float32, 0, min(max(src.Info().Frames, 0)+4096, 60*44100)*int64(ch)) // to grow is slow with -race
	box := make([]float32, 1777*ch)
	for size := 1; ; size = size%1777 + 531 {
		n, err := src.Read(box[:min(size, 1777)*ch])
		out = append(out, box[:n]...)
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
	}
}

func readSome(t testing.TB, src Source, frames int) []float32 {
	t.Helper()
	box := make([]float32, frames*src.Format().Channels)
	done := 0
	for done < len(box) {
		n, err := src.Read(box[done:])
		done += n
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return box[:done]
}

// same fails unless got is want to within tolerance, length included.
func same(t testing.TB, what string, got, want []float32, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d samples, want %d", what, len(got), len(want))
	}
	worst, at := 0.0, 0
	for i := range got {
		if got[i] == want[i] {
			continue
		}
		if d := math.Abs(float64(got[i]) - float64(want[i])); d > worst || d != d {
			worst, at = d, i
		}
	}
	if worst > max(tolerance, 0) || worst != worst {
		t.Fatalf("%s: differs by %g at sample %d of %d: %g, want %g", what, worst, at, len(got), got[at], want[at])
	}
}

// fixture is a file of a codec made from music, and what has to come out of it.
type fixture struct {
	path     string
	rate, ch int
	frames   int
	exact    []float32 // nil = the codec loses
}

// make16 writes a WAV of the signal into dir.
func make16(t testing.TB, dir string, rate, ch, frames int) fixture {
	t.Helper()
	samples := music(rate, ch, frames)
	p := filepath.Join(dir, "in.wav")
	writeWAV(t, p, rate, ch, samples)
	return fixture{path: p, rate: rate, ch: ch, frames: frames, exact: floats(samples)}
}
