package subsonic

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"

	"segue/internal/httpx"
	"segue/internal/music"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/wire"
	"segue/session"
)

// unreachable reports whether an error says that the server is not there, for now.
func unreachable(err error) bool {
	if errors.Is(err, server.ErrOffline) || errors.Is(err, errAway) {
		return true
	}
	var h *httpx.Error
	if errors.As(err, &h) {
		switch h.Kind {
		case httpx.Unreachable, httpx.Timeout:
			return true
		case httpx.Status:
			return gone(h.Status)
		case httpx.TLS, httpx.Insecure, httpx.Redirected, httpx.RateLimited, httpx.TooBig, httpx.NotJSON, httpx.Cancelled, httpx.Invalid:
		}
	}
	var w *wire.Error
	return errors.As(err, &w) && gone(w.Status)
}

// gone reports whether an HTTP status says that what stands before the server does not
// reach it, or that it has no time. 500 is one method that fails.
func gone(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// fault makes an error a Fault of this account. nil stays nil.
func (s *Service) fault(op string, err error) error {
	if err == nil {
		return nil
	}
	var f *session.Fault
	if errors.As(err, &f) {
		return err
	}
	f = &session.Fault{Kind: session.OtherPermanent, Account: s.id, Op: op, Err: err}
	var h *httpx.Error
	var w *wire.Error
	switch {
	case errors.Is(err, context.Canceled):
		f.Kind = session.Cancelled
	case errors.Is(err, server.ErrOffline):
		f.Kind = session.NetworkDisabled
	case errors.Is(err, server.ErrNoCredential):
		f.Kind, f.Hint = session.NoCredentials, "sign in with: segue login "+string(s.id)
	case errors.Is(err, errAway), errors.Is(err, context.DeadlineExceeded):
		f.Kind = session.UnableToContactServer
	case errors.Is(err, wire.ErrPage), errors.Is(err, wire.ErrForeign):
		f.Kind, f.Hint = session.InvalidIndata, "look at the server's address: "+s.srv.Address().String()
	case errors.Is(err, wire.ErrTooLong), errors.Is(err, wire.ErrEmpty):
		f.Kind = session.InvalidIndata
	case errors.As(err, &h):
		s.wayFault(f, h)
	case errors.As(err, &w):
		s.refusal(f, w)
	}
	return f
}

// loginFault is a fault in the kinds of LoggedIn.
func (s *Service) loginFault(op string, err error) error {
	f := s.fault(op, err)
	var known *session.Fault
	if !errors.As(f, &known) {
		return f
	}
	var w *wire.Error
	switch {
	case errors.As(err, &w) && w.Code == wire.CodeNotAllowed:
		known.Kind = session.UserBanned
	case known.Kind == session.PermissionDenied, known.Kind == session.InvalidIndata:
		known.Kind = session.OtherPermanent
	}
	return known
}

// wayFault is what went wrong on the way to the server.
func (s *Service) wayFault(f *session.Fault, h *httpx.Error) {
	f.Err, f.RetryAt = errors.New(h.Bare()), h.RetryAt
	switch h.Kind {
	case httpx.Unreachable, httpx.Timeout:
		f.Kind = session.UnableToContactServer
	case httpx.TLS:
		f.Kind = session.OtherPermanent
		if h.Fingerprint != "" {
			f.Hint = fmt.Sprintf("if it is yours, trust it: segue login %s, or fingerprint = %q in the config", s.id, h.Fingerprint)
		}
	case httpx.Insecure:
		f.Kind, f.Hint = session.PermissionDenied, fmt.Sprintf("allow_http = %q in its [[account]], or segue login --set allow_http=%[1]s, does", s.srv.Address().Name())
	case httpx.Redirected:
		f.Kind = session.OtherPermanent
	case httpx.RateLimited:
		f.Kind = session.RateLimited
	case httpx.Status:
		f.Kind = session.OtherPermanent
		if h.Status >= http.StatusInternalServerError {
			f.Kind = session.OtherTransient
		}
	case httpx.TooBig, httpx.NotJSON:
		f.Kind = session.InvalidIndata
	case httpx.Cancelled:
		f.Kind = session.Cancelled
	case httpx.Invalid:
		f.Kind = session.InvalidArgument
	}
}

// refusal is what the server says.
func (s *Service) refusal(f *session.Fault, w *wire.Error) {
	switch w.Code {
	case wire.CodeWrongPassword:
		f.Kind, f.Err = session.BadUsernameOrPassword, errors.New("wrong user name or password")
	case wire.CodeInvalidKey:
		f.Kind = session.BadUsernameOrPassword
	case wire.CodeNoToken, wire.CodeAuthUnsupported, wire.CodeAuthConflict:
		f.Kind, f.Hint = session.PermissionDenied, `another way of signing in may work: auth = "password"`
	case wire.CodeClientTooOld:
		f.Kind = session.ClientTooOld
	case wire.CodeNotAllowed:
		f.Kind = session.PermissionDenied
	case wire.CodeTrialOver:
		f.Kind = session.UserNeedsPremium
	case wire.CodeNotFound:
		f.Kind = session.OtherPermanent
	default:
		switch {
		case w.Unsupported():
			f.Kind, f.Err = session.PermissionDenied, errors.New("this server cannot do that")
		case w.Status == http.StatusUnauthorized || w.Status == http.StatusForbidden:
			f.Kind = session.BadUsernameOrPassword
		case w.Status >= http.StatusInternalServerError:
			f.Kind = session.OtherTransient
		}
	}
}

// unknown is the fault of a list that is not there.
func (s *Service) unknown(r music.Ref) error {
	return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: "open " + music.Clean(r.String()), Err: errors.New("the server has no such list")}
}

// cannot is the fault of a method that the server lacks.
func (s *Service) cannot(op string) error {
	return &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op, Err: errors.New("this server cannot do that")}
}

// broken reports whether a body ended where it should not.
func broken(err error) bool {
	var timeout net.Error
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.As(err, &timeout)
}
