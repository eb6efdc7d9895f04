package session_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

// wrote lists the calls that changed something at the server, since the last time.
func (w *world) wrote() (calls []string) {
	for _, c := range w.home.Calls() {
		switch name, _, _ := strings.Cut(c, " "); name {
		case "star", "rate", "create", "edit", "rename", "delete", "createlive":
			calls = append(calls, c)
		}
	}
	return calls
}

// away makes the server unreachable but for what a cache would answer.
func (w *world) away() {
	w.home.AwayButCached(true)
	w.home.Say(session.NewsConnection{Err: &session.Fault{Kind: session.UnableToContactServer, Err: fmt.Errorf("reset")}})
	w.settle()
	w.wantState(session.ConnDisconnected)
	w.home.Calls()
}

// back makes it reachable again, and lets the session find that out.
func (w *world) back() {
	w.home.AwayButCached(false)
	time.Sleep(10 * time.Minute)
	w.settle()
	w.wantState(session.ConnLoggedIn)
}

// homeInfo is what listeners were told last of the account.
func (w *world) homeInfo() session.AccountInfo {
	for _, a := range last1[session.AccountsChanged](w.rig).Accounts {
		if a.ID == "home" {
			return a
		}
	}
	return session.AccountInfo{}
}

func (w *world) wantHome(list music.Ref, want ...string) {
	w.t.Helper()
	if got := w.home.Rows(list); !slices.Equal(got, want) {
		w.t.Errorf("the playlist at home is %q, want %q", got, want)
	}
}

func (w *world) shown(of music.Ref) (names []string) {
	w.do(session.Load{Ticket: 7, Ask: music.Ask{Of: of}})
	for _, it := range last1[session.PageLoaded](w.rig).Page.Items {
		name := it.ItemName()
		if t, ok := it.(music.Track); ok && t.Starred {
			name += " starred"
		}
		names = append(names, name)
	}
	return names
}

func TestEditsMadeWhileAnAccountIsAwayAreMadeOnceInOrderWhenItIsBack(t *testing.T) {
	var list music.Ref
	inWorld(t, func(w *world) {
		remembered(w)
		list = w.home.AddPlaylist("Evening", w.home.TrackRef("W"))
	}, func(w *world) {
		w.away()
		x, y := w.home.TrackRef("W"), w.home.TrackRef("X")
		w.do(session.Star{Refs: []music.Ref{x}, To: session.On}, session.PlaylistAdd{Playlist: list, Add: asks(y)},
			session.Rate{Refs: []music.Ref{y}, Stars: 4}, session.PlaylistRemove{Playlist: list, Rows: []session.Row{{Index: 0, Track: x}}},
			session.PlaylistAdd{Playlist: list, Add: asks(x)}, session.PlaylistRename{Playlist: list, Name: "Night"}, session.Star{Refs: []music.Ref{x}, To: session.Off})
		if got := w.wrote(); len(got) != 0 {
			t.Errorf("while away: %q", got)
		}
		if got := w.queue().Undo; got != "unstarred 1 track" {
			t.Errorf("undo says %q", got)
		}
		w.wantNotice("starred 1 track: waits until home is back")
		w.wantNotice("added 1 track to Evening: waits until home is back")
		if got := w.homeInfo().Waiting; len(got) != 7 || got[0] != "starred 1 track" || got[6] != "unstarred 1 track" {
			t.Errorf("waiting: %q", got)
		}
		if got := w.shown(list); !slices.Equal(got, []string{"X", "W"}) {
			t.Errorf("shown: %q", got)
		}
		if got := w.shown(music.Section("home", music.SectionPlaylists)); !slices.Equal(got, []string{"Night"}) {
			t.Errorf("shown: %q", got)
		}
		w.back()
		if got := w.wrote(); !slices.Equal(got, []string{"star", "edit " + list.ID, "rate", "edit " + list.ID, "edit " + list.ID, "rename " + list.ID, "star"}) {
			t.Errorf("when it is back: %q", got)
		}
		w.wantHome(list, "X", "W")
		if w.home.Track(x).Starred || w.home.Track(y).Rating != 4 || w.home.Lists()[0] != "Night" {
			t.Errorf("%+v, %+v, %q", w.home.Track(x), w.home.Track(y), w.home.Lists())
		}
		w.wantNotice("home is back: starred 1 track")
		if got := w.homeInfo().Waiting; len(got) != 0 {
			t.Errorf("still waiting: %q", got)
		}
		time.Sleep(time.Hour)
		w.settle()
		if got := w.wrote(); len(got) != 0 {
			t.Errorf("again: %q", got)
		}
		w.do(session.Undo{}, session.Undo{}, session.Undo{}, session.Undo{}, session.Undo{}, session.Undo{}, session.Undo{}) // they are edits like others now
		w.wantHome(list, "W")
		if w.home.Track(y).Rating != 0 || w.home.Track(x).Starred || w.home.Lists()[0] != "Evening" {
			t.Errorf("undone: %+v, %q", w.home.Track(y), w.home.Lists())
		}
	})
}

