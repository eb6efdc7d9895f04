package tags_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"segue/internal/need"
	"segue/internal/tags"
)

// TestTheLengthIsWhatDecodersGive decodes files of all kinds with the programs
// that stand for their formats, and compares the lengths to the frame.
func TestTheLengthIsWhatDecodersGive(t *testing.T) {
	need.Programs(t, "sox", "flac", "lame", "mpg123", "oggenc", "oggdec", "opusenc", "opusdec")
	dir := t.TempDir()
	mono := filepath.Join(dir, "mono.wav")
	run(t, "sox", "-D", "-r", "22050", "-n", "-c", "1", "-b", "16", mono, "synth", "50001s", "sine", "220-880")
	stereo := wavFile(t, dir)
	long := filepath.Join(dir, "long.wav")
	run(t, "sox", "-D", "-r", "48000", "-n", "-c", "2", "-b", "16", long, "synth", "1000003s", "brownnoise")
	tests := []struct {
		name   string
		encode []string
		decode []string
	}{
		{"mono.flac", []string{"flac", "-s", "-o", "OUT", mono}, []string{"flac", "-s", "-d", "-o", "WAV", "IN"}},
		{"pipe.flac", []string{"sh", "-c", "flac -s -c - < " + long + " | cat > OUT"}, []string{"flac", "-s", "-d", "-o", "WAV", "IN"}},
		{"mono.mp3", []string{"lame", "--quiet", "-V5", mono, "OUT"}, []string{"mpg123", "-q", "-w", "WAV", "IN"}},
		{"v0.mp3", []string{"lame", "--quiet", "-V0", long, "OUT"}, []string{"mpg123", "-q", "-w", "WAV", "IN"}},
		{"cbr.mp3", []string{"lame", "--quiet", "-b", "320", stereo, "OUT"}, []string{"mpg123", "-q", "-w", "WAV", "IN"}},
		{"mono.ogg", []string{"oggenc", "-Q", "-o", "OUT", mono}, []string{"oggdec", "-Q", "-o", "WAV", "IN"}},
		{"long.ogg", []string{"oggenc", "-Q", "-q", "9", "-o", "OUT", long}, []string{"oggdec", "-Q", "-o", "WAV", "IN"}},
		{"long.opus", []string{"opusenc", "--quiet", "--bitrate", "300", long, "OUT"}, []string{"opusdec", "--quiet", "--rate", "48000", "IN", "WAV"}},
		{"stereo.opus", []string{"opusenc", "--quiet", "--bitrate", "24", "--framesize", "60", stereo, "OUT"}, []string{"opusdec", "--quiet", "--rate", "48000", "IN", "WAV"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, wav := filepath.Join(dir, tt.name), filepath.Join(dir, tt.name+".wav")
			fill := strings.NewReplacer("OUT", in, "IN", in, "WAV", wav)
			for _, c := range [][]string{tt.encode, tt.decode} {
				args := make([]string, len(c))
				for i, a := range c {
					args[i] = fill.Replace(a)
				}
				run(t, args[0], args[1:]...)
			}
			got, err := tags.Read(in)
			if err != nil {
				t.Fatal(err)
			}
			want, err := tags.Read(wav)
			if err != nil {
				t.Fatal(err)
			}
			if got.Frames != want.Frames || got.Audio.Rate != want.Audio.Rate || got.Audio.Channels != want.Audio.Channels {
				t.Errorf("%d frames of %+v, decoded are %d of %+v", got.Frames, got.Audio, want.Frames, want.Audio)
			}
		})
	}
}

func TestStreamsOneBehindTheOtherAreAddedUp(t *testing.T) {
	dir := t.TempDir()
	var sum int64
	var all []byte
	for _, n := range []string{"1000003s", "3000s", "400001s"} {
		wav, ogg := filepath.Join(dir, n+".wav"), filepath.Join(dir, n+".ogg")
		run(t, "sox", "-D", "-r", "48000", "-n", "-c", "2", "-b", "16", wav, "synth", n, "brownnoise")
		run(t, "oggenc", "-Q", "-o", ogg, wav)
		b, err := os.ReadFile(ogg)
		if err != nil {
			t.Fatal(err)
		}
		one := read(t, "a.ogg", b)
		sum, all = sum+one.Frames, append(all, b...)
	}
	if got := read(t, "a.ogg", all); got.Frames != sum || sum != 1403004 {
		t.Errorf("%d frames, want %d", got.Frames, sum)
	}
}

// TestRealMusicIsReadAsOthersReadIt compares the music of a real package with ffprobe.
func TestRealMusicIsReadAsOthersReadIt(t *testing.T) {
	need.Programs(t, "ffprobe", "oggdec")
	files, err := filepath.Glob(filepath.Join(need.Wesnoth(t), "*.ogg"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for i, path := range files {
		got, err := tags.Read(path)
		if err != nil || len(got.Warnings) > 0 {
			t.Errorf("%s: %v, warnings %q", path, err, got.Warnings)
		}
		if i%8 == 0 {
			compareProbe(t, path, got)
		}
		if i == 0 {
			wav := filepath.Join(t.TempDir(), "a.wav")
			run(t, "oggdec", "-Q", "-o", wav, path)
			if w, err := tags.Read(wav); err != nil || w.Frames != got.Frames {
				t.Errorf("%s: %d frames, decoded are %d (%v)", path, got.Frames, w.Frames, err)
			}
		}
	}
}

func compareProbe(t *testing.T, path string, got tags.Tags) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-of", "default=nw=1", "-show_entries",
		"stream=sample_rate,channels,duration:stream_tags=title,artist,album,TITLE,ARTIST,ALBUM", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.SplitSeq(string(out), "\n") {
		key, val, _ := strings.Cut(l, "=")
		have := val
		switch strings.ToLower(key) {
		case "sample_rate":
			have = strconv.Itoa(got.Audio.Rate)
		case "channels":
			have = strconv.Itoa(got.Audio.Channels)
		case "tag:title":
			have = got.Title
		case "tag:album":
			have = got.Album
		case "tag:artist":
			have = strings.Join(got.Artists, ";")
		case "duration":
			if s, err := strconv.ParseFloat(val, 64); err != nil || s-got.Duration.Seconds() > 1e-4 || s-got.Duration.Seconds() < -1e-4 {
				t.Errorf("%s: %v, ffprobe says %s s", path, got.Duration, val)
			}
		}
		if have != strings.TrimSpace(val) {
			t.Errorf("%s: %s is %q, ffprobe says %q", path, key, have, val)
		}
	}
}
