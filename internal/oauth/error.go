package oauth

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"segue/cache"
	"segue/internal/httpx"
)

// Kind says what went wrong with a sign-in, a refresh or a revocation.
type Kind int

// The kinds. What the network does (unreachable, rate limited, certificates) is an
// httpx.Error instead.
const (
	Denied   Kind = iota + 1 // the user, or the service in their name, said no
	Dead                     // invalid_grant at a refresh: the grant has ended; is a cache.ErrDead
	BadCode                  // the code was refused: too old, used before, or of another sign-in
	BadKey                   // the client id or secret was refused
	Scopes                   // less was granted than is needed
	Redirect                 // the redirect address in the settings cannot work
	Port                     // the port of the redirect address is taken by another program
	Setting                  // another setting of the provider is wrong
	GivenUp                  // nobody signed in before the time was over, or the caller gave up
	Refused                  // any other answer of the service
)

// Error is one line for people. It holds no token, code or secret.
type Error struct {
	Kind     Kind
	Provider string // Provider.Name
	Code     string // the service's own, such as invalid_client; may be empty
	Text     string

	err error
}

// Error is "PROVIDER: what happened".
func (e *Error) Error() string { return e.Provider + ": " + e.Text }

// Unwrap gives the cause; cache.ErrDead with Dead.
func (e *Error) Unwrap() error { return e.err }

func (p Provider) fail(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Provider: p.Name, Text: fmt.Sprintf(format, args...)}
}

// givenUp is the end of the context of a sign-in.
func (p Provider) givenUp(ctx context.Context) error {
	e := p.fail(GivenUp, "nobody signed in")
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		e.Text = "nobody signed in in time"
	}
	e.err = ctx.Err()
	return e
}

// refused makes an Error of what the service says with an error code, in a redirect or
// in an answer.
func (p Provider) refused(code, description string) *Error {
	e := &Error{Kind: Refused, Provider: p.Name, Code: cut(httpx.Scrub(code), 60)}
	said := e.Code
	if d := cut(httpx.Scrub(description), 120); d != "" {
		said += " (" + d + ")"
	}
	switch code {
	case "access_denied":
		e.Kind, e.Text = Denied, "the sign-in was denied"
	case "invalid_client", "unauthorized_client":
		e.Kind, e.Text = BadKey, "the client id or its key is refused: "+said
	case "invalid_scope":
		e.Kind, e.Text = Scopes, "it does not know what we ask for: "+said
	default:
		e.Text = "it says " + said
	}
	return e
}

// dead makes the Error of a grant that has ended.
func (p Provider) dead() *Error {
	e := p.fail(Dead, "the sign-in has ended there (they do after some months): sign in again")
	e.Code, e.err = "invalid_grant", cache.ErrDead
	return e
}

func cut(s string, n int) string {
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
