package style

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"segue/ui/screen"
)

func TestEveryThemeCanBeRead(t *testing.T) {
	for _, name := range Names("") {
		th, err := Load("", name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for half, c := range map[string]Colours{"dark": th.Dark, "light": th.Light,
			"dark, of 256 colours": th.Dark.in256(false), "light, of 256 colours": th.Light.in256(true)} {
			for what, pen := range map[string]Colour{"text": c.Text, "muted": c.Muted, "accent": c.Accent, "warning": c.Warning} {
				for where, ground := range map[string]Colour{"background": c.Background, "select": c.Select, "dim": c.Dim} {
					if r := Contrast(pen, ground); r < 4.5 {
						t.Errorf("%s %s: %s on %s has contrast %.2f, want 4.5", name, half, what, where, r)
					}
				}
			}
		}
	}
}

func TestAUserThemeWinsAndAMistakeFallsBack(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("tide.toml", "[dark]\naccent = \"#010203\"\n")
	write("broken.toml", "[dark]\naccent = \"red\"\n")
	th, err := Load(dir, "tide")
	if err != nil || th.Dark.Accent != (Colour{1, 2, 3}) || th.Dark.Text == (Colour{}) {
		t.Errorf("own theme: %+v, %v", th.Dark, err)
	}
	for _, name := range []string{"broken", "nowhere", "../../etc/passwd"} {
		th, err := Load(dir, name)
		if err == nil || th.Name != DefaultTheme {
			t.Errorf("%s: %q, %v", name, th.Name, err)
		}
	}
}

func TestAMistakeInAThemeNamesItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"[dark]\n\naccent = \"red\"\n":     "theme x, line 3: ",
		"[dark]\nacent = \"#010203\"\n":    `theme x, line 2: a theme has no "dark.acent"`,
		"[dark]\naccent = \"#010203\"\n[x": "theme x, line 3: ",
	} {
		base := builtIn(DefaultTheme)
		th, err := parse("x", []byte(text), base)
		if err == nil || !strings.Contains(err.Error(), want) || th != base {
			t.Errorf("%q: %v, want %q and the old look", text, err, want)
		}
	}
}

func TestFewColoursAreDesignedToo(t *testing.T) {
	th, _ := Load("", "")
	for name, p := range map[string]colorprofile.Profile{"sixteen colours": colorprofile.ANSI, "no colour": colorprofile.ASCII} {
		s := Make(th, true, p)
		if s.Select != "\x1b[7m" || s.Under(Accent) != Text || strings.Contains(s.On(Accent), "38;2") {
			t.Errorf("%s: %q %q", name, s.Select, s.On(Accent))
		}
	}
	if s := Make(th, true, colorprofile.ASCII); s.On(Strong) == s.On(Text) || s.On(Muted) == s.On(Text) {
		t.Error("without colour the weights must tell apart")
	}
}

func TestTheColoursOf256AreThoseOfThePalette(t *testing.T) {
	for i := 16; i < 256; i++ {
		r, g, b := screen.RGB256(uint8(i))
		near := nearest(Colour{r, g, b})
		if r == g && g == b && int(near.R)-int(r) < 4 {
			continue // a grey of the cube, which the greys have a twin of
		}
		if got := (Colour{r, g, b}); near != got {
			t.Errorf("%d is %v, and nearest to it is %v", i, got, nearest(got))
		}
	}
}

func TestAQuietSetHasNeitherBoldNorAccent(t *testing.T) {
	th, err := Load("", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256, colorprofile.ANSI, colorprofile.ASCII} {
		s := Make(th, true, p)
		q := s.Quiet()
		for pen := range pens {
			if pen != Faint && q.On(pen) != s.On(Muted) {
				t.Errorf("%v: pen %d is %q", p, pen, q.On(pen))
			}
		}
		if s.On(Accent) == s.On(Muted) {
			t.Errorf("%v: the set itself was changed", p)
		}
	}
}

func TestABarGlowsUpFromTheGround(t *testing.T) {
	th, err := Load("", "")
	if err != nil {
		t.Fatal(err)
	}
	full := Make(th, true, colorprofile.TrueColor)
	if full.Level(0) == full.Level(1) || full.Level(1) != full.On(Accent) || full.Level(2) != full.Level(1) || full.Level(-1) != full.Level(0) {
		t.Errorf("%q, %q", full.Level(0), full.Level(1))
	}
	if few := Make(th, true, colorprofile.ANSI); few.Level(0) != few.On(Accent) {
		t.Errorf("of 16 colours %q", few.Level(0))
	}
}
