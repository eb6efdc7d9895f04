package screen

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Lines are laid out in what people see as characters (grapheme clusters), and terminals
// with mode 2027 draw them so. Others, and the renderer with them, go on by the width of
// each code point, which for letters with the vowel signs of India, Khmer or Thai is more.

// ByCodePoints gives a line as it must be written where the terminal goes on by code
// points: what a character takes too much there is taken out of the spaces that follow
// it, so that columns and frames behind it stand where they were laid out.
func ByCodePoints(line string) string {
	if !mayDiffer(line) {
		return line
	}
	var b strings.Builder
	b.Grow(len(line))
	owed := 0 // cells
	for i := 0; i < len(line); {
		if n := blanks(line[i:]); n > 1 {
			drop := min(owed, n-1)
			owed -= drop
			b.WriteString(line[i : i+n-drop])
			i += n
			continue
		}
		n, _, simple := next(line, i)
		if !simple || i+n < len(line) && line[i+n] >= 0x80 { // a mark may follow
			c, w := ansi.FirstGraphemeCluster(line[i:], ansi.GraphemeWidth)
			n = max(len(c), 1)
			owed += max(ansi.StringWidthWc(line[i:i+n])-w, 0)
		}
		b.WriteString(line[i : i+n])
		i += n
	}
	return b.String()
}

// CodePointColumn gives the column that column x of a line has in ByCodePoints of it.
func CodePointColumn(line string, x int) int {
	return ansi.StringWidthWc(ByCodePoints(ansi.Truncate(line, x, "")))
}

// mayDiffer reports whether a line has letters that the two ways may see otherwise: those
// of South and South-East Asia, old Hangul, half-width kana. It looks for the first bytes
// of their code points, which other lines hardly have.
func mayDiffer(line string) bool {
	for _, lead := range []byte{0xe0, 0xe1, 0xea, 0xef, 0xf0} {
		if strings.IndexByte(line, lead) >= 0 {
			return true
		}
	}
	return false
}

// blanks counts the spaces at the beginning of s.
func blanks(s string) int {
	n := 0
	for n < len(s) && s[n] == ' ' {
		n++
	}
	return n
}
