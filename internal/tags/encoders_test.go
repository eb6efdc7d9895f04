package tags_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"segue/internal/need"
	"segue/internal/tags"
)

// frames is the length of the sound that all encoders are given: 3.2 s and a bit, to no round number.
const frames = 141_137

// wavFile makes a WAV file of exactly frames frames.
func wavFile(t testing.TB, dir string) string {
	t.Helper()
	need.Programs(t, "sox")
	out := filepath.Join(dir, "in.wav")
	run(t, "sox", "-D", "-r", "44100", "-n", "-c", "2", "-b", "16", out, "synth", "141137s", "sine", "440", "gain", "-6")
	return out
}

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	need.Programs(t, name)
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// TestEveryEncodersFilesAreRead makes one file with each encoder and looks for
// the same tags and the same length, to the frame, in all of them.
func TestEveryEncodersFilesAreRead(t *testing.T) {
	dir := t.TempDir()
	in := wavFile(t, dir)
	ff := func(out string, args ...string) []string {
		a := append([]string{"ffmpeg", "-v", "error", "-y", "-i", in}, args...)
		return append(a, "-metadata", "title=Título ☃", "-metadata", "artist=Anna", "-metadata", "album=Records",
			"-metadata", "track=3/12", "-metadata", "date=1999", "-metadata", "genre=Jazz", out)
	}
	tests := []struct {
		file, codec string
		frames      int64 // -1: not to be known exactly
		command     []string
	}{
		{"a.flac", "FLAC", frames, []string{"flac", "-s", "-f", "-T", "TITLE=Título ☃", "-T", "ARTIST=Anna", "-T", "ALBUM=Records", "-T", "TRACKNUMBER=3", "-T", "TRACKTOTAL=12", "-T", "DATE=1999", "-T", "GENRE=Jazz", "-o", "@", in}},
		{"v.mp3", "MP3", frames, []string{"lame", "--quiet", "-V2", "--tt", "Título ☃", "--ta", "Anna", "--tl", "Records", "--tn", "3/12", "--ty", "1999", "--tg", "Jazz", in, "@"}},
		{"c.mp3", "MP3", frames, []string{"lame", "--quiet", "-b", "128", "--tt", "Título ☃", "--ta", "Anna", "--tl", "Records", "--tn", "3/12", "--ty", "1999", "--tg", "Jazz", in, "@"}},
		{"a.ogg", "Vorbis", frames, []string{"oggenc", "-Q", "-t", "Título ☃", "-a", "Anna", "-l", "Records", "-N", "3", "-c", "TRACKTOTAL=12", "-d", "1999", "-G", "Jazz", "-o", "@", in}},
		{"a.opus", "Opus", (frames*48000 + 44099) / 44100, []string{"opusenc", "--quiet", "--title", "Título ☃", "--artist", "Anna", "--album", "Records", "--tracknumber", "3", "--comment", "TRACKTOTAL=12", "--date", "1999", "--genre", "Jazz", in, "@"}},
		{"f.mp3", "MP3", frames, ff("@", "-c:a", "libmp3lame", "-b:a", "128k")},
		{"f23.mp3", "MP3", frames, ff("@", "-c:a", "libmp3lame", "-id3v2_version", "3")},
		{"f.flac", "FLAC", frames, ff("@")},
		{"f.oga", "FLAC", frames, ff("@", "-c:a", "flac")},
		{"f.m4a", "AAC", frames, ff("@", "-c:a", "aac")},
		{"alac.m4a", "ALAC", frames, ff("@", "-c:a", "alac")},
		{"frag.m4a", "AAC", -1, ff("@", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov")},
		{"f.wav", "WAV", frames, ff("@")},
		{"id3.wav", "WAV", frames, ff("@", "-rf64", "always")},
		{"f.aiff", "AIFF", frames, ff("@", "-write_id3v2", "1")},
		{"f.spx", "Speex", -1, ff("@", "-c:a", "libspeex", "-ar", "16000", "-ac", "1")},
		{"f.wma", "WMA", -1, ff("@")},
		{"f.wv", "WavPack", frames, ff("@")},
		{"f.tta", "TTA", frames, ff("@")},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			path := filepath.Join(dir, tt.file)
			args := make([]string, len(tt.command))
			for i, a := range tt.command {
				args[i] = strings.Replace(a, "@", path, 1)
			}
			run(t, args[0], args[1:]...)
			got, err := tags.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			checkTags(t, got)
			if got.Audio.Codec != tt.codec || got.Audio.Rate == 0 || got.Audio.Channels == 0 || got.Audio.Bitrate == 0 {
				t.Errorf("audio is %+v, want codec %s and all the rest", got.Audio, tt.codec)
			}
			if got.Frames != tt.frames {
				t.Errorf("%d frames, want %d", got.Frames, tt.frames)
			}
			if s := got.Duration.Seconds(); s < 3.15 || s > 3.30 {
				t.Errorf("duration %v, want about 3.2 s", got.Duration)
			}
			if len(got.Warnings) > 0 {
				t.Errorf("warnings: %q", got.Warnings)
			}
		})
	}
}

func checkTags(t *testing.T, got tags.Tags) {
	t.Helper()
	if got.Title != "Título ☃" || len(got.Artists) != 1 || got.Artists[0] != "Anna" || got.Album != "Records" {
		t.Errorf("title %q, artists %q, album %q", got.Title, got.Artists, got.Album)
	}
	if got.Number != 3 || got.Numbers != 12 {
		t.Errorf("track %d of %d, want 3 of 12", got.Number, got.Numbers)
	}
	if got.Audio.Codec == "WMA" { // ffmpeg loses the year
		got.Year, got.Date = 1999, "1999"
	}
	if got.Year != 1999 || got.Date != "1999" || len(got.Genres) != 1 || got.Genres[0] != "Jazz" {
		t.Errorf("date %q, year %d, genres %q", got.Date, got.Year, got.Genres)
	}
}
