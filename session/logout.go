package session

import (
	"context"
	"errors"
	"time"

	"segue/internal/music"
)

// logoutPatience is how long signing out may take: its user is out at once, what
// remains is tidying up.
const logoutPatience = 10 * time.Second

// relogin carries out Relogin.
func (s *Session) relogin(c Relogin) {
	if c.Account == "" {
		s.reloginAll()
		return
	}
	a := s.account(c.Account)
	if a == nil {
		s.loginFailed(c.Account, noAccount(c.Account, "sign in again"))
		return
	}
	a.wishedOut = false
	s.note(a)
	s.signIn(a, &login{again: true, told: true})
}

// reloginAll signs everybody in again who is remembered; only if nobody is, that is told.
func (s *Session) reloginAll() {
	open, found := 1, false
	one := func(f *Fault) {
		found = found || f == nil || f.Kind != NoCredentials
		if open--; open == 0 && !found {
			s.loginFailed("", &Fault{Kind: NoCredentials, Op: "sign in again", Err: errNothing, Hint: "sign in first"})
		}
	}
	for _, a := range s.accounts {
		if a.authenticator == nil {
			continue
		}
		open++
		a.wishedOut = false
		s.note(a)
		s.signIn(a, &login{again: true, told: true, quiet: true, ended: one})
	}
	one(&Fault{Kind: NoCredentials})
}

// needsLogin gives the account for what only those with a login can do.
func (s *Session) needsLogin(id music.AccountID, op string) *account {
	a := s.account(id)
	if a == nil {
		s.fail(noAccount(id, op))
		return nil
	}
	if a.authenticator == nil {
		s.fail(&Fault{Kind: InvalidArgument, Account: id, Op: op, Err: errors.New(string(id) + " needs no login")})
		return nil
	}
	return a
}

// logout carries out Logout: the account is out at once; LoggedOut comes when its
// caches are on disk and its service has dropped what Login made.
func (s *Session) logout(c Logout) {
	a := s.needsLogin(c.Account, "sign out")
	if a == nil {
		return
	}
	if a.login != nil && a.login.fresh {
		s.cancelLogin(a)
		return
	}
	a.wishedOut = true
	s.leave(a, nil, func(ctx context.Context) error { return signOut(ctx, a) })
}

// signOut tidies up behind an account that is signed out. It runs in a worker.
func signOut(ctx context.Context, a *account) error {
	var err error
	if a.cacher != nil {
		err = a.cacher.FlushCache(ctx)
	}
	return errors.Join(err, a.authenticator.Logout(ctx))
}

// leave puts an account out, tidies up in a worker, tells LoggedOut, and does then.
func (s *Session) leave(a *account, then func(), tidy func(ctx context.Context) error) {
	s.abortLogin(a)
	s.putOut(a, &Fault{Kind: NoCredentials, Op: "signed out", Err: errors.New("by your wish")})
	a.note = "signed out"
	if !a.keep {
		a.held = nil
	}
	a.keep = false
	a.leaving++
	s.note(a)
	s.accountsDirty = true
	call(s, signing(a.id), func(ctx context.Context) (struct{}, error) {
		ctx, cancel := context.WithTimeout(ctx, logoutPatience)
		defer cancel()
		return within(ctx, func() (struct{}, error) { return struct{}{}, tidy(ctx) })
	}, func(_ struct{}, err error) {
		a.leaving--
		s.accountsDirty = true
		if f := faultOf(err, a.id, "sign out"); f != nil && !s.ending {
			s.notice(Warning, f.Error(), f)
		}
		if then != nil {
			then()
		}
		s.tellAccounts()
		s.emit(LoggedOut{Account: a.id})
	})
}

// forgetAccount carries out Forget: what is remembered is made useless where it can
// be, and removed everywhere. Where nothing is, nothing happens.
func (s *Session) forgetAccount(c Forget) {
	if c.Remove {
		s.removeAccount(c.Account)
		return
	}
	if a := s.needsLogin(c.Account, "forget"); a != nil {
		s.forgetCredential(a, false)
	}
}

func (s *Session) removeAccount(id music.AccountID) {
	a := s.account(id)
	switch {
	case a == nil:
		s.fail(noAccount(id, "remove the account"))
	case a.spec == nil:
		s.fail(&Fault{Kind: InvalidArgument, Account: id, Op: "remove the account",
			Err: errors.New("it is in the config"), Hint: "take it out there"})
	case a.authenticator == nil:
		s.removed(a)
		s.tellAccounts()
		s.emit(LoggedOut{Account: id})
	default:
		s.forgetCredential(a, true)
	}
}

// removed takes an account off the list for good: what is known of it goes, too.
func (s *Session) removed(a *account) {
	s.dismiss(a)
	if n := s.book.drop(a.id); n > 0 {
		s.notice(Warning, plural(n, "edit", "edits")+" that waited for "+string(a.id)+" will not be made", nil)
	}
	delete(s.known.Scrobble, a.id)
	a.wishedOut, a.remembered = false, ""
	s.note(a)
	s.saveKnown()
}

// forgetCredential looks first whether there is anything to forget.
func (s *Session) forgetCredential(a *account, remove bool) {
	held := a.held
	call(s, inOrder("vault "+string(a.id)), func(ctx context.Context) (*Credential, error) {
		return recall(ctx, a, held)
	}, func(c *Credential, err error) {
		f := faultOf(err, a.id, "forget")
		switch {
		case s.account(a.id) != a:
		case f != nil && f.Kind == NoCredentials && !remove:
			s.notice(Info, "nothing is remembered of "+string(a.id), nil)
		default:
			s.forgetNow(a, c, remove)
		}
	})
}

// forgetNow signs an account out and removes its credential; c is nil where it
// could not be read, which is no reason to keep it.
func (s *Session) forgetNow(a *account, c *Credential, remove bool) {
	a.held, a.remembered, a.keep, a.wishedOut = nil, "", false, false
	var then func()
	if remove {
		then = func() { s.removed(a) }
	}
	s.leave(a, then, func(ctx context.Context) error {
		var revoked error
		if c != nil {
			revoked = a.authenticator.Forget(ctx, *c)
		}
		return errors.Join(revoked, a.vault.Delete(ctx, a.id), signOut(ctx, a))
	})
}
