package webapi

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"segue/internal/httpx"
	"segue/session"
)

// Kind says what went wrong, as far as it needs different advice.
type Kind int

// The kinds of failure.
const (
	Unreachable       Kind = iota + 1 // no answer came: no network, too slow, a certificate; the cause is an *httpx.Error
	Offline                           // the network is not to be used, and no answer is kept
	RateLimited                       // a plain 429; RetryAt says when to come back
	Quota                             // 429 with QUOTA_EXCEEDED: the developer's quota; RetryAt only where Spotify said it
	SignIn                            // there is no grant, or it has ended: the user has to sign in again
	TokenRefused                      // 401, for a token that had just been refreshed too
	TokenTrouble                      // the token cannot be had now: a keyring that is locked, an accounts server that fails
	NeedsPremium                      // the user needs Premium for this
	OwnerNeedsPremium                 // the owner of the app has none: every call fails
	NotOnList                         // the user is not one of the five users of the app
	Scope                             // the grant does not hold what this needs
	Forbidden                         // any other 403
	NoDevice                          // nothing is active that could take the command
	DeviceGone                        // the device that was named is not there any longer
	NotNow                            // the device cannot do this now (Spotify: restriction violated)
	NotFound                          // any other 404
	Invalid                           // 400: Spotify does not take what was asked; Message says why
	Server                            // Spotify's own fault: 5xx
	Strange                           // an answer that is none: a web page, one that is cut, an error nobody knows
	Cancelled                         // the caller gave up
)

// Error is the one error type of this package: one line for people that holds no secret.
type Error struct {
	Kind    Kind
	Status  int       // of HTTP; 0 where no answer came
	Reason  string    // Spotify's own word, such as NO_ACTIVE_DEVICE; may be empty
	Message string    // what Spotify said, in a clause, clean; may be empty
	Path    string    // what was asked, without its query, where Spotify has answered; may be empty
	RetryAt time.Time // when it may be tried again; zero = not said

	err error
}

// Error is "Spotify: what happened", with the time when to try again.
func (e *Error) Error() string {
	text := "Spotify: " + e.Bare()
	if !e.RetryAt.IsZero() {
		text += ", again at " + e.RetryAt.Local().Format("15:04:05")
	}
	return text
}

// Bare is the text without the service's name and without the time when it may be tried
// again, for those who show both in places of their own.
func (e *Error) Bare() string {
	switch e.Kind {
	case Unreachable:
		return e.cause("there is no connection")
	case TokenTrouble:
		return e.cause("the token cannot be had now")
	case Offline:
		return "this has not been kept, and the network is not used"
	case RateLimited:
		return "it has been asked too often"
	case Quota:
		return "the quota of the Spotify app is used up"
	case SignIn:
		return "the sign-in has ended"
	case TokenRefused:
		return "it no longer takes the token" // what it says of it would be scrubbed
	case NeedsPremium:
		return "this needs Premium"
	case OwnerNeedsPremium:
		return "the owner of the Spotify app has no Premium, so all its calls are refused"
	case NotOnList:
		return "this user is not on the list of users of the Spotify app"
	case Scope:
		return "the sign-in does not allow this" + e.said()
	case Forbidden:
		return "this is not allowed" + e.said()
	case NoDevice:
		return "no device is active"
	case DeviceGone:
		return "the device is gone"
	case NotNow:
		return "the device cannot do this now"
	case NotFound:
		return "there is no such thing" + e.said()
	case Invalid:
		return "it does not take this" + e.said()
	case Server:
		return fmt.Sprintf("it has a fault of its own (%d)", e.Status) + e.said()
	case Strange:
		if e.Message != "" {
			return e.Message
		}
		return fmt.Sprintf("it answered %d %s", e.Status, http.StatusText(e.Status))
	case Cancelled:
		return "cancelled"
	}
	return "it failed"
}

// cause is what the network, or whoever has the token, says of it; usual where that is nothing.
func (e *Error) cause(usual string) string {
	var h *httpx.Error
	switch {
	case errors.As(e.err, &h):
		return h.Bare()
	case e.Message != "":
		return e.Message
	case e.err != nil:
		return httpx.Scrub(e.err.Error())
	}
	return usual
}

// said is Spotify's message behind a colon.
func (e *Error) said() string {
	if e.Message == "" {
		return ""
	}
	return ": " + strings.TrimRight(e.Message, ". ")
}

// GoString keeps %#v as discreet as %v.
func (e *Error) GoString() string { return "&webapi.Error{" + e.Error() + "}" }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.err }

// FaultKind is the kind of the session's fault that this is.
func (e *Error) FaultKind() session.FaultKind {
	switch e.Kind {
	case Unreachable:
		return session.UnableToContactServer
	case Offline:
		return session.NetworkDisabled
	case RateLimited, Quota:
		return session.RateLimited
	case SignIn, TokenRefused:
		return session.NoCredentials
	case NeedsPremium, OwnerNeedsPremium:
		return session.UserNeedsPremium
	case NotOnList, Scope, Forbidden:
		return session.PermissionDenied
	case NoDevice, DeviceGone:
		return session.InvalidDeviceID
	case Invalid:
		return session.InvalidArgument
	case Server, NotNow, TokenTrouble:
		return session.OtherTransient
	case Strange:
		return session.InvalidIndata
	case Cancelled:
		return session.Cancelled
	case NotFound:
	}
	return session.OtherPermanent
}

// KindOf is the kind of an error, 0 where it is not one of this package's.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}
