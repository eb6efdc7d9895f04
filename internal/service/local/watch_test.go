package local

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/music"
)

// patience is for what takes a second on a machine that has nothing else to do.
const patience = 2 * time.Minute

// until waits for something that other programs' clocks decide.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited in vain for: %s", what)
}

func TestTheWatchKeepsTheIndexTrue(t *testing.T) {
	s, root := library(t, 24)
	changes := watched(t, s)
	scanned(t, s)
	total := func() int { return page(t, s, music.Ask{Of: section(music.SectionTracks)}).Total }
	until(t, "the first scan", func() bool { return total() == 24 })
	until(t, "a word of it", func() bool { return len(changes) > 0 })
	// The watch of new folders begins after the scan; touch until it has seen one.
	until(t, "a new file in a known folder", func() bool {
		if err := os.WriteFile(filepath.Join(root, filepath.Dir(genlib.Path(0)), "new.flac"), genlib.FLAC([]string{"TITLE=x"}, 1), 0o644); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * watchQuiet)
		return total() == 25
	})
	if err := genlib.Write(root, 24, 36); err != nil {
		t.Fatal(err)
	}
	until(t, "a new folder", func() bool { return total() == 37 })
	if err := os.RemoveAll(filepath.Join(root, filepath.Dir(genlib.Path(24)))); err != nil {
		t.Fatal(err)
	}
	until(t, "a folder that is gone", func() bool { return total() == 25 })
}

func TestAFolderThatWentAndCameAgainIsWatchedAgain(t *testing.T) {
	s, root := library(t, 24)
	scanned(t, s)
	watched(t, s)
	total := func() int { return page(t, s, music.Ask{Of: section(music.SectionTracks)}).Total }
	folder := filepath.Join(root, filepath.Dir(genlib.Path(0)))
	gone := total()
	until(t, "a folder that goes", func() bool {
		// The watch may begin later than this test: it is taken away until that is seen.
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(filepath.Dir(folder), "touched.txt"), []byte(time.Now().String()), 0o644); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * watchQuiet)
		return total() < gone
	})
	left := total()
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(folder, name), genlib.FLAC([]string{"TITLE=" + name}, 1), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	write("one.flac")
	until(t, "the folder that came again", func() bool { return total() == left+1 })
	write("two.flac") // the scan may have looked already, and the watch not yet
	until(t, "a file in it", func() bool { return total() == left+2 })
}

// TestWhatComesBetweenAScanAndItsWatchIsFound: a folder is listed some time before it is
// watched. A song that came in between was not there until the next start.
func TestWhatComesBetweenAScanAndItsWatchIsFound(t *testing.T) {
	s, root := library(t, 24)
	scanned(t, s)
	for _, dir := range []string{root, filepath.Join(root, filepath.Dir(genlib.Path(0)))} {
		if err := os.WriteFile(filepath.Join(dir, "new.flac"), genlib.FLAC([]string{"TITLE=x"}, 1), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	watched(t, s)
	until(t, "the new songs", func() bool { return page(t, s, music.Ask{Of: section(music.SectionTracks)}).Total == 26 })
}

func TestWithoutWatchingOnlyScansTell(t *testing.T) {
	dir := t.TempDir()
	s, err := New(Config{Folders: []string{dir}, DataDir: t.TempDir(), NoWatch: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	told := make(chan music.Ref, 100)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Watch(ctx, func(r music.Ref) { told <- r }) }()
	if err := os.WriteFile(filepath.Join(dir, "new.flac"), genlib.FLAC([]string{"TITLE=New"}, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	for {
		if err := s.Scan(ctx, nil, nil); err != nil {
			t.Fatal(err)
		}
		select {
		case <-told:
		default:
			continue // Watch has not begun to listen
		}
		break
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAPlaylistThatAnotherProgramWritesIsToldByName(t *testing.T) {
	s, _ := library(t, 4)
	scanned(t, s)
	p, err := s.CreatePlaylist(t.Context(), "Folder/Mix", nil)
	if err != nil {
		t.Fatal(err)
	}
	changes := watched(t, s)
	told := map[music.Ref]bool{}
	until(t, "the playlist and the list of them", func() bool {
		// The watch may begin later than this test.
		if err := os.WriteFile(p.ID, []byte("#EXTM3U\n"+time.Now().String()), 0o644); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * watchQuiet)
		for len(changes) > 0 {
			told[<-changes] = true
		}
		return told[p] && told[section(music.SectionPlaylists)]
	})
}
