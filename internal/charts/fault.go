package charts

import (
	"context"
	"errors"

	"segue/internal/httpx"
	"segue/session"
)

var (
	errOffline  = errors.New("the network is switched off")
	errNotYet   = errors.New("it has not computed this toplist yet")
	errNoUser   = errors.New("it has no user of this name")
	errNoRows   = errors.New("it answered with no rows that can be read")
	errNoRegion = errors.New("it has no toplist of this country")
)

// faultOf says to the session what went wrong.
func faultOf(src source, err error) *session.Fault {
	f := &session.Fault{Kind: session.OtherTransient, Op: "open the toplist", Err: err}
	var h *httpx.Error
	switch {
	case errors.Is(err, errOffline):
		f.Kind = session.NetworkDisabled
		return f
	case errors.Is(err, errNotYet):
		f.Hint = "try another period, or tomorrow"
	case errors.Is(err, errNoUser):
		f.Kind = session.NoSuchUser
	case errors.Is(err, errNoRegion):
		f.Kind = session.OtherPermanent
	case errors.Is(err, context.Canceled):
		f.Kind = session.Cancelled
	case errors.Is(err, context.DeadlineExceeded):
		f.Kind = session.UnableToContactServer
	case errors.As(err, &h):
		f.Kind, f.RetryAt = kindOf(h), h.RetryAt
		f.Err = errors.New(h.Bare())
	}
	f.Err = &named{src.name(), f.Err}
	return f
}

// named puts the source's name before an error.
type named struct {
	name string
	err  error
}

func (n *named) Error() string { return n.name + ": " + n.err.Error() }
func (n *named) Unwrap() error { return n.err }

func kindOf(h *httpx.Error) session.FaultKind {
	switch h.Kind {
	case httpx.Unreachable, httpx.Timeout, httpx.TLS:
		return session.UnableToContactServer
	case httpx.RateLimited:
		return session.RateLimited
	case httpx.Cancelled:
		return session.Cancelled
	case httpx.Insecure, httpx.Redirected, httpx.Invalid:
		return session.InvalidArgument
	case httpx.Status:
		if h.Status < 500 {
			return session.OtherPermanent
		}
	case httpx.TooBig, httpx.NotJSON:
	}
	return session.OtherTransient
}
