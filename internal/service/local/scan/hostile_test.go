package scan

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/internal/service/local/index"
)

func TestAHostileTreeIsReadToItsEndAndItsFaultsAreListed(t *testing.T) {
	dir := t.TempDir()
	root := filepath.Join(dir, "music")
	good, err := genlib.Hostile(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(root, "closed"), 0o755) })
	if os.Getuid() == 0 {
		good += 2 // nothing is closed to root
	}
	db := open(t, filepath.Join(dir, "library.db"))
	began := time.Now()
	scanAll(t, db, root)
	if d := time.Since(began); d > 20*time.Second {
		t.Errorf("it took %v", d)
	}
	faults, n, err := db.Faults(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, f := range faults {
		listed[strings.TrimPrefix(f.Path, root+"/")] = f.Reason
		if f.Reason == "" || strings.ContainsAny(f.Reason, "\n\x1b") || strings.Contains(f.Reason, root) {
			t.Errorf("%q: reason %q", f.Path, f.Reason)
		}
	}
	for _, name := range []string{"empty.flac", "empty.mp3", "picture.mp3", "text.ogg", "dangling.flac", "itself.flac"} {
		if listed[name] == "" {
			t.Errorf("%s is not listed among %d: %v", name, n, listed)
		}
	}
	found := 0
	v, err := db.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = db.Walk(t.Context(), v, nil, music.SortPath, 0, func(id uint32) bool {
		entries, err := db.Entries(t.Context(), []uint32{id})
		if err != nil || len(entries) != 1 {
			t.Errorf("row %d: %v", id, err)
			return false
		}
		e := entries[0]
		if e.Meta.Album == "Fine" || strings.Contains(e.Name, "red") {
			found++
			if _, err := os.Stat(e.Path()); err != nil {
				t.Errorf("a path that does not open: %v", err)
			}
		}
		for _, s := range append([]string{e.Title, e.Meta.Album}, e.Artists...) {
			if index.Clean(s) != s {
				t.Errorf("%q is not clean", s)
			}
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	if found != good {
		t.Errorf("%d good files found, want %d", found, good)
	}
	if r := scanAll(t, db, root); r.Read != 0 {
		t.Errorf("the second scan read %d files again", r.Read)
	}
}

func TestAScanKilledAtAnyMomentIsFinishedByTheNext(t *testing.T) {
	if db := os.Getenv("SEGUE_TEST_SCAN"); db != "" {
		d, err := index.Open(context.Background(), db, false)
		if err != nil {
			t.Fatal(err)
		}
		t.Log("begun")
		if _, err := Run(context.Background(), d, Config{Roots: []string{os.Getenv("SEGUE_TEST_ROOT")}}); err != nil {
			t.Fatal(err)
		}
		return
	}
	dir := t.TempDir()
	root := filepath.Join(dir, "music")
	const n = 6000
	if err := genlib.Write(root, 0, n); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "library.db")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{20, 60, 120, 200, 300} {
		cmd := exec.CommandContext(t.Context(), exe, "-test.run", "^TestAScanKilledAtAnyMomentIsFinishedByTheNext$", "-test.v")
		cmd.Env = append(os.Environ(), "SEGUE_TEST_SCAN="+file, "SEGUE_TEST_ROOT="+root)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 4096)
		for seen := ""; !strings.Contains(seen, "begun"); {
			k, err := out.Read(buf)
			seen += string(buf[:k])
			if err != nil {
				t.Fatal(err, seen)
			}
		}
		time.Sleep(after * time.Millisecond) // the moment of the kill is the point
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	db := open(t, file)
	t.Logf("%d tracks after the kills", count(t, db))
	r := scanAll(t, db, root)
	if count(t, db) != n || r.Files != n {
		t.Errorf("%d tracks, %+v", count(t, db), r)
	}
	albums, err := db.AlbumCount(t.Context())
	if err != nil || albums != n/12 {
		t.Errorf("%d albums, %v", albums, err)
	}
	v, err := db.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uint32]bool{}
	if err := db.Walk(t.Context(), v, nil, music.SortTitle, 0, func(id uint32) bool { seen[id] = true; return true }); err != nil || len(seen) != n {
		t.Errorf("%d tracks in order, %v", len(seen), err)
	}
}

func TestACancelledScanKeepsWhatItRead(t *testing.T) {
	dir := t.TempDir()
	root := filepath.Join(dir, "music")
	if err := genlib.Write(root, 0, 3000); err != nil {
		t.Fatal(err)
	}
	db := open(t, filepath.Join(dir, "library.db"))
	ctx, stop := context.WithCancel(t.Context())
	_, err := Run(ctx, db, Config{Roots: []string{root}, Progress: func(done, _ int, _ string) {
		if done > 100 {
			stop()
		}
	}})
	stop()
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if scanAll(t, db, root); count(t, db) != 3000 {
		t.Errorf("%d tracks", count(t, db))
	}
}

func TestWhatChangesOnDiskChangesInTheIndex(t *testing.T) {
	dir := t.TempDir()
	root := filepath.Join(dir, "music")
	if err := genlib.Write(root, 0, 60); err != nil {
		t.Fatal(err)
	}
	db := open(t, filepath.Join(dir, "library.db"))
	scanAll(t, db, root)
	at := func(i int) string { return filepath.Join(root, genlib.Path(i)) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Remove(at(0)))
	must(os.WriteFile(at(1), genlib.FLAC([]string{"TITLE=Changed", "ARTIST=New", "ALBUM=Other"}, 2), 0o644))
	must(os.Rename(at(2), at(2)+".moved.flac"))
	must(os.RemoveAll(filepath.Dir(at(30))))
	must(genlib.Write(root, 60, 72))
	r := scanAll(t, db, root)
	if want := 60 - 1 - 12 + 12; count(t, db) != want {
		t.Errorf("%d tracks, want %d", count(t, db), want)
	}
	if r.Read != 14 || r.Gone != 1 {
		t.Errorf("%+v, want 14 read and 1 folder gone", r)
	}
	if e, err := db.At(t.Context(), at(1)); err != nil || e == nil || e.Title != "Changed" {
		t.Errorf("changed row: %+v %v", e, err)
	}
	if e, err := db.At(t.Context(), at(0)); err != nil || e != nil {
		t.Errorf("removed row: %+v %v", e, err)
	}

	// The disk goes, and comes back.
	must(os.Rename(root, root+".away"))
	r = scanAll(t, db, root)
	if len(r.Away) != 1 || count(t, db) != 59 {
		t.Errorf("without the disk: %+v, %d tracks", r, count(t, db))
	}
	if e, err := db.At(t.Context(), at(1)); err != nil || e == nil || !e.Away {
		t.Errorf("row of a disk that is gone: %+v %v", e, err)
	}
	must(os.Rename(root+".away", root))
	r = scanAll(t, db, root)
	if e, err := db.At(t.Context(), at(1)); err != nil || e == nil || e.Away || r.Read != 0 {
		t.Errorf("row of a disk that is back: %+v %v %+v", e, err, r)
	}

	// A folder is no longer in the config.
	other := filepath.Join(dir, "other")
	must(genlib.Write(other, 100, 112))
	if scanAll(t, db, other); count(t, db) != 12 {
		t.Errorf("%d tracks of the other folder", count(t, db))
	}
}

func TestAlbumsComeTogetherAsTheRulesSay(t *testing.T) {
	dir := t.TempDir()
	root := filepath.Join(dir, "music")
	track := func(path string, number int, tags ...string) {
		t.Helper()
		p := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		tags = append(tags, fmt.Sprintf("TITLE=%s", filepath.Base(path)), fmt.Sprintf("TRACKNUMBER=%d", number))
		if err := os.WriteFile(p, genlib.FLAC(tags, 2), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	track("a/1.flac", 1, "ALBUM=The Dark Side", "ALBUMARTIST=Pink & Co.", "ARTIST=X")
	track("a/2.flac", 2, "ALBUM=the dark side", "ALBUMARTIST=PINK AND CO", "ARTIST=Y")
	track("box/CD1/1.flac", 1, "ALBUM=Box", "ARTIST=Z")
	track("box/CD2/1.flac", 1, "ALBUM=Box", "ARTIST=Z")
	track("suffix/one/1.flac", 1, "ALBUM=Long (Disc 1)", "ARTIST=Z")
	track("suffix/two/1.flac", 1, "ALBUM=Long [CD 2]", "ARTIST=Z")
	track("flac/copy/1.flac", 1, "ALBUM=Copied", "ARTIST=Z")
	track("mp3/copy/1.flac", 1, "ALBUM=Copied", "ARTIST=Z")
	track("comp/1.flac", 1, "ALBUM=Hits", "ARTIST=P")
	track("comp/2.flac", 2, "ALBUM=Hits", "ARTIST=Q")
	track("flag/1.flac", 1, "ALBUM=Flagged", "ARTIST=P", "COMPILATION=1")
	track("loose folder/1.flac", 1, "ARTIST=P")
	db := open(t, filepath.Join(dir, "library.db"))
	check := func() {
		t.Helper()
		ids, err := db.AlbumIDs(t.Context(), music.SortTitle, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		albums, err := db.Albums(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range albums {
			got = append(got, fmt.Sprintf("%s/%s/%d/%d", a.Title, strings.Join(a.Artists, "+"), a.Tracks, a.Discs))
		}
		want := "Box/Z/2/2, Copied/Z/1/0, Copied/Z/1/0, The Dark Side/Pink & Co./2/0, Flagged/Various Artists/1/0, Hits/Various Artists/2/0, Long/Z/2/2, loose folder/P/1/0"
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("albums\n%s, want\n%s", s, want)
		}
		v, err := db.View(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tracks, err := db.AlbumTracks(t.Context(), v, ids[0])
		if err != nil || len(tracks) != 2 {
			t.Errorf("%d tracks in the box, %v", len(tracks), err)
		}
	}
	scanAll(t, db, root)
	check()
	scanAll(t, db, root)
	check()
}

func TestACueSheetCutsAFile(t *testing.T) {
	dir := t.TempDir()
	root := filepath.Join(dir, "music")
	if err := os.MkdirAll(root, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "album.flac"), genlib.FLAC([]string{"ALBUM=Whole", "ARTIST=One"}, 430), 0o644); err != nil {
		t.Fatal(err)
	}
	db := open(t, filepath.Join(dir, "library.db"))
	scanAll(t, db, root)
	if count(t, db) != 1 {
		t.Fatalf("%d tracks without a sheet", count(t, db))
	}
	sheet := "PERFORMER \"One\"\nTITLE \"Whole\"\nFILE \"album.wav\" WAVE\n  TRACK 01 AUDIO\n    TITLE \"First\"\n    INDEX 01 00:00:00\n  TRACK 02 AUDIO\n    TITLE \"Second\"\n    INDEX 00 00:09:00\n    INDEX 01 00:10:37\n"
	if err := os.WriteFile(filepath.Join(root, "album.cue"), []byte(sheet), 0o644); err != nil {
		t.Fatal(err)
	}
	scanAll(t, db, root)
	entries, err := db.In(t.Context(), root)
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d rows, %v", len(entries), err)
	}
	a, b := entries[0], entries[1]
	cutAt := int64(10*44100 + 37*588)
	if a.Title != "First" || a.Start != 0 || a.End != cutAt || b.Title != "Second" || b.Start != cutAt || b.End != 0 || b.Number != 2 {
		t.Errorf("parts %+v and %+v", a.Meta, b.Meta)
	}
	if a.Duration+b.Duration != time.Duration(430*4096)*time.Second/44100 && a.Duration+b.Duration == 0 {
		t.Errorf("durations %v and %v", a.Duration, b.Duration)
	}
}

func TestAFolderOfVeryManyFilesIsReadInPieces(t *testing.T) {
	dir := t.TempDir()
	root := filepath.Join(dir, "music")
	if err := os.MkdirAll(root, 0o755); err != nil {
		t.Fatal(err)
	}
	const n = pieceSize + 700
	for i := range n {
		if err := os.WriteFile(filepath.Join(root, fmt.Sprintf("%05d.flac", i)), genlib.FLAC([]string{fmt.Sprintf("TITLE=t%d", i), "ALBUM=Flat", "ARTIST=A"}, 1), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, filepath.Join(dir, "library.db"))
	if r := scanAll(t, db, root); r.Files != n || count(t, db) != n {
		t.Fatalf("%+v, %d tracks", r, count(t, db))
	}
	if r := scanAll(t, db, root); r.Read != 0 {
		t.Errorf("read again: %+v", r)
	}
	if err := os.Remove(filepath.Join(root, "00007.flac")); err != nil {
		t.Fatal(err)
	}
	if r := scanAll(t, db, root); r.Read != 0 || count(t, db) != n-1 {
		t.Errorf("after one was removed: %+v, %d tracks", r, count(t, db))
	}
	if a, err := db.AlbumCount(t.Context()); err != nil || a != 1 {
		t.Errorf("%d albums, %v", a, err)
	}
}
