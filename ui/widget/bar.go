package widget

import (
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"segue/ui/screen"
	"segue/ui/style"
)

// Bar draws a progress bar of exactly w cells: what is behind in the accent, a
// head, what is ahead in the grey of lines. With no length there is only the track.
func Bar(set *style.Set, w int, at, length time.Duration) string {
	if w <= 0 {
		return ""
	}
	n := 0
	if length > 0 {
		n = int(int64(min(max(at, 0), length)) * int64(w-1) / int64(length))
	}
	var b strings.Builder
	if length > 0 {
		b.WriteString(set.On(style.Accent))
		b.WriteString(strings.Repeat("━", n))
		b.WriteString("●")
		n++
	}
	b.WriteString(set.On(style.Faint))
	b.WriteString(strings.Repeat("─", max(w-n, 0)))
	b.WriteString(style.Reset)
	return b.String()
}

// Meter draws a level of 0 to 100 in w cells.
func Meter(set *style.Set, w, percent int) string {
	n := (min(max(percent, 0), 100)*w + 50) / 100
	return set.Do(style.Accent, strings.Repeat("━", n)) + set.Do(style.Faint, strings.Repeat("─", w-n))
}

// Seekable gives the time that a click on cell x of a bar of w cells stands for.
func Seekable(x, w int, length time.Duration) time.Duration {
	if w <= 1 {
		return 0
	}
	x = min(max(x, 0), w-1)
	return time.Duration(int64(length) * int64(x) / int64(w-1))
}

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
