package engine

import (
	"errors"
	"fmt"

	"segue/session"
)

// What can be wrong with the engine or a track; each stands in a Fault.
var (
	ErrMissing   = errors.New("go-librespot is not installed")
	ErrSignedOut = errors.New("go-librespot is not signed in")
	ErrRefused   = errors.New("Spotify does not take go-librespot's sign-in any more")
	ErrKey       = errors.New("Spotify gives go-librespot no key for it")
	ErrMedia     = errors.New("go-librespot finds nothing of it that it can play")
	ErrFailed    = errors.New("go-librespot could not play it")
	ErrAway      = errors.New("go-librespot is not there")
	ErrSlow      = errors.New("go-librespot sends no sound")
	ErrNetwork   = errors.New("the network is switched off")
	ErrClosed    = errors.New("the engine has ended")
	ErrPort      = errors.New("go-librespot does not say on which port it listens: it may be too old")

	errSuperseded = errors.New("engine: another track is wanted now")
)

// adviceConnect is the way out where the engine cannot get at a track.
const adviceConnect = `accounts made since the end of 2024 play on a Connect device: set playback = "connect" in [spotify]`

func (e *Engine) fault(kind session.FaultKind, err error, hint string) *session.Fault {
	return &session.Fault{Kind: kind, Account: e.cfg.Account, Op: "play with go-librespot", Err: err, Hint: hint}
}

// trackFault is why a track does not play.
func (e *Engine) trackFault(why error) *session.Fault {
	hint := adviceConnect
	if errors.Is(why, ErrMedia) {
		hint = ""
	}
	return e.fault(session.TrackNotPlayable, why, hint)
}

// awayFault is why the program is not there: what it said last, and when it is tried
// again. mu is held.
func (e *Engine) awayFault() *session.Fault {
	err := ErrAway
	switch {
	case errors.Is(e.why, ErrPort), errors.Is(e.why, ErrMissing):
		err = e.why
	case e.said != "":
		err = fmt.Errorf("%w: %s", ErrAway, e.said)
	}
	f := e.fault(session.UnableToContactServer, err, "segue doctor says more")
	f.RetryAt = e.retryAt
	return f
}
