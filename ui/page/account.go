package page

import (
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
)

// AccountName is what an account is called on the screen.
func AccountName(id music.AccountID) string {
	if id == music.Local {
		return "Local"
	}
	return screen.Clean(string(id))
}

// Clock is a time of day, with the date when that is not today.
func (e *Env) Clock(t time.Time) string {
	t = t.In(e.Now.Location())
	if t.Format(time.DateOnly) == e.Now.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("2 Jan 15:04")
}

// Away says since when an account is not there and what of it still works; empty when
// it is there.
func (e *Env) Away(id music.AccountID) string {
	for _, a := range e.Accounts {
		if a.ID != id || a.State != session.ConnDisconnected && a.State != session.ConnOffline {
			continue
		}
		s := AccountName(id) + " is away"
		if !a.Since.IsZero() {
			s += " since " + e.Clock(a.Since)
		}
		if !a.RetryAt.IsZero() && a.RetryAt.After(e.Now) {
			s += ", and is tried again at " + e.Clock(a.RetryAt)
		}
		return s + ". What was read of it can still be looked at; other accounts are as ever."
	}
	return ""
}

// StateMark shows a connection by its shape and its colour.
func StateMark(s session.ConnState) (string, style.Pen) {
	switch s {
	case session.ConnLoggedIn:
		return "●", style.Accent
	case session.ConnDisconnected:
		return "◌", style.Warn
	case session.ConnLoggedOut:
		return "○", style.Muted
	case session.ConnOffline:
		return "◌", style.Muted
	case session.ConnUndefined:
		return "·", style.Muted
	}
	return " ", style.Muted
}

// Service is a kind of account that can be added.
type Service struct {
	Name  string // as the config and a Spec have it
	Title string // for people
	// Server says that it is asked for an address, User for a name and a password
	// before the first try; what else a service needs it asks for itself.
	Server, User bool
}
