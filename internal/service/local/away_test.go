package local

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/session"
)

// notes is a service that keeps what it tells the user.
func notes(t *testing.T, data string, roots ...string) (*Service, func() []string) {
	t.Helper()
	s := service(t, data, roots...)
	var mu sync.Mutex
	var list []string
	s.cfg.Notify = func(n string) {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, n)
	}
	return s, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), list...)
	}
}

// watched runs a Watch until the test ends. What it tells comes from the channel.
func watched(t *testing.T, s *Service) <-chan music.Ref {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	changes := make(chan music.Ref, 1000)
	ended := make(chan error, 1)
	go func() {
		ended <- s.Watch(ctx, func(r music.Ref) {
			select {
			case changes <- r:
			default: // nobody looks at so much
			}
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return changes
}

func allTracks(t *testing.T, s *Service) []music.Track {
	t.Helper()
	var list []music.Track
	for _, it := range page(t, s, music.Ask{Of: section(music.SectionTracks), Limit: 1000}).Items {
		tr, ok := it.(music.Track)
		if !ok {
			t.Fatalf("%T", it)
		}
		list = append(list, tr)
	}
	return list
}

func TestADiskBelowARootThatGoesAndComesBackIsNotForgotten(t *testing.T) {
	if !alone(t) {
		return
	}
	dir := t.TempDir()
	root, disk, usb := filepath.Join(dir, "music"), filepath.Join(dir, "disk"), filepath.Join(dir, "music/usb")
	for _, d := range []string{disk, usb} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, ""); err != nil {
		t.Skip("no mount:", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(disk, unix.MNT_DETACH) })
	plug := func() {
		t.Helper()
		if err := unix.Mount(disk, usb, "", unix.MS_BIND, ""); err != nil {
			t.Fatal(err)
		}
	}
	pull := func() {
		t.Helper()
		if err := unix.Unmount(usb, 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = unix.Unmount(usb, unix.MNT_DETACH) })
	if err := genlib.Write(filepath.Join(root, "own"), 0, 12); err != nil {
		t.Fatal(err)
	}
	if err := genlib.Write(disk, 12, 36); err != nil {
		t.Fatal(err)
	}
	plug()
	s, said := notes(t, t.TempDir(), root)
	scanned(t, s)
	var there, onDisk []music.Track
	for _, tr := range allTracks(t, s) {
		if strings.HasPrefix(tr.Ref.ID, usb) {
			onDisk = append(onDisk, tr)
		} else {
			there = append(there, tr)
		}
	}
	if len(onDisk) != 24 || len(there) != 12 {
		t.Fatalf("%d on the disk, %d beside it", len(onDisk), len(there))
	}
	if err := s.Rate(t.Context(), []music.Ref{onDisk[0].Ref}, 4); err != nil {
		t.Fatal(err)
	}
	if err := s.Report(t.Context(), session.Heard{Track: onDisk[0], Started: time.Now(), Heard: time.Minute, Counts: true}); err != nil {
		t.Fatal(err)
	}
	check := func(when, unplayable string) {
		t.Helper()
		list := allTracks(t, s)
		if len(list) != 36 {
			t.Errorf("%s: %d tracks", when, len(list))
		}
		for _, tr := range list {
			want := ""
			if strings.HasPrefix(tr.Ref.ID, usb) {
				want = unplayable
			}
			if tr.Unplayable != want {
				t.Errorf("%s: %s: unplayable %q", when, tr.Ref.ID, tr.Unplayable)
			}
			if tr.Ref == onDisk[0].Ref && (tr.Rating != 4 || tr.Plays != 1) {
				t.Errorf("%s: rating %d, plays %d", when, tr.Rating, tr.Plays)
			}
		}
	}
	check("plugged in", "")
	pull()
	scanned(t, s)
	check("pulled out", "the disk is not there")
	if got := strings.Join(said(), "\n"); !strings.Contains(got, "usb is not there") {
		t.Errorf("said %q", got)
	}
	scanned(t, s)
	check("still out", "the disk is not there")
	plug()
	sum, err := s.ScanResult(t.Context(), nil, nil)
	if err != nil || sum.Read != 0 {
		t.Errorf("read %d files again, %v", sum.Read, err)
	}
	check("plugged in again", "")
	pull()
	if err := os.Remove(usb); err != nil { // as desktops do with their mount points
		t.Fatal(err)
	}
	scanned(t, s)
	check("the mount point gone, too", "the disk is not there")
	if err := os.Mkdir(usb, 0o755); err != nil {
		t.Fatal(err)
	}
	plug()
	scanned(t, s)
	check("all back", "")
}

func TestOfVeryManyFoldersSomeAreWatchedAndAllAreReadAgain(t *testing.T) {
	root := filepath.Join(t.TempDir(), "music")
	if err := genlib.Write(root, 0, 96); err != nil {
		t.Fatal(err)
	}
	s, said := notes(t, t.TempDir(), root)
	s.rescan, s.watchMost = 300*time.Millisecond, 3
	scanned(t, s)
	watched(t, s)
	until(t, "the word of it", func() bool { return len(said()) > 0 })
	if err := os.WriteFile(filepath.Join(root, filepath.Dir(genlib.Path(95)), "new.flac"), genlib.FLAC([]string{"TITLE=x"}, 1), 0o644); err != nil {
		t.Fatal(err)
	}
	until(t, "the new file", func() bool { return len(allTracks(t, s)) == 97 })
	if got := said(); len(got) != 1 || !strings.Contains(got[0], "the first 3 folders") {
		t.Errorf("said %q", got)
	}
}

func TestWhereNotEveryFolderCanBeWatchedTheLibraryIsReadAgain(t *testing.T) {
	if !alone(t) {
		return
	}
	if err := os.WriteFile("/proc/sys/user/max_inotify_watches", []byte("4"), 0o644); err != nil {
		t.Skip("no limit of its own:", err)
	}
	root := filepath.Join(t.TempDir(), "music")
	if err := genlib.Write(root, 0, 96); err != nil {
		t.Fatal(err)
	}
	s, said := notes(t, t.TempDir(), root)
	s.rescan = 300 * time.Millisecond
	scanned(t, s)
	watched(t, s)
	until(t, "the word of it", func() bool { return len(said()) > 0 })
	if err := os.WriteFile(filepath.Join(root, filepath.Dir(genlib.Path(95)), "new.flac"), genlib.FLAC([]string{"TITLE=x"}, 1), 0o644); err != nil {
		t.Fatal(err)
	}
	until(t, "the new file", func() bool { return len(allTracks(t, s)) == 97 })
	if got := said(); len(got) != 1 || !strings.Contains(got[0], "max_user_watches") {
		t.Errorf("said %q", got)
	}
}
