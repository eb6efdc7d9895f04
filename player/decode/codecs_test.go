package decode

import (
	"path/filepath"
	"testing"
)

// TestLosslessCodecsGiveBackTheirInput encodes one signal every lossless way there is.
func TestLosslessCodecsGiveBackTheirInput(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 100_003)
	cases := []struct {
		name, file string
		prog       string
		args       []string
		codec      string
		bits       int
	}{
		{"FLAC, 16 bits", "a.flac", "flac", []string{"-s", "-o", "OUT", "IN"}, "FLAC", 16},
		{"FLAC, 24 bits from sox", "b.flac", "sox", []string{"IN", "-b", "24", "OUT"}, "FLAC", 24},
		{"FLAC in Ogg", "c.oga", "flac", []string{"-s", "--ogg", "-o", "OUT", "IN"}, "FLAC", 16},
		{"WAV, 24 bits", "d.wav", "sox", []string{"IN", "-b", "24", "OUT"}, "WAV", 24},
		{"WAV, 32 bits", "e.wav", "sox", []string{"IN", "-b", "32", "OUT"}, "WAV", 32},
		{"WAV, 32-bit float", "f.wav", "sox", []string{"IN", "-e", "float", "-b", "32", "OUT"}, "WAV", 32},
		{"WAV, 64-bit float", "g.wav", "sox", []string{"IN", "-e", "float", "-b", "64", "OUT"}, "WAV", 64},
		{"RF64", "h.wav", "ffmpeg", []string{"-v", "error", "-i", "IN", "-rf64", "always", "OUT"}, "WAV", 16},
		{"AIFF", "i.aiff", "sox", []string{"IN", "OUT"}, "AIFF", 16},
		{"AIFF, 24 bits", "j.aiff", "sox", []string{"IN", "-b", "24", "OUT"}, "AIFF", 24},
		{"AIFC, sowt", "k.aifc", "ffmpeg", []string{"-v", "error", "-i", "IN", "-c:a", "pcm_s16le", "-f", "aiff", "OUT"}, "AIFF", 16},
		{"AIFC, fl32", "l.aifc", "ffmpeg", []string{"-v", "error", "-i", "IN", "-c:a", "pcm_f32be", "-f", "aiff", "OUT"}, "AIFF", 32},
		{"AIFC, fl64", "m.aifc", "ffmpeg", []string{"-v", "error", "-i", "IN", "-c:a", "pcm_f64be", "-f", "aiff", "OUT"}, "AIFF", 64},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			out := filepath.Join(dir, c.file)
			run(t, c.prog, withFiles(c.args, in.path, out)...)
			src := mustOpen(t, out)
			i := src.Info()
			if i.Codec != c.codec || i.Bits != c.bits || i.Frames != int64(in.frames) || i.Kbps == 0 {
				t.Errorf("info %+v", i)
			}
			if f := src.Format(); f.Rate != 44100 || f.Channels != 2 {
				t.Errorf("format %+v", f)
			}
			same(t, c.name, all(t, src), in.exact, 0)
		})
	}
}

func withFiles(args []string, in, out string) []string {
	r := make([]string, len(args))
	for i, a := range args {
		switch a {
		case "IN":
			a = in
		case "OUT":
			a = out
		}
		r[i] = a
	}
	return r
}
