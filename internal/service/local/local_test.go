package local

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/session"
)

// What the session asks by type assertion must be there.
var (
	_ session.Service        = (*Service)(nil)
	_ session.Starrer        = (*Service)(nil)
	_ session.Rater          = (*Service)(nil)
	_ session.PlaylistEditor = (*Service)(nil)
	_ session.Reporter       = (*Service)(nil)
	_ session.Scanner        = (*Service)(nil)
)

// library is a service over n generated tracks; scanned or not.
func library(t testing.TB, n int) (*Service, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "music")
	if err := os.MkdirAll(root, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := genlib.Write(root, 0, n); err != nil {
		t.Fatal(err)
	}
	return service(t, t.TempDir(), root), root
}

func service(t testing.TB, data string, roots ...string) *Service {
	t.Helper()
	s, err := New(Config{Folders: roots, DataDir: data, Notify: func(n string) { t.Log("note:", n) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func scanned(t testing.TB, s *Service) {
	t.Helper()
	if err := s.Scan(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
}

func page(t testing.TB, s *Service, ask music.Ask) music.Page {
	t.Helper()
	p, err := s.Children(t.Context(), ask)
	if err != nil {
		t.Fatalf("%+v: %v", ask, err)
	}
	return p
}

func TestEverySectionAnswersBeforeAndAfterTheScan(t *testing.T) {
	s, root := library(t, 250)
	root2 := page(t, s, music.Ask{Of: section("")})
	ask := func(when string) {
		for _, it := range root2.Items {
			p := page(t, s, music.Ask{Of: it.ItemRef()})
			t.Logf("%s: %s: %d rows of %d, %q %q", when, it.ItemName(), len(p.Items), p.Total, p.Subtitle, p.Note)
			if len(p.Items) == 0 && p.Note == "" {
				t.Errorf("%s: %s is empty and does not say why", when, it.ItemName())
			}
		}
	}
	ask("before")
	if p := page(t, s, music.Ask{Of: section(music.SectionFiles)}); p.Total != 3 {
		t.Errorf("%d folders before the scan, want 3", p.Total)
	}
	scanned(t, s)
	ask("after")
	for id, want := range map[string]int{music.SectionAlbums: 21, music.SectionArtists: 3, music.SectionTracks: 250, music.SectionRecent: 21, music.SectionNever: 250} {
		if p := page(t, s, music.Ask{Of: section(id)}); p.Total != want {
			t.Errorf("%s: %d rows, want %d", id, p.Total, want)
		}
	}
	refs, err := s.Refs(t.Context(), music.Ask{Of: section(music.SectionAlbums)})
	if err != nil || len(refs) != 250 {
		t.Errorf("%d refs of all albums, %v", len(refs), err)
	}
	refs, err = s.Refs(t.Context(), music.Ask{Of: folderRef(root)})
	if err != nil || len(refs) != 250 || refs[0].ID != filepath.Join(root, genlib.Path(0)) {
		t.Errorf("%d refs of the folder, %v", len(refs), err)
	}
}

func TestSearchFindsByPrefixFieldAndInSpiteOfSlips(t *testing.T) {
	s, _ := library(t, 250)
	scanned(t, s)
	for filter, min := range map[string]int{
		"river": 1, "riv nig": 1, "RÏVER": 1, "artist:river": 96, `"river echo"`: 1, "year:1960": 12, "year:1960-61": 24, "-year:1960": 238,
		"rivre": 1, "title:7": 1, "plays:0": 250, "time:>1s": 250, "starred | river": 1, "source:local": 250, "genre:river": 96,
	} {
		p := page(t, s, music.Ask{Of: section("search/tracks"), Filter: filter})
		if p.Total < min {
			t.Errorf("%s: %d, want at least %d", filter, p.Total, min)
		}
		if filter == "rivre" && p.Note == "" {
			t.Error("a slip was forgiven without a word")
		}
	}
	for _, of := range []string{"search", "search/albums", "search/artists"} {
		if p := page(t, s, music.Ask{Of: section(of), Filter: "night"}); p.Total == 0 {
			t.Errorf("%s: nothing", of)
		}
	}
	if _, err := s.Children(t.Context(), music.Ask{Of: section("search"), Filter: "year:abc"}); err == nil {
		t.Error("a mistake in the query went through")
	}
}

func TestPlaysStarsAndRatingsAreKeptAndShown(t *testing.T) {
	s, root := library(t, 30)
	scanned(t, s)
	refs, err := s.Refs(t.Context(), music.Ask{Of: section(music.SectionTracks)})
	if err != nil {
		t.Fatal(err)
	}
	tracks, err := s.Tracks(t.Context(), refs[:3])
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range []int{3, 1, 2} {
		for range n {
			if err := s.Report(t.Context(), session.Heard{Track: tracks[i], Started: time.Now(), Heard: time.Minute, Counts: true}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Star(t.Context(), refs[1:2], true); err != nil {
		t.Fatal(err)
	}
	if err := s.Rate(t.Context(), refs[2:3], 4); err != nil {
		t.Fatal(err)
	}
	most := page(t, s, music.Ask{Of: section(music.SectionMost)})
	if most.Total != 3 || most.Items[0].ItemRef() != refs[0] || most.Items[1].ItemRef() != refs[2] {
		t.Errorf("most played: %v", most.Items)
	}
	if p := page(t, s, music.Ask{Of: section(music.SectionTracks), Filter: "starred"}); p.Total != 1 || p.Items[0].ItemRef() != refs[1] {
		t.Errorf("starred: %v", p.Items)
	}
	if p := page(t, s, music.Ask{Of: section(music.SectionTracks), Filter: "rating:>=4 plays:>1"}); p.Total != 1 {
		t.Errorf("rated: %d", p.Total)
	}
	if p := page(t, s, music.Ask{Of: section(music.SectionStarred)}); p.Total != 1 {
		t.Errorf("starred section: %d", p.Total)
	}
	for what, n := range map[string]int{"tracks": 3, "albums": 2, "artists": 1} {
		p := page(t, s, music.Ask{Of: section("toplist/" + what + "/week")})
		if p.Total < 1 || p.Total > n {
			t.Errorf("toplist of %s: %d rows", what, p.Total)
		}
		if c, ok := p.Items[0].(music.Chart); !ok || c.Rank != 1 || c.ItemRef().IsZero() {
			t.Errorf("toplist of %s: %+v", what, p.Items[0])
		}
	}

	// The file moves, the index is lost: the past stays.
	old, moved := refs[0].ID, filepath.Join(root, "moved.flac")
	if err := os.Rename(old, moved); err != nil {
		t.Fatal(err)
	}
	data := s.cfg.DataDir
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "library.db"), []byte("no database at all, but longer than a header"), 0o644); err != nil {
		t.Fatal(err)
	}
	s = service(t, data, root)
	scanned(t, s)
	list, err := s.Tracks(t.Context(), []music.Ref{trackRef(moved), refs[1], refs[2]})
	if err != nil {
		t.Fatal(err)
	}
	if list[0].Plays != 3 || !list[1].Starred || list[2].Rating != 4 {
		t.Errorf("after a move and a lost index: plays %d, star %v, rating %d", list[0].Plays, list[1].Starred, list[2].Rating)
	}
}
