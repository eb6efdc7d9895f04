package index

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"segue/internal/music"
)

// albumsOf are the albums of one folder as "title by artist: tracks".
func albumsOf(dir string, rows ...*Row) []string {
	var list []string
	for _, p := range group(dir, rows) {
		list = append(list, fmt.Sprintf("%s by %s: %d", p.title, strings.Join(p.artists, ", "), p.tracks))
	}
	slices.Sort(list)
	return list
}

// on is a track of an album as its tags say: title, artist, album artist, number, release.
func on(album, artist, albumArtist string, number int, release string) *Row {
	r := &Row{Meta: Meta{Title: fmt.Sprint(artist, number), Album: album, Artists: []string{artist}, Number: number, MBAlbum: release}}
	if albumArtist != "" {
		r.AlbumArtists = []string{albumArtist}
	}
	return r
}

// TestTheFirstTrackSpellsTheAlbum: file systems list a folder in orders of their own, and what
// is new in it comes after what was there.
func TestTheFirstTrackSpellsTheAlbum(t *testing.T) {
	rows := []*Row{on("The Dark Side", "X", "Pink & Co.", 1, ""), on("the dark side", "Y", "PINK AND CO", 2, ""), on("THE DARK SIDE", "Z", "pink & co", 0, "")}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {2, 0, 1}} {
		got := albumsOf("/music/a", rows[order[0]], rows[order[1]], rows[order[2]])
		if want := []string{"The Dark Side by Pink & Co.: 3"}; !slices.Equal(got, want) {
			t.Errorf("in the order %v: %q, want %q", order, got, want)
		}
	}
	a, b := on("one", "X", "X", 0, ""), on("One", "X", "X", 0, "")
	a.Name, b.Name = "b.flac", "a.flac"
	if got := albumsOf("/music/a", a, b); !slices.Equal(got, []string{"One by X: 2"}) {
		t.Errorf("without numbers: %q", got)
	}
}

func TestTracksOfOneFolderAreTheAlbumsAUserWouldSee(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []*Row
		want []string
	}{
		{"only some name the album artist", []*Row{
			on("OST", "Kaufman", "Project", 1, ""), on("OST", "Leone", "Project", 2, ""), on("ost", "Reilly", "", 0, ""), on("OST", "Pinkham", "", 0, ""),
		}, []string{"OST by Project: 4"}},
		{"the one without comes first", []*Row{on("OST", "Reilly", "", 3, ""), on("OST", "Kaufman", "Project", 1, "")}, []string{"OST by Project: 2"}},
		{"the rest has other numbers of the same release", []*Row{
			on("OST", "A", "Project", 1, "r1"), on("OST", "B", "", 2, "r1"), on("OST", "C", "", 3, ""),
		}, []string{"OST by Project: 3"}},
		{"the rest has the same numbers", []*Row{
			on("Greatest Hits", "Queen", "Queen", 1, ""), on("Greatest Hits", "Queen", "Queen", 2, ""),
			on("Greatest Hits", "ABBA", "", 1, ""), on("Greatest Hits", "ABBA", "", 2, ""),
		}, []string{"Greatest Hits by ABBA: 2", "Greatest Hits by Queen: 2"}},
		{"the rest is of another release", []*Row{
			on("Live", "A", "A", 1, "r1"), on("Live", "B", "", 2, "r2"),
		}, []string{"Live by A: 1", "Live by B: 1"}},
		{"two album artists: nobody knows whose the rest is", []*Row{
			on("Live", "A", "A", 1, ""), on("Live", "B", "B", 2, ""), on("Live", "C", "", 3, ""),
		}, []string{"Live by A: 1", "Live by B: 1", "Live by C: 1"}},
		{"two numbered alike by mistake, both with album artist", []*Row{
			on("OST", "A", "Project", 14, ""), on("OST", "B", "Project", 14, ""), on("OST", "C", "", 0, ""),
		}, []string{"OST by Project: 3"}},
		{"nobody names one", []*Row{on("Mix", "A", "", 1, ""), on("Mix", "B", "", 2, "")}, []string{"Mix by Various Artists: 2"}},
		{"another title", []*Row{on("One", "A", "Project", 1, ""), on("Two", "B", "", 2, "")}, []string{"One by Project: 1", "Two by B: 1"}},
		{"discs in the title", []*Row{on("OST (CD 1)", "A", "Project", 1, ""), on("OST [Disc 2]", "B", "", 2, "")}, []string{"OST by Project: 2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := albumsOf("/m/folder", c.rows...); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAnIndexOfVersion1IsLookedAtAnewAndLosesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "library.db")
	d := reopen(t, file)
	put(t, d, "/m/a", row("1.flac", "Dawn", "Ann", "One"), row("2.flac", "Dusk", "Ann", "One"))
	if err := d.SetMarks(t.Context(), map[uint32]Mark{1: {Plays: 3, Last: 5}}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.db.ExecContext(t.Context(), `PRAGMA user_version = 1`); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), file, true); err == nil || !strings.Contains(err.Error(), "version 1") {
		t.Errorf("an old file that cannot be written: %v", err)
	}
	d = reopen(t, file)
	var have int
	if err := d.db.QueryRowContext(t.Context(), `PRAGMA user_version`).Scan(&have); err != nil || have != version {
		t.Errorf("version %d, %v", have, err)
	}
	f, err := d.Folder(t.Context(), "/m/a")
	if err != nil || f.ID == 0 || f.Sum != 0 {
		t.Errorf("the folder is not looked at again: %+v, %v", f, err)
	}
	if got := titles(t, d, "ann"); !slices.Equal(got, []string{"Dawn", "Dusk"}) {
		t.Errorf("found %q", got)
	}
	played, err := d.Marked(t.Context(), ByPlays)
	if err != nil || !slices.Equal(played, []uint32{1}) {
		t.Errorf("played %v, %v", played, err)
	}
	if ids, err := d.AlbumIDs(t.Context(), music.SortDefault, 0, -1); err != nil || len(ids) != 1 {
		t.Errorf("albums %v, %v", ids, err)
	}
}
