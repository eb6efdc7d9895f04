package subsonic_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/internal/service/subsonic"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/wire"
	"segue/session"
)

func refsOf(t *testing.T, s *subsonic.Service, r music.Ref) []music.Ref {
	t.Helper()
	refs, err := s.Refs(t.Context(), music.Ask{Of: r})
	if err != nil {
		t.Fatal(err)
	}
	return refs
}

func sketches(t *testing.T, s *subsonic.Service) []music.Ref {
	t.Helper()
	return refsOf(t, s, find(t, children(t, s, section(music.SectionAlbums)), "Sketches").ItemRef())
}

func vorbis(t *testing.T, s *subsonic.Service) []music.Ref {
	t.Helper()
	return refsOf(t, s, find(t, children(t, s, section(music.SectionAlbums)), "Vorbis").ItemRef())
}

func TestAPlaylistIsMadeChangedMovedAndDeleted(t *testing.T) {
	s := liveServer(t).alice(t)
	a, b := sketches(t, s), vorbis(t, s)
	p, err := s.CreatePlaylist(t.Context(), "Evening ü", a)
	if err != nil || p.ID == "" {
		t.Fatal(p, err)
	}
	var long []music.Ref
	for range 40 {
		long = append(long, a...)
	}
	now := a
	steps := [][]music.Ref{
		{a[0], a[1], a[2], b[0], b[1]}, {a[0], a[2], b[1]}, {b[1], a[0], a[2]}, {b[1], b[1], a[0], a[2], b[1]}, {b[1], a[2], a[0], b[1], b[1]},
		long, append([]music.Ref{b[0]}, long...), {}, {a[1]},
	}
	for i, next := range steps {
		if err := s.EditPlaylist(t.Context(), p, now, next); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if got := refsOf(t, s, p); !slices.Equal(got, next) {
			t.Fatalf("step %d: %d tracks, want %d", i, len(got), len(next))
		}
		if err := s.EditPlaylist(t.Context(), p, next, now); err != nil { // as undo does
			t.Fatalf("step %d back: %v", i, err)
		}
		if got := refsOf(t, s, p); !slices.Equal(got, now) {
			t.Fatalf("step %d back: %v, want %v", i, len(got), len(now))
		}
		if err := s.EditPlaylist(t.Context(), p, now, next); err != nil {
			t.Fatalf("step %d again: %v", i, err)
		}
		now = next
	}
	var f *session.Fault
	if err := s.EditPlaylist(t.Context(), p, a, b); !errors.As(err, &f) || f.Kind != session.Conflict {
		t.Errorf("an edit of what is not so any more: %v", err)
	}
	if _, err := s.RenamePlaylist(t.Context(), p, "Morning"); err != nil {
		t.Error(err)
	}
	if err := s.SetPublic(t.Context(), p, true); err != nil {
		t.Error(err)
	}
	if err := s.DescribePlaylist(t.Context(), p, "made by a test"); err != nil {
		t.Error(err)
	}
	row, ok := find(t, children(t, s, section(music.SectionPlaylists)), "Morning").(music.Playlist)
	if !ok || !row.Public || !row.Writable || row.Owner != "alice" || row.Tracks != 1 {
		t.Errorf("the list is %+v", row)
	}
	bob := liveServer(t).account(t, "home", "bob", subsonic.Config{})
	signIn(t, bob, bobsPassword)
	pub, err := bob.Published(t.Context(), "alice")
	if err != nil || len(pub) != 1 || pub[0].Name != "Morning" || pub[0].Writable {
		t.Errorf("bob sees %+v, %v", pub, err)
	}
	if err := bob.EditPlaylist(t.Context(), p, now, nil); !errors.As(err, &f) || f.Kind != session.PermissionDenied {
		t.Errorf("bob changes it: %v", err)
	}
	if err := s.DeletePlaylist(t.Context(), p); err != nil {
		t.Error(err)
	}
	if n := children(t, s, section(music.SectionPlaylists)).Total; n != 0 {
		t.Errorf("%d playlists are left", n)
	}
}

func TestStarsAndRatingsAreTheServers(t *testing.T) {
	l := liveServer(t)
	s := l.alice(t)
	albums := children(t, s, section(music.SectionAlbums))
	album, artist := find(t, albums, "Sketches").ItemRef(), find(t, children(t, s, section(music.SectionArtists)), "Björk").ItemRef()
	track := sketches(t, s)[0]
	all := []music.Ref{track, album, artist}
	for range 2 { // twice: this server refuses to star what is starred
		if err := s.Star(t.Context(), all, true); err != nil {
			t.Fatal(err)
		}
	}
	other := l.alice(t)
	if p := children(t, other, section(music.SectionStarred)); p.Total != 3 {
		t.Errorf("starred: %v", p.Items)
	}
	got, err := s.Tracks(t.Context(), []music.Ref{track})
	if err != nil || !got[0].Starred {
		t.Errorf("the track is %+v, %v", got, err)
	}
	for range 2 {
		if err := s.Star(t.Context(), all, false); err != nil {
			t.Fatal(err)
		}
	}
	if p := children(t, l.alice(t), section(music.SectionStarred)); p.Total != 0 {
		t.Errorf("still starred: %v", p.Items)
	}
	if err := s.Rate(t.Context(), []music.Ref{track}, 4); err != nil {
		t.Error(err)
	}
	if err := s.Star(t.Context(), []music.Ref{{Account: "home", Kind: music.KindGenre, ID: "x"}}, true); err == nil {
		t.Error("a genre was starred")
	}
}

