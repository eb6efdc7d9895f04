package session_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

func (w *world) remote() music.Ref {
	return music.Ref{Account: "home", Kind: music.KindAlbum, ID: "Remote"}
}

func (w *world) playRemote() { w.do(session.PlayContext{Ask: music.Ask{Of: w.remote()}}) }

func count[E session.Event](w *world) int { return len(all[E](w.rig)) }

func TestALogoutKeepsWhatIsRememberedAndStaysOverARestart(t *testing.T) {
	vault, kept := sessiontest.NewVault(), sessiontest.NewAccounts(nil)
	same := func(c *setup) { c.cfg.Vault, c.cfg.Accounts = vault, kept }
	inWorld(t, func(w *world) { vault.Put("home", w.home.Grant("alice")) }, func(w *world) {
		w.do(session.Logout{Account: "home"})
		w.wantState(session.ConnLoggedOut)
		a := w.account("home")
		if count[session.LoggedOut](w) != 1 || a.User != "" || a.About != nil || a.Remembered != "alice" || a.Busy || vault.Held("home") == nil || w.home.In() != "" {
			t.Errorf("%+v", a)
		}
		if _, flushed := w.home.Cache(); flushed != 1 {
			t.Errorf("the cache was flushed %d times", flushed)
		}
	}, same)
	inWorld(t, func(w *world) { vault.Put("home", w.home.Grant("alice")) }, func(w *world) {
		w.wantState(session.ConnLoggedOut)
		if len(w.home.Logins()) != 0 || w.account("home").Remembered != "alice" {
			t.Error("it signed in by itself")
		}
		w.do(session.Relogin{})
		w.wantState(session.ConnLoggedIn)
		if len(kept.Saved().LoggedOut) != 0 {
			t.Errorf("%+v", kept.Saved())
		}
	}, same)
}

func TestWhatPlaysFromAnAccountThatLeavesStopsAndTheQueueStays(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.playRemote()
		w.do(session.Enqueue{Asks: asks(w.ref("A"), w.home.TrackRef("W"))})
		w.sleep(20 * time.Second)
		w.do(session.Logout{Account: "home"})
		w.wantNotice("home is signed out: playback stops; the queue stays")
		if p := w.playback(); p.State != player.Paused || p.Track.Title != "W" || w.position() < 19*time.Second {
			t.Errorf("%s %q at %s", p.State, p.Track.Title, w.position())
		}
		if n := w.home.OpenSources(); n != 0 {
			t.Errorf("%d sources are open", n)
		}
		w.do(session.Load{Ask: music.Ask{Of: music.Queue}})
		var grey []string
		for _, it := range last1[session.PageLoaded](w.rig).Page.Items {
			if tr, ok := it.(music.Track); ok && tr.Unplayable != "" {
				grey = append(grey, tr.Title+": "+tr.Unplayable)
			}
		}
		if !slices.Equal(grey, []string{"W: home is signed out", "X: home is signed out", "W: home is signed out"}) {
			t.Errorf("grey: %q", grey)
		}
		w.do(session.Play{}) // W cannot be played: it says so, and goes on with A
		w.wantTrack("A")
		w.wantNotice("home: play W: nobody is signed in; sign in first")
		w.sleep(101 * time.Second)
		if count[session.QueueEnded](w) != 1 {
			t.Errorf("after A: %+v", w.playback())
		}
		w.do(session.Relogin{Account: "home"})
		w.do(session.QueuePlay{Entry: w.entry(0)})
		w.wantTrack("W")
		w.do(session.QueuePlay{Entry: w.entry(2)}) // A, with W behind it
		w.sleep(95 * time.Second)
		w.do(session.Logout{Account: "home"})
		w.wantTrack("A")
		w.sleep(10 * time.Second)
		if count[session.QueueEnded](w) != 2 || w.home.OpenSources() != 0 {
			t.Errorf("%+v", w.playback())
		}
	})
}

