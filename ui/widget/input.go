package widget

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"segue/ui/screen"
	"segue/ui/style"
)

// Input is a text field of one line. The cursor stands between whole characters
// as people see them, not between code points.
type Input struct {
	before, after string
	Placeholder   string
	wrong         [2]int // bytes of the text that are wrong: from, to
	// Secret shows a dot for each character.
	Secret bool
}

// Mark shows n bytes of the text from pos on as wrong; n = 0 as right again.
func (in *Input) Mark(pos, n int) {
	size := len(in.Value())
	pos = min(max(pos, 0), size)
	if n > 0 && pos == size && size > 0 {
		pos-- // what is missing at the end is shown at the last character
	}
	in.wrong = [2]int{pos, min(pos+n, size)}
}

// NewInput gives a field holding text, the cursor behind it.
func NewInput(text string) Input { return Input{before: screen.Clean(text)} }

// Value is the text.
func (in *Input) Value() string { return in.before + in.after }

// Set replaces the text and puts the cursor behind it.
func (in *Input) Set(text string) { in.before, in.after = screen.Clean(text), "" }

// Insert adds typed or pasted text at the cursor.
func (in *Input) Insert(text string) { in.before += screen.Clean(text) }

// AtEnd reports whether the cursor stands behind the text.
func (in *Input) AtEnd() bool { return in.after == "" }

// Key handles an editing key in the terminal's spelling; false = not one.
func (in *Input) Key(k string) bool {
	switch k {
	case "left", "ctrl+b":
		in.left()
	case "right", "ctrl+f":
		in.right()
	case "home", "ctrl+a":
		in.before, in.after = "", in.before+in.after
	case "end", "ctrl+e":
		in.before, in.after = in.before+in.after, ""
	case "backspace", "ctrl+h":
		in.before = dropLast(in.before)
	case "delete", "ctrl+d":
		c, _ := ansi.FirstGraphemeCluster(in.after, ansi.GraphemeWidth)
		in.after = in.after[len(c):]
	case "ctrl+u":
		in.before = ""
	case "ctrl+k":
		in.after = ""
	case "ctrl+w", "alt+backspace", "ctrl+backspace":
		t := strings.TrimRight(in.before, " ")
		in.before = t[:strings.LastIndexByte(t, ' ')+1]
	case "alt+left", "ctrl+left", "alt+b":
		t := strings.TrimRight(in.before, " ")
		n := strings.LastIndexByte(t, ' ') + 1
		in.before, in.after = in.before[:n], in.before[n:]+in.after
	case "alt+right", "ctrl+right", "alt+f":
		t := strings.TrimLeft(in.after, " ")
		n := strings.IndexByte(t, ' ')
		if n < 0 {
			n = len(t)
		}
		n += len(in.after) - len(t)
		in.before, in.after = in.before+in.after[:n], in.after[n:]
	default:
		return false
	}
	return true
}

func (in *Input) left() {
	t := dropLast(in.before)
	in.before, in.after = t, in.before[len(t):]+in.after
}

func (in *Input) right() {
	c, _ := ansi.FirstGraphemeCluster(in.after, ansi.GraphemeWidth)
	in.before, in.after = in.before+c, in.after[len(c):]
}

// dots gives a dot for each character.
func dots(s string) string { return strings.Repeat("•", utf8.RuneCountInString(s)) }

// dropLast gives s without its last character.
func dropLast(s string) string {
	rest, last := s, 0
	for rest != "" {
		c, _ := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		last = len(c)
		rest = rest[last:]
	}
	return s[:len(s)-last]
}

// Line draws the field in exactly w cells and tells the column of the cursor.
func (in *Input) Line(set *style.Set, w int) (line string, cursor int) {
	if w <= 0 {
		return "", 0
	}
	if in.Value() == "" {
		return set.Do(style.Muted, screen.Fit(in.Placeholder, w, Tail)), 0
	}
	if in.Secret {
		dots := &Input{before: dots(in.before), after: dots(in.after)}
		return dots.Line(set, w)
	}
	if in.wrong[1] > in.wrong[0] && screen.Width(in.Value()) < w {
		text := in.Value()
		a, b := min(in.wrong[0], len(text)), min(in.wrong[1], len(text))
		line = set.On(style.Text) + text[:a] + "\x1b[4m" + set.On(style.Warn) + text[a:b] + "\x1b[24m" + set.On(style.Text) + text[b:] + style.Reset
		return screen.Fit(line, w, ""), screen.Width(in.before)
	}
	before := in.before
	if n := screen.Width(before); n > w-1 {
		before = ansi.TruncateLeft(before, n-(w-1), "")
	}
	cursor = screen.Width(before)
	return set.Do(style.Text, screen.Fit(before+in.after, w, Tail)), min(cursor, w-1)
}
