package subsonic_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/music"
	"segue/internal/secret"
	"segue/internal/service/subsonic"
	"segue/player"
	"segue/session"
)

func children(t *testing.T, s *subsonic.Service, ask music.Ask) music.Page {
	t.Helper()
	p, err := s.Children(t.Context(), ask)
	if err != nil {
		t.Fatalf("%v: %v", ask, err)
	}
	return p
}

func section(id string) music.Ask { return music.Ask{Of: music.Section("home", id)} }

// find is the row of a name.
func find(t *testing.T, p music.Page, name string) music.Item {
	t.Helper()
	for _, it := range p.Items {
		if it.ItemName() == name {
			return it
		}
	}
	t.Fatalf("%q is not in %s (%d rows, %s)", name, p.Title, len(p.Items), p.Note)
	return nil
}

func TestAliceAndBobSignInAndAreRemembered(t *testing.T) {
	l := liveServer(t)
	for user, password := range map[string]string{"alice": "alicepw", "bob": bobsPassword} {
		s := l.account(t, "home", user, subsonic.Config{})
		in := signIn(t, s, password)
		if in.User.Name != user || in.Blob.IsZero() {
			t.Errorf("%s: %+v", user, in)
		}
		if !strings.Contains(in.Note, "password") {
			t.Errorf("%s: nobody said that the password is kept: %q", user, in.Note)
		}
		again := l.account(t, "home", user, subsonic.Config{})
		if _, err := again.Login(t.Context(), session.SignIn{Blob: in.Blob}, nil); err != nil {
			t.Errorf("%s: again: %v", user, err)
		}
		children(t, again, section(music.SectionRoot))
	}
}

