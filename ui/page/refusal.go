package page

import (
	"slices"

	"segue/internal/music"
	"segue/session"
)

// Refusal is what was refused last because a sign-in does not allow it, or because nobody
// is signed in. The zero value is nothing.
type Refusal struct {
	account  music.AccountID
	features []string // nil = somebody has to sign in at all
}

// Take takes note of what the faults of an event lack, and gives the event with the way
// that is open here in place of a command line, which does nothing while the player runs.
// way is what the user does, such as a key.
func (r *Refusal) Take(ev session.Event, accounts []session.AccountInfo, way string) session.Event {
	take := func(f *session.Fault) *session.Fault { return r.fault(f, accounts, way) }
	switch e := ev.(type) {
	case session.Notice:
		if f := take(e.Fault); f != e.Fault {
			if e.Text == e.Fault.Error() {
				e.Text = f.Error()
			}
			e.Fault = f
			return e
		}
	case session.PageLoaded:
		e.Fault = take(e.Fault)
		return e
	case session.StreamingError:
		e.Fault = take(e.Fault)
		return e
	case session.DevicesChanged:
		e.Accounts = slices.Clone(e.Accounts)
		for i, a := range e.Accounts {
			e.Accounts[i].Fault = take(a.Fault)
		}
		return e
	case session.LoggedIn:
		if e.Fault == nil && e.Account == r.account {
			*r = Refusal{}
		}
	default:
	}
	return ev
}

func (r *Refusal) fault(f *session.Fault, accounts []session.AccountInfo, way string) *session.Fault {
	if f == nil || f.Account == "" {
		return f
	}
	out := (f.Kind == session.NoCredentials || f.Kind == session.BadUsernameOrPassword) &&
		slices.ContainsFunc(accounts, func(a session.AccountInfo) bool { return a.ID == f.Account && a.Can.SignIn })
	if len(f.Needs) == 0 && !out {
		return f
	}
	*r = Refusal{f.Account, f.Needs}
	c := *f
	c.Hint = way + " asks for it"
	if out {
		c.Hint = way + " signs in"
	}
	return &c
}

// SignIn is the sign-in for what was refused last, else for all that an account lacks; ok
// is false where there is none.
func (r *Refusal) SignIn(accounts []session.AccountInfo) (in session.Login, ok bool) {
	for _, a := range accounts {
		if a.ID == r.account {
			return SignInFor(a, r.features), true
		}
	}
	for _, a := range accounts {
		if len(a.Lacks) > 0 {
			var all []string
			for _, l := range a.Lacks {
				all = append(all, l.Feature)
			}
			return SignInFor(a, all), true
		}
	}
	return session.Login{}, false
}

// SignInFor is a sign-in of an account's user for some features more; it is remembered
// where the one in force is.
func SignInFor(a session.AccountInfo, features []string) session.Login {
	return session.Login{Account: a.ID, How: session.SignIn{User: a.User, For: features,
		Remember: a.Remembered != "" || a.State != session.ConnLoggedIn}}
}
