package local

import (
	"fmt"
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

var _ session.Tuneable = (*Service)(nil)

// ofTastes makes a library of tracks with these artists, genres and years.
func ofTastes(t *testing.T, rows ...[3]string) *Service {
	t.Helper()
	root := t.TempDir()
	for i, r := range rows {
		tags := []string{fmt.Sprintf("TITLE=Track %02d", i), "ARTIST=" + r[0], "ALBUM=Album of " + r[0], "GENRE=" + r[1], "DATE=" + r[2]}
		if err := os.WriteFile(filepath.Join(root, fmt.Sprintf("%02d.flac", i)), genlib.FLAC(tags, 1), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := service(t, t.TempDir(), root)
	scanned(t, s)
	return s
}

func tunedTo(t *testing.T, s *Service, like music.Ref) music.Page {
	t.Helper()
	ref, ok := s.RadioOf(like)
	if !ok {
		t.Fatalf("%v has no radio", like)
	}
	return page(t, s, music.Ask{Of: ref, Limit: 500})
}

func TestARadioIsOfWhatSharesGenreArtistOrDecade(t *testing.T) {
	s := ofTastes(t, [3]string{"Ann", "Jazz", "1961"}, [3]string{"Bob", "Jazz", "1965"}, [3]string{"Ann", "Folk", "1999"},
		[3]string{"Cid", "Metal", "1968"}, [3]string{"Dee", "Metal", "2001"}, [3]string{"Eve", "Jazz", "2010"})
	all := page(t, s, music.Ask{Of: section(music.SectionTracks), Sort: music.SortTitle})
	seed := all.Items[0].(music.Track)
	p := tunedTo(t, s, seed.Ref)
	var names []string
	for _, it := range p.Items {
		names = append(names, it.(music.Track).Artist())
	}
	if p.Title != "Radio from Track 00" || !strings.Contains(p.Subtitle, "Jazz, Ann, the 1960s") {
		t.Errorf("it is called %q, %q", p.Title, p.Subtitle)
	}
	if len(names) != 4 || slices.Contains(names, "Dee") {
		t.Errorf("it plays %q: want all but the track itself and Dee's", names)
	}
	again := tunedTo(t, s, seed.Ref)
	for i := range p.Items {
		if p.Items[i].ItemRef() != again.Items[i].ItemRef() {
			t.Fatal("the same day it is another one")
		}
	}
	refs, err := s.Refs(t.Context(), p.Ask)
	if err != nil || len(refs) != 4 {
		t.Errorf("what is played: %v, %v", refs, err)
	}
}

func TestARadioOfSomethingWithoutNeighboursSaysSo(t *testing.T) {
	s := ofTastes(t, [3]string{"Ann", "Jazz", "1961"}, [3]string{"Dee", "Metal", "2001"})
	all := page(t, s, music.Ask{Of: section(music.SectionTracks), Sort: music.SortTitle})
	if p := tunedTo(t, s, all.Items[0].ItemRef()); len(p.Items) != 0 || p.Note == "" {
		t.Errorf("%d tracks, %q", len(p.Items), p.Note)
	}
	for _, of := range []string{"", "no ref", "segue:local:radio:x", "segue:other:track:1"} {
		if _, err := s.Children(t.Context(), music.Ask{Of: music.Ref{Account: music.Local, Kind: kindRadio, ID: of}}); err == nil {
			t.Errorf("a radio of %q opens", of)
		}
	}
}

func TestARadioOfALargeLibraryIsAHundredTracksAndFast(t *testing.T) {
	s, _ := library(t, 2000)
	scanned(t, s)
	for _, it := range []string{music.SectionAlbums, music.SectionArtists, music.SectionGenres, music.SectionYears, music.SectionTracks} {
		rows := page(t, s, music.Ask{Of: section(it)})
		begin := time.Now()
		p := tunedTo(t, s, rows.Items[len(rows.Items)/2].ItemRef())
		if len(p.Items) < 90 || len(p.Items) > radioRows || time.Since(begin) > 5*time.Second {
			t.Errorf("%s: %d tracks in %v", it, len(p.Items), time.Since(begin))
		}
		t.Logf("%s: %q, %q: %d tracks in %v", it, p.Title, p.Subtitle, len(p.Items), time.Since(begin))
		for i := 1; i < len(p.Items)/2; i++ {
			a, b := p.Items[i-1].(music.Track), p.Items[i].(music.Track)
			if a.Artist() == b.Artist() && it != music.SectionArtists {
				t.Logf("%s: %s twice in a row", it, a.Artist())
			}
		}
	}
}
