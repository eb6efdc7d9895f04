package music

import (
	"strconv"
	"strings"
	"testing"
)

func TestEscapesGoWhole(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"none":                         {"Aria", "Aria"},
		"colour":                       {"\x1b[31mred\x1b[0m", "red"},
		"true colour":                  {"a\x1b[38;2;1;2;3mb", "ab"},
		"private mode":                 {"\x1b[?1049hx", "x"},
		"with a byte between":          {"\x1b[1 qx", "x"},
		"window title, bell":           {"\x1b]0;owned\x07bell", "bell"},
		"window title, terminator":     {"\x1b]2;owned\x1b\\x", "x"},
		"link":                         {"\x1b]8;;http://e.example\x1b\\words\x1b]8;;\x1b\\", "words"},
		"device control":               {"a\x1bPq#0~\x1b\\b", "ab"},
		"picture":                      {"a\x1b_Ga=d\x1b\\b", "ab"},
		"charset":                      {"\x1b(0lqk\x1b(B", "lqk"},
		"reset":                        {"\x1bcx", "x"},
		"colour by one character":      {"a\u009b31mb", "ab"},
		"title by one character":       {"a\u009d0;owned\u009cb", "ab"},
		"quotes in the wrong charset":  {"â\u0080\u009dHelloâ\u0080\u009c \u009bHi", "â\u0080\u009dHelloâ\u0080\u009c \u009bHi"},
		"title without its end":        {"\x1b]0;a name", "0;a name"},
		"cut in the middle":            {"abc\x1b[31", "abc"},
		"broken by a letter":           {"a\x1b[31éb", "aéb"},
		"alone at the end":             {"a\x1b", "a\x1b"},
		"before a letter outside":      {"a\x1bé", "a\x1bé"},
		"no UTF-8":                     {"\xff\x1b[1m\xfe", "\xff\xfe"},
		"byte of another, not a start": {"ě31m 웛31m", "ě31m 웛31m"},
	} {
		if got := WithoutEscapes(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestCleanLeavesNothingOfASequence(t *testing.T) {
	for in, want := range map[string]string{
		"\x1b[31mred\x1b[0m":        "red",
		"\x1b[1m  bold \x1b[m text": "bold text",
		"\x1b]0;owned\x07":          "",
		"a\x1bé\tb\x00":             "aé b",
		"\x9b31m\xff":               "\ufffd31m\ufffd",
	} {
		if got := Clean(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestWhatIsCleanAlreadyCostsNoMemory(t *testing.T) {
	long := strings.Repeat("Goldberg Variations ", 40) + "end"
	for _, s := range []string{"Aria", long} {
		if n := testing.AllocsPerRun(100, func() { Clean(s) }); n != 0 {
			t.Errorf("%d bytes cost %g allocations", len(s), n)
		}
	}
	if n := testing.AllocsPerRun(100, func() { WithoutEscapes("春の海 é") }); n != 0 {
		t.Errorf("a name without sequences costs %g allocations", n)
	}
}

func FuzzNoSequenceIsLeft(f *testing.F) {
	f.Add("\x1b]0;a\x1b[31mb\x07c\u009b1m")
	f.Fuzz(func(t *testing.T, s string) {
		got := WithoutEscapes(s)
		if len(got) > len(s) {
			t.Fatalf("%q grew to %q", s, got)
		}
		if !strings.ContainsAny(s, "\x1b\u009b\u009d") && got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

// BenchmarkEscapesWithoutEnd is a text that begins half a million sequences and ends none.
func BenchmarkEscapesWithoutEnd(b *testing.B) {
	for _, begin := range []string{"\x1b]", "\u009d0", "\x1b"} {
		text := strings.Repeat(begin, 1<<20/len(begin))
		b.Run(strconv.Quote(begin), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				WithoutEscapes(text)
			}
		})
	}
}
