package page

import (
	"segue/internal/music"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
)

// AccountName is what an account is called on the screen.
func AccountName(a session.AccountInfo) string {
	if a.ID == music.Local {
		return "Local"
	}
	return screen.Clean(string(a.ID))
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