// eventually asks the server itself until its answer is as wanted.
func eventually(t *testing.T, l *live, method string, p url.Values, want func(*wire.Reply) bool) {
	t.Helper()
	addr, err := wire.ParseAddress(l.url())
	if err != nil {
		t.Fatal(err)
	}
	srv, err := server.New(server.Config{Address: addr})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.CloseIdle()
	if err := srv.Use(wire.WithPassword("alice", secret.New("alicepw"), wire.FormPassword)); err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); ; {
		reply, _, err := srv.Ask(t.Context(), method, p)
		if err == nil && want(reply) {
			return
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("%s is not as wanted after a minute: %v", method, err)
		}
		time.Sleep(50 * time.Millisecond) // another process, not our clock
	}
}

func TestPlaysMadeWithoutTheServerAreToldWhenItIsBackAndStarsAreLeftToTheSession(t *testing.T) {
	l := liveServer(t)
	s := l.alice(t)
	track := vorbis(t, s)[1]
	heard, err := s.Tracks(t.Context(), []music.Ref{track})
	if err != nil {
		t.Fatal(err)
	}
	l.unplug()
	defer func() {
		if err := l.start(); err != nil {
			t.Error(err)
		}
	}()
	if err := s.Report(t.Context(), session.Heard{Track: heard[0], Started: time.Now(), Heard: time.Minute, Counts: true}); err != nil {
		t.Errorf("a play without the server: %v", err)
	}
	if err := s.Star(t.Context(), []music.Ref{track}, true); kindOf(err) != session.UnableToContactServer {
		t.Errorf("a star without the server: %v", err)
	}
	if err := s.Rate(t.Context(), []music.Ref{track}, 3); kindOf(err) != session.UnableToContactServer {
		t.Errorf("a rating without the server: %v", err)
	}
	// What was shown is shown again, with its age; the fault beside it says why.
	page, err := s.Children(t.Context(), section(music.SectionAlbums))
	var f *session.Fault
	if !errors.As(err, &f) || f.Kind != session.UnableToContactServer || page.Total != 33 || page.Note == "" {
		t.Errorf("without the server: %d rows, %q, %v", page.Total, page.Note, err)
	}
	if _, err := s.Children(t.Context(), section(music.SectionRoot)); err == nil {
		t.Error("the account seems to be there")
	}
	if err := l.start(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	changed := make(chan music.Ref, 100)
	go func() { ended <- s.Watch(ctx, func(r music.Ref) { changed <- r }) }()
	children(t, s, section(music.SectionRoot)) // as the session does, now and then
	if err := s.Star(t.Context(), []music.Ref{track}, true); err != nil {
		t.Errorf("a star with the server back: %v", err)
	}
	eventually(t, l, "getStarred2", nil, func(r *wire.Reply) bool { return len(r.Starred.Value.Songs) == 1 })
	for r := range changed {
		if r == (music.Ref{}) {
			break // everything may have changed while it was away
		}
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := s.Star(t.Context(), []music.Ref{track}, false); err != nil {
		t.Error(err)
	}
}

func TestPlaylistsThatOthersChangeAreSeen(t *testing.T) {
	l := liveServer(t)
	s, other := l.alice(t), l.alice(t)
	p, err := other.CreatePlaylist(t.Context(), "Watched", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.DeletePlaylist(context.Background(), p) })
	page := children(t, s, music.Ask{Of: p})
	if page.Total != 0 || !page.Writable || page.Note == "" {
		t.Errorf("the new list is %+v", page)
	}
}

func TestPicturesComeInTheSizeThatIsAskedFor(t *testing.T) {
	s := liveServer(t).alice(t)
	img, err := s.Image(t.Context(), sketches(t, s)[0], 64)
	if err != nil || img.Data != nil {
		t.Errorf("a picture where there is none: %d bytes, %v", len(img.Data), err)
	}
	if l, err := s.Lyrics(t.Context(), sketches(t, s)[0]); err != nil || len(l.Lines) != 0 {
		t.Errorf("lyrics: %+v, %v", l, err)
	}
}

func TestWhatThisServerLacksIsSaidNotTried(t *testing.T) {
	s := liveServer(t).alice(t)
	root := children(t, s, section(music.SectionRoot))
	for _, it := range root.Items {
		if n := it.ItemName(); n == "Podcasts" || n == "Queue on the server" {
			if _, err := s.Children(t.Context(), music.Ask{Of: it.ItemRef()}); err == nil {
				t.Errorf("%s is there?", n)
			}
		}
	}
	for _, it := range children(t, s, section(music.SectionRoot)).Items {
		if n := it.ItemName(); n == "Podcasts" || n == "Queue on the server" {
			t.Errorf("%s is still offered", n)
		}
	}
	var f *session.Fault
	if _, err := s.Share(t.Context(), "", sketches(t, s), "x"); !errors.As(err, &f) || f.Kind != session.PermissionDenied {
		t.Errorf("a share: %v", err)
	}
	if err := s.SaveQueue(t.Context(), sketches(t, s), 0, time.Second); err != nil && !errors.As(err, &f) {
		t.Error(err)
	}
}
