package wire

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"segue/internal/secret"
)

// Form is how a client proves who it is.
type Form string

// The forms, best first: what gives least away where it is remembered.
const (
	FormKey      Form = "apikey"   // a key made by the server for this client
	FormToken    Form = "token"    // MD5 of password and salt: the password itself is not kept
	FormEncoded  Form = "password" // the password, hex-encoded: no protection, but no trouble with odd characters
	FormPassword Form = "plain"    // the password as it is, for servers that do not know the encoded form
)

// Credential is what a server accepts instead of asking. It prints without its secrets;
// Blob is how it is kept.
type Credential struct {
	User string
	Form Form
	Salt string        // of FormToken
	Word secret.Secret // the key, the token or the password
	// Trust is the fingerprint of the server's certificate, where a person said that it
	// is the right one; empty = it is checked as usual.
	Trust string
}

// saltBytes makes 24 characters of salt.
const saltBytes = 12

// WithToken is the credential of a password as salt and token.
func WithToken(user string, password secret.Secret) (Credential, error) {
	b := make([]byte, saltBytes)
	if _, err := rand.Read(b); err != nil {
		return Credential{}, fmt.Errorf("make a salt: %w", err)
	}
	salt := hex.EncodeToString(b)
	return Credential{User: user, Form: FormToken, Salt: salt, Word: token(password, salt)}, nil
}

func token(password secret.Secret, salt string) secret.Secret {
	sum := md5.Sum([]byte(password.Reveal() + salt)) //nolint:gosec // the protocol's choice
	return secret.New(hex.EncodeToString(sum[:]))
}

// WithPassword is the credential of a password that must be sent each time.
func WithPassword(user string, password secret.Secret, form Form) Credential {
	return Credential{User: user, Form: form, Word: password}
}

// WithKey is the credential of an API key, which stands for the user too.
func WithKey(user string, key secret.Secret) Credential {
	return Credential{User: user, Form: FormKey, Word: key}
}

// Set puts the credential into the parameters of a call.
func (c Credential) Set(v url.Values) {
	switch c.Form {
	case FormKey:
		v.Set("apiKey", c.Word.Reveal())
		return // a user name beside a key is an error by the specification
	case FormToken:
		v.Set("s", c.Salt)
		v.Set("t", c.Word.Reveal())
	case FormEncoded:
		v.Set("p", "enc:"+hex.EncodeToString([]byte(c.Word.Reveal())))
	case FormPassword:
		v.Set("p", c.Word.Reveal())
	}
	v.Set("u", c.User)
}

// IsZero reports whether there is nothing to prove anything with.
func (c Credential) IsZero() bool { return c.Word.IsZero() }

// HoldsPassword reports whether the password itself is in it.
func (c Credential) HoldsPassword() bool { return c.Form == FormEncoded || c.Form == FormPassword }

// blob is the credential as it is kept.
type blob struct {
	Service string `json:"service"`
	User    string `json:"user"`
	Form    Form   `json:"form"`
	Salt    string `json:"salt,omitempty"`
	Word    string `json:"secret"`
	Trust   string `json:"fingerprint,omitempty"`
}

const blobService = "subsonic"

// ErrBlob is in the error of ParseBlob.
var ErrBlob = errors.New("it is no credential of a Subsonic server")

// Blob is the credential for the store of credentials, secrets and all.
func (c Credential) Blob() ([]byte, error) {
	return json.Marshal(blob{blobService, c.User, c.Form, c.Salt, c.Word.Reveal(), c.Trust})
}

// ParseBlob reads what Blob wrote.
func ParseBlob(b []byte) (Credential, error) {
	var x blob
	if err := json.Unmarshal(b, &x); err != nil || x.Service != blobService || x.Word == "" {
		return Credential{}, ErrBlob // a decoder's error may quote what it read
	}
	switch x.Form {
	case FormKey, FormToken, FormEncoded, FormPassword:
		return Credential{x.User, x.Form, x.Salt, secret.New(x.Word), x.Trust}, nil
	}
	return Credential{}, fmt.Errorf("%w: it has an unknown form", ErrBlob)
}