func TestUndoOfAnEditThatWaitsRemovesIt(t *testing.T) {
	var list music.Ref
	inWorld(t, func(w *world) {
		remembered(w)
		list = w.home.AddPlaylist("Evening", w.home.TrackRef("W"))
	}, func(w *world) {
		x := w.home.TrackRef("W")
		w.do(session.Star{Refs: []music.Ref{x, w.ref("A")}}) // done at both
		w.away()
		w.do(session.PlaylistAdd{Playlist: list, Add: asks(x)}, session.Undo{})
		w.wantNotice("undone: added 1 track to Evening")
		w.do(session.Rate{Refs: []music.Ref{x}, Stars: 5}, session.Undo{}, session.Redo{}, session.Undo{})
		w.do(session.Undo{}) // of the stars: at local at once, at home it waits
		if w.local.Track(w.ref("A")).Starred || !w.home.Track(x).Starred {
			t.Error("the stars are not as they should be")
		}
		if got := w.shown(w.remote()); !slices.Equal(got, []string{"W", "X"}) {
			t.Errorf("shown %q", got)
		}
		w.back()
		if got := w.wrote(); !slices.Equal(got, []string{"star"}) || w.home.Track(x).Starred {
			t.Errorf("made: %q", got)
		}
		w.do(session.Redo{})
		if !w.home.Track(x).Starred || !w.local.Track(w.ref("A")).Starred {
			t.Error("the stars are not back")
		}
		w.away()
		w.do(session.Undo{}, session.Redo{}) // nothing is left to do
		w.back()
		if got := w.wrote(); len(got) != 0 || !w.home.Track(x).Starred {
			t.Errorf("made: %q", got)
		}
	})
}

func TestPlaylistsMadeAndDeletedWhileAway(t *testing.T) {
	var old music.Ref
	inWorld(t, func(w *world) {
		remembered(w)
		old = w.home.AddPlaylist("Old", w.home.TrackRef("W"))
	}, func(w *world) {
		w.away()
		w.do(session.PlaylistCreate{Account: "home", Name: "New", Add: asks(w.remote())}, session.PlaylistDelete{Playlist: old})
		section := music.Section("home", music.SectionPlaylists)
		if got := w.shown(section); !slices.Equal(got, []string{"New"}) {
			t.Errorf("shown %q", got)
		}
		fresh := last1[session.PageLoaded](w.rig).Page.Items[0].ItemRef()
		if got := w.shown(fresh); !slices.Equal(got, []string{"W", "X"}) {
			t.Errorf("in it: %q", got)
		}
		w.do(session.PlaylistAdd{Playlist: fresh, Add: asks(w.home.TrackRef("W"))}, session.PlaylistRename{Playlist: fresh, Name: "Newer"})
		w.do(session.PlayContext{Ask: music.Ask{Of: fresh}})
		w.wantRows("W", "X", "W")
		w.do(session.Undo{})
		w.back()
		if got := w.home.Lists(); !slices.Equal(got, []string{"Newer"}) {
			t.Errorf("at home: %q; %q", got, w.notices())
		}
		w.do(session.Undo{}, session.Undo{}, session.Undo{}, session.Undo{})
		if got := w.home.Lists(); !slices.Equal(got, []string{"Old"}) {
			t.Errorf("undone: %q; %q", got, w.notices())
		}
	})
}

