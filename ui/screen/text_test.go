package screen

import (
	"image"
	"image/color"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

func TestTextFromOutsideIsCleaned(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":                     {"Aria da Capo", "Aria da Capo"},
		"tab and newline":           {"a\tb\nc\r\n d", "a b c  d"},
		"escape sequence":           {"a\x1b[31mb", "ab"},
		"escape of a title":         {"a\x1b]0;owned\x07b", "ab"},
		"escape alone":              {"a\x1b b", "a  b"},
		"bidi override":             {"\u202Eevil\u202C", "evil"},
		"broken UTF-8":              {"a\xffb", "a\uFFFDb"},
		"zero width space":          {"a\u200bb", "ab"},
		"family of emoji":           {"👨‍👩‍👧 x", "👨 x"},
		"variation selector":        {"❤️", "❤"},
		"skin tone":                 {"👍🏽", "👍"},
		"combining mark stays":      {"e\u0301", "e\u0301"},
		"persian joiner stays":      {"می\u200cخواهم", "می\u200cخواهم"},
		"right to left stays":       {"تملي معاك", "تملي معاك"},
		"control at the ends":       {"\x00a\x07", "a"},
		"C1 control":                {"a\u009bb", "a b"},
		"line separator":            {"a\u2028b", "a b"},
		"soft hyphen and byte mark": {"\ufeffso\u00adft", "soft"},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestFitIsExactlySoWide(t *testing.T) {
	long := strings.Repeat("と長い題名 ", 60)
	for _, s := range []string{"", "x", "Aria", "春の海", long, "e\u0301tude", "👍👍👍", "تملي معاك", "\x1b[1mbold\x1b[m"} {
		for w := range 40 {
			for _, f := range []string{Fit(s, w, "…"), FitRight(s, w, "…")} {
				if got := ansi.StringWidth(f); got != w {
					t.Fatalf("%q in %d cells takes %d: %q", s, w, got, f)
				}
			}
		}
	}
}

func TestWhatIsBehindALongTextIsReadableOrNotThere(t *testing.T) {
	for _, c := range []struct {
		in   string
		w    int
		want string
	}{{"  Artist", 1, " "}, {"  Artist", 7, "       "}, {"  Artist", 8, "  Artist"}, {"  Bo", 6, "  Bo  "}, {"  A long name", 8, "  A lon…"}, {"x", 0, ""}, {"x", -2, ""}} {
		if got := FitSome(c.in, c.w, "…"); got != c.want {
			t.Errorf("%q in %d cells is %q, want %q", c.in, c.w, got, c.want)
		}
	}
}

func TestSpliceKeepsWideNeighboursInPlace(t *testing.T) {
	for x := range 16 {
		lines := []string{"春の海春の海春の海春"}
		Splice(lines, []string{"[xx]"}, 20, x, 0)
		plain := ansi.Strip(lines[0])
		if w := ansi.StringWidth(plain); w != 20 {
			t.Errorf("at %d the line is %d wide: %q", x, w, plain)
		}
		if i := strings.Index(plain, "["); ansi.StringWidth(plain[:i]) != x {
			t.Errorf("at %d the box is at %d: %q", x, ansi.StringWidth(plain[:i]), plain)
		}
	}
	short := []string{"ab"}
	Splice(short, []string{"X"}, 10, 5, 0)
	if got := ansi.Strip(short[0]); got != "ab   X    " {
		t.Errorf("%q", got)
	}
}

func TestHalfBlocksFillTheirCells(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {300, 10}, {10, 300}, {64, 64}} {
		img := image.NewRGBA(image.Rect(0, 0, size[0], size[1]))
		for i := range img.Pix {
			img.Pix[i] = uint8(i * 7)
		}
		for _, few := range []bool{true, false} {
			lines := HalfBlocks(img, 34, 17, Tall, few)
			if len(lines) != 17 {
				t.Errorf("%v: %d lines", size, len(lines))
			}
			for _, l := range lines {
				if ansi.StringWidth(l) != 34 {
					t.Errorf("%v: a line of %d cells", size, ansi.StringWidth(l))
				}
			}
		}
	}
	if HalfBlocks(image.NewRGBA(image.Rectangle{}), 3, 3, Tall, false) != nil {
		t.Error("an empty picture is drawn")
	}
}

func TestASquareIsASquareInCellsOfEveryShape(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 60, 60))
	for _, c := range []struct {
		pxW, pxH, w, h int // a cell, and the room
		wide, rows     int // the picture
	}{{8, 16, 34, 30, 34, 17}, {9, 21, 34, 30, 34, 15}, {10, 24, 34, 14, 34, 14}, {10, 20, 34, 10, 20, 10}, {10, 24, 60, 10, 24, 10}, {0, 0, 34, 30, 34, 17}, {1, 100, 34, 30, 34, 17}, {16, 8, 34, 30, 34, 17}} {
		lines := HalfBlocks(img, c.w, c.h, TallOf(c.pxW, c.pxH), false)
		rows, wide := 0, 0
		for _, l := range lines {
			if n := strings.Count(l, "▀"); n > 0 {
				rows++
				wide = n
			}
		}
		if len(lines) != c.h || rows != c.rows || wide != c.wide {
			t.Errorf("cells of %dx%d: %d x %d cells in %d lines, want %d x %d in %d", c.pxW, c.pxH, wide, rows, len(lines), c.wide, c.rows, c.h)
		}
	}
}

func TestQuietColoursStayGreyInThePaletteOf256(t *testing.T) {
	for _, c := range []color.RGBA{{0x2b, 0x29, 0x30, 255}, {0x45, 0x44, 0x4b, 255}, {0xec, 0xe6, 0xdb, 255}, {48, 20, 60, 255}} {
		if i := Index256(c.R, c.G, c.B); i < 231 {
			t.Errorf("%v is %d", c, i)
		}
	}
	if i := Index256(0xf0, 0xa8, 0x68); i != 215 {
		t.Errorf("the accent is %d, want 215", i)
	}
}

func TestASCIIKeepsEachCellInItsPlace(t *testing.T) {
	for _, s := range []string{"╭─ Hélp ─╮", "▶ 春の海 …", "♥ ● ◌ ○ ▪ ‖", "“q” — naïve 👍", "\x1b[1m━━●──\x1b[m"} {
		a := ASCII(s)
		if ansi.StringWidth(a) != ansi.StringWidth(s) {
			t.Errorf("%q became %q", s, a)
		}
		for _, r := range a {
			if r > 0x7e {
				t.Errorf("%q is in %q", r, a)
			}
		}
	}
}

func TestClocks(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0:00", 59 * time.Second: "0:59", 61 * time.Second: "1:01", time.Hour + 2*time.Second: "1:00:02", -1: "0:00"} {
		if got := ClockAt(d); got != want {
			t.Errorf("%v is %s, want %s", d, got, want)
		}
	}
	if Thousands(1234567) != "1,234,567" || Thousands(999) != "999" {
		t.Error(Thousands(1234567), Thousands(999))
	}
}

func FuzzCleanAndFit(f *testing.F) {
	f.Add("春\x1b[2J\u202E👨‍👩‍👧", 5)
	f.Fuzz(func(t *testing.T, s string, w int) {
		w = w&63 + 1
		c := Clean(s)
		for _, r := range c {
			if r < 0x20 || r == 0x7f || r == 0x202e {
				t.Fatalf("%q came through in %q", r, c)
			}
		}
		if got := ansi.StringWidth(Fit(c, w, "…")); got != w {
			t.Fatalf("%q in %d cells takes %d", c, w, got)
		}
	})
}
