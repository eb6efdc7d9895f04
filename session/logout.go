package session

import (
	"cmp"
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
	a := s.needsLogin(c.Account, OpLogout)
	if a == nil {
		return
	}
	if a.login != nil && a.login.fresh {
		s.cancelLogin(a)
		return
	}
	a.wishedOut = true
	s.leave(a)
}

// signOut tidies up behind an account that is signed out. It runs in a worker.
func signOut(ctx context.Context, a *account) error {
	var err error
	if a.cacher != nil {
		err = a.cacher.FlushCache(ctx)
	}
	return cmp.Or(a.authenticator.Logout(ctx), err)
}

// outNow is an account that is signed out by wish.
func (s *Session) outNow(a *account) {
	s.putOut(a, &Fault{Kind: NoCredentials, Op: "signed out", Err: errors.New("by your wish")})
	a.note = "signed out"
	if !a.keep {
		a.held = nil
	}
	a.keep = false
	s.note(a)
}

// giveUpLogin ends a login at work, which is told.
func (s *Session) giveUpLogin(a *account) {
	if lg := a.login; lg != nil {
		s.abortLogin(a)
		if lg.told {
			s.loginFailed(a.id, &Fault{Kind: Cancelled, Account: a.id, Op: "sign in", Err: context.Canceled})
		}
	}
}

// leave puts an account out, tidies up in a worker, and tells LoggedOut.
func (s *Session) leave(a *account) {
	s.giveUpLogin(a)
	s.outNow(a)
	parting(s, a, OpLogout, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, signOut(ctx, a)
	}, func(_ struct{}, f *Fault) {
		if f != nil && !s.ending {
			s.notice(Warning, f.Error(), f)
		}
		s.tellAccounts()
		s.emit(LoggedOut{Account: a.id})
	})
}

// parting does something in the row of logins and logouts of an account.
func parting[T any](s *Session, a *account, op string, do func(ctx context.Context) (T, error), then func(T, *Fault)) {
	a.leaving++
	s.accountsDirty = true
	call(s, signing(a.id), func(ctx context.Context) (T, error) {
		ctx, cancel := context.WithTimeout(ctx, logoutPatience)
		defer cancel()
		return within(ctx, func() (T, error) { return do(ctx) })
	}, func(v T, err error) {
		a.leaving--
		s.accountsDirty = true
		then(v, faultOf(err, a.id, op))
	})
}

// forgetAccount carries out Forget: what is remembered is made useless where it can
// be, and removed everywhere. Where nothing is, nothing happens.
func (s *Session) forgetAccount(c Forget) {
	if a := s.account(c.Account); a != nil && a.login != nil && a.login.fresh {
		s.cancelLogin(a) // it never was in
		return
	}
	if c.Remove {
		s.removeAccount(c.Account)
		return
	}
	if a := s.needsLogin(c.Account, OpForget); a != nil {
		s.forgetCredential(a, false)
	}
}

func (s *Session) removeAccount(id music.AccountID) {
	a := s.account(id)
	switch {
	case a == nil:
		s.fail(noAccount(id, OpRemove))
	case a.spec == nil:
		s.fail(&Fault{Kind: InvalidArgument, Account: id, Op: OpRemove,
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
	s.giveUpLogin(a)
	s.dismiss(a)
	if n := s.book.drop(a.id); n > 0 {
		s.notice(Warning, plural(n, "edit", "edits")+" that waited for "+string(a.id)+" will not be made", nil)
	}
	delete(s.known.Scrobble, a.id)
	a.wishedOut, a.remembered = false, ""
	s.note(a)
	s.saveKnown()
}

// forgotten is what came of forgetting.
type forgotten struct {
	nothing bool // there was nothing to forget
	deleted bool
}

// forgetCredential makes what is remembered useless at its service, deletes it, and
// signs the account out: in the row of its logins, so that one which comes later is
// not undone.
func (s *Session) forgetCredential(a *account, remove bool) {
	gaveUp := a.login != nil
	s.giveUpLogin(a)
	held := a.held
	parting(s, a, OpForget, func(ctx context.Context) (forgotten, error) {
		return forgetAt(ctx, a, held, remove)
	}, func(v forgotten, f *Fault) {
		switch {
		case s.ending || s.account(a.id) != a:
			return
		case v.nothing:
			s.notice(Info, "nothing is remembered of "+string(a.id), &Fault{Kind: NoCredentials, Account: a.id, Op: OpForget, Err: errNothing})
			if gaveUp && a.login == nil {
				s.stillOut(a, &Fault{Kind: NoCredentials, Account: a.id, Op: "sign in again", Err: errNothing, Hint: "sign in first"})
			}
			return
		case f != nil:
			s.notice(Warning, f.Error(), f)
		}
		a.keep, a.held = false, nil
		a.wishedOut = !v.deleted // else the next start would sign in with it
		if v.deleted {
			a.remembered = ""
		}
		s.outNow(a)
		if remove {
			s.removed(a)
		}
		s.tellAccounts()
		s.emit(LoggedOut{Account: a.id})
	})
}

// forgetAt forgets in a worker, and deletes what is kept of an account that is removed. A credential that cannot be read is deleted all the
// same; the first thing that went wrong is returned.
func forgetAt(ctx context.Context, a *account, held *Credential, remove bool) (v forgotten, err error) {
	c, err := recall(ctx, a, held)
	f := faultOf(err, a.id, "")
	if f != nil && f.Kind == NoCredentials && !remove {
		return forgotten{nothing: true}, nil
	}
	var revoked error
	if c != nil {
		revoked = a.authenticator.Forget(ctx, *c)
	}
	deleted := a.vault.Delete(ctx, a.id)
	out := signOut(ctx, a)
	var erased error
	if e, ok := a.service.(Eraser); ok && remove {
		erased = e.Erase(ctx)
	}
	return forgotten{deleted: deleted == nil}, cmp.Or(deleted, revoked, out, erased)
}
