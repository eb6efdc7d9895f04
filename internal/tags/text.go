package tags

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"segue/internal/music"
)

// The longest texts that are kept, in bytes.
const (
	maxLine = 4 << 10   // titles, names, dates
	maxText = 16 << 10  // comments
	maxLong = 256 << 10 // lyrics and cue sheets
	maxList = 64        // entries of a list
)

// line cleans one text of one line: valid UTF-8 in NFC, no control characters,
// no blanks around it, at most maxLine bytes.
func line(b []byte) string {
	b = trim(b, maxLine)
	if plainASCII(b) {
		return string(b)
	}
	return strings.TrimSpace(norm.NFC.String(strip(b, false)))
}

// text cleans a text of several lines.
func text(b []byte, limit int) string {
	b = trim(b, limit)
	if plainASCII(b) {
		return string(b)
	}
	return strings.TrimSpace(norm.NFC.String(strip(b, true)))
}

// trim takes blanks and NULs away and cuts at limit between two characters.
func trim(b []byte, limit int) []byte {
	b = bytes.Trim(b, " \t\r\n\x00")
	if len(b) <= limit {
		return b
	}
	b = b[:limit]
	for i := 0; i < utf8.UTFMax && len(b) > 0 && !utf8.RuneStart(b[len(b)-1]); i++ {
		b = b[:len(b)-1]
	}
	if len(b) > 0 && b[len(b)-1] >= utf8.RuneSelf {
		b = b[:len(b)-1] // the first byte of a character that was cut
	}
	return b
}

func plainASCII(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c >= 0x7f {
			return false
		}
	}
	return true
}

// strip repairs UTF-8 and drops what has no place in a text: terminal sequences, control
// characters, byte order marks, the marks that turn a line around.
func strip(raw []byte, lines bool) string {
	b := music.WithoutEscapes(string(raw))
	var w strings.Builder
	w.Grow(len(b))
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRuneInString(b[i:])
		next := byte(0)
		if i+n < len(b) {
			next = b[i+n]
		}
		i += n
		switch {
		case r == '\r' && next == '\n':
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			switch {
			case !lines:
				w.WriteByte(' ')
			case r == '\t':
				w.WriteByte('\t')
			default:
				w.WriteByte('\n')
			}
		case unicode.IsControl(r), r == '\ufeff', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		default:
			w.WriteRune(r) // an invalid byte has become U+FFFD
		}
	}
	return w.String()
}
