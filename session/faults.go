package session

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"slices"

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
	return &Fault{Kind: kindOf(err), Account: account, Op: op, Err: err}
}

func kindOf(err error) FaultKind {
	var netErr net.Error
	switch {
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