func TestAWrongPasswordIsSaidSo(t *testing.T) {
	s := liveServer(t).account(t, "home", "alice", subsonic.Config{})
	_, err := s.Login(t.Context(), session.SignIn{Password: secret.New("hunter2")}, nil)
	var f *session.Fault
	if !errors.As(err, &f) || f.Kind != session.BadUsernameOrPassword || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func TestEverythingThatTheServerListsCanBeBrowsed(t *testing.T) {
	s := liveServer(t).alice(t)
	root := children(t, s, section(music.SectionRoot))
	if root.Total < 10 {
		t.Errorf("the root has %d sections", root.Total)
	}
	albums := children(t, s, section(music.SectionAlbums))
	if albums.Total != 33 || albums.Items[0].ItemName() != "Album 01" {
		t.Errorf("albums: %d, first %v", albums.Total, albums.Items[0])
	}
	window := children(t, s, music.Ask{Of: music.Section("home", music.SectionAlbums), Offset: 10, Limit: 5})
	if len(window.Items) != 5 || window.Items[0].ItemName() != "Album 11" {
		t.Errorf("the window is %v", window.Items)
	}
	album := children(t, s, music.Ask{Of: find(t, albums, "Über – 日本語").ItemRef()})
	track, ok := find(t, album, "曲 2").(music.Track)
	if !ok || track.Artist() != "Björk" || track.Number != 2 || track.Audio.Codec != "MP3" || track.Audio.Bitrate != 192 || track.Year != 2021 {
		t.Errorf("the track is %+v", track)
	}
	artists := children(t, s, section(music.SectionArtists))
	artist := children(t, s, music.Ask{Of: find(t, artists, "Björk").ItemRef()})
	find(t, artist, "Über – 日本語")
	genre := children(t, s, music.Ask{Of: find(t, children(t, s, section(music.SectionGenres)), "Tone").ItemRef()})
	if genre.Total != 60 {
		t.Errorf("the genre has %d", genre.Total)
	}
	years := children(t, s, section(music.SectionYears))
	find(t, children(t, s, music.Ask{Of: find(t, years, "2005").ItemRef()}), "Sketches")
	folder := children(t, s, music.Ask{Of: find(t, children(t, s, section(music.SectionFiles)), "Pinkham").ItemRef()})
	inner := children(t, s, music.Ask{Of: find(t, folder, "Sketches (2005)").ItemRef()})
	find(t, inner, "Sketch 1")
	if n := children(t, s, section(music.SectionTracks)).Total; n != 69 {
		t.Errorf("%d tracks", n)
	}
	for _, id := range []string{music.SectionRecent, music.SectionPlayed, music.SectionMost, music.SectionStarred, music.SectionPlaylists, "random", "radio", "nowplaying"} {
		children(t, s, section(id))
	}
}

func TestSearchFindsByWordAndByField(t *testing.T) {
	s := liveServer(t).alice(t)
	for filter, want := range map[string]int{"sketch": 3, "曲": 3, "tone 7": 2, "artist:pinkham": 3, "year:2005": 3, "sketch -2": 2, "nothingatall": 0} {
		ask := section("search/tracks")
		ask.Filter = filter
		if p := children(t, s, ask); p.Total != want {
			t.Errorf("%q: %d found, want %d (%v)", filter, p.Total, want, p.Note)
		}
	}
	odd := section("search/albums")
	odd.Filter = "über" // this server tells ü from Ü
	find(t, children(t, s, odd), "Über – 日本語")
	ask := section(music.SectionSearch)
	ask.Filter = "pinkham"
	p := children(t, s, ask)
	find(t, p, "Pinkham")
	texts, err := s.Suggest(t.Context(), "ske", 5)
	if err != nil || len(texts) == 0 || texts[0] != "Sketches" {
		t.Errorf("suggested %v, %v", texts, err)
	}
}

func TestRefsListWhatIsBelowInOrder(t *testing.T) {
	s := liveServer(t).alice(t)
	albums := children(t, s, section(music.SectionAlbums))
	sketches := find(t, albums, "Sketches").ItemRef()
	for name, c := range map[string]struct {
		ask  music.Ask
		want int
	}{
		"an album":        {music.Ask{Of: sketches}, 3},
		"filtered":        {music.Ask{Of: sketches, Filter: "title:\"sketch 2\""}, 1},
		"an artist":       {music.Ask{Of: find(t, children(t, s, section(music.SectionArtists)), "Björk").ItemRef()}, 3},
		"a genre":         {music.Ask{Of: music.Ref{Account: "home", Kind: music.KindGenre, ID: "Tone"}}, 60},
		"a year":          {music.Ask{Of: music.Ref{Account: "home", Kind: music.KindYear, ID: "2005"}}, 3},
		"all albums":      {section(music.SectionAlbums), 69},
		"all tracks":      {section(music.SectionTracks), 69},
		"the whole disk":  {section(music.SectionFiles), 69},
		"a search":        {music.Ask{Of: music.Section("home", "search/tracks"), Filter: "sketch"}, 3},
		"nothing starred": {section(music.SectionStarred), 0},
	} {
		refs, err := s.Refs(t.Context(), c.ask)
		if err != nil || len(refs) != c.want {
			t.Errorf("%s: %d refs, want %d: %v", name, len(refs), c.want, err)
		}
	}
	refs, err := s.Refs(t.Context(), music.Ask{Of: sketches})
	if err != nil {
		t.Fatal(err)
	}
	tracks, err := s.Tracks(t.Context(), append(refs, music.Ref{Account: "home", Kind: music.KindTrack, ID: "nope"}))
	if err != nil || len(tracks) != 4 || tracks[0].Title != "Sketch 1" || tracks[2].Title != "Sketch 3" || tracks[3].Unplayable == "" {
		t.Errorf("the tracks are %+v, %v", tracks, err)
	}
}

// samples decodes a source to its end.
func samples(src player.Source) ([]float32, error) {
	var all []float32
	buf := make([]float32, 8192)
	for {
		n, err := src.Read(buf)
		all = append(all, buf[:n]...)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
	}
}

// reference decodes a file with ffmpeg, as 32-bit floats.
func reference(t *testing.T, file string) []float32 {
	t.Helper()
	out, err := exec.Command("ffmpeg", "-v", "error", "-i", file, "-f", "f32le", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := make([]float32, len(out)/4)
	if err := binary.Read(bytes.NewReader(out), binary.LittleEndian, all); err != nil {
		t.Fatal(err)
	}
	return all
}

func play(t *testing.T, s *subsonic.Service, r music.Ref, q music.Quality) []float32 {
	t.Helper()
	src, err := s.Open(within(t, 30*time.Second), r, q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	got, err := samples(src)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestAnAlbumOfTheServerIsHeardToTheSampleAndThenFromTheCache(t *testing.T) {
	l := liveServer(t)
	media, err := cache.OpenMedia(cache.MediaOptions{Dir: filepath.Join(t.TempDir(), "media")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = media.Close() })
	s := l.account(t, "home", "alice", subsonic.Config{Media: media})
	signIn(t, s, "alicepw")
	albums := children(t, s, section(music.SectionAlbums))
	refs, err := s.Refs(t.Context(), music.Ask{Of: find(t, albums, "Sketches").ItemRef()})
	if err != nil || len(refs) != 3 {
		t.Fatal(refs, err)
	}
	for round := range 2 {
		for i, r := range refs {
			want := reference(t, filepath.Join(l.music, "Pinkham", "Sketches (2005)", string(rune('1'+i))+".flac"))
			got := play(t, s, r, music.Quality{})
			if len(got) != len(want) {
				t.Fatalf("round %d, track %d: %d samples, want %d", round, i+1, len(got), len(want))
			}
			for j := range got {
				if got[j] != want[j] {
					t.Fatalf("round %d, track %d: sample %d is %v, want %v", round, i+1, j, got[j], want[j])
				}
			}
		}
		if round == 0 {
			s.SetNetwork(false) // the second round needs no server
		}
	}
	if st := media.Stats(); st.Whole != 3 {
		t.Errorf("the cache holds %+v", st)
	}
}

func TestABitRateIsTranscodedAndCanBeSought(t *testing.T) {
	s := liveServer(t).alice(t)
	albums := children(t, s, section(music.SectionAlbums))
	refs, err := s.Refs(t.Context(), music.Ask{Of: find(t, albums, "Sketches").ItemRef()})
	if err != nil {
		t.Fatal(err)
	}
	src, err := s.Open(within(t, 30*time.Second), refs[0], music.Quality{Kbps: 96})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	if _, err := src.Read(make([]float32, 8192)); err != nil {
		t.Fatal(err)
	}
	at, err := src.Seek(3 * time.Second)
	if err != nil || (at-3*time.Second).Abs() > time.Second {
		t.Errorf("sought to %v: %v", at, err)
	}
	if _, err := samples(src); err != nil {
		t.Error(err)
	}
}

func TestASeekInAStreamLandsOnTheSample(t *testing.T) {
	l := liveServer(t)
	s := l.alice(t)
	albums := children(t, s, section(music.SectionAlbums))
	refs, err := s.Refs(t.Context(), music.Ask{Of: find(t, albums, "Sketches").ItemRef()})
	if err != nil {
		t.Fatal(err)
	}
	want := reference(t, filepath.Join(l.music, "Pinkham", "Sketches (2005)", "1.flac"))
	src, err := s.Open(within(t, 30*time.Second), refs[0], music.Quality{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	f := src.Format()
	at, err := src.Seek(2500 * time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	got, err := samples(src)
	if err != nil {
		t.Fatal(err)
	}
	want = want[int(f.Frames(at))*f.Channels:]
	if len(got) != len(want) || got[0] != want[0] || got[len(got)-1] != want[len(want)-1] {
		t.Errorf("after a seek to %v: %d samples, want %d", at, len(got), len(want))
	}
}

func TestWhatIsNoTrackCannotBePlayed(t *testing.T) {
	s := liveServer(t).alice(t)
	for _, id := range []string{"nope", "00000000-0000-0000-0000-000000000000"} {
		_, err := s.Open(within(t, 30*time.Second), music.Ref{Account: "home", Kind: music.KindTrack, ID: id}, music.Quality{})
		var f *session.Fault
		if !errors.As(err, &f) || f.Kind != session.TrackNotPlayable {
			t.Errorf("%s: %v", id, err)
		}
	}
	_, err := s.Children(context.Background(), music.Ask{Of: music.Ref{Account: "home", Kind: music.KindAlbum, ID: "nope"}})
	if err == nil {
		t.Error("an album that is none was shown")
	}
}
