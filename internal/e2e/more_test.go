//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

const tab = "\t"

func TestASearchIsCompletedAndRememberedOverARestart(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	w := in(home).open(t)
	w.sees("Segue Sampler")
	w.keys("2")
	w.sees("Type to search.")
	w.keys("entert")
	w.sees("The Entertainer", "Tab complete")
	w.keys(tab)
	w.row(`/ The Entertainer`)
	w.keys(enter + enter)
	w.row(playing0("The Entertainer"))
	w.keys(ctrlC)
	w.exits()
	w = in(home).open(t)
	w.sees("The Entertainer")
	w.keys("/\x15") // into the field, empty it
	w.sees("Lately", "The Entertainer")
	w.keys(down + enter)
	w.row(`/ The Entertainer`)
}

// playing0 is a row that plays, in a list without numbers.
func playing0(title string) string { return `▶ +` + title }

func TestTheRadioPlaysFromARowAndIsUndone(t *testing.T) {
	t.Parallel()
	w := in(music(t, 60, "Alpha", "Beta", "Gamma")).open(t)
	w.sees("Proof")
	w.keys(enter)
	w.sees("Alpha", "Gamma")
	w.keys("j" + "E")
	w.sees("Queue 1")
	w.keys("k" + "R")
	w.row(playing("Beta"))
	w.sees("Queue 3", "u undoes")
	w.keys("u")
	w.sees("Queue 1")
}

func TestAPlaylistIsMadeFromASelectionEditedDeletedAndBroughtBack(t *testing.T) {
	t.Parallel()
	home := music(t, 60, "Alpha", "Beta", "Gamma")
	w := in(home).open(t)
	w.sees("Proof")
	w.keys(enter)
	w.sees("Alpha", "Gamma")
	w.keys("vj" + "A")
	w.sees("new playlist")
	w.keys("Morning" + enter)
	w.row(`Morning +2 +│`) // in the sidebar
	w.keys("3")
	w.row(`│ +Morning +2 `)
	w.keys(enter)
	w.row(`1 +Alpha`)
	w.keys("J")
	w.row(`1 +Beta`)
	w.keys("d") // Alpha, which the cursor went with
	w.row(`Morning +1 +│`)
	w.keys("u")
	w.row(`Morning +2 +│`)
	w.keys("q:delete-playlist" + enter)
	w.sees("Keep it")
	w.keys("j" + enter)
	w.loses("Morning  ")
	w.keys("u")
	w.row(`Morning +2 +│`)
	if files, err := filepath.Glob(filepath.Join(home, ".local/share/segue/playlists/*.m3u8")); err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
}

func TestTheSidebarAndTheTopBarAreClicked(t *testing.T) {
	t.Parallel()
	home := music(t, 60, "Alpha", "Beta", "Gamma")
	lists := filepath.Join(home, ".local/share/segue/playlists/Trips")
	if err := os.MkdirAll(lists, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(lists, "Norway.m3u8"), []byte("#EXTM3U\n"+filepath.Join(home, "Music/01.flac")+"\n"))
	w := in(home).open(t)
	x, y := w.places("▸ Trips")
	w.click(leftButton, x, y)
	x, y = w.places("Norway")
	w.click(leftButton, x, y)
	w.row(`1 +Alpha`)
	x, _ = w.places("Queue")
	w.click(leftButton, x, 0)
	w.sees("The queue is empty.")
}

func TestTheLogTellsWhatWasSaidAndWhatIsInTheFile(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).open(t)
	w.sees("Segue Sampler")
	w.keys(":nonsense" + enter)
	w.sees("no command is named")
	w.keys("g!")
	w.sees("Said here", "segue.log", "no command is named “nonsense”")
	w.loses("debug")
	w.keys("{")
	w.sees("debug", "AccountsChanged")
}

func TestUnknownKeysAndMistakesInTheConfigAreAllSaid(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	write(t, filepath.Join(home, ".config/segue/config.toml"), []byte("[keys]\nnext = [\"C-i\"]\nnothing = [\"x\"]\nstar = [\"banana\"]\n"))
	w := in(home).open(t)
	w.sees("g! lists them")
	w.keys("g!")
	w.sees("nothing", "banana", "C-i")
}
