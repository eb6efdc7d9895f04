package style

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// DefaultTheme is used when none is named.
const DefaultTheme = "ember"

//go:embed themes/*.toml
var themes embed.FS

// Colour is a colour of 24 bits, "#rrggbb" in a theme.
type Colour struct{ R, G, B uint8 }

// UnmarshalText reads "#rrggbb".
func (c *Colour) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(strings.TrimPrefix(string(b), "#"), 16, 32)
	if err != nil || len(b) != 7 || b[0] != '#' {
		return fmt.Errorf("%q is no colour, want #rrggbb", b)
	}
	c.R, c.G, c.B = uint8(n>>16), uint8(n>>8), uint8(n)
	return nil
}

// Colours are one half of a theme: for dark or for light terminals.
type Colours struct {
	Background Colour `toml:"background"` // what the others were chosen for; the terminal's own is kept
	Text       Colour `toml:"text"`
	Muted      Colour `toml:"muted"` // the grey of words
	Faint      Colour `toml:"faint"` // the grey of lines
	Accent     Colour `toml:"accent"`
	Warning    Colour `toml:"warning"`
	Select     Colour `toml:"select"` // behind the row under the cursor
	Dim        Colour `toml:"dim"`    // the same in a pane without the focus
}

// Theme is a look for dark and light terminals.
type Theme struct {
	Name  string  `toml:"name"`
	Dark  Colours `toml:"dark"`
	Light Colours `toml:"light"`
}

// Load reads a theme by name: a file NAME.toml in dir, else one that comes with
// the program. On an error the default theme comes back with it.
func Load(dir, name string) (Theme, error) {
	if name == "" {
		name = DefaultTheme
	}
	fallback := builtIn(DefaultTheme)
	if strings.ContainsAny(name, "/\\") || strings.HasPrefix(name, ".") {
		return fallback, fmt.Errorf("style: %q is no name of a theme", name)
	}
	if dir != "" {
		data, err := os.ReadFile(filepath.Join(dir, name+".toml"))
		if err == nil {
			return parse(name, data, fallback)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return fallback, fmt.Errorf("style: theme %s: %w", name, err)
		}
	}
	data, err := themes.ReadFile("themes/" + name + ".toml")
	if err != nil {
		return fallback, fmt.Errorf("no theme is named %q; there are %s", name, strings.Join(Names(dir), ", "))
	}
	return parse(name, data, fallback)
}

// parse reads a theme; what a file leaves out is taken from base.
func parse(name string, data []byte, base Theme) (Theme, error) {
	t := base
	d := toml.NewDecoder(bytes.NewReader(data))
	if err := d.DisallowUnknownFields().Decode(&t); err != nil {
		return base, mistake(name, err)
	}
	t.Name = name
	return t, nil
}

// mistake says what is wrong in a theme and, if the decoder knows, on which line.
func mistake(name string, err error) error {
	var bad *toml.DecodeError
	var more *toml.StrictMissingError
	if errors.As(err, &more) && len(more.Errors) > 0 {
		line, _ := more.Errors[0].Position()
		return fmt.Errorf("style: theme %s, line %d: a theme has no %q", name, line, strings.Join(more.Errors[0].Key(), "."))
	}
	if errors.As(err, &bad) {
		line, _ := bad.Position()
		return fmt.Errorf("style: theme %s, line %d: %s", name, line, strings.TrimPrefix(bad.Error(), "toml: "))
	}
	return fmt.Errorf("style: theme %s: %w", name, err)
}

func builtIn(name string) Theme {
	data, err := themes.ReadFile("themes/" + name + ".toml")
	if err != nil {
		return Theme{}
	}
	t, err := parse(name, data, Theme{})
	if err != nil {
		return Theme{}
	}
	return t
}

// Names lists the themes there are: those of dir and those that come with the program.
func Names(dir string) []string {
	seen := map[string]bool{}
	add := func(entries []fs.DirEntry) {
		for _, e := range entries {
			if n, ok := strings.CutSuffix(e.Name(), ".toml"); ok {
				seen[n] = true
			}
		}
	}
	if entries, err := themes.ReadDir("themes"); err == nil {
		add(entries)
	}
	if dir != "" {
		if entries, err := os.ReadDir(dir); err == nil {
			add(entries)
		}
	}
	names := make([]string, 0, len(seen))
	for n := range seen {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Contrast is the ratio of WCAG 2 between two colours, 1 to 21.
func Contrast(a, b Colour) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c Colour) float64 {
	lin := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}
