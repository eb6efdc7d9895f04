package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Handler keeps the token of one account in one place. A handler of your own fits the
// same interface: give it to Manager.Use.
type Handler interface {
	// Get is the token, or nil when there is none. A place that does not answer, or
	// holds what is no token, has none: the handlers of this package warn and go on,
	// and give an error only when ctx ends.
	Get(ctx context.Context) (*Token, error)
	// Save keeps a copy of the token. After an error the handlers of this package
	// still give it, and try again to keep it; the error is then an ErrKept.
	Save(ctx context.Context, t *Token) error
	// Delete removes the token; that there is none is no error.
	Delete(ctx context.Context) error
}

// Kind names a place where tokens are kept.
type Kind string

// The kinds that the configuration can name. A web session and a Handler of a caller's
// own are for Go callers.
const (
	Auto      Kind = "auto"      // the keyring where one answers, else a file
	File      Kind = "file"      // TokenDir/ACCOUNT.json
	Memory    Kind = "memory"    // gone when the process ends
	Keyring   Kind = "keyring"   // the desktop's secret service
	Redis     Kind = "redis"     //
	Memcached Kind = "memcached" //

	webSession Kind = "web session"
	ownKind    Kind = "own"
)

// Kinds are the names that ParseKind takes.
func Kinds() []Kind { return []Kind{Auto, File, Memory, Keyring, Redis, Memcached} }

// ParseKind reads the name of a kind; "" is Auto. An unknown one is an ErrInvalid that
// names the kinds.
func ParseKind(s string) (Kind, error) {
	if s == "" {
		return Auto, nil
	}
	if !slices.Contains(Kinds(), Kind(s)) {
		return "", invalid("%q is no kind of token cache; the kinds are %s", s, list(Kinds()))
	}
	return Kind(s), nil
}

func list(kinds []Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

var (
	// ErrInvalid says that the caller asked for something that cannot be: INVALID_ARGUMENT.
	ErrInvalid = errors.New("invalid argument")
	// ErrUnavailable says that a place could not be asked; what it holds is not known.
	ErrUnavailable = errors.New("not available")
	// ErrKept says that a token could not be saved, is kept in memory and tried again.
	ErrKept = errors.New("kept in memory, tried again later")
	// ErrSignIn says that no token can be used or refreshed: the user has to sign in.
	ErrSignIn = errors.New("sign in")
)

// invalidError is an ErrInvalid in words.
type invalidError struct{ words string }

func invalid(format string, args ...any) error {
	return &invalidError{fmt.Sprintf("cache: "+format, args...)}
}

// Error is one line.
func (e *invalidError) Error() string { return e.words }

// Is says that it is an ErrInvalid.
func (e *invalidError) Is(target error) bool { return target == ErrInvalid }

// maxAccount is the longest name of an account, in bytes.
const maxAccount = 32

// CheckAccount says what is wrong with an account's name: it is 1 to 32 of a-z, 0-9, dot,
// underscore and hyphen.
func CheckAccount(name string) error {
	ok := name != "" && len(name) <= maxAccount && strings.Trim(name, ".") != ""
	for i := 0; ok && i < len(name); i++ {
		c := name[i]
		ok = 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("._-", c) >= 0
	}
	if !ok {
		return invalid("%.40q is no account's name: 1 to %d of a-z, 0-9, '.', '_', '-'", name, maxAccount)
	}
	return nil
}

// store is a place behind a guard: it gives errors as they are.
type store interface {
	load(ctx context.Context) (*Token, error)
	save(ctx context.Context, t *Token) error
	drop(ctx context.Context) error
	where() string // for people; nothing secret
}
