package cache

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
)

// expiryMargin is how long before its end a token no longer counts as good.
const expiryMargin = 60 // seconds

// Token is a grant: the token endpoint's answer and when it was given. However it is
// printed or logged, "[secret]" comes out, and encoding/json gets no more: a Codec
// writes and reads it. Handlers keep a copy of what they are given.
type Token struct {
	AccessToken  Secret    // empty: dropped by a logout, or never there; RefreshToken gets a new one
	TokenType    string    // "Bearer"
	RefreshToken Secret    // empty: sign in again when the token has expired
	Scope        string    // granted, separated by spaces
	NoScope      bool      // there was no scope key: what was granted is not known, sign in again
	ExpiresAt    time.Time // whole seconds; zero: not known, counts as expired
	ExpiresIn    int       // seconds, as the answer had it

	extra extra // keys that we do not know, kept as they came; nil: none
}

// extra gives keys that are never changed, only replaced. It is a function because a
// printer that walks unexported fields shows what is behind any pointer to a struct, when
// it is given a verb that does not fit.
type extra func() map[string]json.RawMessage

func extraOf(keys map[string]json.RawMessage) extra {
	if len(keys) == 0 {
		return nil
	}
	return func() map[string]json.RawMessage { return keys }
}

func (e extra) keys() map[string]json.RawMessage {
	if e == nil {
		return nil
	}
	return e()
}

// Expired says that the token ends within a minute, or that nobody knows when.
func (t *Token) Expired(now time.Time) bool {
	return t.ExpiresAt.IsZero() || t.ExpiresAt.Unix()-now.Unix() < expiryMargin
}

// Verdict is what can be done with a token.
type Verdict int

// The verdicts.
const (
	SignIn  Verdict = iota // there is none, or its scopes do not do, or it cannot be refreshed
	Usable                 // send it
	Refresh                // it has expired, and its refresh token gets another
)

// Judge says what can be done with a token (nil: none) when the scopes wanted are needed.
func (t *Token) Judge(now time.Time, wanted ...string) Verdict {
	switch {
	case t == nil, t.NoScope, !HasScopes(t.Scope, wanted...):
		return SignIn
	case !t.Expired(now) && !t.AccessToken.IsZero():
		return Usable
	case t.RefreshToken.IsZero():
		return SignIn
	}
	return Refresh
}

// Extra is the JSON of a key that is none of the fields, nil when there is none. It may
// be secret.
func (t *Token) Extra(key string) []byte {
	return slices.Clone(t.extra.keys()[key])
}

// SetExtra keeps a value of ours beside the answer's, such as the client id that made the
// grant; a nil value removes the key. A key that is one of the fields is refused.
func (t *Token) SetExtra(key string, value []byte) error {
	if slices.Contains(tokenKeys(), key) {
		return fmt.Errorf("cache: %q is a field of a token", key)
	}
	if value != nil && !json.Valid(value) {
		return fmt.Errorf("cache: %q of a token is not JSON", key)
	}
	keys := map[string]json.RawMessage{}
	maps.Copy(keys, t.extra.keys())
	keys[key] = slices.Clone(value)
	if value == nil {
		delete(keys, key)
	}
	t.extra = extraOf(keys)
	return nil
}

// After is the token to keep when t answers the refresh of old: the old refresh token
// where the answer brings none, the old scopes where it does not name any, and the
// old keys that it does not have.
func (t *Token) After(old *Token) *Token {
	n := t.Clone()
	if old == nil {
		return n
	}
	if n.RefreshToken.IsZero() {
		n.RefreshToken = old.RefreshToken
	}
	if n.NoScope {
		n.Scope, n.NoScope = old.Scope, old.NoScope
	}
	if n.TokenType == "" {
		n.TokenType = old.TokenType
	}
	keys := map[string]json.RawMessage{}
	maps.Copy(keys, old.extra.keys())
	maps.Copy(keys, n.extra.keys())
	n.extra = extraOf(keys)
	return n
}

// Clone is a copy that shares nothing that changes; nil of nil.
func (t *Token) Clone() *Token {
	if t == nil {
		return nil
	}
	n := *t
	return &n
}

// String is "[secret]".
func (Token) String() string { return mask }

// GoString is "[secret]".
func (Token) GoString() string { return mask }

// Format writes "[secret]" for every verb and flag.
func (Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(mask)) }

// LogValue gives "[secret]" to log/slog.
func (Token) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON gives "[secret]": only a Codec writes a token.
func (Token) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// UnmarshalJSON refuses: only a Codec reads a token.
func (*Token) UnmarshalJSON([]byte) error {
	return errors.New("cache: a token is read by a Codec, not by encoding/json")
}

// HasScopes says that every wanted scope (each may be a list of several) is among the
// granted ones. No scope wanted: always.
func HasScopes(granted string, wanted ...string) bool {
	have := strings.Fields(NormalizeScope(granted))
	for _, w := range strings.Fields(NormalizeScope(strings.Join(wanted, " "))) {
		if !slices.Contains(have, w) {
			return false
		}
	}
	return true
}
