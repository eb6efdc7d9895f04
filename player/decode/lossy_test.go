package decode

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"segue/internal/need"
)

// TestVorbisEqualsTheReferenceDecoder compares with oggdec, which rounds to 16 bits.
func TestVorbisEqualsTheReferenceDecoder(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ rate, ch, frames int }{
		{44100, 2, 200_003}, {48000, 1, 100_000}, {22050, 2, 1}, {44100, 2, 0}, {32000, 1, 4097},
	} {
		t.Run(strconv.Itoa(c.rate)+"x"+strconv.Itoa(c.ch)+"x"+strconv.Itoa(c.frames), func(t *testing.T) {
			in := make16(t, dir, c.rate, c.ch, c.frames)
			ogg, wav := filepath.Join(dir, "a.ogg"), filepath.Join(dir, "a.wav")
			run(t, "oggenc", "-Q", "-q", "5", "-o", ogg, in.path)
			src := mustOpen(t, ogg)
			got := all(t, src)
			if src.Info().Frames != int64(c.frames) || len(got) != c.frames*c.ch || src.Info().Codec != "Vorbis" {
				t.Fatalf("%d samples, info %+v", len(got), src.Info())
			}
			if c.frames == 0 {
				return // oggdec writes nothing at all
			}
			run(t, "oggdec", "-Q", "-o", wav, ogg)
			same(t, "oggdec", clip(got), all(t, mustOpen(t, wav)), 0.51/32768)
		})
	}
}

// clip limits samples as 16 bits do.
func clip(in []float32) []float32 {
	out := make([]float32, len(in))
	for i, v := range in {
		out[i] = min(max(v, -1), 32767.0/32768)
	}
	return out
}

// TestRealMusicEqualsTheReferenceDecoders takes Wesnoth's, whose encoders are others' and old.
func TestRealMusicEqualsTheReferenceDecoders(t *testing.T) {
	dir := need.Wesnoth(t)
	for _, name := range []string{"defeat.ogg", "victory.ogg", "love_theme.ogg"} {
		t.Run(name, func(t *testing.T) {
			p := filepath.Join(dir, name)
			wav := filepath.Join(t.TempDir(), "a.wav")
			run(t, "oggdec", "-Q", "-o", wav, p)
			same(t, name, clip(all(t, mustOpen(t, p))), all(t, mustOpen(t, wav)), 0.51/32768)
		})
	}
}

// TestOpusEqualsTheReferenceDecoder compares with opusdec, length and header gain included.
func TestOpusEqualsTheReferenceDecoder(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ rate, ch, frames int }{
		{48000, 2, 200_003}, {48000, 1, 100_000}, {44100, 2, 44_100}, {48000, 2, 7},
	} {
		t.Run(strconv.Itoa(c.rate)+"x"+strconv.Itoa(c.ch)+"x"+strconv.Itoa(c.frames), func(t *testing.T) {
			in := make16(t, dir, c.rate, c.ch, c.frames)
			opus, wav := filepath.Join(dir, "a.opus"), filepath.Join(dir, "a.wav")
			run(t, "opusenc", "--quiet", "--bitrate", "96", in.path, opus)
			src := mustOpen(t, opus)
			got := all(t, src)
			want := int(int64(c.frames) * 48000 / int64(c.rate))
			if len(got) != want*c.ch || src.Info().Frames != int64(want) || src.Format().Rate != 48000 {
				t.Fatalf("%d samples for %d, info %+v", len(got), want*c.ch, src.Info())
			}
			run(t, "opusdec", "--quiet", "--float", "--rate", "48000", opus, wav)
			same(t, "opusdec", got, all(t, mustOpen(t, wav)), 2e-5)
		})
	}
}

// TestMP3HasTheLengthOfItsOriginal goes through the rates and modes of lame, and compares
// with mpg123's own program.
func TestMP3HasTheLengthOfItsOriginal(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name         string
		rate, ch, n  int
		args         []string
		wantChannels int
	}{
		{"VBR V0", 44100, 2, 150_001, []string{"-V0"}, 2},
		{"VBR V9 48 kHz", 48000, 2, 99_999, []string{"-V9", "--resample", "48"}, 2},
		{"CBR 128", 44100, 2, 100_000, []string{"-b", "128"}, 2},
		{"CBR 320 32 kHz", 32000, 2, 64_321, []string{"-b", "320"}, 2},
		{"ABR", 44100, 2, 88_200, []string{"--abr", "160"}, 2},
		{"mono", 44100, 1, 70_000, []string{"-V2"}, 1},
		{"mono of stereo", 44100, 2, 70_000, []string{"-m", "m", "-V2"}, 1},
		{"MPEG 2", 22050, 2, 50_000, []string{"-b", "64"}, 2},
		{"MPEG 2.5", 8000, 1, 20_000, []string{"-b", "32"}, 1},
		{"one frame of samples", 44100, 2, 1152, []string{"-V2"}, 2},
		{"one sample", 44100, 2, 1, []string{"-V2"}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := make16(t, dir, c.rate, c.ch, c.n)
			mp3, wav := filepath.Join(dir, "a.mp3"), filepath.Join(dir, "a.wav")
			run(t, "lame", append(c.args, "--quiet", in.path, mp3)...)
			src := mustOpen(t, mp3)
			got := all(t, src)
			if src.Info().Frames != int64(c.n) || len(got) != c.n*c.wantChannels || src.Format().Rate != c.rate {
				t.Fatalf("%d samples, info %+v, format %+v", len(got), src.Info(), src.Format())
			}
			_ = os.Remove(wav)
			run(t, "mpg123", "-q", "-e", "f32", "-w", wav, mp3)
			same(t, "mpg123", got, all(t, mustOpen(t, wav)), 0)
		})
	}
}
