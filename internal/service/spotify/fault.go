package spotify

import (
	"context"
	"errors"
	"strings"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/oauth"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// Where people go to put things right.
const (
	dashboard = "https://developer.spotify.com/dashboard"
	appsPage  = "https://www.spotify.com/account/apps"
)

// errOffline says that the network is not to be used.
var errOffline = errors.New("the network is not to be used")

// fault makes an error a Fault of this account. nil stays nil.
func (s *Service) fault(op string, err error) error {
	if f := s.faultOf(op, err); f != nil {
		return f
	}
	return nil
}

func (s *Service) faultOf(op string, err error) *session.Fault {
	if err == nil {
		return nil
	}
	var f *session.Fault
	if errors.As(err, &f) {
		return f
	}
	f = &session.Fault{Kind: session.OtherPermanent, Account: s.id, Op: op, Err: err}
	var w *webapi.Error
	var o *oauth.Error
	var h *httpx.Error
	switch {
	case errors.Is(err, errOffline):
		f.Kind, f.Err = session.NetworkDisabled, errOffline
	case errors.As(err, &o):
		s.oauthFault(f, o)
	case errors.Is(err, cache.ErrSignIn) && s.hasEnded() != nil: // somebody else found out first
		f.Kind, f.Err, f.Hint = session.BadUsernameOrPassword, errors.New(s.whyDead()), s.again()
	case errors.Is(err, cache.ErrSignIn):
		f.Kind, f.Err, f.Hint = session.NoCredentials, errors.New("nobody is signed in"), s.again()
	case errors.Is(err, cache.ErrUnavailable):
		f.Kind, f.Err = session.OtherTransient, errors.New("where the sign-in is kept does not answer: "+strings.TrimPrefix(err.Error(), "cache: "))
	case errors.As(err, &w):
		s.apiFault(f, w)
	case errors.As(err, &h):
		wayFault(f, h)
	case errors.Is(err, context.Canceled):
		f.Kind = session.Cancelled
	case errors.Is(err, context.DeadlineExceeded):
		f.Kind = session.UnableToContactServer
	}
	return f
}

// brief is an error in the words that a Fault has room for: it stands behind the account's
// name and before the time when it may be tried again.
type brief struct {
	text string
	err  error
}

func (b *brief) Error() string { return b.text }
func (b *brief) Unwrap() error { return b.err }

// again is the way out where somebody has to sign in.
func (s *Service) again() string { return "sign in with: segue login " + string(s.id) }

// wayFault is what went wrong on the way to the accounts server.
func wayFault(f *session.Fault, h *httpx.Error) {
	f.Err, f.RetryAt = &brief{h.Bare(), h}, h.RetryAt
	switch h.Kind {
	case httpx.Unreachable, httpx.Timeout:
		f.Kind = session.UnableToContactServer
	case httpx.RateLimited:
		f.Kind = session.RateLimited
	case httpx.Status:
		if h.Status >= 500 {
			f.Kind = session.OtherTransient
		}
	case httpx.Cancelled:
		f.Kind = session.Cancelled
	case httpx.Invalid:
		f.Kind = session.InvalidArgument
	case httpx.TooBig, httpx.NotJSON, httpx.Redirected:
		f.Kind = session.OtherTransient // a portal of a hotel, most likely
	case httpx.TLS, httpx.Insecure:
	}
}

// oauthFault is what the accounts server says, or what is wrong here.
func (s *Service) oauthFault(f *session.Fault, o *oauth.Error) {
	f.Err = &brief{o.Text, o}
	switch o.Kind {
	case oauth.Dead:
		f.Kind, f.Err, f.Hint = session.BadUsernameOrPassword, &brief{s.whyDead(), o}, s.again()
	case oauth.Denied:
		f.Hint = "sign in again and agree: Segue asks for no more than it uses"
	case oauth.BadKey:
		f.Hint = "compare it with the Client ID of your app at " + dashboard
	case oauth.Redirect, oauth.Setting:
		f.Kind = session.InvalidArgument
	case oauth.Port:
		f.Kind, f.Hint = session.OtherTransient, "segue login "+string(s.id)+" --no-browser needs no port"
	case oauth.GivenUp:
		f.Kind = session.Cancelled
		if errors.Is(o, context.DeadlineExceeded) {
			f.Kind = session.OtherTransient
		}
	case oauth.Refused:
		if o.Code == "" { // it says nothing that a service says: a sign-in page of the network, most likely
			f.Kind = session.OtherTransient
		}
	case oauth.BadCode, oauth.Scopes:
	}
}

// whyDead says why a grant has ended, as far as its age tells.
func (s *Service) whyDead() string {
	g := s.granted()
	if was := s.hasEnded(); was != nil {
		g = grantOf(was)
	}
	return s.whyEnded(g)
}

// whyEnded is whyDead of a grant.
func (s *Service) whyEnded(g grant) string {
	day := g.signedIn.Local().Format(time.DateOnly)
	switch end := g.until(); {
	case end.IsZero():
		return "the sign-in has ended: six months are over, or its access was taken away"
	case s.cfg.Now().Before(end.Add(-24 * time.Hour)):
		return "the sign-in of " + day + " has ended before its time: its access was taken away at " + appsPage + ", or the password was changed"
	default:
		return "the sign-in of " + day + " has ended, as Spotify's do after six months"
	}
}

// apiFault is what the Web API says.
func (s *Service) apiFault(f *session.Fault, w *webapi.Error) {
	f.Kind, f.Err, f.RetryAt = w.FaultKind(), &brief{w.Bare(), w}, w.RetryAt
	switch w.Kind {
	case webapi.SignIn, webapi.TokenRefused:
		f.Hint = s.again()
	case webapi.Quota:
		f.Hint = "it is the app's own, counted over all its users; look at it at " + dashboard
	case webapi.OwnerNeedsPremium:
		f.Hint = "since 2026 whoever made the app must have Premium: get it there, or make the app with an account that has it"
	case webapi.NotOnList:
		f.Hint = "the app's owner adds up to five users under User Management at " + dashboard
	case webapi.Scope:
		if of := featureAt(w.Path); of != "" {
			f.Err = &brief{lacking + of.why(), w}
			s.offer(f, of)
			break
		}
		f.Hint = "segue login " + string(s.id) + " --force asks Spotify for it"
	case webapi.Unreachable, webapi.Offline, webapi.RateLimited, webapi.TokenTrouble, webapi.NeedsPremium, webapi.Forbidden,
		webapi.NoDevice, webapi.DeviceGone, webapi.NotNow, webapi.NotFound, webapi.Invalid, webapi.Server, webapi.Strange, webapi.Cancelled:
	}
}

// loginFault is a fault in the kinds of LoggedIn.
func (s *Service) loginFault(err error) error {
	f := s.faultOf(opSignIn, err)
	if f == nil {
		return nil
	}
	c := *f
	fresh := webapi.KindOf(err) == webapi.TokenRefused // one that just came: it is not the grant that is wrong
	switch {
	case c.Kind == session.PermissionDenied || c.Kind == session.NoCredentials && fresh:
		c.Kind = session.OtherPermanent
	case c.Kind == session.InvalidIndata: // as above: it may be over in a minute
		c.Kind = session.OtherTransient
	}
	s.mu.Lock()
	s.trouble = &c
	s.mu.Unlock()
	return &c
}
