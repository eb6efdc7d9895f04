package watch

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// watching gives a watcher that runs, of a folder, and what it tells.
func watching(t *testing.T) (*Watcher, string, <-chan Event) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w, err := New()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	events, ended := make(chan Event), make(chan error, 1)
	go func() { ended <- w.Run(ctx, events) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := w.Add(dir); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("a watcher that has ended: %v", err)
		}
	})
	add(t, w, dir)
	return w, dir, events
}

func add(t *testing.T, w *Watcher, dir string) {
	t.Helper()
	if err := w.Add(dir); err != nil {
		t.Fatal(err)
	}
	if !w.Has(dir) {
		t.Fatalf("%s is not watched", dir)
	}
}

// told waits until path is told of.
func told(t *testing.T, events <-chan Event, path string) {
	t.Helper()
	late := time.After(2 * time.Minute) // it takes milliseconds where nothing else is done
	for {
		select {
		case e := <-events:
			if e.Path == path {
				return
			}
		case <-late:
			t.Fatalf("nothing was told of %s", path)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatComesIsWrittenIsRenamedAndGoesIsTold(t *testing.T) {
	w, dir, events := watching(t)
	file := filepath.Join(dir, "a file")
	must(t, os.WriteFile(file, nil, 0o600))
	told(t, events, file)
	must(t, os.WriteFile(file, []byte("more"), 0o600))
	told(t, events, file)
	must(t, os.Rename(file, file+" 2"))
	told(t, events, file)
	told(t, events, file+" 2")
	must(t, os.Remove(file+" 2"))
	told(t, events, file+" 2")
	if w.Len() != 1 {
		t.Errorf("%d folders are watched", w.Len())
	}
}

func TestAFolderThatCameAgainCanBeWatchedAgain(t *testing.T) {
	w, dir, events := watching(t)
	sub := filepath.Join(dir, "sub")
	for range 3 {
		must(t, os.Mkdir(sub, 0o700))
		told(t, events, sub)
		if w.Has(sub) {
			t.Fatal("the folder of before counts")
		}
		add(t, w, sub)
		must(t, os.WriteFile(filepath.Join(sub, "x"), nil, 0o600))
		told(t, events, filepath.Join(sub, "x"))
		must(t, os.RemoveAll(sub))
		told(t, events, sub)
	}
}

func TestAFolderThatWasMovedIsToldByItsNewPathWithAllBelowIt(t *testing.T) {
	w, dir, events := watching(t)
	was, is := filepath.Join(dir, "was"), filepath.Join(dir, "is")
	must(t, os.MkdirAll(filepath.Join(was, "below"), 0o700))
	add(t, w, was)
	add(t, w, filepath.Join(was, "below"))
	must(t, os.Rename(was, is))
	told(t, events, is)
	// the word of the folder itself comes after those of the folder around it
	must(t, os.WriteFile(filepath.Join(dir, "next"), nil, 0o600))
	told(t, events, filepath.Join(dir, "next"))
	if w.Has(was) || w.Has(filepath.Join(was, "below")) {
		t.Error("the old paths are still known")
	}
	add(t, w, is)
	add(t, w, filepath.Join(is, "below"))
	must(t, os.WriteFile(filepath.Join(is, "below", "x"), nil, 0o600))
	told(t, events, filepath.Join(is, "below", "x"))
	if w.Len() != 3 {
		t.Errorf("%d folders are watched", w.Len())
	}
}

func TestWhatIsNotThereOrNoFolderIsAnError(t *testing.T) {
	w, dir, _ := watching(t)
	if err := w.Add(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if w.Len() != 1 {
		t.Errorf("%d folders are watched", w.Len())
	}
}

func TestAWatcherThatNeverRanIsClosedAndMayBeClosedTwice(t *testing.T) {
	w, err := New()
	must(t, err)
	must(t, w.Close())
	must(t, w.Close())
}
