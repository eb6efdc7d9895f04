package index

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/query"
)

func fresh(t testing.TB) *DB {
	t.Helper()
	return reopen(t, filepath.Join(t.TempDir(), "library.db"))
}

func reopen(t testing.TB, path string) *DB {
	t.Helper()
	d, err := Open(t.Context(), path, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// put writes rows of one folder in a batch of its own.
func put(t testing.TB, d *DB, dir string, rows ...*Row) {
	t.Helper()
	w, err := d.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Put(Folder{Path: dir, Sum: 1, First: true, Known: true, New: rows})
	if err := w.Close(err); err != nil {
		t.Fatal(err)
	}
}

func row(name, title, artist, album string) *Row {
	return &Row{Name: name, Meta: Meta{Title: title, Artists: []string{artist}, Album: album, Duration: time.Minute}}
}

func view(t testing.TB, d *DB) View {
	t.Helper()
	v, err := d.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// titles runs a query and gives what it found, by title.
func titles(t testing.TB, d *DB, text string) []string {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	v := view(t, d)
	f, err := d.Find(t.Context(), v, q, ScopeAll, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return names(t, d, v, f.Set, music.SortTitle)
}

func names(t testing.TB, d *DB, v View, set Set, sort music.Sort) []string {
	t.Helper()
	var ids []uint32
	if err := d.Walk(t.Context(), v, set, sort, 0, func(id uint32) bool { ids = append(ids, id); return true }); err != nil {
		t.Fatal(err)
	}
	entries, err := d.Entries(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, e := range entries {
		list = append(list, e.Title)
	}
	return list
}

func TestWordsAreFoundWhateverTheirSpelling(t *testing.T) {
	d := fresh(t)
	put(t, d, "/m", row("1", "Jóga", "Björk", "Homogenic"), row("2", "東京の夜", "椎名林檎", "日出処"), row("3", "Straße", "AC/DC", "Don't"), row("4", "1999", "Prince", "1999"))
	for text, want := range map[string][]string{
		"bjork": {"Jóga"}, "JOG": {"Jóga"}, "京": {"東京の夜"}, "東京": {"東京の夜"}, "artist:林檎": {"東京の夜"}, "strasse": {"Straße"},
		"ac dc": {"Straße"}, "dont": {"Straße"}, "199": {"1999"}, "björk homogenic": {"Jóga"}, "bjrök": {"Jóga"}, "homogennic": {"Jóga"},
		"title:bjork": {}, "1998": {}, "-bjork -prince": {"Straße", "東京の夜"}, "prince | bjork": {"1999", "Jóga"}, `"ac dc"`: {"Straße"}, `"dc ac"`: {},
	} {
		if got := titles(t, d, text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestManySmallBatchesAnswerLikeOne(t *testing.T) {
	d := fresh(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("alpha beta gamma delta epsilon zeta eta theta iota kappa")
	have := map[string]*Row{}
	for i := range 60 {
		dir := fmt.Sprintf("/m/%d", i%7)
		if i >= 30 && i%3 == 0 { // a folder is written anew
			for k := range have {
				if strings.HasPrefix(k, dir+"/") {
					delete(have, k)
				}
			}
			old, err := d.IDsIn(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			w, err := d.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.Put(Folder{Path: dir, First: true, Known: true, Gone: old})
			if err := w.Close(err); err != nil {
				t.Fatal(err)
			}
			continue
		}
		kept, err := d.In(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		f := Folder{Path: dir, First: true, Known: true}
		for _, e := range kept {
			f.Keep = append(f.Keep, &e.Row)
		}
		for j := range 5 {
			name := fmt.Sprintf("%d-%d", i, j)
			r := row(name, words[rnd.IntN(10)]+" "+words[rnd.IntN(10)]+" "+name, words[rnd.IntN(10)], words[rnd.IntN(3)])
			r.Year = 1970 + rnd.IntN(5)
			r.Number = j
			f.New = append(f.New, r)
			have[dir+"/"+name] = r
		}
		w, err := d.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Put(f)
		if err := w.Close(err); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(view(t, d).segments); n > maxSegments {
		t.Errorf("%d segments", n)
	}
	check := func(d *DB) {
		t.Helper()
		for _, text := range []string{"alpha", "be", "artist:gamma", "album:alpha beta", "year:1970-71", "-delta", "eta | iota", "time:>59s", "title:1-1"} {
			q, err := query.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, r := range have {
				if q.Match(music.Track{Title: r.Title, Artists: r.Artists, Album: r.Meta.Album, Year: r.Year, Duration: r.Duration}) {
					want = append(want, r.Title)
				}
			}
			got := titles(t, d, text)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d rows, want %d", text, len(got), len(want))
			}
		}
		for _, s := range []music.Sort{music.SortTitle, music.SortArtist, music.SortAlbum, music.SortYear, music.SortAdded, music.SortDuration, music.SortPath} {
			if got := names(t, d, view(t, d), nil, s); len(got) != len(have) {
				t.Errorf("by %s: %d rows, want %d", s, len(got), len(have))
			}
		}
	}
	check(d)
	var path string
	if err := d.db.QueryRowContext(t.Context(), `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&path); err != nil {
		t.Fatal(err)
	}
	check(reopen(t, path))
}

func TestAWindowIsTheSameWhereverItBegins(t *testing.T) {
	d := fresh(t)
	var rows []*Row
	for i := range 300 {
		rows = append(rows, row(fmt.Sprint(i), fmt.Sprintf("t%03d", i*7%300), "a", "b"))
	}
	put(t, d, "/m", rows...)
	v := view(t, d)
	whole := names(t, d, v, nil, music.SortTitle)
	if !slices.IsSorted(whole) || len(whole) != 300 {
		t.Fatalf("%d rows, in order: %v", len(whole), slices.IsSorted(whole))
	}
	for _, offset := range []int{0, 1, 150, 299, 300, 1000} {
		var ids []uint32
		if err := d.Walk(t.Context(), v, nil, music.SortTitle, offset, func(id uint32) bool { ids = append(ids, id); return len(ids) < 10 }); err != nil {
			t.Fatal(err)
		}
		entries, err := d.Entries(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range entries {
			if e.Title != whole[offset+i] {
				t.Errorf("row %d is %s, want %s", offset+i, e.Title, whole[offset+i])
			}
		}
		if want := min(10, max(300-offset, 0)); len(entries) != want {
			t.Errorf("from %d: %d rows, want %d", offset, len(entries), want)
		}
	}
}

func TestAFileFromTheFutureOrTornIsToldApart(t *testing.T) {
	dir := t.TempDir()
	future := filepath.Join(dir, "future.db")
	d := reopen(t, future)
	if _, err := d.db.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA user_version = %d`, version+1)); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), future, false); !errors.Is(err, ErrFuture) {
		t.Errorf("a newer file: %v", err)
	}
	for name, data := range map[string]string{"noise": strings.Repeat("x", 9000), "half a header": "SQLite format 3\x00" + strings.Repeat("\x00", 20)} {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), p, false); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		aside, err := SetAside(p, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
		if err != nil || filepath.Base(aside) != name+".bad-20260102-030405" {
			t.Errorf("%s is now %s, %v", name, aside, err)
		}
	}
}

func TestNoListSortsOrReadsEveryRow(t *testing.T) {
	d := fresh(t)
	put(t, d, "/m", row("1", "a", "b", "c"))
	plan := func(q string) string {
		var lines []string
		q = strings.ReplaceAll(q, "?1", "1")
		err := each(context.Background(), d.db, "EXPLAIN QUERY PLAN "+strings.ReplaceAll(q, "?", "1"), func(scan func(...any) error) error {
			var id, parent, unused int
			var s string
			err := scan(&id, &parent, &unused, &s)
			lines = append(lines, s)
			return err
		})
		if err != nil {
			t.Fatal(q, err)
		}
		return strings.Join(lines, "; ")
	}
	for _, by := range albumOrders {
		if p := plan(`SELECT id FROM album WHERE main = id ORDER BY ` + by + ` LIMIT 10 OFFSET 5`); strings.Contains(p, "TEMP B-TREE") || !strings.Contains(p, "COVERING INDEX") {
			t.Errorf("albums by %s: %s", by, p)
		}
	}
	for what, q := range map[string]string{
		"artists":        `SELECT key, name, albums, tracks FROM artist WHERE albums > 0 ORDER BY skey, name LIMIT 10 OFFSET 5`,
		"a path":         `SELECT id FROM track WHERE dir = (SELECT id FROM dir WHERE path = ?) AND name = ?`,
		"rows":           `SELECT ` + entryColumns + entryTables + `WHERE t.id IN (1, 2, 3)`,
		"a folder":       `SELECT ` + entryColumns + entryTables + `WHERE t.dir = (SELECT id FROM dir WHERE path = ?) ORDER BY t.name`,
		"below a folder": `SELECT t.id FROM dir d CROSS JOIN track t ON t.dir = d.id WHERE d.path >= ? AND d.path < ? ORDER BY d.path, t.name`,
		"an order":       `SELECT ids FROM place WHERE name = ? AND chunk >= ? ORDER BY chunk`,
		"an artist":      `SELECT DISTINCT m.id FROM credit c JOIN album p ON p.id = c.album JOIN album m ON m.id = p.main WHERE c.artist = ?`,
		"blocks":         `SELECT id, data FROM block WHERE id IN (1, 2) ORDER BY id`,
		"album's parts":  `SELECT id FROM album WHERE main = ? AND main <> id`,
	} {
		p := plan(q)
		for _, bad := range []string{"SCAN t", "SCAN album", "SCAN block", "SCAN place", "SCAN d;", "TEMP B-TREE FOR ORDER BY"} {
			if strings.Contains(p, bad) && !strings.Contains(p, "SCAN artist USING") {
				t.Errorf("%s: %s", what, p)
			}
		}
	}
}

func TestARowComesBackAsItWas(t *testing.T) {
	m := Meta{Title: "t", Album: "a", Date: "1999-01", OriginalDate: "1970", TitleSort: "s", AlbumSort: "x", MBAlbum: "m", MBRecording: "r", Artists: []string{"a", "b"}, AlbumArtists: []string{"c"},
		ArtistSort: []string{"d"}, Composers: []string{"e"}, Genres: []string{"f", "g"}, Disc: 1, Discs: 2, Number: 3, Numbers: 4, Year: 1999, BPM: 120, Compilation: true, HasCover: true, FolderCover: true,
		Gain:  music.Gain{TrackDB: -6.5, TrackPeak: 0.9, HasTrack: true, AlbumDB: -7, AlbumPeak: 1, HasAlbum: true},
		Audio: music.Audio{Codec: "FLAC", Rate: 44100, Bits: 16, Channels: 2, Bitrate: 900}, Duration: time.Hour, Start: 5, End: 9}
	b := m.encode(nil)
	var got Meta
	if err := got.decode(b); err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("%+v, want %+v, %v", got, m, err)
	}
	for i := range b {
		var cut Meta
		if err := cut.decode(b[:i]); err == nil {
			t.Errorf("cut at %d without an error", i)
		}
	}
}

func FuzzADamagedBlockIsNoCrash(f *testing.F) {
	var data []byte
	b := newBuilder(0)
	for i := range uint32(20) {
		b.add(&Row{ID: i, Meta: Meta{Title: fmt.Sprintf("word %d", i)}})
	}
	if err := b.blocks(func(x block) error { data = append(data, x.data...); return nil }); err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(_ *testing.T, data []byte) {
		var term, list []byte
		set := newSet(1000)
		eachIn(data, termRange{"t", "t"}, &term, &list, func() { eachID(list, 0, set.add) })
		var m Meta
		_ = m.decode(data)
	})
}
