package session_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/session"
	"segue/session/sessiontest"
)

func TestNothingIsLoadedOfAnAccountThatIsSignedOut(t *testing.T) {
	home := sessiontest.NewRemote("home")
	album := home.AddAlbum("Suite", time.Minute, "A")
	inBubble(t, func(r *rig) {
		ctx := r.t.Context()
		_, err1 := r.s.Track(ctx, home.TrackRef("A"))
		_, err2 := r.s.Album(ctx, album)
		_, err3 := r.s.Image(ctx, album, 100)
		_, err4 := r.s.User(ctx, "home", "")
		_, err5 := r.s.Starred(ctx, "home", "", music.Ask{})
		_, err6 := r.s.Share(ctx, "home", "bob", []music.Ref{home.TrackRef("A")}, "")
		for i, err := range []error{err1, err2, err3, err4, err5, err6} {
			if !errors.Is(err, session.ErrLoggedOut) || kindOf(err) != session.NoCredentials {
				t.Errorf("getter %d: %v", i+1, err)
			}
		}
		res, err := r.s.Search(ctx, session.Search{Query: "A"})
		if err != nil || len(res.Missing) != 1 || res.Missing[0].Account != "home" {
			t.Errorf("a search: %+v %v", res.Missing, err)
		}
		r.do(session.Login{Account: "home", How: session.SignIn{User: "alice", Password: secret.New("wonderland")}})
		r.settle()
		if al, err := r.s.Album(ctx, album); err != nil || al.Title != "Suite" {
			t.Errorf("signed in: %+v %v", al, err)
		}
	}, func(s *setup) { s.accounts = append(s.accounts, home.Account()) })
}

func TestAGetterWaitsForWhatIsStillLoading(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.local.Fail("tracks", &session.Fault{Kind: session.IsLoading})
		var done atomic.Bool
		go func() {
			track, err := r.s.Track(r.t.Context(), r.local.TrackRef("A"))
			if err != nil || track.Title != "A" {
				t.Errorf("%+v %v", track, err)
			}
			done.Store(true)
		}()
		time.Sleep(time.Second)
		if done.Load() {
			t.Error("it did not wait")
		}
		r.local.Fail("tracks", nil)
		time.Sleep(time.Second)
		synctest.Wait()
		if !done.Load() {
			t.Error("it was not loaded")
		}
	})
}

func TestALocalTrackIsFoundThroughTheLibrary(t *testing.T) {
	inBubble(t, func(r *rig) {
		if _, err := r.s.LocalTrack(r.t.Context(), music.LocalTrack{Title: "A"}); kindOf(err) != session.PermissionDenied {
			t.Errorf("of a library that knows none: %v", err)
		}
	})
}

func TestAGetterBeforeRunWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		local := sessiontest.NewService(music.Local)
		local.AddAlbum("Suite", time.Minute, "A")
		s := session.New(session.Config{}, sessiontest.NewPlayer(nil), nil, local.Account())
		got := make(chan error, 1)
		go func() {
			_, err := s.Track(t.Context(), local.TrackRef("A"))
			got <- err
		}()
		synctest.Wait()
		done := make(chan error, 1)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { done <- s.Run(ctx) }()
		if err := <-got; err != nil {
			t.Error(err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
