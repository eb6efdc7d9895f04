// Package secret holds text that must not be seen: passwords, tokens, keys.
//
// It has no goroutines and does no I/O. A Secret prints as "[secret]" whatever
// verb, encoder or logger meets it; only Reveal gives the text.
package secret

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Mask is what stands for a secret wherever it is printed.
const Mask = "[secret]"

// Secret is a text that is not to be printed. The zero Secret is empty. Compare
// two by Equal.
type Secret struct {
	// A pointer: package fmt walks through unexported fields without asking their
	// methods, and an address gives nothing away.
	text *string
}

// New hides a text.
func New(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal gives the text itself: for the one place that sends or stores it.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether there is nothing to hide.
func (s Secret) IsZero() bool { return s.text == nil }

// Equal reports whether both hide the same, in a time that does not tell where they differ.
func (s Secret) Equal(o Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(o.Reveal())) == 1
}

// String is Mask, or "" for the zero Secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return Mask
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return s.String() }

// Format writes Mask for every verb, so that %x and %q do not give it away.
func (s Secret) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, s.String()) // a State has nobody to tell
}

// LogValue is what slog gets.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText writes Mask: what stores a secret on purpose uses Reveal.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON writes Mask.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// UnmarshalText hides what a file or an answer holds. It refuses the mask: somebody
// has written a Secret with an encoder that is not meant to, and the text is lost.
func (s *Secret) UnmarshalText(b []byte) error {
	if string(b) == Mask {
		return errors.New("secret: " + Mask + " stands where a secret should be")
	}
	*s = New(string(b))
	return nil
}
