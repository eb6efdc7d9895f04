package local

import (
	"os"
	"path/filepath"
	"testing"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/internal/service/local/index"
)

// tagged writes the three files of an album.
func tagged(t *testing.T, dir string, tags ...string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for i, number := range []string{"1", "2", "3"} {
		own := append([]string{"TITLE=t" + number, "TRACKNUMBER=" + number}, tags...)
		file := filepath.Join(dir, number+".flac")
		if err := os.WriteFile(file, genlib.FLAC(own, 2+i+len(tags)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// theAlbum is the only album there is.
func theAlbum(t *testing.T, s *Service) music.Album {
	t.Helper()
	p := page(t, s, music.Ask{Of: section(music.SectionAlbums)})
	if a, ok := p.Items[0].(music.Album); ok && p.Total == 1 {
		return a
	}
	t.Fatalf("albums: %v", p.Items)
	return music.Album{}
}

func TestAnAlbumKeepsItsStarAndRatingWhenItsTagsChangeOrItMoves(t *testing.T) {
	root := filepath.Join(t.TempDir(), "music")
	dir := filepath.Join(root, "a")
	data := t.TempDir()
	tagged(t, dir, "ALBUM=Hits", "ARTIST=Somebody")
	s := service(t, data, root)
	scanned(t, s)
	ref := theAlbum(t, s).Ref
	if err := s.Star(t.Context(), []music.Ref{ref}, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Rate(t.Context(), []music.Ref{ref}, 4); err != nil {
		t.Fatal(err)
	}
	wants := func(when string, artist, title string) {
		t.Helper()
		a := theAlbum(t, s)
		if !a.Starred || a.Rating != 4 || a.Artist() != artist || a.Title != title {
			t.Errorf("%s: %+v", when, a)
		}
		if a.Ref == ref {
			t.Errorf("%s: the number has not changed", when)
		}
		ref = a.Ref
	}
	for _, c := range []struct{ when, artist, title string }{
		{"another album artist", "Various Artists", "Hits"},
		{"another title", "Various Artists", "Greatest Hits"},
	} {
		tagged(t, dir, "ALBUM="+c.title, "ARTIST=Somebody", "ALBUMARTIST="+c.artist)
		scanned(t, s)
		wants(c.when, c.artist, c.title)
	}
	if err := os.Rename(dir, filepath.Join(root, "b")); err != nil {
		t.Fatal(err)
	}
	scanned(t, s)
	wants("another folder", "Various Artists", "Greatest Hits")
}

func TestStarsAndRatingsComeAlongWhenTheLibraryMovesToAnotherPlace(t *testing.T) {
	for _, c := range []struct {
		name string
		move func(from, to string) error
		with bool
	}{
		{"moved", os.Rename, true},
		{"copied: what is there still keeps them", func(from, to string) error { return os.CopyFS(to, os.DirFS(from)) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, data := t.TempDir(), t.TempDir()
			from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
			tagged(t, filepath.Join(from, "a"), "ALBUM=Hits", "ARTIST=Somebody")
			s := service(t, data, from)
			scanned(t, s)
			ref := []music.Ref{trackRef(filepath.Join(from, "a", "2.flac"))}
			if err := s.Star(t.Context(), ref, true); err != nil {
				t.Fatal(err)
			}
			if err := s.Rate(t.Context(), ref, 4); err != nil {
				t.Fatal(err)
			}
			if err := c.move(from, to); err != nil {
				t.Fatal(err)
			}
			s = service(t, data, to)
			scanned(t, s)
			tracks, err := s.Tracks(t.Context(), []music.Ref{trackRef(filepath.Join(to, "a", "2.flac"))})
			if err != nil || len(tracks) != 1 || tracks[0].Starred != c.with || tracks[0].Rating == 4 != c.with {
				t.Errorf("%+v %v", tracks, err)
			}
		})
	}
}

// Until version 2 of the index, tracks without album artist beside some that name one
// were an album of Various Artists; who starred that finds the star on what it is now.
func TestAStarOnAnAlbumOfTheOldRuleIsFoundAgain(t *testing.T) {
	root := filepath.Join(t.TempDir(), "music")
	dir := filepath.Join(root, "a")
	tagged(t, dir, "ALBUM=Songs of Ours", "ARTIST=Somebody", "ALBUMARTIST=The Band")
	s := service(t, t.TempDir(), root)
	old := albumRef(index.AlbumNumber("Songs of ours", index.VariousArtists, dir))
	if err := s.Star(t.Context(), []music.Ref{old}, true); err != nil {
		t.Fatal(err)
	}
	scanned(t, s)
	if a := theAlbum(t, s); !a.Starred || a.Ref == old {
		t.Errorf("%+v", a)
	}
}
