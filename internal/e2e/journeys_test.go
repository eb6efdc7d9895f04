//go:build e2e

package e2e

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"segue/internal/genlib"
)

// The keys that are not letters.
const (
	enter = "\r"
	esc   = "\x1b"
	down  = "\x1b[B"
	right = "\x1b[C"
	ctrlC = "\x03"
	ctrlR = "\x12"
	ctrlS = "\x13"
)

// playing is a row of the list with the mark of what plays.
func playing(title string) string { return `▶ +\d+ +` + regexp.QuoteMeta(title) }

// music makes a home with a folder of short tracks in it, seconds long each.
func music(t *testing.T, seconds int, titles ...string) (home string) {
	t.Helper()
	home = t.TempDir()
	for i, title := range titles {
		tags := []string{"TITLE=" + title, "ARTIST=The Testers", "ALBUM=Proof", fmt.Sprintf("TRACKNUMBER=%d", i+1), "DATE=2001"}
		write(t, filepath.Join(home, "Music", fmt.Sprintf("%02d.flac", i+1)), genlib.FLAC(tags, seconds*44100/4096))
	}
	return home
}

func TestOnTheFirstRunTwoEntersPlayTheSampler(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).open(t)
	w.sees("Segue Sampler", "Nothing plays", "Enter open")
	w.keys(enter)
	w.sees("Prelude in C major", "Greensleeves", "Enter play")
	w.keys(enter)
	w.row(playing("Prelude in C major"))
	w.row(`0:0[1-9] [━●]`)
	w.keys("q") // back to the albums
	w.sees("Albums", "7:33")
	w.keys("q")
	if code := w.exits(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	w.restored()
}

func TestFindingATrackAndPlayingIt(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).open(t)
	w.sees("Segue Sampler")
	w.keys("2")
	w.sees("Search")
	w.keys("entertainer")
	w.row(`The Entertainer +Scott Joplin`)
	w.keys(enter + enter)
	w.row(`▶ The Entertainer`)
	w.row(`0:0[1-9] [━●]`)
}

func TestFindingInAViewByPartsOfAWord(t *testing.T) {
	t.Parallel()
	w := in(t.TempDir()).open(t)
	w.sees("Segue Sampler")
	w.keys(enter)
	w.sees("Greensleeves")
	w.keys("/elise")
	w.loses("Greensleeves")
	w.sees("Für Elise")
	w.keys(enter)
	w.keys(enter)
	w.row(`▶ Für Elise`)
}

func TestTheQueueIsFilledReorderedAndUndone(t *testing.T) {
	t.Parallel()
	w := in(music(t, 60, "Alpha", "Beta", "Gamma")).open(t)
	w.sees("Proof")
	w.keys(enter)
	w.sees("Alpha", "Gamma")
	w.keys("eee") // each moves on to the next row
	w.sees("Queue 3")
	w.keys("4")
	w.row(`│ +Queue +1/3$`)
	order := func(titles ...string) {
		t.Helper()
		var rows []string
		for i, title := range titles {
			rows = append(rows, fmt.Sprintf(`%d +%s .*`, i+1, title))
		}
		w.row(strings.Join(rows, `\n.*`))
	}
	order("Alpha", "Beta", "Gamma")
	w.keys("gg")
	w.keys("J")
	order("Beta", "Alpha", "Gamma")
	w.keys("d") // the cursor went with Alpha
	order("Beta", "Gamma")
	w.sees("u undoes")
	w.keys("u")
	order("Beta", "Alpha", "Gamma")
	w.keys("u")
	order("Alpha", "Beta", "Gamma")
	w.keys(ctrlR)
	order("Beta", "Alpha", "Gamma")
	w.keys("D")
	w.loses("Gamma")
	w.keys("u")
	order("Beta", "Alpha", "Gamma")
}

func TestAPlaylistIsMadeFromTheQueueAndIsAFile(t *testing.T) {
	t.Parallel()
	home := music(t, 60, "Alpha", "Beta", "Gamma")
	w := in(home).open(t)
	w.sees("Proof")
	w.keys(enter)
	w.sees("Alpha", "Gamma")
	w.keys("ee")
	w.sees("Queue 2")
	w.keys(ctrlS)
	w.keys("Evening" + enter)
	w.sees("Evening")
	w.keys("3")
	w.row(`Evening +.*2`)
	w.keys(enter)
	w.row(`1 +Alpha`)
	w.row(`2 +Beta`)
	files, err := filepath.Glob(filepath.Join(home, ".local/share/segue/playlists/*.m3u*"))
	if err != nil || len(files) != 1 {
		t.Errorf("the playlist's files: %v, %v", files, err)
	}
}

func TestAStarStaysAfterARestart(t *testing.T) {
	t.Parallel()
	home := music(t, 60, "Alpha", "Beta", "Gamma")
	w := in(home).open(t)
	w.sees("Proof")
	w.keys(enter)
	w.sees("Alpha", "Gamma")
	w.keys(down + "*")
	w.row(`Beta .*♥`)
	w.keys(ctrlC)
	w.exits()
	w = in(home).open(t)
	w.row(`Beta .*♥`) // it comes back to the view that it left
}

func TestTheToplistFillsWithPlays(t *testing.T) {
	t.Parallel()
	w := in(music(t, 2, "Alpha", "Beta", "Gamma")).open(t)
	w.keys("6")
	w.sees("All time", "Nothing was played")
	w.keys("1")
	w.sees("Proof")
	w.keys(enter)
	w.sees("Alpha", "Gamma")
	w.keys("jj" + enter)
	w.row(playing("Gamma"))
	w.sees("Nothing plays")
	w.keys("6")
	w.row(`1 .*Gamma .*1`)
}
