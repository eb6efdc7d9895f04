package decode

import (
	"path/filepath"
	"testing"
)

// TestFFmpegFormatsHaveTheLengthOfTheirOriginal: to the sample where the container knows it.
func TestFFmpegFormatsHaveTheLengthOfTheirOriginal(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 150_001)
	for _, c := range []struct {
		file, codec string
		args        []string
		exact       bool // equal to the original
		loose       bool // the container does not know its length to the sample
	}{
		{"a.m4a", "AAC", []string{"-c:a", "aac"}, false, false},
		{"b.m4a", "ALAC", []string{"-c:a", "alac"}, true, false},
		{"c.wv", "WavPack", nil, true, false},
		{"d.tta", "TTA", nil, true, false},
		{"e.wma", "WMA", []string{"-c:a", "wmav2"}, false, true},
		{"f.adts", "AAC", []string{"-c:a", "aac"}, false, true},
		{"g.ac3", "AC3", nil, false, true},
		{"h.mka", "FLAC", []string{"-c:a", "flac"}, true, true},
		{"i.caf", "ALAC", []string{"-c:a", "alac"}, true, true},
		{"j.w64", "PCM", []string{"-t", "2"}, false, true},
		{"k.au", "PCM", nil, true, false},
		{"l.wav", "PCM", []string{"-c:a", "pcm_mulaw"}, false, false},
	} {
		t.Run(c.file, func(t *testing.T) {
			p := filepath.Join(dir, c.file)
			run(t, "ffmpeg", append(append([]string{"-v", "error", "-i", in.path}, c.args...), p)...)
			src := mustOpen(t, p)
			got := all(t, src)
			if src.Info().Codec != c.codec {
				t.Errorf("info %+v", src.Info())
			}
			if !c.loose && (src.Info().Frames != int64(in.frames) || len(got) != in.frames*2) {
				t.Fatalf("%d samples, info %+v", len(got), src.Info())
			}
			if d := src.Info().Frames - int64(in.frames); c.loose && (d < -6000 || d > 6000) && c.file != "j.w64" {
				t.Errorf("%d frames told, %d are in it", src.Info().Frames, in.frames)
			}
			if c.exact {
				same(t, c.file, got, in.exact, 0)
				return
			}
			want := ffmpegDecode(t, p)
			if c.loose {
				same(t, c.file, got, want, 0)
				return
			}
			same(t, c.file, got, want[:len(got)], 0)
		})
	}
}