func TestLogoutsThatCannotBe(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.do(session.Logout{Account: "nobody"}, session.Logout{Account: music.Local}, session.Forget{Account: "nobody"}, session.Forget{Account: music.Local})
		for _, n := range all[session.Notice](w.rig) {
			if n.Fault == nil || n.Fault.Kind != session.InvalidArgument {
				t.Errorf("%+v", n)
			}
		}
		if len(w.notices()) != 4 {
			t.Errorf("%q", w.notices())
		}
		w.do(session.Logout{Account: "home"}) // it was out
		if count[session.LoggedOut](w) != 1 {
			t.Error("no LoggedOut")
		}
	})
}

func TestForgetRemovesEverythingEverywhere(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		held := *w.vault.Held("home")
		w.do(session.Forget{Account: "home"})
		w.wantState(session.ConnLoggedOut)
		if f := w.home.Forgot(); len(f) != 1 || !f[0].Blob.Equal(held.Blob) || w.vault.Held("home") != nil || w.account("home").Remembered != "" || w.account("home").Where != "" {
			t.Errorf("forgot %+v, %+v", f, w.account("home"))
		}
		if count[session.LoggedOut](w) != 1 || len(w.kept.Saved().Users) != 0 {
			t.Errorf("%+v", w.kept.Saved())
		}
		w.do(session.Relogin{Account: "home"})
		w.wantLoggedIn(session.NoCredentials)
		w.forget()
		w.do(session.Forget{Account: "home"})
		if got := w.notices(); !slices.Equal(got, []string{"nothing is remembered of home"}) || count[session.LoggedOut](w) != 0 {
			t.Errorf("with nothing stored: %q", got)
		}
	})
}

func TestWhatIsAskedInOrderHappensInOrder(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		for _, c := range []session.Command{session.Forget{Account: "home"}, password("bob", "builder", true)} {
			w.s.Send(c) // both at once
		}
		w.settle()
		w.wantState(session.ConnLoggedIn)
		if in := last1[session.LoggedIn](w.rig); in.User.Name != "bob" || in.Fault != nil {
			t.Errorf("%+v", in)
		}
		if a := w.account("home"); a.User != "bob" || a.Remembered != "bob" || w.vault.Held("home") == nil || w.vault.Held("home").User != "bob" {
			t.Errorf("%+v", a)
		}
		w.home.Asks(session.Question{What: session.QuestionBrowser})
		w.do(session.Login{Account: "home"})
		had := count[session.LoggedIn](w)
		w.do(session.Logout{Account: "home"})
		if n := count[session.LoggedIn](w); n != had+1 || w.loggedIn() != session.Cancelled {
			t.Errorf("the login that a logout ended says %s", w.loggedIn())
		}
	})
}

func TestForgetThatCannotDeleteSignsInNoMoreByItself(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.vault.Lock(errors.New("the keyring is locked"))
		w.do(session.Forget{Account: "home"})
		w.wantState(session.ConnLoggedOut)
		w.wantNotice("home: forget: the keyring is locked")
		if k := w.kept.Saved(); !slices.Contains(k.LoggedOut, "home") || k.Users["home"] != "alice" {
			t.Errorf("%+v", k)
		}
	})
}

func TestForgetSaysWhatCouldNotBeRevokedAndForgetsAllTheSame(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.home.Fail("forget", &session.Fault{Kind: session.UnableToContactServer, Op: "revoke the grant", Err: errors.New("connection refused")})
		w.do(session.Forget{Account: "home"})
		w.wantNotice("home: revoke the grant: connection refused")
		if w.vault.Held("home") != nil {
			t.Error("it is still stored")
		}
	})
}

