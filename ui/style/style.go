// Package style holds the looks of the user interface: themes in TOML, for dark
// and light terminals, and the pens made of them for the number of colours that
// the terminal has. It draws nothing, has no goroutines, and reads files only
// in Load.
package style

import (
	"strconv"

	"github.com/charmbracelet/colorprofile"

	"segue/ui/screen"
)

// Pen is a way to write text. There is one accent, two greys and one warning.
type Pen uint8

// The pens. Faint is for lines and empty tracks, never for words.
const (
	Text Pen = iota
	Strong
	Muted
	Faint
	Accent
	AccentStrong
	Warn
	pens
)

// Set is what the screen is drawn with: escape sequences ready to be written.
// A pen changes only the colour and weight of the text, so that the background
// of a selected row goes on under it; Reset ends both.
type Set struct {
	Name string
	Dark bool
	// Select is the background of the row under the cursor, Dim that of the same
	// row in a pane without the focus, Chip that of a key in the hints.
	Select, Dim string
	// PlainSelect says that a selected row is written in Text and Strong only,
	// because the terminal's colours would not be readable on it.
	PlainSelect bool
	codes       [pens]string
	ramp        []string // of the accent, from the ground up; nil = too few colours
}

// Reset ends all pens and backgrounds.
const Reset = "\x1b[m"

// On gives the sequence that begins p.
func (s *Set) On(p Pen) string { return s.codes[p] }

// Do gives text written with p and ended.
func (s *Set) Do(p Pen, text string) string {
	if text == "" {
		return ""
	}
	return s.codes[p] + text + Reset
}

// Quiet gives the set for what lies behind something that has the keys: words in the
// muted grey, nothing bold, no accent.
func (s *Set) Quiet() *Set {
	q := *s
	for p := range q.codes {
		if Pen(p) != Faint {
			q.codes[p] = s.codes[Muted]
		}
	}
	return &q
}

// Level gives the sequence for a cell of a bar at height part, 0 to 1: the accent, which
// glows up from the ground where there are colours enough.
func (s *Set) Level(part float32) string {
	if len(s.ramp) == 0 {
		return s.codes[Accent]
	}
	return s.ramp[min(int(max(part, 0)*float32(len(s.ramp))), len(s.ramp)-1)]
}

// Under gives the pen to use for p on the selected row.
func (s *Set) Under(p Pen) Pen {
	if !s.PlainSelect {
		return p
	}
	if p == Strong || p == AccentStrong {
		return Strong
	}
	return Text
}

// Make gives the pens of a theme for a terminal with so many colours.
func Make(t Theme, dark bool, p colorprofile.Profile) *Set {
	s := &Set{Name: t.Name, Dark: dark}
	c := t.Dark
	if !dark {
		c = t.Light
	}
	switch p {
	case colorprofile.Unknown, colorprofile.TrueColor:
		s.fromColours(c, Colour.code)
	case colorprofile.ANSI256:
		s.fromColours(c.in256(!dark), func(c Colour) string { return "5;" + strconv.Itoa(int(screen.Index256(c.R, c.G, c.B))) })
	case colorprofile.ANSI:
		s.fromSixteen(dark)
	case colorprofile.ASCII, colorprofile.NoTTY:
		s.fromWeights()
	}
	return s
}

func (s *Set) fromColours(c Colours, code func(Colour) string) {
	fg := func(c Colour) string { return "38;" + code(c) }
	bg := func(c Colour) string { return "48;" + code(c) }
	s.codes = [pens]string{
		Text: "\x1b[22;" + fg(c.Text) + "m", Strong: "\x1b[1;" + fg(c.Text) + "m",
		Muted: "\x1b[22;" + fg(c.Muted) + "m", Faint: "\x1b[22;" + fg(c.Faint) + "m",
		Accent: "\x1b[22;" + fg(c.Accent) + "m", AccentStrong: "\x1b[1;" + fg(c.Accent) + "m",
		Warn: "\x1b[22;" + fg(c.Warning) + "m",
	}
	s.Select, s.Dim = "\x1b["+bg(c.Select)+"m", "\x1b["+bg(c.Dim)+"m"
	for i := range rampSteps {
		ground := 0.5 * float64(rampSteps-1-i) / (rampSteps - 1)
		s.ramp = append(s.ramp, "\x1b[22;"+fg(mix(c.Accent, c.Background, ground))+"m")
	}
}

// rampSteps is how many shades of the accent a high bar has.
const rampSteps = 9

// fromSixteen trusts the terminal's own palette: its default text, its grey,
// one colour and one for warnings; the selected row is reversed.
func (s *Set) fromSixteen(dark bool) {
	accent, warn := "36", "33"
	if !dark {
		accent, warn = "34", "31"
	}
	s.codes = [pens]string{
		Text: "\x1b[22;39m", Strong: "\x1b[1;39m", Muted: "\x1b[22;90m", Faint: "\x1b[22;90m",
		Accent: "\x1b[22;" + accent + "m", AccentStrong: "\x1b[1;" + accent + "m", Warn: "\x1b[22;" + warn + "m",
	}
	s.Select, s.Dim, s.PlainSelect = "\x1b[7m", "\x1b[4m", true
}

// fromWeights says with weight what others say with colour.
func (s *Set) fromWeights() {
	s.codes = [pens]string{
		Text: "\x1b[22m", Strong: "\x1b[22;1m", Muted: "\x1b[22;2m", Faint: "\x1b[22;2m",
		Accent: "\x1b[22;1m", AccentStrong: "\x1b[22;1m", Warn: "\x1b[22;1m",
	}
	s.Select, s.Dim, s.PlainSelect = "\x1b[7m", "\x1b[4m", true
}

func (c Colour) code() string {
	return "2;" + strconv.Itoa(int(c.R)) + ";" + strconv.Itoa(int(c.G)) + ";" + strconv.Itoa(int(c.B))
}