func TestAConflictIsToldAndTheRestIsMade(t *testing.T) {
	var list, gone, renamed music.Ref
	inWorld(t, func(w *world) {
		remembered(w)
		list = w.home.AddPlaylist("Evening", w.home.TrackRef("W"), w.home.TrackRef("X"))
		gone = w.home.AddPlaylist("Gone", w.home.TrackRef("W"))
		renamed = w.home.AddPlaylist("Renamed")
	}, func(w *world) {
		w.away()
		x, y := w.home.TrackRef("W"), w.home.TrackRef("X")
		w.do(session.PlaylistRemove{Playlist: list, Rows: []session.Row{{Index: 0, Track: x}}},
			session.PlaylistDelete{Playlist: gone}, session.PlaylistRename{Playlist: renamed, Name: "Mine"}, session.PlaylistAdd{Playlist: gone, Add: asks(y)}, session.Star{Refs: []music.Ref{y}})
		w.home.SetRows(list, y)           // others took it out
		w.home.SetRows(gone, x, x)        // others added to it
		w.home.SetTitle(renamed, "Yours") // others gave it another name
		w.back()
		w.wantHome(list, "X")
		w.wantHome(gone, "W", "W", "X")
		if !w.home.Track(y).Starred || !slices.Contains(w.home.Lists(), "Yours") {
			t.Error("what waited behind a conflict was not made")
		}
		n := 0
		for _, e := range all[session.Notice](w.rig) {
			if e.Fault != nil && e.Fault.Kind == session.Conflict {
				n++
			}
		}
		if n != 2 {
			t.Errorf("%d conflicts told: %q", n, w.notices())
		}
		if got := w.queue().Undo; got != "starred 1 track" {
			t.Errorf("undo says %q", got)
		}
	})
}

func TestRowsThatOthersHaveMovedAreFound(t *testing.T) {
	var list music.Ref
	inWorld(t, func(w *world) {
		remembered(w)
		list = w.home.AddPlaylist("Evening", w.home.TrackRef("W"), w.home.TrackRef("X"))
	}, func(w *world) {
		w.away()
		x, y := w.home.TrackRef("W"), w.home.TrackRef("X")
		w.do(session.PlaylistRemove{Playlist: list, Rows: []session.Row{{Index: 1, Track: y}}}, session.PlaylistAdd{Playlist: list, Add: asks(x)})
		w.home.SetRows(list, x, x, x, y, x)
		w.back()
		w.wantHome(list, "W", "W", "W", "W", "W")
		if n := len(w.notices()); n != 4 {
			t.Errorf("%q", w.notices())
		}
	})
}

// dieIn ends a session while a save hangs: what it held is lost, as in a crash.
func (w *world) dieIn(disk *sessiontest.Store) {
	before, _ := disk.Saved()
	go func() {
		time.Sleep(time.Second)
		disk.StopAfter(0)
	}()
	w.close()
	time.Sleep(2 * time.Second)
	disk.Put(before)
}

// TestWhatWaitsSurvivesTheEndAtAnyMoment ends a session as kill -9 would, after any
// number of writes of its state, and begins another from what is on disk: each edit
// is made exactly once.
func TestWhatWaitsSurvivesTheEndAtAnyMoment(t *testing.T) {
	for after := range 16 {
		t.Run(fmt.Sprint("after ", after, " writes"), func(t *testing.T) {
			vault, disk := sessiontest.NewVault(), sessiontest.NewStore(nil)
			var server *sessiontest.Remote
			var list music.Ref
			same := func(c *setup) {
				c.cfg.Vault, c.store = vault, disk
				if server == nil {
					server = sessiontest.NewRemote("home")
					server.AddAlbum("Remote", time.Minute, "W", "X")
					list = server.AddPlaylist("Evening", server.TrackRef("W"))
					vault.Put("home", server.Grant("alice"))
				}
				c.accounts = append(c.accounts[:1], server.Account())
			}
			inWorld(t, nil, func(w *world) {
				w.home = server
				w.away()
				w.do(session.PlaylistAdd{Playlist: list, Add: asks(server.TrackRef("X"))}, session.PlaylistAdd{Playlist: list, Add: asks(server.TrackRef("X"))},
					session.PlaylistCreate{Account: "home", Name: "New", Add: asks(server.TrackRef("W"))}, session.Star{Refs: []music.Ref{server.TrackRef("W")}})
				_, saves := disk.Saved()
				disk.StopAfter(saves + after) // nothing that comes later reaches the disk
				w.back()
				w.dieIn(disk)
			}, same)
			done := map[string]int{}
			inWorld(t, nil, func(w *world) {
				w.home = server
				time.Sleep(time.Minute)
				w.settle()
				w.wantHome(list, "W", "X", "X")
				for _, name := range server.Lists() {
					done[name]++
				}
				if done["New"] != 1 || !server.Track(server.TrackRef("W")).Starred {
					t.Errorf("%v", server.Lists())
				}
				for _, n := range all[session.Notice](w.rig) {
					if n.Level != session.Info {
						t.Errorf("told: %s", n.Text)
					}
				}
			}, same)
			if saved, _ := disk.Saved(); len(saved.Waiting) != 0 {
				t.Errorf("still waiting: %+v", saved.Waiting)
			}
		})
	}
}

