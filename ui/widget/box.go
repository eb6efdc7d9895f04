package widget

import (
	"strings"

	"charm.land/lipgloss/v2"

	"segue/ui/screen"
	"segue/ui/style"
)

// Box draws lines inside a thin rounded frame with a title in its upper edge
// and a note in its lower edge. w and h include the frame.
func Box(set *style.Set, w, h int, title, note string, lines []string) []string {
	frame := lipgloss.RoundedBorder()
	inner := max(w-2, 0)
	out := make([]string, 0, h)
	out = append(out, edge(set, inner, [3]string{frame.TopLeft, frame.Top, frame.TopRight}, title, style.Strong))
	left, right := set.Do(style.Faint, frame.Left), set.Do(style.Faint, frame.Right)
	for i := range max(h-2, 0) {
		l := ""
		if i < len(lines) {
			l = lines[i]
		}
		out = append(out, left+screen.Fit(l, inner, "")+style.Reset+right)
	}
	return append(out, edge(set, inner, [3]string{frame.BottomLeft, frame.Bottom, frame.BottomRight}, note, style.Muted))
}

// EdgeRoom is how many cells of text an edge of a box takes that is w wide.
func EdgeRoom(w int) int { return max(w-6, 0) }

// edge draws an upper or lower edge: its corner, its line and its other corner, with text in it.
func edge(set *style.Set, inner int, of [3]string, text string, pen style.Pen) string {
	if text == "" || inner < 6 {
		return set.Do(style.Faint, of[0]+strings.Repeat(of[1], inner)+of[2])
	}
	text = screen.Cut(text, EdgeRoom(inner+2), Tail)
	rest := inner - 3 - screen.Width(text)
	return set.Do(style.Faint, of[0]+of[1]) + " " + set.Do(pen, text) + " " + set.Do(style.Faint, strings.Repeat(of[1], rest)+of[2])
}
