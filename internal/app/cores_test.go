package app

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/genlib"
	"segue/internal/service/local"
	"segue/session"
)

// The session finds what a service can do by its methods: none may be lost.
var _ interface {
	session.Service
	session.Scanner
	session.Watcher
	session.Resolver
	session.Illustrator
	session.Lyricist
	session.Starrer
	session.Rater
	session.PlaylistEditor
	session.Reporter
} = library{}

func TestAllCoresWorkAtTheStartAndWhileTheLibraryIsReadAndOneOtherwise(t *testing.T) {
	t.Setenv("GOMAXPROCS", "")
	was := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(was)
	wants := func(when string, n int) {
		t.Helper()
		if got := runtime.GOMAXPROCS(0); got != n {
			t.Errorf("%s: %d cores, want %d", when, got, n)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		c := newCores(false)
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			if err := c.Run(ctx); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		wants("at the start", 4)
		first := c.work()
		time.Sleep(2 * settled)
		wants("a scan runs since the start", 4)
		second := c.work()
		first()
		wants("a second scan runs", 4)
		second()
		wants("nothing but music", 1)
		stop()
		synctest.Wait()
		wants("at the end", 4)
	})
}

func TestTheUsersGOMAXPROCSAndUnpacedRunsAreLeftAlone(t *testing.T) {
	t.Setenv("GOMAXPROCS", "3")
	if c := newCores(false); c.all != 0 {
		t.Error("GOMAXPROCS is overruled")
	}
	t.Setenv("GOMAXPROCS", "")
	if c := newCores(true); c.all != 0 {
		t.Error("an unpaced run is slowed down")
	}
}

func TestAScanTakesAllCores(t *testing.T) {
	t.Setenv("GOMAXPROCS", "")
	was := runtime.GOMAXPROCS(2)
	defer runtime.GOMAXPROCS(was)
	music := t.TempDir()
	if err := genlib.Write(music, 0, 3); err != nil {
		t.Fatal(err)
	}
	s, err := local.New(local.Config{Folders: []string{music}, DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	l := library{s, newCores(false)}
	l.cores.change(func() { l.cores.resting = true })
	if n := runtime.GOMAXPROCS(0); n != 1 {
		t.Fatalf("%d cores at rest", n)
	}
	during := 0
	err = l.Scan(t.Context(), nil, func(int, int, string) { during = runtime.GOMAXPROCS(0) })
	if err != nil || during != 2 {
		t.Errorf("%d cores during a scan, %v", during, err)
	}
	if n := runtime.GOMAXPROCS(0); n != 1 {
		t.Errorf("%d cores after a scan", n)
	}
}
