package local

import (
	"bufio"
	"database/sql"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
)

// spoil overwrites the page where a table or index of SQLite begins.
func spoil(t *testing.T, file, table string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	var root, size int64
	err = errors.Join(
		db.QueryRowContext(t.Context(), `SELECT rootpage FROM sqlite_master WHERE name = ?`, table).Scan(&root),
		db.QueryRowContext(t.Context(), `PRAGMA page_size`).Scan(&size),
		db.Close())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte(strings.Repeat("\xa5", int(size))), (root-1)*size)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestDamageMetInAQuestionIsSetAsideAndMadeAnew(t *testing.T) {
	for _, table := range []string{"track", "album", "block", "place", "mark"} {
		t.Run(table, func(t *testing.T) {
			s, root := library(t, 96)
			scanned(t, s)
			data := s.cfg.DataDir
			tracks := allTracks(t, s)
			if err := s.Report(t.Context(), session.Heard{Track: tracks[0], Started: time.Now(), Heard: time.Minute, Counts: true}); err != nil {
				t.Fatal(err)
			}
			if err := s.Star(t.Context(), []music.Ref{tracks[1].Ref}, true); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			spoil(t, filepath.Join(data, "library.db"), table)

			s, said := notes(t, data, root)
			watched(t, s)
			// Many ask at once, as a screen does.
			var asking sync.WaitGroup
			for _, of := range []string{music.SectionTracks, music.SectionAlbums, "search", music.SectionMost, music.SectionFiles, music.SectionNever} {
				for range 3 {
					asking.Go(func() {
						_, _ = s.Children(t.Context(), music.Ask{Of: section(of), Filter: map[bool]string{true: "river"}[of == "search"]})
					})
				}
			}
			asking.Wait()
			until(t, "a new index", func() bool {
				p, err := s.Children(t.Context(), music.Ask{Of: section(music.SectionTracks), Limit: 1000})
				return err == nil && p.Total == 96
			})
			until(t, "the plays and stars", func() bool {
				list, err := s.Tracks(t.Context(), []music.Ref{tracks[0].Ref, tracks[1].Ref})
				return err == nil && list[0].Plays == 1 && list[1].Starred
			})
			aside, err := filepath.Glob(filepath.Join(data, "library.db.bad-*"))
			bad := 0
			for _, a := range aside {
				if !strings.HasSuffix(a, "-wal") && !strings.HasSuffix(a, "-shm") {
					bad++
				}
			}
			if err != nil || bad != 1 {
				t.Errorf("set aside: %q, %v", aside, err)
			}
			if got := said(); len(got) != 1 || !strings.Contains(got[0], "library.db.bad-") {
				t.Errorf("said %q", got)
			}
		})
	}
}

func TestTwoProcessesDoNotScanAtOnceAndBothSeeTheResult(t *testing.T) {
	if root := os.Getenv("SEGUE_TEST_SCAN_ROOT"); root != "" {
		s := service(t, os.Getenv("SEGUE_TEST_SCAN_DATA"), root)
		var once sync.Once
		err := s.Scan(t.Context(), nil, func(int, int, string) {
			once.Do(func() {
				_, _ = io.WriteString(os.Stderr, "scanning\n")
				_, _ = os.Stdin.Read(make([]byte, 1)) // until the parent has looked
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	s, root := library(t, 200)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	other := func() (cmd *exec.Cmd, goOn io.Closer) {
		t.Helper()
		cmd = exec.CommandContext(t.Context(), exe, "-test.run", "^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), "SEGUE_TEST_SCAN_ROOT="+root, "SEGUE_TEST_SCAN_DATA="+s.cfg.DataDir)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "scanning\n" {
			t.Fatalf("%q, %v", line, err)
		}
		return cmd, in
	}
	refused := func() {
		t.Helper()
		var f *session.Fault
		if err := s.Scan(t.Context(), nil, nil); !errors.As(err, &f) || f.Kind != session.IsLoading || !strings.Contains(err.Error(), "another Segue") {
			t.Errorf("a scan beside another: %v", err)
		}
	}
	// A killed one leaves no lock behind.
	killed, _ := other()
	refused()
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait()

	cmd, goOn := other()
	refused()
	page(t, s, music.Ask{Of: section(music.SectionAlbums)}) // questions are answered meanwhile
	if err := goOn.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := len(allTracks(t, s)); got != 200 {
		t.Errorf("%d tracks of the other's scan", got)
	}
	if sum, err := s.ScanResult(t.Context(), nil, nil); err != nil || sum.Read != 0 || sum.Tracks != 200 {
		t.Errorf("%+v, %v", sum, err)
	}
}

func TestNewIsDoneAtOnceAndTouchesNothing(t *testing.T) {
	s, root := library(t, 960)
	scanned(t, s)
	data := s.cfg.DataDir
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	best := time.Hour
	for range 20 { // the fastest: the machine does other things, too
		began := time.Now()
		s, err := New(Config{Folders: []string{root}, DataDir: data})
		if err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(began))
		if s.db != nil || s.hist != nil {
			t.Fatal("New has opened a database")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if best > 10*time.Millisecond {
		t.Errorf("New takes %v", best)
	}
	nowhere := filepath.Join(t.TempDir(), "data")
	if _, err := New(Config{Folders: []string{filepath.Join(root, "gone")}, DataDir: nowhere}); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(nowhere); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("New has made the data folder: %v", err)
	}
}
