package screen

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/charmbracelet/x/ansi"
)

// ASCII gives a drawn screen in ASCII characters only, each cell in its place:
// lines and marks become the nearest signs, letters lose their accents, and
// what has no twin becomes a question mark for each of its cells.
func ASCII(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		if s[i] < 0x80 {
			b.WriteByte(s[i])
			i++
			continue
		}
		c, w := ansi.FirstGraphemeCluster(s[i:], ansi.GraphemeWidth)
		if len(c) == 0 {
			break
		}
		i += len(c)
		b.WriteString(twin(c, w))
	}
	return b.String()
}

func twin(c string, w int) string {
	switch c {
	case "─", "╌":
		return "-"
	case "━":
		return "="
	case "│":
		return "|"
	case "╭", "╮", "╰", "╯":
		return "+"
	case "●":
		return "o"
	case "•", "★":
		return "*"
	case "○", "☆":
		return "."
	case "◌":
		return "!"
	case "▶":
		return ">"
	case "‖":
		return "\""
	case "▪":
		return "#"
	case "♥":
		return "*"
	case "▌", "▐":
		return "|"
	case "…":
		return "~"
	case "·":
		return "."
	case "–", "—", "−":
		return "-"
	case "“", "”":
		return "\""
	case "‘", "’":
		return "'"
	case "▲", "↑":
		return "^"
	case "▼", "↓", "▾":
		return "v"
	case "←":
		return "<"
	case "→", "›", "▸":
		return ">"
	case "▁", "▂":
		return "."
	case "▃", "▄":
		return ":"
	case "▅", "▆":
		return "|"
	case "▇", "█":
		return "#"
	case "▀":
		return " "
	case "♪":
		return "~"
	case "×":
		return "x"
	case "ß":
		return "s"
	}
	if d := norm.NFD.String(c); d != "" && d[0] < 0x80 {
		return d[:1] + strings.Repeat("?", max(w-1, 0))
	}
	return strings.Repeat("?", w)
}
