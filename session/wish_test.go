package session_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

func TestOfflineModeByWish(t *testing.T) {
	vault, kept := sessiontest.NewVault(), sessiontest.NewAccounts(nil)
	same := func(c *setup) { c.cfg.Vault, c.cfg.Accounts = vault, kept }
	inWorld(t, func(w *world) { vault.Put("home", w.home.Grant("alice")) }, func(w *world) {
		w.do(session.OfflineMode{To: session.On}, session.OfflineMode{To: session.On})
		w.wantState(session.ConnOffline)
		if count[session.OfflineModeChanged](w) != 1 || !last1[session.SettingsChanged](w.rig).Settings.Offline || !kept.Saved().Offline || !slices.Equal(w.home.Network(), []bool{false}) {
			t.Errorf("%+v, network %v", kept.Saved(), w.home.Network())
		}
		w.home.Calls()
		w.do(password("alice", "wonderland", true))
		w.wantLoggedIn(session.NetworkDisabled)
		w.playRemote() // what is cached plays
		w.wantTrack("W")
		w.sleep(time.Hour)
		if c := w.home.Calls(); slices.ContainsFunc(c, func(c string) bool { return strings.HasPrefix(c, "login") || c == "watch" }) {
			t.Errorf("calls %q", c)
		}
		w.wantState(session.ConnOffline)
	}, same)
	inWorld(t, func(w *world) { vault.Put("home", w.home.Grant("alice")) }, func(w *world) {
		w.wantState(session.ConnOffline)
		if a := w.account("home"); len(w.home.Logins()) != 0 || a.Remembered != "alice" || a.User != "alice" || len(a.Sections) != 2 {
			t.Errorf("%+v", a)
		}
		if l := w.account("local"); l.State != session.ConnLoggedIn {
			t.Errorf("local is %s", l.State)
		}
		w.do(session.OfflineMode{})
		w.wantState(session.ConnLoggedIn)
		w.wantLoggedIn(session.OK)
		if !slices.Equal(w.home.Network(), []bool{false, true}) {
			t.Errorf("network %v", w.home.Network())
		}
	}, same)
}

func TestOfflineModeEndsALoginAtWork(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		release := w.home.Hold("login")
		defer release()
		w.do(password("alice", "wonderland", true), session.OfflineMode{To: session.On})
		w.wantLoggedIn(session.NetworkDisabled)
		w.wantState(session.ConnLoggedOut)
		w.do(session.OfflineMode{To: session.Off}, session.OfflineMode{To: session.On}, session.OfflineMode{To: session.Off})
		w.wantState(session.ConnLoggedOut)
	})
}

func TestAPrivateSessionReportsToNobody(t *testing.T) {
	kept := sessiontest.NewAccounts(nil)
	same := func(c *setup) { c.cfg.Accounts = kept }
	inWorld(t, remembered, func(w *world) {
		w.do(session.PrivateSession{})
		w.playRemote()
		w.sleep(2 * time.Minute)
		if len(w.home.Reports())+len(w.local.Reports()) != 0 {
			t.Error("it was reported")
		}
		if count[session.TrackHeard](w) == 0 {
			t.Error("TrackHeard is missing")
		}
		if e := last1[session.PrivateSessionModeChanged](w.rig); !e.On || !kept.Saved().Private {
			t.Errorf("%+v", kept.Saved())
		}
	}, same)
	inWorld(t, remembered, func(w *world) {
		if !last1[session.SettingsChanged](w.rig).Settings.Private {
			t.Error("after a restart it is not private")
		}
		w.do(session.PrivateSession{To: session.Off})
		w.playRemote()
		w.sleep(2 * time.Minute)
		if len(w.home.Reports()) != 2 || len(w.local.Reports()) != 2 {
			t.Error("nothing was reported afterwards")
		}
	}, same)
}

func TestTheConfigCanTurnReportsOff(t *testing.T) {
	for name, c := range map[string]struct {
		do   []session.Command
		home int
	}{
		"as it says":             {nil, 0},
		"an account over it":     {[]session.Command{session.Scrobbling{Account: "home", To: session.ScrobbleOn}}, 2},
		"a choice for all again": {[]session.Command{session.Scrobbling{To: session.ScrobbleOn}}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, remembered, func(w *world) {
				w.do(c.do...)
				w.playRemote()
				w.sleep(2 * time.Minute)
				if h := len(w.home.Reports()); h != c.home {
					t.Errorf("home was told %d times, want %d", h, c.home)
				}
			}, func(s *setup) { s.cfg.NoReports = true })
		})
	}
}

func TestScrobblingByAccount(t *testing.T) {
	for _, c := range []struct {
		name        string
		do          []session.Command
		home, local int
	}{
		{"by itself", nil, 2, 2},
		{"global off", []session.Command{session.Scrobbling{To: session.ScrobbleOff}}, 0, 2},
		{"global off, the account on", []session.Command{session.Scrobbling{To: session.ScrobbleOff}, session.Scrobbling{Account: "home", To: session.ScrobbleOn}}, 2, 2},
		{"the account off", []session.Command{session.Scrobbling{Account: "home", To: session.ScrobbleOff}}, 0, 2},
		{"off and global again", []session.Command{session.Scrobbling{Account: "home", To: session.ScrobbleOff}, session.Scrobbling{Account: "home", To: session.ScrobbleGlobal}}, 2, 2},
		{"local off", []session.Command{session.Scrobbling{Account: music.Local, To: session.ScrobbleOff}}, 2, 0},
		{"nonsense changes nothing", []session.Command{session.Scrobbling{To: "maybe"}, session.Scrobbling{To: session.ScrobbleGlobal}, session.Scrobbling{Account: "nobody", To: session.ScrobbleOff}}, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, remembered, func(w *world) {
				w.do(c.do...)
				w.playRemote()
				w.sleep(2 * time.Minute)
				if h, l := len(w.home.Reports()), len(w.local.Reports()); h != c.home || l != c.local {
					t.Errorf("home was told %d, local %d; want %d, %d", h, l, c.home, c.local)
				}
			})
		})
	}
}