func TestALockedVaultHoldsUpNothing(t *testing.T) {
	locked := errors.New("the keyring is locked")
	inWorld(t, func(w *world) { w.vault.Lock(locked) }, func(w *world) {
		w.wantState(session.ConnLoggedOut)
		w.wantNotice("home: look for what is remembered: the keyring is locked; unlock it and sign in again, or sign in with the password")
		w.playAlbum()
		w.wantTrack("A")
		w.do(password("alice", "wonderland", true))
		w.wantLoggedIn(session.OK)
		w.wantNotice("home: remember the sign-in: the keyring is locked; it holds for this run, and is tried again")
		w.do(session.Relogin{Account: "home"}) // it is remembered in this run
		w.wantLoggedIn(session.OK)
		w.vault.Lock(nil)
		time.Sleep(6 * time.Minute)
		w.settle()
		if w.vault.Held("home") == nil {
			t.Error("it was not tried again")
		}
	})
}

func TestAVaultThatHangsHoldsUpNothing(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		var release func()
		inWorld(t, func(w *world) {
			remembered(w)
			release = w.vault.Hang(deaf)
		}, func(w *world) {
			defer release()
			if a := w.account("home"); !a.Busy || a.State != session.ConnUndefined {
				t.Errorf("%+v", a)
			}
			w.playAlbum()
			w.wantTrack("A")
			w.do(password("bob", "builder", false)) // by hand, while the keyring's dialog is open
			w.wantLoggedIn(session.OK)
			w.do(session.Logout{Account: "home"})
			w.wantState(session.ConnLoggedOut)
			w.do(session.Relogin{Account: "home"})
			release()
			w.settle()
			if a := w.account("home"); a.State != session.ConnLoggedIn || a.User != "alice" {
				t.Errorf("when it answers at last: %+v", a)
			}
		})
	}
}

func TestASessionEndsWhileTheVaultHangs(t *testing.T) {
	var release func()
	inWorld(t, func(w *world) {
		remembered(w)
		release = w.vault.Hang(true)
	}, func(w *world) {
		begin := time.Now()
		w.close()
		if d := time.Since(begin); d > 5*time.Second {
			t.Errorf("the end took %s", d)
		}
		release()
	})
}

func TestARotatedCredentialIsToldAndStored(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		c := w.home.Rotate("alice")
		w.settle()
		if held := w.vault.Held("home"); held == nil || !held.Blob.Equal(c.Blob) {
			t.Errorf("stored: %v", held)
		}
		if e := last1[session.CredentialsBlobUpdated](w.rig); !e.Credential.Blob.Equal(c.Blob) {
			t.Errorf("%+v", e)
		}
		w.do(password("bob", "builder", false))
		w.home.Rotate("bob")
		w.settle()
		if held := w.vault.Held("home"); held == nil || held.User != "alice" {
			t.Errorf("not to be remembered, but stored: %v", held)
		}
	})
}

// keeper is a server whose credentials are kept by itself.
type keeper struct {
	*sessiontest.Remote
	own *sessiontest.Vault
}

func (k keeper) Vault() session.Vault { return k.own }

func TestAServiceThatKeepsItsCredentialIsAskedForIt(t *testing.T) {
	own := sessiontest.NewVault()
	var k keeper
	inWorld(t, nil, func(w *world) {
		a := w.account("kept")
		if a.State != session.ConnLoggedIn || a.User != "alice" {
			t.Errorf("%+v", a)
		}
		w.do(session.Login{Account: "kept", How: session.SignIn{User: "bob", Password: secret.New("builder"), Remember: true}})
		if held := own.Held("kept"); held.User != "alice" || w.vault.Held("kept") != nil {
			t.Error("the session stored it")
		}
		if a := w.account("kept"); a.Remembered != "bob" {
			t.Errorf("%+v", a)
		}
		w.do(session.Forget{Account: "kept"})
		if own.Held("kept") != nil {
			t.Error("it is still there")
		}
	}, func(c *setup) {
		k = keeper{sessiontest.NewRemote("kept"), own}
		own.Put("kept", k.Grant("alice"))
		c.accounts = append(c.accounts, session.Account{ID: "kept", Service: k, Kind: sessiontest.Kind})
	})
}
