package music

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanMost is how many bytes of a text from outside are kept.
const cleanMost = 1000

// Clean makes text from outside (tags, servers, playlists) fit to be shown on one line:
// what is no UTF-8 becomes U+FFFD, terminal sequences, control and direction characters go, runs of space
// become one, and more than 1,000 bytes are cut.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	s = WithoutEscapes(s)
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff, r == 0x200e, r == 0x200f:
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if b.Len()+utf8.RuneLen(r) > cleanMost {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plain reports whether there is nothing to clean.
func plain(s string) bool {
	if len(s) > cleanMost {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c < 0x20 || c >= 0x7f || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}