func TestAnEditWhoseAnswerIsLostIsNotMadeTwice(t *testing.T) {
	var list music.Ref
	inWorld(t, func(w *world) {
		remembered(w)
		list = w.home.AddPlaylist("Evening", w.home.TrackRef("W"))
	}, func(w *world) {
		w.home.LoseAnswers(true) // it does what it is told, but the line breaks
		w.do(session.PlaylistAdd{Playlist: list, Add: asks(w.home.TrackRef("X"))}, session.PlaylistCreate{Account: "home", Name: "New"})
		w.home.LoseAnswers(false)
		w.back()
		w.wantHome(list, "W", "X")
		if got := w.home.Lists(); !slices.Equal(got, []string{"Evening", "New"}) {
			t.Errorf("%q", got)
		}
	})
}

func TestEditsOutliveALoginThatHasExpired(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.away()
		w.do(session.Star{Refs: []music.Ref{w.home.TrackRef("W")}})
		time.Sleep(time.Hour)
		w.home.AwayButCached(false)
		w.home.Fail("star", &session.Fault{Kind: session.BadUsernameOrPassword, Err: fmt.Errorf("the token has expired")})
		time.Sleep(5*time.Minute + time.Second)
		w.settle()
		w.home.Fail("star", nil)
		time.Sleep(time.Hour)
		w.settle()
		w.do(session.Relogin{Account: "home"})
		if !w.home.Track(w.home.TrackRef("W")).Starred {
			t.Errorf("it is lost: %q", w.notices())
		}
	})
}

func TestSomebodyElsesEditsWaitForThem(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.away()
		w.do(session.Star{Refs: []music.Ref{w.home.TrackRef("W")}})
		w.home.AwayButCached(false)
		w.do(password("bob", "builder", false))
		w.wantLoggedIn(session.OK)
		if got := w.wrote(); len(got) != 0 {
			t.Errorf("made as bob: %q", got)
		}
		w.do(session.Relogin{Account: "home"})
		if got := w.wrote(); !slices.Equal(got, []string{"star"}) {
			t.Errorf("made as alice: %q", got)
		}
	})
}

func TestNothingIsEditedInAnAccountThatIsSignedOut(t *testing.T) {
	var list music.Ref
	inWorld(t, func(w *world) { list = w.home.AddPlaylist("Evening") }, func(w *world) {
		w.do(session.Star{Refs: []music.Ref{w.home.TrackRef("W")}}, session.PlaylistAdd{Playlist: list, Add: asks(w.home.TrackRef("W"))}, session.PlaylistDelete{Playlist: list})
		for _, n := range all[session.Notice](w.rig) {
			if n.Fault == nil || n.Fault.Kind != session.NoCredentials {
				t.Errorf("%+v", n)
			}
		}
		if len(w.notices()) != 3 || len(w.wrote()) != 0 {
			t.Errorf("%q", w.notices())
		}
	})
}

func TestOfflineModeLetsEditsWait(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.do(session.OfflineMode{To: session.On}, session.Star{Refs: []music.Ref{w.home.TrackRef("W")}})
		if got := w.wrote(); len(got) != 0 {
			t.Errorf("while off: %q", got)
		}
		w.do(session.OfflineMode{To: session.Off})
		if got := w.wrote(); !slices.Equal(got, []string{"star"}) {
			t.Errorf("afterwards: %q", got)
		}
	})
}
