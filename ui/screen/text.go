// Package screen is the floor of the user interface: text that fits its cells,
// rectangles, lines laid over lines, and pictures of half blocks. It knows no
// styles, has no goroutines and does no I/O.
package screen

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"segue/internal/music"
)

const spaces = "                                                                                                                                "

// Spaces gives n spaces; none for n <= 0.
func Spaces(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(spaces) {
		return spaces[:n]
	}
	return strings.Repeat(" ", n)
}

// plainASCII reports whether every byte is a printable ASCII character.
func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// Width is the number of cells that s takes; SGR sequences take none.
func Width(s string) int {
	if n, ok := simple(s); ok {
		return n
	}
	return ansi.StringWidth(s)
}

// Cut gives s cut to at most w cells, ending in tail where something was cut.
func Cut(s string, w int, tail string) string {
	if w <= 0 {
		return ""
	}
	if n, ok := simple(s); ok && n <= w {
		return s
	}
	return ansi.Truncate(s, w, tail)
}

// Fit gives s in exactly w cells: cut with tail or filled with spaces on the right.
func Fit(s string, w int, tail string) string {
	if w <= 0 {
		return ""
	}
	if n, ok := simple(s); ok && n <= w {
		return s + Spaces(w-n)
	}
	s = Cut(s, w, tail)
	s += Spaces(w - ansi.StringWidth(s))
	if r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " ")); r > 0xd00 {
		// some letters of India take the space that follows into their own cell
		s += Spaces(w - ansi.StringWidth(s))
	}
	return s
}

// FitSome is Fit for what stands behind a text that may have taken most of the room:
// where no more than some letters and a tail would be left of s, there is nothing.
func FitSome(s string, w int, tail string) string {
	if w < 8 && Width(s) > w {
		return Spaces(w)
	}
	return Fit(s, w, tail)
}

// FitRight is Fit with the text at the right end.
func FitRight(s string, w int, tail string) string {
	if w <= 0 {
		return ""
	}
	if n, ok := simple(s); ok && n <= w {
		return Spaces(w-n) + s
	}
	s = Cut(s, w, tail)
	return Spaces(w-ansi.StringWidth(s)) + s
}

// Clean makes text from outside fit to be shown on one line: terminal sequences
// go, control characters, tabs and newlines become single spaces, bidirectional overrides
// and other invisible marks go, broken UTF-8 becomes U+FFFD. Emoji that
// terminals disagree about (joined families, variation selectors, skin tones)
// are reduced to their first picture, so that columns hold everywhere.
func Clean(s string) string {
	if plainASCII(s) || !needsCleaning(s) {
		return s
	}
	s = music.WithoutEscapes(s)
	var b strings.Builder
	b.Grow(len(s))
	gap, joined := false, false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == 0x200d && emojiBefore(b.String()):
			joined = true
		case r == utf8.RuneError && n == 1:
			b.WriteRune(utf8.RuneError)
		case unicode.IsControl(r) || divides(r):
			gap = true
		case invisible(r):
		case joined:
			joined = false
		default:
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		}
	}
	return b.String()
}

func needsCleaning(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) || divides(r) || r == 0x200d || invisible(r)
	})
}

// divides tells of the separators of lines and paragraphs.
func divides(r rune) bool { return r == 0x2028 || r == 0x2029 }

// invisible are characters that take no cell of their own and change how others are drawn.
func invisible(r rune) bool {
	switch {
	case r == 0x200c || r == 0x200d:
		return false // the joiners of Persian and Indic scripts
	case unicode.Is(unicode.Cf, r): // bidirectional overrides, spaces without width
		return true
	case r == 0x20e3, r >= 0x2060 && r <= 0x206f:
		return true
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0x1f3fb && r <= 0x1f3ff, r >= 0xe0000:
		return true
	}
	return false
}

// emojiBefore reports whether s ends in a picture.
func emojiBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r >= 0x2190 && r <= 0x2bff || r >= 0x1f000 && r <= 0x1faff
}

// Lines gives text wrapped to w cells at words, for popups.
func Lines(s string, w int) []string {
	if w <= 0 {
		return nil
	}
	return strings.Split(ansi.Wrap(s, w, ""), "\n")
}
