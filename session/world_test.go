package session_test

import (
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/session"
	"segue/session/sessiontest"
)

// world is a rig with the account "home" on a scripted server.
type world struct {
	*rig
	home  *sessiontest.Remote
	vault *sessiontest.Vault
	kept  *sessiontest.Accounts
}

// inWorld runs a test with the account "home", whose server has the album "Remote"
// of two tracks, W and X. prepare may be nil.
func inWorld(t *testing.T, prepare func(w *world), f func(w *world), options ...option) {
	t.Helper()
	w := &world{home: sessiontest.NewRemote("home"), vault: sessiontest.NewVault(), kept: sessiontest.NewAccounts(nil)}
	w.home.AddAlbum("Remote", 60*time.Second, "W", "X")
	with := func(c *setup) { // inside the bubble: channels belong to one
		if prepare != nil {
			prepare(w)
		}
		c.cfg.Vault, c.cfg.Accounts = w.vault, w.kept
		c.accounts = append(c.accounts, w.home.Account())
	}
	inBubble(t, func(r *rig) {
		w.rig = r
		f(w)
	}, append([]option{with}, options...)...)
}

// remembered lets alice be remembered before the start.
func remembered(w *world) { w.vault.Put("home", w.home.Grant("alice")) }

func (w *world) account(id music.AccountID) session.AccountInfo {
	for _, a := range last1[session.AccountsChanged](w.rig).Accounts {
		if a.ID == id {
			return a
		}
	}
	return session.AccountInfo{}
}

func (w *world) wantState(want session.ConnState) {
	w.t.Helper()
	if a := w.account("home"); a.State != want {
		w.t.Errorf("home is %s (%s), want %s", a.State, a.Note, want)
	}
}

// loggedIn is the kind of the last LoggedIn; -1 = there was none.
func (w *world) loggedIn() session.FaultKind {
	e, ok := last[session.LoggedIn](w.rig)
	switch {
	case !ok:
		return -1
	case e.Fault == nil:
		return session.OK
	}
	return e.Fault.Kind
}

func (w *world) wantLoggedIn(want session.FaultKind) {
	w.t.Helper()
	if got := w.loggedIn(); got != want {
		w.t.Errorf("LoggedIn says %s, want %s; notices %q", got, want, w.notices())
	}
}

func (w *world) forget() { w.events = nil }

func password(user, text string, remember bool) session.Login {
	return session.Login{Account: "home", How: session.SignIn{User: user, Password: secret.New(text), Remember: remember}}
}
