//go:build e2e

package e2e

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// badFiles is a home with music and much that is none.
func badFiles(t *testing.T) (home string) {
	t.Helper()
	home = music(t, 2, "Alpha")
	for name, data := range map[string]string{
		"zero.flac":      "",
		"picture.mp3":    "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x08\x00\x00\x00\x08\x08\x02\x00\x00\x00K",
		"text.txt":       "hello\n",
		"gone.m3u":       "not there.flac\nalso/gone.mp3\n",
		"some.m3u":       "not there.flac\nMusic/01.flac\n",
		"itself.m3u":     "itself.m3u\n",
		"a.m3u":          "b.m3u\n",
		"b.m3u":          "a.m3u\nMusic/01.flac\n",
		"empty/nothing":  "",
		"cut.flac":       "fLaC\x00\x00\x00\x22",
		"words.m3u":      "\x00\x01\x02 no playlist \xff\xfe\n",
		"config/bad.ini": "[player]\ngian = \"track\"\nvolume = 300\n[screen\n",
	} {
		write(t, filepath.Join(home, name), []byte(data))
	}
	if err := os.Remove(filepath.Join(home, "empty/nothing")); err != nil {
		t.Fatal(err)
	}
	return home
}

// TestWhatCannotBePlayedIsSaidInALine is the table of bad input, as scripts meet it.
func TestWhatCannotBePlayedIsSaidInALine(t *testing.T) {
	t.Parallel()
	home := badFiles(t)
	for _, c := range []struct {
		name  string
		words string
		code  int
		says  string // and nothing else
	}{
		{"a folder that is not there", "play /no/such/folder", 5, "open /no/such/folder: it is not there"},
		{"a file that is not there", "play ./nothing.mp3", 5, "open ./nothing.mp3: it is not there"},
		{"words that nothing matches", "play zzqqxx", 5, "zzqqxx is no file, folder or link, and the library holds nothing like it"},
		{"a file of 0 bytes", "play zero.flac", 5, "play zero: the file is empty"},
		{"a picture named .mp3", "play picture.mp3", 5, "play picture: this is a PNG picture, not audio"},
		{"a text", "play text.txt", 5, "play text: this is text, not audio"},
		{"a file that ends in its header", "play cut.flac", 5, "damaged"},
		{"a folder with nothing in it", "play empty", 5, "nothing found in "},
		{"a playlist that holds itself", "play itself.m3u", 5, "nothing found in "},
		{"no music named", "play", 2, "wants a path"},
		{"an unknown flag", "play --loud x", 2, "unknown flag: --loud"},
		{"an unknown format", "play --format s24 Music", 2, "s24"},
		{"a rate that no card has", "play --rate 12 Music", 2, "--rate 12"},
		{"a start behind the end", "play --start 9 Music", 5, "--start 9, but there "},
		{"an output that there is not", "play -o tape Music", 2, "tape"},
		{"a command misspelt", "plya", 2, "did you mean play?"},
		{"a config file that is not there", "--config /no/such.toml keys", 2, "/no/such.toml"},
		{"a keymap that there is not", "keys --keymap emacs", 2, "emacs"},
		{"words that are too many", "version now", 2, "version"},
		{"a disk that is full", "play -o wav:/dev/full Music/01.flac", 1, "no space left on device"},
		{"a folder for the WAV file that is not there", "play -o wav:/no/where.wav Music/01.flac", 1, "/no/where.wav"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := in(home, strings.Fields(c.words)...).run(t)
			r.wants(t, c.code, "segue: ", c.says)
			r.talk = strings.TrimPrefix(r.talk, "Alpha — The Testers\n")
			r.oneLine(t)
			if r.out != "" {
				t.Errorf("stdout has %q", r.out)
			}
		})
	}
}

func TestBadTracksOfAListAreSkippedAndNamed(t *testing.T) {
	t.Parallel()
	home := badFiles(t)
	for _, c := range []struct {
		name string
		args []string
		code int
		says []string
	}{
		{"a playlist with a missing file", []string{"some.m3u"}, 0, []string{"not there.flac: the file is not there", "Alpha — The Testers"}},
		{"a playlist of missing files", []string{"gone.m3u"}, 5, []string{"not there.flac: ", "gone.mp3: ", "none of the 2 tracks can be played"}},
		{"playlists in a circle", []string{"a.m3u"}, 0, []string{"Alpha — The Testers"}},
		{"bad files among good ones", []string{"zero.flac", "Music/01.flac", "picture.mp3"}, 0, []string{"play zero: ", "Alpha", "play picture: "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := in(home, append([]string{"play", "-o", "-"}, c.args...)...).run(t)
			r.wants(t, c.code, c.says...)
			if want := (2 * 44100 / 4096) * 4096 * 4; c.code == 0 && len(r.out) != want {
				t.Errorf("%d bytes of music, want %d", len(r.out), want)
			}
		})
	}
}

func TestAReaderThatGoesAwayEndsTheRun(t *testing.T) {
	t.Parallel()
	home := music(t, 60, "Alpha")
	read, wrote, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := in(home, "play", "Music/01.flac", "-o", "-").command(t.Context())
	var talk strings.Builder
	cmd.Stdout, cmd.Stderr = wrote, &talk
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = wrote.Close()
	if _, err := io.ReadFull(read, make([]byte, 1000)); err != nil {
		t.Error(err)
	}
	_ = read.Close()
	code := exitCode(t, cmd.Wait())
	result{talk: talk.String(), code: code}.wants(t, 1, "the reader has gone away")
}

