package session_test

import (
	"errors"
	"testing"
	"time"

	"segue/internal/secret"
	"segue/session"
)

func wonderland(remember bool) session.Login {
	return session.Login{Account: "home", How: session.SignIn{User: "alice", Password: secret.New("wonderland"), Remember: remember}}
}

func TestACredentialThatTheVaultHasNotTakenYetIsKeptAtTheEnd(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.settle()
		release := w.vault.Hang(false)
		w.do(wonderland(true))
		if a := w.account("home"); a.Remembered != "alice" || a.Where != "" {
			t.Errorf("before the vault has it: remembered %q in %q", a.Remembered, a.Where)
		}
		time.AfterFunc(time.Second, release)
		w.end()
		w.end = nil
		if w.vault.Held("home") == nil {
			t.Error("the credential is lost")
		}
	})
}

func TestWhereACredentialIsComesOnceItIsThere(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.do(wonderland(true))
		if a := w.account("home"); a.Remembered != "alice" || a.Where != "the test's vault" {
			t.Errorf("remembered %q in %q", a.Remembered, a.Where)
		}
		w.vault.Lock(errors.New("the keyring is locked"))
		w.do(session.Logout{Account: "home"}, wonderland(true))
		if a := w.account("home"); a.Where != "" {
			t.Errorf("it is said to be in %q", a.Where)
		}
	})
}

func TestForgettingNothingIsAnswered(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.do(session.Forget{Account: "home"})
		e, ok := last[session.Notice](w.rig)
		if !ok || e.Level != session.Info || e.Fault == nil || e.Fault.Op != session.OpForget || e.Fault.Kind != session.NoCredentials {
			t.Errorf("%+v", e)
		}
	})
}

func TestALoginMeanwhileDoesNotCountAsALogout(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.sleep(2 * time.Minute)
		release := w.home.Hold("login")
		w.home.Say(session.NewsConnection{Err: &session.Fault{Kind: session.BadUsernameOrPassword, Err: errors.New("the session is over")}})
		w.settle() // it signs in again by itself, and somebody is faster
		w.s.Send(wonderland(true))
		release()
		w.settle()
		w.wantState(session.ConnLoggedIn)
		if n := count[session.LoggedOut](w); n != 0 {
			t.Errorf("LoggedOut came %d times", n)
		}
	})
}
