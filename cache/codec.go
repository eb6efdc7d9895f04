package cache

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"
)

// Codec turns tokens into the bytes that a handler stores and back. It is Spotipy's
// encoder_cls: one of your own may encrypt. An error must not hold any of the bytes.
type Codec interface {
	Encode(t *Token) ([]byte, error)
	Decode(data []byte) (*Token, error)
}

// JSON is the codec that is used unless another is given: one JSON object as Spotipy
// writes and reads it, with expires_at in Unix seconds. Keys that we do not know survive.
type JSON struct{}

// ErrNotToken says that bytes are no token. It never holds any of them.
var ErrNotToken = errors.New("not a token")

// usualLife is how long a token lives when its server does not say.
const usualLife = 3600 // seconds

func tokenKeys() []string {
	return []string{"access_token", "token_type", "refresh_token", "scope", "expires_in", "expires_at"}
}

// Encode writes a token.
func (JSON) Encode(t *Token) ([]byte, error) {
	if t == nil {
		return nil, errors.New("cache: no token to encode")
	}
	o := map[string]any{}
	for k, v := range t.extra.keys() {
		o[k] = v
	}
	o["access_token"], o["expires_in"], o["expires_at"] = t.AccessToken.Reveal(), t.ExpiresIn, unixSeconds(t.ExpiresAt)
	o["token_type"] = t.TokenType
	if !t.RefreshToken.IsZero() {
		o["refresh_token"] = t.RefreshToken.Reveal()
	}
	if !t.NoScope {
		o["scope"] = t.Scope
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(o); err != nil {
		return nil, errors.New("cache: a token cannot be written as JSON") // the error may quote it
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

func unixSeconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// Decode reads a token: an object with an access_token or a refresh_token. It is kind to
// what servers and other programs do: numbers in quotes or with fractions, scopes as a
// list, nulls. Anything else is an ErrNotToken.
func (JSON) Decode(data []byte) (*Token, error) {
	var o map[string]json.RawMessage
	if err := json.Unmarshal(data, &o); err != nil || o == nil {
		return nil, fmt.Errorf("cache: %w: no JSON object", ErrNotToken)
	}
	for k, v := range o {
		if string(v) == "null" && isTokenKey(k) {
			delete(o, k)
		}
	}
	t := &Token{}
	for key, to := range map[string]*Secret{"access_token": &t.AccessToken, "refresh_token": &t.RefreshToken} {
		s, err := textOf(o, key)
		if err != nil {
			return nil, err
		}
		*to = NewSecret(s)
	}
	if t.AccessToken.IsZero() && t.RefreshToken.IsZero() {
		return nil, fmt.Errorf("cache: %w: neither access_token nor refresh_token", ErrNotToken)
	}
	if err := t.decodeRest(o); err != nil {
		return nil, err
	}
	keys := maps.Clone(o)
	maps.DeleteFunc(keys, func(k string, _ json.RawMessage) bool { return isTokenKey(k) })
	t.extra = extraOf(keys)
	return t, nil
}

func (t *Token) decodeRest(o map[string]json.RawMessage) error {
	var err error
	if t.TokenType, err = textOf(o, "token_type"); err != nil {
		return err
	}
	if t.Scope, err = scopeOf(o); err != nil {
		return err
	}
	_, has := o["scope"]
	t.NoScope = !has
	in, err := secondsOf(o, "expires_in")
	if err != nil {
		return err
	}
	t.ExpiresIn = int(in)
	at, err := secondsOf(o, "expires_at")
	if err != nil {
		return err
	}
	if at > 0 {
		t.ExpiresAt = time.Unix(at, 0)
	}
	return nil
}

func isTokenKey(k string) bool {
	for _, known := range tokenKeys() {
		if k == known {
			return true
		}
	}
	return false
}

func textOf(o map[string]json.RawMessage, key string) (string, error) {
	v, ok := o[key]
	if !ok {
		return "", nil
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return "", fmt.Errorf("cache: %w: %s is no text", ErrNotToken, key)
	}
	return s, nil
}

func scopeOf(o map[string]json.RawMessage) (string, error) {
	var list []string
	if v, ok := o["scope"]; ok && json.Unmarshal(v, &list) == nil {
		return NormalizeScope(list...), nil
	}
	return textOf(o, "scope")
}

// secondsOf reads a number of seconds, in quotes or with a fraction too, within what time can hold.
func secondsOf(o map[string]json.RawMessage, key string) (int64, error) {
	v, ok := o[key]
	if !ok {
		return 0, nil
	}
	n, err := strconv.ParseFloat(strings.Trim(string(v), `"`), 64)
	if err != nil || n < -1e11 || n > 1e11 {
		return 0, fmt.Errorf("cache: %w: %s is no number of seconds", ErrNotToken, key)
	}
	return int64(n), nil
}

// TokenFromAnswer reads the answer of a token endpoint that came at now, and computes
// when the token ends; where the server does not say, after an hour. requested is what
// scopes were asked for: a server that grants exactly these may leave them out
// (RFC 6749, 5.1); with none given the token has NoScope then.
func TokenFromAnswer(data []byte, now time.Time, requested ...string) (*Token, error) {
	t, err := JSON{}.Decode(data)
	if err != nil {
		return nil, err
	}
	if t.AccessToken.IsZero() {
		return nil, fmt.Errorf("cache: %w: no access_token", ErrNotToken)
	}
	if t.ExpiresIn <= 0 {
		t.ExpiresIn = usualLife
	}
	t.ExpiresAt = time.Unix(now.Unix()+int64(t.ExpiresIn), 0)
	if t.NoScope && len(requested) > 0 {
		t.Scope, t.NoScope = NormalizeScope(requested...), false
	}
	return t, nil
}