func TestDataComesAsJSON(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for _, words := range []string{"keys --json", "keys --json --keymap vim", "config show --json", "doctor --json"} {
		t.Run(words, func(t *testing.T) {
			r := in(home, strings.Fields(words)...).run(t)
			r.wants(t, 0)
			var rows []map[string]any
			if err := json.Unmarshal([]byte(r.out), &rows); err != nil || len(rows) == 0 {
				t.Errorf("%v: %.300s", err, r.out)
			}
		})
	}
}

func TestCommandsThatOnlyTell(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for _, c := range []struct {
		words string
		has   string
	}{
		{"version", "segue "},
		{"--version", "segue "},
		{"keys", "play or pause"},
		{"keys --lint", "no conflicts"},
		{"keys --markdown", "| "},
		{"config path", filepath.Join(home, ".config/segue/config.toml")},
		{"config check", "the defaults hold"},
		{"config", "player.gain"},
		{"--help", "Available Commands"},
		{"completion bash", "segue"},
	} {
		t.Run(c.words, func(t *testing.T) {
			r := in(home, strings.Fields(c.words)...).run(t)
			r.wants(t, 0)
			if !strings.Contains(r.out, c.has) || r.talk != "" {
				t.Errorf("stdout: %.600s\nstderr: %s", r.out, r.talk)
			}
		})
	}
}

func TestTheConfigIsBegunAndChecked(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	in(home, "config", "init").run(t).wants(t, 0)
	in(home, "config", "init").run(t).wants(t, 1, "is there already")
	in(home, "config", "check").run(t).wants(t, 0)
	write(t, filepath.Join(home, ".config/segue/config.toml"), []byte("[player]\ngian = \"track\"\nvolume = 300\n[keys]\nnxt = [\"n\"]\n"))
	r := in(home, "config", "check").run(t)
	r.wants(t, 1, "3 mistakes")
	for _, want := range []string{"config.toml:2: ", "did you mean player.gain?", "volume is 300", `did you mean "next"?`} {
		if !strings.Contains(r.out, want) {
			t.Errorf("it says nothing of %q:\n%s", want, r.out)
		}
	}
}

func TestWithoutATerminalCommandsComeAsLines(t *testing.T) {
	t.Parallel()
	home := music(t, 60, "Alpha", "Beta")
	in(home, "scan").run(t).wants(t, 0)
	c := in(home)
	c.in = strings.NewReader("status\nopen 2\nsearch beta\nopen 1\nvolume 30\nstatus\nnonsense\nquit\n")
	r := c.run(t)
	r.wants(t, 0)
	for _, want := range []string{"segue, a music player", "nothing plays", "1. Beta, by The Testers", `no command is named "nonsense"`} {
		if !strings.Contains(r.out, want) {
			t.Errorf("it says nothing of %q:\n%s", want, r.out)
		}
	}
	c.in = strings.NewReader("status\n")
	r = c.run(t)
	if !strings.Contains(r.out, "volume 30") {
		t.Errorf("the second start does not know the volume that was set last:\n%s", r.out)
	}
	c.in = nil // /dev/null, as in a build machine: it says what there is and ends
	r = c.run(t)
	r.wants(t, 0)
	if !strings.Contains(r.out, "albums") {
		t.Errorf("it says:\n%s", r.out)
	}
}

func TestTheLastCommandBeforeTheEndOfInputIsDone(t *testing.T) {
	t.Parallel()
	home := music(t, 60, "Alpha", "Beta")
	in(home, "scan").run(t).wants(t, 0)
	c := in(home)
	c.in = strings.NewReader("search beta\nenqueue 1\n")
	c.run(t).wants(t, 0)
	c.in = strings.NewReader("queue\n")
	if r := c.run(t); !strings.Contains(r.out, "Queue, 1 in all") {
		t.Errorf("what was queued is lost:\n%s", r.out)
	}
}

func TestTheLastTrackOfARunCountsAsAPlayToo(t *testing.T) {
	t.Parallel()
	home := music(t, 2, "Alpha", "Beta")
	in(home, "scan").run(t).wants(t, 0)
	in(home, "play", "-o", "-", "Music").run(t).wants(t, 0)
	r := in(home, "toplist").run(t)
	if !strings.Contains(r.out, "Alpha") || !strings.Contains(r.out, "Beta") {
		t.Errorf("both were heard whole, but the toplist is:\n%s%s", r.out, r.talk)
	}
}

func TestAFileOfCommandsOnStandardInputIsLeftAtItsEnd(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	script := write(t, filepath.Join(home, "commands"), []byte("library\n"))
	f, err := os.Open(script)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cmd := in(home).command(t.Context())
	cmd.Stdin = f
	out, err := cmd.CombinedOutput()
	if code := exitCode(t, err); code != 0 || !strings.Contains(string(out), "1. ") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// TestWithoutAnEnvironmentSegueSaysWhatItCannotKeep has no HOME, no TERM, no LANG.
func TestWithoutAnEnvironmentSegueSaysWhatItCannotKeep(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), program, "--output", "null")
	cmd.Env, cmd.Dir = []string{}, "/"
	cmd.Stdin = strings.NewReader("status\n")
	out, err := cmd.Output()
	if code := exitCode(t, err); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if s := string(out); strings.Count(s, "HOME is not set") != 1 || !strings.Contains(s, "nothing plays") {
		t.Errorf("it says:\n%s", s)
	}
}
