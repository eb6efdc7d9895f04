package music

import (
	"strings"
	"unicode/utf8"
)

// WithoutEscapes gives s without the sequences that a terminal would obey (colours, titles,
// links, cursor moves): the whole of each, not its first byte only, so that no "[31m" is left
// to be read. One without its end loses what is surely of it and no word of the text behind.
// Other control characters stay, an escape that begins nothing too: Clean is for those.
func WithoutEscapes(s string) string {
	i := nextEscape(s)
	if i < 0 {
		return s
	}
	var b strings.Builder
	var e escapes
	b.Grow(len(s))
	for i >= 0 {
		n := e.sequence(s[i:])
		b.WriteString(s[:i])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s[i:])
			b.WriteString(s[i : i+n])
		}
		s = s[i+n:]
		i = nextEscape(s)
	}
	b.WriteString(s)
	return b.String()
}

// nextEscape is where the next sequence may begin, -1 where none does.
func nextEscape(s string) int {
	for i := range len(s) {
		if s[i] == 0x1b || s[i] == 0xc2 && i+1 < len(s) && (s[i+1] == 0x9b || s[i+1] == 0x9d) {
			return i
		}
	}
	return -1
}

// escapes goes through a text from its start to its end.
type escapes struct {
	endless bool // no text for the terminal ends any more: it need not be looked for again
}

// sequence is how many bytes the sequence has that s begins with, 0 where it is none.
func (e *escapes) sequence(s string) int {
	if s[0] != 0x1b {
		return e.single(s)
	}
	if len(s) == 1 {
		return 0
	}
	switch c := s[1]; {
	case c == '[':
		return 2 + control(s[2:])
	case c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_':
		return 2 + e.ended(s[2:])
	case c > ' ' && c <= 0x2f: // a space is rather one of the text
		n := 1 + span(s[1:], 0x21, 0x2f)
		if n < len(s) && s[n] >= 0x30 && s[n] <= 0x7e {
			return n + 1
		}
		return 0
	case c >= 0x30 && c <= 0x7e:
		return 2
	}
	return 0
}

// single is sequence for the two that begin with one character, which some terminals obey.
// They are also what is left of quotes in texts of the wrong charset, so they count only
// with the number that they have where they are meant.
func (e *escapes) single(s string) int {
	const n = len("\u009b")
	if span(s[n:], '0', '9') == 0 {
		return 0
	}
	if s[:n] == "\u009b" {
		return n + control(s[n:])
	}
	if text := e.ended(s[n:]); text > 0 {
		return n + text
	}
	return 0
}

// control is how long the rest of a control sequence is: parameters, and what ends it.
func control(s string) int {
	n := span(s, 0x30, 0x3f)
	n += span(s[n:], 0x20, 0x2f)
	if n < len(s) && s[n] >= 0x40 && s[n] <= 0x7e {
		n++
	}
	return n
}

// ended is how long a text for the terminal is with its end, 0 where it has none.
func (e *escapes) ended(s string) int {
	if e.endless {
		return 0
	}
	for i := range len(s) {
		switch {
		case s[i] == '\a':
			return i + 1
		case strings.HasPrefix(s[i:], "\x1b\\"), strings.HasPrefix(s[i:], "\u009c"):
			return i + 2
		}
	}
	e.endless = true
	return 0
}

// span is how many bytes at the start of s lie between lo and hi.
func span(s string, lo, hi byte) int {
	n := 0
	for n < len(s) && s[n] >= lo && s[n] <= hi {
		n++
	}
	return n
}
