//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"segue/internal/need"
)

func TestMistakesInTheConfigAreSaidOnTheScreen(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	write(t, filepath.Join(home, ".config/segue/config.toml"), []byte("[player]\ngian = \"track\"\n"))
	w := in(home).open(t)
	w.sees("Segue Sampler", "gian")
	w.keys("g!") // all messages, whole
	w.sees("config.toml:2", "did you mean player.gain?")
	w.keys(esc)
	w.loses("did you mean")
	w.keys(enter)
	w.sees("Greensleeves")
}

func TestWithoutUTF8EverythingIsDrawnInASCII(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).with("LANG=C").open(t)
	w.sees("Segue Sampler")
	w.keys(enter)
	w.sees("Greensleeves")
	w.keys("j" + enter)
	w.row(`> +2 +Greensleeves`)
	w.row(`0:0[1-9] `)
	w.keys("?")
	w.sees("Help")
	w.keys(esc)
	w.loses("Help")
	w.keys(ctrlC)
	w.exits()
	w.restored()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range string(w.raw) {
		if r > 126 {
			t.Fatalf("%q is not ASCII", r)
		}
	}
}

func TestColoursAreNotUsedWhereTheyAreNotWanted(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).with("NO_COLOR=1").open(t)
	w.sees("Segue Sampler")
	w.keys(enter)
	w.sees("Greensleeves")
	w.keys("j" + enter)
	w.row(playing("Greensleeves"))
	w.keys(ctrlC)
	w.exits()
	w.restored()
	for _, seq := range []string{"\x1b[38;", "\x1b[48;", ";38;2", ";48;2", "\x1b[3" + "1m"} {
		if w.wrote(seq) {
			t.Errorf("it wrote %q", seq)
		}
	}
}

func TestWithoutATermTheScreenOpensOrSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, term := range []string{"TERM=", "TERM=dumb"} {
		t.Run(term, func(t *testing.T) {
			w := in(t.TempDir()).with(term, "COLORTERM=").open(t)
			w.until("a player or a line", func(s string) bool { return strings.Contains(s, "ampler") })
			w.keys(ctrlC)
			w.exits()
			w.restored()
		})
	}
}

func TestWithoutAHomeItPlaysAndSaysThatNothingIsKept(t *testing.T) {
	t.Parallel()
	w := call{args: []string{"--output", "null"}}.open(t)
	w.sees("Segue Sampler", "HOME is not set")
	w.keys(enter)
	w.sees("Greensleeves")
	w.keys("j" + enter)
	w.row(playing("Greensleeves"))
	w.keys(ctrlC)
	if code := w.exits(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	w.restored()
}

// TestFoldersThatCannotBeWritten has files in their places, which root cannot write into either.
func TestFoldersThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, says string }{
		{"the state folder", ".local/state/segue", "nothing will be remembered"},
		{"the data folder", ".local/share/segue", ".local/share/segue"},
		{"both", ".local", "nothing will be remembered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			home := t.TempDir()
			write(t, filepath.Join(home, c.in), []byte("in the way\n"))
			w := in(home).at(240, 40).open(t)
			w.sees("Segue Sampler")
			w.keys(enter)
			w.sees("Greensleeves")
			w.keys("j" + enter)
			w.row(playing("Greensleeves"))
			w.row(`0:0[1-9] [━●]`)
			w.keys("g!")
			w.sees("Said here", c.says)
			w.keys(esc)
			w.loses("Said here")
			w.keys(ctrlC)
			if code := w.exits(); code != 0 {
				t.Errorf("exit code %d", code)
			}
			w.restored()
		})
	}
}

