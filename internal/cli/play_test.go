package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// song is a WAV file of a tenth of the sampler's first track.
func song(t *testing.T, path string) []byte {
	t.Helper()
	if code, _, errs := run(t, "play", "--output", "wav:"+path, "title:greensleeves"); code != exitOK {
		t.Fatal(errs)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatIsPlayedIsNotOverwrittenByIt(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "song.wav")
	was := song(t, path)
	link := filepath.Join(dir, "another name.wav")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"by its name":        {"--output", "wav:" + path, path},
		"in a folder":        {"--output", "wav:" + path, dir},
		"by another name":    {"--output", "wav:" + link, path},
		"behind another one": {"--output", "wav:" + path, "title:elise", path},
		"not begun with":     {"--output", "wav:" + path, "--start", "2", path, "title:elise"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errs := run(t, append([]string{"play"}, args...)...)
			if code != exitUsage || !strings.Contains(errs, "is one of the tracks to be played") || strings.Count(errs, "\n") != 1 {
				t.Errorf("exit %d, %q", code, errs)
			}
			if is, err := os.ReadFile(path); err != nil || !bytes.Equal(is, was) {
				t.Fatalf("of %d bytes %d are left, %v", len(was), len(is), err)
			}
		})
	}
}

func TestACutFileIsPlayedAndSaidInALine(t *testing.T) {
	dir := t.TempDir()
	was := song(t, filepath.Join(dir, "song.wav"))
	cut := filepath.Join(dir, "cut.wav")
	if err := os.WriteFile(cut, was[:len(was)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := run(t, "play", "--output", "wav:"+filepath.Join(dir, "out.wav"), cut)
	if want := "cut\nplay cut: cut short at 0:29 of 0:59\n"; code != exitOK || errs != want {
		t.Errorf("exit %d, %q, want %q", code, errs, want)
	}
}

func TestNoHelpShowsAnEmptyDefault(t *testing.T) {
	for _, words := range [][]string{{}, {"play"}, {"login"}, {"search"}, {"toplist"}, {"offline"}, {"playlist"}} {
		if _, out, _ := run(t, append(words, "--help")...); !strings.Contains(out, "segue") || strings.Contains(out, "default []") {
			t.Errorf("%v: %s", words, out)
		}
	}
}
