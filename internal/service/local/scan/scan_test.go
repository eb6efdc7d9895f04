package scan

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/internal/service/local/index"
)

func open(t testing.TB, path string) *index.DB {
	t.Helper()
	db, err := index.Open(t.Context(), path, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func scanAll(t testing.TB, db *index.DB, roots ...string) Result {
	t.Helper()
	r, err := Run(t.Context(), db, Config{Roots: roots})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func count(t testing.TB, db *index.DB) int {
	t.Helper()
	v, err := db.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v.Count()
}

func TestWhatIsOnDiskIsInTheIndex(t *testing.T) {
	dir := t.TempDir()
	music1 := filepath.Join(dir, "music")
	if err := genlib.Write(music1, 0, 250); err != nil {
		t.Fatal(err)
	}
	db := open(t, filepath.Join(dir, "library.db"))
	r := scanAll(t, db, music1)
	if r.Files != 250 || r.Read != 250 || r.Faults != 0 || count(t, db) != 250 {
		t.Fatalf("scan %+v, %d tracks", r, count(t, db))
	}
	if r = scanAll(t, db, music1); r.Files != 250 || r.Read != 0 {
		t.Fatalf("second scan %+v", r)
	}
	e, err := db.At(t.Context(), filepath.Join(music1, genlib.Path(7)))
	if err != nil || e == nil {
		t.Fatal(e, err)
	}
	if e.Title != genlib.Title(7) || e.Artists[0] != genlib.Artist(7) || e.Meta.Album != genlib.Album(7) || e.Number != 8 || e.Album == 0 {
		t.Errorf("row %+v", e)
	}
	albums, err := db.AlbumIDs(t.Context(), music.SortDefault, 0, -1)
	if err != nil || len(albums) != 21 {
		t.Errorf("%d albums, %v", len(albums), err)
	}
}

// BenchmarkScan measures SEGUE_BENCH_TRACKS tracks (10,000), in the page cache.
func BenchmarkScan(b *testing.B) {
	n := 10_000
	if s := os.Getenv("SEGUE_BENCH_TRACKS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	dir := b.TempDir()
	root := filepath.Join(dir, "music")
	if d := os.Getenv("SEGUE_BENCH_LIBRARY"); d != "" {
		root = d
	} else if err := genlib.Write(root, 0, n); err != nil {
		b.Fatal(err)
	}
	b.Run("cold", func(b *testing.B) {
		for i := range b.N {
			db := open(b, filepath.Join(dir, "cold"+strconv.Itoa(i)+".db"))
			if r := scanAll(b, db, root); r.Files != n {
				b.Fatalf("%+v", r)
			}
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		db := open(b, filepath.Join(dir, "warm.db"))
		scanAll(b, db, root)
		b.ResetTimer()
		for range b.N {
			if r, err := Run(context.Background(), db, Config{Roots: []string{root}}); err != nil || r.Read != 0 {
				b.Fatalf("%+v %v", r, err)
			}
		}
	})
}
