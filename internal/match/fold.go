// Package match knows when two names mean the same: it folds case, accents and
// punctuation away, cuts names into words and measures how far two words are apart.
//
// It is pure functions over strings, without goroutines, I/O or state.
package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a name to the form in which names are compared: compatibility forms
// decomposed, accents dropped, lower case, "&" as "and", apostrophes dropped, every
// other run of punctuation and space as one space, none at the ends. Names of
// punctuation alone ("???") are kept as they are, in lower case.
func Fold(s string) string { return string(AppendFold(nil, s)) }

// AppendFold appends Fold(s) to dst.
func AppendFold(dst []byte, s string) []byte {
	start := len(dst)
	if ascii(s) {
		dst = appendASCII(dst, s)
	} else {
		dst = appendFolded(dst, s)
	}
	if len(dst) == start {
		dst = append(dst, strings.ToLower(strings.TrimSpace(s))...)
	}
	return dst
}

// SortKey is Fold without a leading English article: "The Beatles" stands under B.
func SortKey(s string) string {
	f := Fold(s)
	for _, article := range [...]string{"the ", "a ", "an "} {
		if rest, ok := strings.CutPrefix(f, article); ok && rest != "" {
			return rest
		}
	}
	return f
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func appendASCII(dst []byte, s string) []byte {
	start, space := len(dst), false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
		case c == '\'' || c == '`':
			continue
		case c == '&':
			dst = appendAnd(dst, start)
			space = true
			continue
		default:
			space = true
			continue
		}
		if space && len(dst) > start {
			dst = append(dst, ' ')
		}
		space = false
		dst = append(dst, c)
	}
	return dst
}

func appendAnd(dst []byte, start int) []byte {
	if len(dst) > start {
		dst = append(dst, ' ')
	}
	return append(dst, "and"...)
}

func appendFolded(dst []byte, s string) []byte {
	start, space, jamo := len(dst), false, false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case r == '\'' || r == '`' || r == '’' || r == '‘' || r == 'ʼ' || unicode.Is(unicode.Mn, r):
			continue
		case r == '&':
			dst = appendAnd(dst, start)
			space = true
			continue
		case r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mc, r):
			space = true
			continue
		}
		if space && len(dst) > start {
			dst = append(dst, ' ')
		}
		space = false
		if r >= 0x1100 && r < 0x1200 {
			jamo = true
		}
		dst = appendLetter(dst, unicode.ToLower(r))
	}
	if jamo {
		dst = append(dst[:start], norm.NFC.String(string(dst[start:]))...)
	}
	return dst
}

// appendLetter writes the letters that Unicode does not take apart as people type them.
func appendLetter(dst []byte, r rune) []byte {
	switch r {
	case 'ß':
		return append(dst, "ss"...)
	case 'æ':
		return append(dst, "ae"...)
	case 'œ':
		return append(dst, "oe"...)
	case 'þ':
		return append(dst, "th"...)
	case 'ø':
		return append(dst, 'o')
	case 'đ', 'ð':
		return append(dst, 'd')
	case 'ł':
		return append(dst, 'l')
	case 'ı':
		return append(dst, 'i')
	case 'ħ':
		return append(dst, 'h')
	case 'ς':
		return utf8.AppendRune(dst, 'σ')
	}
	return utf8.AppendRune(dst, r)
}
