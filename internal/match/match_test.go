package match

import (
	"reflect"
	"testing"
	"unicode/utf8"
)

func TestNamesFoldToTheFormInWhichTheyAreCompared(t *testing.T) {
	for name, c := range map[string][2]string{
		"case and accents":            {"Björk  GUÐMUNDSDÓTTIR", "bjork gudmundsdottir"},
		"letters that do not split":   {"Straße Søren Łódź œuvre", "strasse soren lodz oeuvre"},
		"punctuation is one space":    {"AC/DC -- Live!", "ac dc live"},
		"apostrophes vanish":          {"Don't Stop ’Til", "dont stop til"},
		"and":                         {"Simon & Garfunkel", "simon and garfunkel"},
		"only punctuation stays":      {"???", "???"},
		"full width":                  {"ＡＢＣ", "abc"},
		"hangul is put together":      {"방탄소년단", "방탄소년단"},
		"bytes that are no text":      {"a\xff\xfeb", "a b"},
		"control characters":          {"a\x00b\x1b[31m", "a b 31m"},
		"and at the start, no letter": {"&", "and"},
	} {
		if got := Fold(c[0]); got != c[1] {
			t.Errorf("%s: Fold(%q) = %q, want %q", name, c[0], got, c[1])
		}
	}
}

func TestArticlesDoNotDecideTheOrder(t *testing.T) {
	for in, want := range map[string]string{"The Beatles": "beatles", "A": "a", "The The": "the", "An Ode": "ode"} {
		if got := SortKey(in); got != want {
			t.Errorf("SortKey(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTextIsFoundByTermsAndCJKByPairs(t *testing.T) {
	var got []string
	Terms([]byte("abc 日本語 x日"), func(b []byte) { got = append(got, string(b)) })
	want := []string{"abc", "日", "日本", "本", "本語", "語", "x", "日"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("terms %q, want %q", got, want)
	}
	if q := QueryWords("Bach 日本語 本"); !reflect.DeepEqual(q, []Word{{"bach", false}, {"日本", true}, {"本語", true}, {"本", true}}) {
		t.Errorf("query words %v", q)
	}
	for _, c := range []struct {
		text, query string
		want        bool
	}{{"Johann Sebastian", "seb joh", true}, {"東京日本語", "日本", true}, {"Johann", "ann", false}, {"日本rock", "roc", true}} {
		if Contains(c.text, c.query) != c.want {
			t.Errorf("Contains(%q, %q) = %v", c.text, c.query, !c.want)
		}
	}
}

func TestSlipsAreCounted(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		limit, want int
	}{{"river", "rivre", 2, 1}, {"river", "rver", 2, 1}, {"beethoven", "bethofen", 2, 2}, {"abc", "xyz", 2, 3}, {"", "ab", 2, 2}, {"ab", "abcdef", 2, 3}, {"björk", "bjork", 1, 1}} {
		if got := Distance(c.a, c.b, c.limit); got != c.want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", c.a, c.b, c.limit, got, c.want)
		}
	}
}

func FuzzFoldingTwiceIsFoldingOnce(f *testing.F) {
	f.Add("Björk & the ΣΊΣΥΦΟΣ")
	f.Add("日本\xff")
	f.Fuzz(func(t *testing.T, s string) {
		one := Fold(s)
		if utf8.ValidString(s) && !utf8.ValidString(one) {
			t.Errorf("Fold(%q) is no text", s)
		}
		n := 0
		Terms([]byte(one), func(b []byte) {
			if len(b) > 0 {
				n++
			}
		})
		if n > 4*len(s)+1 {
			t.Errorf("%d terms of %d bytes", n, len(s))
		}
		QueryWords(s)
		Contains(s, s)
	})
}

func BenchmarkFold(b *testing.B) {
	var buf []byte
	for b.Loop() {
		buf = AppendFold(buf[:0], "Variatio 24. Canone all'Ottava a 1 Clav.")
	}
}
