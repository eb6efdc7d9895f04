package cache

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
)

// mask stands for every secret, whoever prints it.
const mask = "[secret]"

// Secret is text that must never be seen: a token, a password, a blob. Every way of
// printing it gives "[secret]"; only Reveal gives the text. Its zero value is empty.
//
// The text is behind a pointer, so that a printer which walks unexported fields of a
// struct around it meets an address. Two secrets are compared with Equal.
type Secret struct{ text *string }

// NewSecret hides s.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{text: &s}
}

// Reveal gives the text itself. What it gives goes into a request or a store,
// never into a log, an error or a process's arguments.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Empty says that there is nothing to hide.
func (s Secret) Empty() bool { return s.text == nil || *s.text == "" }

// Equal compares in a time that does not depend on where two secrets differ.
func (s Secret) Equal(t Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(t.Reveal())) == 1
}

// String is the mask.
func (Secret) String() string { return mask }

// GoString is the mask.
func (Secret) GoString() string { return mask }

// Format writes the mask for every verb and flag.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(mask)) }

// MarshalText gives the mask to encoders and loggers, encoding/json too.
func (Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }

// LogValue gives the mask to log/slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(mask) }

// UnmarshalText hides what a file or an answer holds. It refuses the mask: somebody
// has written a Secret with an encoder that is not meant to, and the text is lost.
func (s *Secret) UnmarshalText(b []byte) error {
	if string(b) == mask {
		return errors.New("cache: " + mask + " stands where a secret should be")
	}
	*s = NewSecret(string(b))
	return nil
}
