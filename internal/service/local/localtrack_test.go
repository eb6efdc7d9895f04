package local

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/session"
)

func named(t *testing.T, dir, file, artist, album, title string, sec int) string {
	t.Helper()
	p := filepath.Join(dir, file)
	if err := os.WriteFile(p, genlib.FLAC([]string{"TITLE=" + title, "ARTIST=" + artist, "ALBUM=" + album}, sec*44100/4096), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestATrackInWordsIsFoundInTheLibrary(t *testing.T) {
	root := t.TempDir()
	queen := named(t, root, "1.flac", "Queen", "Sheer Heart Attack", "Killer Queen", 180)
	live := named(t, root, "2.flac", "Queen", "Live Killers", "Killer Queen", 120)
	joga := named(t, root, "3.flac", "Björk", "Homogenic", "Jóga", 305)
	stairs := named(t, root, "4.flac", "Led Zeppelin", "IV", "Stairway to Heaven", 482)
	intro := named(t, root, "5.flac", "Anyone", "Any", "Intro", 61)
	s := service(t, t.TempDir(), root)
	scanned(t, s)
	for text, want := range map[string]string{
		"spotify:local:Queen:Sheer+Heart+Attack:Killer+Queen:180":         queen,
		"spotify:local:Queen::Killer+Queen:121":                           live,
		"spotify:local:queen:live+killers:KILLER+QUEEN:":                  live,
		"spotify:local:bjork::joga:":                                      joga,
		"spotify:local:Bj%C3%B6rk:Homogenic:J%C3%B3ga+-+2010+Remaster:1":  joga,
		"spotify:local:Led+Zepelin::Stairway+to+Heavn:480":                stairs,
		"spotify:local:::Intro:60":                                        intro,
		"spotify:local:Anyone:::60":                                       intro,
		"https://open.spotify.com/local/Queen/Live+Killers/Killer+Queen/": live,
	} {
		r, ok, err := s.Resolve(t.Context(), text)
		if err != nil || !ok || r != trackRef(want) {
			t.Errorf("%s: %q %v %v, want %s", text, r.ID, ok, err, filepath.Base(want))
		}
	}
}

func TestATrackInWordsWithoutAFileIsAPlaceholder(t *testing.T) {
	root := t.TempDir()
	named(t, root, "1.flac", "Led Zeppelin", "IV", "Stairway to Heaven", 482)
	s := service(t, t.TempDir(), root)
	scanned(t, s)
	for _, text := range []string{
		"spotify:local:Led+Zepelin::Stairway+to+Heavn:486", // beyond 3 s
		"spotify:local:Led+Zepelin::Stairway+to+Heavn:",
		"spotify:local:::Intro:60", "spotify:local:Led+Zeppelin:::", "spotify:local::::",
	} {
		r, ok, err := s.Resolve(t.Context(), text)
		if err != nil || !ok || r != trackRef(text) {
			t.Errorf("%s: %q %v %v", text, r.ID, ok, err)
			continue
		}
		list, err := s.Tracks(t.Context(), []music.Ref{r})
		if err != nil || list[0].Ref != r || list[0].Title == "" || list[0].Unplayable == "" {
			t.Errorf("%s: %+v %v", text, list, err)
		}
		_, err = s.Open(t.Context(), r, music.Quality{})
		var f *session.Fault
		if !errors.As(err, &f) || f.Kind != session.TrackNotPlayable {
			t.Errorf("%s opened with %v", text, err)
		}
	}
}

func TestAPlaceholderIsStarredKeptInPlaylistsAndPlaysWhenItsFileComes(t *testing.T) {
	root := t.TempDir()
	named(t, root, "1.flac", "A", "B", "C", 3)
	s := service(t, t.TempDir(), root)
	scanned(t, s)
	r, _, err := s.Resolve(t.Context(), "spotify:local:Nina::New+Song:2")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Star(t.Context(), []music.Ref{r}, true); err != nil {
		t.Fatal(err)
	}
	list, err := s.CreatePlaylist(t.Context(), "Mixed", []music.Ref{r, trackRef(filepath.Join(root, "1.flac"))})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(list.ID)
	if err != nil || !strings.Contains(string(data), "\nspotify:local:Nina::New+Song:2\n") {
		t.Fatalf("%s %v", data, err)
	}
	first := func() music.Track {
		p := page(t, s, music.Ask{Of: list})
		if len(p.Items) != 2 || p.Items[0].ItemRef() != r {
			t.Fatalf("%+v", p.Items)
		}
		return p.Items[0].(music.Track) //nolint:errcheck // a playlist's rows are tracks
	}
	if x := first(); x.Unplayable == "" || x.Title != "New Song" || !x.Starred || x.Duration != 2*time.Second {
		t.Errorf("without the file: %+v", x)
	}
	if p := page(t, s, music.Ask{Of: section(music.SectionStarred)}); len(p.Items) != 1 || p.Items[0].ItemRef() != r {
		t.Errorf("starred: %+v", p.Items)
	}
	named(t, root, "new.flac", "Nina", "Now", "New song", 2)
	scanned(t, s)
	if x := first(); x.Unplayable != "" || x.Album != "Now" {
		t.Errorf("with the file: %+v", x)
	}
	src, err := s.Open(t.Context(), r, music.Quality{})
	if err != nil {
		t.Fatal(err)
	}
	if err := src.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTheSamplerIsFoundInWordsToo(t *testing.T) {
	s := service(t, t.TempDir())
	piece := s.sampler.all()[0]
	l := music.LocalTrack{Artist: piece.Artist(), Title: piece.Title, Duration: piece.Duration}
	got, err := s.LocalTrack(t.Context(), l)
	if err != nil || got.Ref != piece.Ref {
		t.Errorf("%+v %v", got, err)
	}
}

func TestLinksToSpotifyAreNotThisAccounts(t *testing.T) {
	s := service(t, t.TempDir())
	for _, text := range []string{"spotify:track:2Foc5Q5nqNiosCNqttzHof", "https://open.spotify.com/intl-de/track/2Foc5Q5nqNiosCNqttzHof?si=1", "spotify:user:x"} {
		if r, ok, err := s.Resolve(t.Context(), text); ok || err != nil {
			t.Errorf("%s: %v %v %v", text, r, ok, err)
		}
	}
}