func TestBrokenStateFilesAreSetAsideAndSaid(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	write(t, filepath.Join(home, ".local/state/segue/state.json"), []byte(`{"queue": ["truncat`))
	write(t, filepath.Join(home, ".local/state/segue/position.json"), []byte("\x00\x01"))
	write(t, filepath.Join(home, ".local/share/segue/library.db"), []byte("no database"))
	w := in(home).at(320, 40).open(t)
	w.sees("Segue Sampler")
	w.keys("g!")
	w.sees("Said here", "state.json")
	w.keys(esc)
	w.loses("Said here")
	w.keys(enter)
	w.sees("Greensleeves")
	w.keys("j" + enter)
	w.row(playing("Greensleeves"))
	w.keys(ctrlC)
	if code := w.exits(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	w.restored()
}

func TestAMusicFolderThatIsNotThereIsSaid(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	write(t, filepath.Join(home, ".config/segue/config.toml"), []byte("[library]\nfolders = [\"/no/such/music\"]\n"))
	w := in(home).open(t)
	w.sees("Segue Sampler", "/no/such/music")
}

func TestSignalsEndItInOrderWithEverythingSaved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		sig  syscall.Signal
	}{{"TERM", syscall.SIGTERM}, {"HUP", syscall.SIGHUP}, {"INT", syscall.SIGINT}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			w := in(home).open(t)
			w.sees("Segue Sampler")
			w.keys(enter)
			w.sees("Greensleeves")
			w.keys("j" + enter)
			w.row(playing("Greensleeves"))
			w.keys(right + right)
			w.row(`0:1[0-9] [━●]`)
			if err := w.cmd.Process.Signal(c.sig); err != nil {
				t.Fatal(err)
			}
			if code := w.exits(); code != 130 {
				t.Errorf("exit code %d, want 130", code)
			}
			w.restored()
			if strings.Contains(w.text(), "rror") {
				t.Errorf("it leaves a message:\n%s", w.text())
			}
			w = in(home).open(t)
			w.row(`‖ Greensleeves`)
			w.row(`0:1[0-9] [━●]`)
		})
	}
}

func TestATerminalThatIsClosedEndsItWithEverythingSaved(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	w := in(home).open(t)
	w.sees("Segue Sampler")
	w.keys(enter)
	w.sees("Greensleeves")
	w.keys("j" + enter)
	w.row(playing("Greensleeves"))
	w.keys(right + right)
	w.row(`0:1[0-9] [━●]`)
	_ = w.tty.Close()
	_ = w.pty.Close()
	if code := w.exits(); code < 0 {
		t.Errorf("it was killed: %d", code)
	}
	w = in(home).open(t)
	w.row(`‖ Greensleeves`)
	w.row(`0:1[0-9] [━●]`)
}

func TestSuspendingPausesAndGivesTheTerminalBack(t *testing.T) {
	t.Parallel()
	need.Programs(t, "bash")
	c := in(t.TempDir(), "--norc", "--noprofile", "-i").with("PS1=shell> ")
	c.exe = "bash"
	w := c.open(t)
	w.sees("shell>")
	w.keys(`"$SEGUE"` + enter)
	w.sees("Segue Sampler")
	w.keys(enter)
	w.sees("Greensleeves")
	w.keys("j" + enter)
	w.row(playing("Greensleeves"))
	w.row(`0:0[1-9] [━●]`)
	w.keys("\x1a")
	w.sees("Stopped", "shell>")
	w.keys("echo still $((40 + 2)) here" + enter)
	w.sees("still 42 here")
	w.keys("fg" + enter)
	w.row(`[▶] +2 +Greensleeves`)
	w.row(`0:0[1-9] [━●]`)
	w.keys(ctrlC)
	w.loses("Toplists")
	w.keys("exit" + enter)
	w.exits()
	w.restored()
}

func TestPlayEndsOnASignalWithoutASound(t *testing.T) {
	t.Parallel()
	w := in(music(t, 60, "Alpha"), "play", "Music").open(t)
	w.row(`^Alpha — The Testers +0:0[1-9] / 0:59`)
	w.keys(ctrlC) // the terminal makes a signal of it
	if code := w.exits(); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	w.restored()
}

func TestABadFileBetweenGoodOnesIsNamedAndSkipped(t *testing.T) {
	t.Parallel()
	home := music(t, 2, "Alpha", "Beta", "Gamma")
	write(t, filepath.Join(home, "Music", "02.flac"), nil)
	write(t, filepath.Join(home, "Music", "02b.mp3"), []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"))
	w := in(home, filepath.Join(home, "Music")).open(t)
	w.row(`▶ Alpha`)
	w.row(`▶ Gamma`)
	w.keys("g!")
	w.sees("Said here", "play 02: the file is empty", "play 02b: this is a PNG picture, not audio")
	w.keys(esc)
	w.loses("Said here")
	w.sees("Nothing plays")
}

func TestMusicNamedAtTheStartPlaysAtOnce(t *testing.T) {
	t.Parallel()
	home := music(t, 60, "Alpha", "Beta")
	w := in(home, filepath.Join(home, "Music", "02.flac")).open(t)
	w.row(`▶ Beta`)
	w.row(`0:0[1-9] [━●]`)
	if _, err := os.Stat(filepath.Join(home, ".local/state/segue/state.json")); err != nil {
		w.until("the queue to be saved", func(string) bool {
			_, err := os.Stat(filepath.Join(home, ".local/state/segue/state.json"))
			return err == nil
		})
	}
}
