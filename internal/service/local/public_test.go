package local

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/session"
)

// What the session asks by type assertion, and is the substance of its contract.
var (
	_ session.Publisher  = (*Service)(nil)
	_ session.Describer  = (*Service)(nil)
	_ session.StarLister = (*Service)(nil)
	_ session.UserTeller = (*Service)(nil)
	_ session.Sharer     = (*Service)(nil)
	_ session.Searcher   = (*Service)(nil)
	_ session.Corrector  = (*Service)(nil)
	_ session.Detailer   = (*Service)(nil)
	_ session.Matcher    = (*Service)(nil)
	_ session.Resolver   = (*Service)(nil)
	_ session.Watcher    = (*Service)(nil)
)

func TestAPublicPlaylistSaysSoInItsFileAndOtherPlayersPassOverIt(t *testing.T) {
	s, _ := library(t, 4)
	scanned(t, s)
	p, err := s.CreatePlaylist(t.Context(), "Road/Mix", itemRefs(page(t, s, music.Ask{Of: section(music.SectionTracks)}).Items))
	if err != nil {
		t.Fatal(err)
	}
	if list, err := s.Published(t.Context(), ""); err != nil || len(list) != 0 {
		t.Fatalf("%+v %v", list, err)
	}
	if err := s.SetPublic(t.Context(), p, true); err != nil {
		t.Fatal(err)
	}
	if err := s.DescribePlaylist(t.Context(), p, "for the road\nand \x1b[31mback"); err != nil {
		t.Fatal(err)
	}
	list, err := s.Published(t.Context(), me().Name)
	if err != nil || len(list) != 1 || list[0].Ref != p || list[0].Description != "for the road\nand back" || list[0].Tracks != 4 {
		t.Errorf("%+v %v", list, err)
	}
	data, err := os.ReadFile(p.ID)
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(string(data)) {
		if !strings.HasPrefix(l, "#") && !strings.HasSuffix(l, ".flac\n") {
			t.Errorf("a line that players do not know: %q", l)
		}
	}
	if d, err := s.Details(t.Context(), p); err != nil || d.(music.Playlist).Public != true { //nolint:errcheck,forcetypeassert // as the kind says
		t.Errorf("%+v %v", d, err)
	}
	if err := s.SetPublic(t.Context(), p, false); err != nil {
		t.Fatal(err)
	}
	if list, err := s.Published(t.Context(), ""); err != nil || len(list) != 0 {
		t.Errorf("taken back: %+v %v", list, err)
	}
	pls := filepath.Join(t.TempDir(), "x.pls")
	if err := os.WriteFile(pls, []byte("[playlist]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.SetPublic(t.Context(), playlistRef(pls), true); kindOf(err) != session.PermissionDenied {
		t.Errorf("a format that is not written: %v", err)
	}
}

func TestOnlyTheOwnUserIsKnown(t *testing.T) {
	s, _ := library(t, 4)
	scanned(t, s)
	track := page(t, s, music.Ask{Of: section(music.SectionTracks)}).Items[0].ItemRef()
	if err := s.Star(t.Context(), []music.Ref{track}, true); err != nil {
		t.Fatal(err)
	}
	u, err := s.User(t.Context(), "")
	if err != nil || u.Name == "" {
		t.Fatalf("%+v %v", u, err)
	}
	for _, name := range []string{"", u.Name} {
		p, err := s.Starred(t.Context(), name, music.Ask{})
		if err != nil || len(p.Items) != 1 || p.Items[0].ItemRef() != track {
			t.Errorf("%q: %+v %v", name, p, err)
		}
	}
	_, err1 := s.User(t.Context(), "nobody else")
	_, err2 := s.Starred(t.Context(), "nobody else", music.Ask{})
	_, err3 := s.Published(t.Context(), "nobody else")
	for i, err := range []error{err1, err2, err3} {
		if kindOf(err) != session.NoSuchUser {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

func TestTracksAreSharedAsAPlaylistWithTheMessage(t *testing.T) {
	s, root := library(t, 3)
	scanned(t, s)
	refs := itemRefs(page(t, s, music.Ask{Of: section(music.SectionTracks)}).Items)
	var paths []string
	for range 2 {
		path, err := s.Share(t.Context(), "Nina/../x", refs, "listen\nto this")
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	if paths[0] == paths[1] || filepath.Dir(paths[0]) != filepath.Join(s.cfg.DataDir, "shared") {
		t.Errorf("%q", paths)
	}
	data, err := os.ReadFile(paths[0])
	if err != nil || strings.Count(string(data), "\n"+root) != 3 || !strings.Contains(string(data), "listen") {
		t.Errorf("%s %v", data, err)
	}
	d, err := s.Details(t.Context(), playlistRef(paths[1]))
	if p, ok := d.(music.Playlist); err != nil || !ok || p.Description != "listen\nto this" || p.Tracks != 3 {
		t.Errorf("%+v %v", d, err)
	}
	if _, err := s.Share(t.Context(), "", nil, ""); kindOf(err) != session.InvalidArgument {
		t.Error(err)
	}
	none, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := none.Share(t.Context(), "", refs, ""); kindOf(err) != session.PermissionDenied {
		t.Error(err)
	}
}

func TestAQueryIsCompletedAndCorrected(t *testing.T) {
	root := t.TempDir()
	named(t, root, "1.flac", "Led Zeppelin", "IV", "Stairway to Heaven", 4)
	named(t, root, "2.flac", "Lena", "Stars", "Satellite", 4)
	s := service(t, t.TempDir(), root)
	scanned(t, s)
	for text, want := range map[string][]string{
		"le": {"Led Zeppelin", "Lena"}, "sta": {"Stars", "Stairway to Heaven"}, "heav": {"Stairway to Heaven"}, "": nil, "xyz": nil,
	} {
		got, err := s.Suggest(t.Context(), text, 4)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q %v, want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"zepelin": "zeppelin", "led zepelin": "led zeppelin", "artist:zepelin": "artist:zeppelin", "zeppelin": "", "qqqqqq": "", "stairwy heavn": "stairway heaven",
	} {
		if got, err := s.DidYouMean(t.Context(), text); err != nil || got != want {
			t.Errorf("%q: %q %v, want %q", text, got, err, want)
		}
	}
}

func TestRowsOfAChartAreMatchedByTheirNames(t *testing.T) {
	root := t.TempDir()
	queen := named(t, root, "1.flac", "Queen", "Sheer Heart Attack", "Killer Queen - Remastered 2011", 4)
	s := service(t, t.TempDir(), root)
	scanned(t, s)
	row := func(artist, title string) session.ChartRow {
		return session.ChartRow{Rank: 1, Artists: []string{artist}, Title: title}
	}
	tracks, err := s.Match(t.Context(), session.TypeTracks, []session.ChartRow{row("Queen", "Killer Queen"), row("Abba", "Killer Queen"), row("Queen", "")})
	if err != nil || tracks[0].ItemRef() != trackRef(queen) || tracks[1] != nil || tracks[2] != nil {
		t.Errorf("%+v %v", tracks, err)
	}
	const mbid = "0FE11cd3-0be4-467b-84fa-0bd524d45d74"
	tagged := filepath.Join(root, "2.flac")
	if err := os.WriteFile(tagged, genlib.FLAC([]string{"TITLE=Quite Another Name", "MUSICBRAINZ_TRACKID=" + strings.ToLower(mbid)}, 4), 0o644); err != nil {
		t.Fatal(err)
	}
	scanned(t, s)
	tracks, err = s.Match(t.Context(), session.TypeTracks, []session.ChartRow{{Title: "Love Me", Artists: []string{"Ellie"}, Recording: mbid}, {Title: "Love Me", Artists: []string{"Ellie"}, Recording: "nonsense"}})
	if err != nil || tracks[0] == nil || tracks[0].ItemRef() != trackRef(tagged) || tracks[1] != nil {
		t.Errorf("by its number: %+v %v", tracks, err)
	}
	albums, err := s.Match(t.Context(), session.TypeAlbums, []session.ChartRow{row("QUEEN", "Sheer Heart Attack (Deluxe Edition)"), row("Queen", "Jazz")})
	if err != nil || albums[0] == nil || albums[0].ItemRef().Kind != music.KindAlbum || albums[1] != nil {
		t.Errorf("%+v %v", albums, err)
	}
	artists, err := s.Match(t.Context(), session.TypeArtists, []session.ChartRow{{Title: "queen"}, {Artists: []string{"Queen"}}, {Title: "Queens"}})
	if err != nil || artists[0] == nil || artists[1] == nil || artists[2] != nil {
		t.Errorf("%+v %v", artists, err)
	}
}

func TestAVersionThatAnotherProgramWroteInTheSameMomentIsKept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.m3u8")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if kept, err := replaceFile(path, []byte("old"), []byte("new"), now); err != nil || kept != "" {
		t.Fatalf("%q %v", kept, err)
	}
	if kept, err := replaceFile(path, []byte("old"), []byte("newer"), now); err == nil || kept != "" {
		t.Fatalf("over another's version: %q %v", kept, err)
	}
	entries, err := os.ReadDir(dir)
	if data, _ := os.ReadFile(path); err != nil || len(entries) != 1 || string(data) != "new" { //nolint:errcheck // compared
		t.Errorf("%v %s %v", entries, data, err)
	}
	held := filepath.Join(dir, ".held")
	if err := os.WriteFile(held, []byte("theirs"), 0o644); err != nil {
		t.Fatal(err)
	}
	kept := keepOther(held, path, []byte("new"), now)
	if data, err := os.ReadFile(kept); err != nil || string(data) != "theirs" || filepath.Ext(kept) != ".m3u8" || exists(held) {
		t.Errorf("kept as %q: %s %v", kept, data, err)
	}
}
