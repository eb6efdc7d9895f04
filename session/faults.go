package session

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"slices"

	"segue/internal/httpx"
	"segue/internal/music"
)

// errPanic marks what was a panic in a service's code.
var errPanic = errors.New("the service broke")

// faultOf makes a Fault of what a service said: its own, completed, or one whose
// kind is read from the error. nil stays nil.
func faultOf(err error, account music.AccountID, op string) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		c := *f
		if c.Account == "" {
			c.Account = account
		}
		if c.Op == "" {
			c.Op = op
		}
		return &c
	}
	f = &Fault{Kind: kindOf(err), Account: account, Op: op, Err: err}
	var h *httpx.Error
	if errors.As(err, &h) && !h.RetryAt.IsZero() {
		f.RetryAt, f.Err = h.RetryAt, &bare{h} // whose text would say the time again
	}
	return f
}

// bare is a failed call without the time when it may be tried again.
type bare struct{ call *httpx.Error }

func (b *bare) Error() string { return b.call.Bare() }
func (b *bare) Unwrap() error { return b.call }

func kindOf(err error) FaultKind {
	var netErr net.Error
	var h *httpx.Error
	switch {
	case errors.As(err, &h):
		return kindOfCall(h)
	case errors.Is(err, context.Canceled):
		return Cancelled
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr):
		return UnableToContactServer
	case errors.Is(err, fs.ErrPermission):
		return PermissionDenied
	case errors.Is(err, errPanic):
		return SystemFailure
	default:
		return OtherPermanent
	}
}

// kindOfCall is for services that hand on what the network said. A refusal costs no
// credential: only they know whether it was meant so.
func kindOfCall(h *httpx.Error) FaultKind {
	switch h.Kind {
	case httpx.Unreachable, httpx.Timeout:
		return UnableToContactServer
	case httpx.RateLimited:
		return RateLimited
	case httpx.Cancelled:
		return Cancelled
	case httpx.Insecure:
		return PermissionDenied
	case httpx.Invalid:
		return InvalidArgument
	case httpx.TooBig, httpx.NotJSON:
		return InvalidIndata
	case httpx.Status:
		switch {
		case h.Status >= http.StatusInternalServerError:
			return OtherTransient
		case h.Status == http.StatusUnauthorized, h.Status == http.StatusForbidden:
			return PermissionDenied
		}
	case httpx.TLS, httpx.Redirected:
	}
	return OtherPermanent
}

// transient reports whether trying again later may help.
func (k FaultKind) transient() bool {
	return slices.Contains([]FaultKind{UnableToContactServer, OtherTransient, IsLoading, RateLimited, NetworkDisabled}, k)
}

// unable is the fault of an account that cannot do what was asked.
func unable(account music.AccountID, op string) *Fault {
	return &Fault{Kind: PermissionDenied, Account: account, Op: op, Err: errors.New("this account cannot do that")}
}

// signedOut is the fault of an account that must be signed in for what was asked.
func signedOut(account music.AccountID, op string) *Fault {
	return &Fault{Kind: NoCredentials, Account: account, Op: op, Err: ErrLoggedOut, Hint: "sign in first"}
}

// noAccount is the fault of a reference to an account that is not there.
func noAccount(account music.AccountID, op string) *Fault {
	return &Fault{Kind: InvalidArgument, Account: account, Op: op,
		Err: errors.New("there is no such account"), Hint: "look into the config for its name"}
}
