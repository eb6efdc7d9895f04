//go:build e2e

package e2e

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"segue/internal/need"
)

// tool runs a program of the machine.
func tool(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	need.Programs(t, name)
	out, err := exec.CommandContext(t.Context(), name, args...).Output()
	if err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return out
}

// album is four real tracks, decoded to WAV by the reference decoder.
func album(t *testing.T) (oggs, wavs []string) {
	t.Helper()
	dir := need.Wesnoth(t)
	for _, name := range []string{"victory", "defeat", "victory2", "defeat2"} {
		ogg := filepath.Join(dir, name+".ogg")
		wav := filepath.Join(t.TempDir(), name+".wav")
		tool(t, "oggdec", "-Q", "-o", wav, ogg)
		oggs, wavs = append(oggs, ogg), append(wavs, wav)
	}
	return oggs, wavs
}

// data is the samples of a WAV file's bytes.
func data(t *testing.T, wav []byte) []byte {
	t.Helper()
	_, rest, found := bytes.Cut(wav, []byte("data"))
	if !found || len(rest) < 4 {
		t.Fatalf("no WAV file: %.40q", wav)
	}
	return rest[4:]
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fromS16(b []byte) []float64 {
	out := make([]float64, len(b)/2)
	for i := range out {
		out[i] = float64(int16(binary.LittleEndian.Uint16(b[2*i:]))) / 32768
	}
	return out
}

func fromF32(b []byte) []float64 {
	out := make([]float64, len(b)/4)
	for i := range out {
		out[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:])))
	}
	return out
}

// same checks that two pieces of music have the same length and differ nowhere by more than off.
func same(t *testing.T, got, want []float64, off float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%d samples, want %d", len(got), len(want))
	}
	for i := range got {
		if clip(got[i]) != clip(want[i]) && math.Abs(got[i]-want[i]) > off {
			t.Fatalf("sample %d of %d is %g, want %g", i, len(got), got[i], want[i])
		}
	}
}

// clip takes what is beyond 16 bits for one, as decoders to 16 bits do.
func clip(v float64) float64 {
	switch {
	case v >= 32767.0/32768:
		return 1
	case v <= -1:
		return -1
	}
	return v
}

// TestAnAlbumPlayedToAFileEqualsTheReferenceDecoders plays whole albums through the
// program: every sample of them, and nothing between the tracks.
func TestAnAlbumPlayedToAFileEqualsTheReferenceDecoders(t *testing.T) {
	t.Parallel()
	oggs, wavs := album(t)
	home := t.TempDir()
	play := func(t *testing.T, format string, files ...string) []byte {
		t.Helper()
		out := filepath.Join(t.TempDir(), "album.wav")
		in(home, append([]string{"play", "--format", format, "--output", "wav:" + out}, files...)...).run(t).wants(t, 0)
		return data(t, read(t, out))
	}
	encode := func(t *testing.T, encoder, ext string, args ...string) []string {
		t.Helper()
		var files []string
		for _, w := range wavs {
			f := filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(w), ".wav")+ext)
			var words []string
			for _, a := range args {
				words = append(words, strings.NewReplacer("IN", w, "OUT", f).Replace(a))
			}
			tool(t, encoder, words...)
			files = append(files, f)
		}
		return files
	}
	t.Run("Ogg Vorbis, with oggdec's rounding", func(t *testing.T) {
		var want []float64
		for _, w := range wavs {
			want = append(want, fromS16(data(t, read(t, w)))...)
		}
		same(t, fromF32(play(t, "f32", oggs...)), want, 0.51/32768)
	})
	t.Run("FLAC, bit for bit", func(t *testing.T) {
		files := encode(t, "flac", ".flac", "-s", "-o", "OUT", "IN")
		var want []byte
		for _, f := range files {
			want = append(want, tool(t, "flac", "-s", "-d", "-c", "--force-raw-format", "--endian=little", "--sign=signed", f)...)
		}
		if got := play(t, "s16", files...); !bytes.Equal(got, want) {
			t.Errorf("%d bytes are not the %d of flac -d", len(got), len(want))
		}
	})
	t.Run("MP3, without the encoder's delay and padding", func(t *testing.T) {
		files := encode(t, "lame", ".mp3", "--quiet", "-V2", "IN", "OUT")
		var want []float64
		for _, f := range files {
			want = append(want, fromF32(tool(t, "mpg123", "-q", "-e", "f32", "-s", f))...)
		}
		same(t, fromF32(play(t, "f32", files...)), want, 1e-6)
	})
	t.Run("Opus", func(t *testing.T) {
		files := encode(t, "opusenc", ".opus", "--quiet", "IN", "OUT")
		var want []float64
		for _, f := range files {
			wav := f + ".wav"
			tool(t, "opusdec", "--quiet", "--float", "--rate", "48000", f, wav)
			want = append(want, fromF32(data(t, read(t, wav)))...)
		}
		same(t, fromF32(play(t, "f32", files...)), want, 2e-5)
	})
}

func TestFoldersPlaylistsAndStreamsGiveTheSameSamples(t *testing.T) {
	t.Parallel()
	need.Programs(t, "flac")
	_, wavs := album(t)
	home := t.TempDir()
	dir := filepath.Join(home, "an album")
	var want, first []byte
	var list bytes.Buffer
	list.WriteString("#EXTM3U\n")
	for i, w := range wavs {
		name := string(rune('1'+i)) + ".flac"
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		tool(t, "flac", "-s", "-o", filepath.Join(dir, name), w)
		list.WriteString("an album/" + name + "\n")
		want = append(want, data(t, read(t, w))...)
		if i == 0 {
			first = want[:len(want):len(want)]
		}
	}
	playlist := write(t, filepath.Join(home, "list.m3u8"), list.Bytes())
	for _, c := range []struct {
		name  string
		args  []string
		stdin string
		want  []byte
	}{
		{"a folder", []string{dir}, "", want},
		{"a playlist with relative paths", []string{playlist}, "", want},
		{"files from the working folder", []string{"an album/1.flac", "./an album/2.flac", filepath.Join(dir, "3.flac"), "an album/4.flac"}, "", want},
		{"one file", []string{"an album/1.flac"}, "", first},
		{"the last track, by number", []string{dir, "--start", "4"}, "", want[len(want)-len(data(t, read(t, wavs[3]))):]},
		{"a stream from standard input", []string{"-"}, filepath.Join(dir, "1.flac"), first},
	} {
		t.Run(c.name, func(t *testing.T) {
			call := in(home, append([]string{"play", "-o", "-"}, c.args...)...)
			if c.stdin != "" {
				call.in = bytes.NewReader(read(t, c.stdin))
			}
			r := call.run(t)
			r.wants(t, 0)
			if r.out != string(c.want) {
				t.Errorf("%d bytes, want %d, or others", len(r.out), len(c.want))
			}
		})
	}
}
