package widget

import (
	"strings"
	"time"

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

// TimeAt gives the time that cell x of a bar of w cells stands for.
func TimeAt(x, w int, length time.Duration) time.Duration {
	if w <= 1 {
		return 0
	}
	x = min(max(x, 0), w-1)
	return time.Duration(int64(length) * int64(x) / int64(w-1))
}
