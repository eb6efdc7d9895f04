package match

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Word is a word of a query.
type Word struct {
	Text string
	// Whole says that only this very term matches; otherwise terms that begin with
	// Text do. It is set for CJK, which has no spaces and is found by pairs of letters.
	Whole bool
}

// Terms gives the terms under which a folded text is found: its words, and for runs
// of CJK letters every letter and every pair of neighbours. A term may come twice;
// term is only good until yield returns.
func Terms(folded []byte, yield func(term []byte)) {
	for len(folded) > 0 {
		var run []byte
		var wide bool
		run, wide, folded = nextRun(folded)
		if !wide {
			yield(run)
			continue
		}
		for i := 0; i < len(run); {
			_, n := utf8.DecodeRune(run[i:])
			yield(run[i : i+n])
			if i+n < len(run) {
				_, m := utf8.DecodeRune(run[i+n:])
				yield(run[i : i+n+m])
			}
			i += n
		}
	}
}

// QueryWords folds what somebody typed and cuts it into the words to look for.
func QueryWords(text string) []Word {
	var words []Word
	folded := AppendFold(nil, text)
	for len(folded) > 0 {
		var run []byte
		var wide bool
		run, wide, folded = nextRun(folded)
		if !wide {
			if len(run) > 0 {
				words = append(words, Word{Text: string(run)})
			}
			continue
		}
		_, first := utf8.DecodeRune(run)
		if first == len(run) {
			words = append(words, Word{Text: string(run), Whole: true})
			continue
		}
		for i := 0; i < len(run); {
			_, n := utf8.DecodeRune(run[i:])
			if i+n == len(run) {
				break
			}
			_, m := utf8.DecodeRune(run[i+n:])
			words = append(words, Word{Text: string(run[i : i+n+m]), Whole: true})
			i += n
		}
	}
	return words
}

// Contains reports whether the text holds every word of the query as the start of
// one of its words, or anywhere for CJK. Both are folded by it.
func Contains(text, query string) bool {
	f := " " + Fold(text)
	for _, w := range QueryWords(query) {
		needle := w.Text
		if !w.Whole {
			needle = " " + needle
		}
		if !strings.Contains(f, needle) && !containsRun(f, w) {
			return false
		}
	}
	return true
}

// containsRun finds a word that stands right behind a CJK letter, without a space.
func containsRun(folded string, w Word) bool {
	found := false
	Terms([]byte(folded), func(t []byte) { found = found || strings.HasPrefix(string(t), w.Text) })
	return found
}

// nextRun cuts the next word or run of CJK letters off.
func nextRun(b []byte) (run []byte, isWide bool, rest []byte) {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	if len(b) == 0 {
		return nil, false, nil
	}
	i, first := 0, true
	for i < len(b) && b[i] != ' ' {
		if b[i] < utf8.RuneSelf {
			if !first && isWide {
				break
			}
			i++
			first = false
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		w := wide(r)
		if first {
			isWide = w
		} else if w != isWide {
			break
		}
		first = false
		i += n
	}
	return b[:i], isWide, b[i:]
}

func wide(r rune) bool {
	return r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
