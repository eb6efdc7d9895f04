package subsonic_test

import (
	"context"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/subsonic"
	"segue/session"
	"segue/session/sessiontest"
)

// listen runs a session over accounts and gives its events.
func listen(t *testing.T, accounts ...session.Account) (*session.Session, func(want func(session.Event) bool)) {
	t.Helper()
	s := session.New(session.Config{}, sessiontest.NewPlayer(time.Sleep), sessiontest.NewStore(nil), accounts...)
	sub := s.Subscribe("test")
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		sub.Close()
	})
	return s, func(want func(session.Event) bool) {
		t.Helper()
		ctx, stop := context.WithTimeout(context.Background(), time.Minute)
		defer stop()
		for {
			events, ok := sub.Take(ctx)
			for _, e := range events {
				if want(e) {
					return
				}
			}
			if !ok {
				t.Fatal("it did not come within a minute")
			}
		}
	}
}

// signedIn is an event that an account is signed in.
func signedInTo(id music.AccountID) func(session.Event) bool {
	return func(e session.Event) bool {
		in, ok := e.(session.LoggedIn)
		return ok && in.Account == id && in.Fault == nil
	}
}

func TestTwoAccountsOnTwoServersAndOneThatHangsOrIsDown(t *testing.T) {
	good, bad := newFake(t, "navidrome"), newFake(t, "supysonic")
	named := func(f *fake, id music.AccountID) session.Account {
		s, err := subsonic.New(session.Spec{ID: id, Server: f.URL, User: "alice"}, subsonic.Config{DataDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return session.Account{ID: id, Service: s, Kind: "subsonic", User: "alice"}
	}
	s, until := listen(t, named(good, "good"), named(bad, "bad"))
	for _, id := range []music.AccountID{"good", "bad"} {
		s.Send(session.Login{Account: id, How: session.SignIn{User: "alice", Password: password}})
		until(signedInTo(id))
	}
	release := make(chan struct{})
	hang := func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}
	for _, m := range []string{"getAlbumList2", "getGenres", "search3"} {
		bad.on(m, hang)
	}
	for i := range 20 { // more than it has workers
		s.Send(session.Load{Ticket: session.Ticket(100 + i), Ask: music.Ask{Of: music.Section("bad", music.SectionAlbums), Offset: i}})
	}
	begun := time.Now()
	s.Send(session.Load{Ticket: 1, Ask: music.Ask{Of: music.Section("good", music.SectionAlbums)}})
	until(func(e session.Event) bool {
		p, ok := e.(session.PageLoaded)
		if ok && p.Ticket == 1 && (p.Fault != nil || len(p.Page.Items) == 0) {
			t.Errorf("the good one: %v", p.Fault)
		}
		return ok && p.Ticket == 1
	})
	if d := time.Since(begun); d > 10*time.Second {
		t.Errorf("the one that hangs held the other up for %v", d)
	}
	close(release)
	bad.Close() // now it is down, and says so at once
	s.Send(session.Search{Ticket: 2, Query: "battle"})
	until(func(e session.Event) bool {
		found, ok := e.(session.SearchLoaded)
		if !ok || found.Ticket != 2 {
			return false
		}
		rows := 0
		for _, p := range found.Result.Pages {
			rows += len(p.Items)
			if p.Account != "good" && len(p.Items) > 0 {
				t.Errorf("%d rows of %s", len(p.Items), p.Account)
			}
		}
		if rows == 0 || len(found.Result.Missing) != 1 || found.Result.Missing[0].Account != "bad" {
			t.Errorf("%d rows, missing %v", rows, found.Result.Missing)
		}
		return true
	})
}

func TestACertificateOfOnesOwnAuthorityIsTrusted(t *testing.T) {
	ts := httptest.NewTLSServer(newFake(t, "navidrome"))
	t.Cleanup(ts.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ts.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := subsonic.New(session.Spec{ID: "home", Server: ts.URL, User: "alice", Options: map[string]string{"ca_file": file}}, subsonic.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Login(t.Context(), session.SignIn{Password: password}, nil); err != nil {
		t.Error(err)
	}
}
