package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/store"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, note, err := store.Open(t.Context(), path, now)
	if err != nil || note != "" {
		t.Fatal(note, err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestAnswersAndSongsAreThereAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd %23 name ?.db")
	s := open(t, path)
	song := store.Song{Track: music.Track{Ref: music.Ref{Account: "home", Kind: music.KindTrack, ID: "a\x00b"}, Title: "曲", Artists: []string{"X"}, Duration: time.Minute}, Cover: "c", Size: 7}
	if err := s.PutAnswer(t.Context(), "k", []byte("one"), now); err != nil {
		t.Fatal(err)
	}
	if err := s.PutAnswer(t.Context(), "k", []byte("two"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.PutSongs(t.Context(), []store.Song{song, song}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	body, at, err := s.Answer(t.Context(), "k")
	if err != nil || string(body) != "two" || !at.Equal(now.Add(time.Hour)) {
		t.Errorf("%q at %v, %v", body, at, err)
	}
	if body, _, err := s.Answer(t.Context(), "other"); body != nil || err != nil {
		t.Errorf("%q, %v", body, err)
	}
	found, err := s.Songs(t.Context(), []string{"a\x00b", "nope"})
	if got := found["a\x00b"]; err != nil || len(found) != 1 || fmt.Sprint(got) != fmt.Sprint(song) {
		t.Errorf("%+v, %v", found, err)
	}
	if err := s.DropAnswers(t.Context()); err != nil {
		t.Fatal(err)
	}
	if body, _, _ := s.Answer(t.Context(), "k"); body != nil {
		t.Error("the answers are still there")
	}
}

func TestManySongsAreFoundAtOnce(t *testing.T) {
	s := open(t, "")
	var songs []store.Song
	var ids []string
	for i := range 1234 {
		id := fmt.Sprint(i)
		ids = append(ids, id)
		songs = append(songs, store.Song{Track: music.Track{Ref: music.Ref{ID: id}}})
	}
	if err := s.PutSongs(t.Context(), songs); err != nil {
		t.Fatal(err)
	}
	if found, err := s.Songs(t.Context(), ids); err != nil || len(found) != 1234 {
		t.Errorf("%d found, %v", len(found), err)
	}
}

func TestWhatIsDueKeepsItsOrderAndWhetherItWasSent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, path)
	for i := range 3 {
		if err := s.AddDue(t.Context(), "play", []byte{byte(i)}, now); err != nil {
			t.Fatal(err)
		}
	}
	d, err := s.NextDue(t.Context())
	if err != nil || d.Body[0] != 0 || d.Sent || !d.At.Equal(now) {
		t.Fatalf("%+v, %v", d, err)
	}
	for _, want := range []bool{true, false} { // the second is another process
		if mine, err := s.Claim(t.Context(), d, now); err != nil || mine != want {
			t.Fatal(mine, err)
		}
	}
	_ = s.Close() // the program dies here
	s = open(t, path)
	if d, err = s.NextDue(t.Context()); err != nil || !d.Sent || !d.Busy.Equal(now) || d.Body[0] != 0 {
		t.Fatalf("%+v, %v", d, err)
	}
	if err := s.Lost(t.Context(), d.ID); err != nil {
		t.Fatal(err)
	}
	if d, err = s.NextDue(t.Context()); err != nil || !d.Sent || !d.Busy.IsZero() {
		t.Fatalf("%+v, %v", d, err)
	}
	if err := s.NotSent(t.Context(), d.ID); err != nil {
		t.Fatal(err)
	}
	if d, err = s.NextDue(t.Context()); err != nil || d.Sent {
		t.Fatalf("%+v, %v", d, err)
	}
	if err := s.Done(t.Context(), d.ID); err != nil {
		t.Fatal(err)
	}
	if d, err = s.NextDue(t.Context()); err != nil || d.Body[0] != 1 {
		t.Fatalf("%+v, %v", d, err)
	}
	if n, err := s.CountDue(t.Context()); err != nil || n != 2 {
		t.Errorf("%d are left, %v", n, err)
	}
}

func TestCopiesFollowWhatIsWanted(t *testing.T) {
	s := open(t, "")
	r := music.Ref{Account: "home", Kind: music.KindAlbum, ID: "x"}
	for range 2 {
		if err := s.SetMark(t.Context(), r, true, now); err != nil {
			t.Fatal(err)
		}
	}
	if marks, err := s.Marks(t.Context()); err != nil || len(marks) != 1 || marks[0] != r {
		t.Errorf("%v, %v", marks, err)
	}
	if gone, err := s.SetWanted(t.Context(), []string{"b", "a"}, 0); err != nil || len(gone) != 0 {
		t.Fatal(gone, err)
	}
	if err := s.PutCopy(t.Context(), store.Copy{ID: "a", State: store.CopyDone, Bytes: 5, File: "f"}); err != nil {
		t.Fatal(err)
	}
	if gone, err := s.SetWanted(t.Context(), []string{"c", "b"}, 96); err != nil || len(gone) != 1 || gone[0].File != "f" {
		t.Fatal(gone, err)
	}
	all, err := s.Copies(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != "c" || all[0].Kbps != 96 || all[1].Kbps != 0 || all[1].State != store.CopyWanted {
		t.Errorf("%+v, %v", all, err)
	}
	if err := s.PutCopy(t.Context(), store.Copy{ID: "a", State: store.CopyDone}); err != nil {
		t.Error(err)
	}
	if _, ok := s.CopyOf(t.Context(), "a"); ok {
		t.Error("a copy that is wanted no more came back")
	}
	if err := s.SetMark(t.Context(), r, false, now); err != nil {
		t.Error(err)
	}
	if marks, _ := s.Marks(t.Context()); len(marks) != 0 {
		t.Errorf("%v", marks)
	}
}

func TestAFileThatCannotBeReadIsSetAside(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"text.db": strings.Repeat("this is no database. ", 100), "newer.db": ""} {
		path := filepath.Join(dir, name)
		if content == "" {
			s := open(t, path)
			_ = s.Close()
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b[63] = 99 // user_version, in the header
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		} else if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s, note, err := store.Open(t.Context(), path, now)
		if err != nil || !strings.Contains(note, ".bad-20261121-120000") {
			t.Errorf("%s: %q, %v", name, note, err)
			continue
		}
		if err := s.PutAnswer(t.Context(), "k", []byte("x"), now); err != nil {
			t.Error(err)
		}
		_ = s.Close()
		if _, err := os.Stat(path + ".bad-20261121-120000"); err != nil {
			t.Error(err)
		}
	}
}

func TestAFileOfTheVersionBeforeIsTakenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, path)
	if err := s.PutAnswer(t.Context(), "k", []byte("x"), now); err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `ALTER TABLE copy DROP COLUMN source; PRAGMA user_version = 1`); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	s = open(t, path)
	if _, err := s.Copies(t.Context()); err != nil {
		t.Error(err)
	}
	if body, _, err := s.Answer(t.Context(), "k"); err != nil || string(body) != "x" {
		t.Errorf("%q, %v", body, err)
	}
}
