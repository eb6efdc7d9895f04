package widget

import (
	"strings"

	"segue/ui/screen"
	"segue/ui/style"
)

// How a bar of the spectrum is drawn: so many cells, and one between two bars.
const (
	spectrumBar = 2
	spectrumGap = 1
	eighths     = 8
)

// glow is the part of the height from which on a bar has the accent in full.
const glow = 0.7

// SpectrumBands is how many bars there is room for in w cells.
func SpectrumBands(w int) int {
	return max((w-2*Gutter+spectrumGap)/(spectrumBar+spectrumGap), 0)
}

// Spectrum draws bars and, above them, the peaks that they had, all from 0 to 1, in
// h lines of exactly w cells.
func Spectrum(dst []string, set *style.Set, w, h int, bars, peaks []float32) []string {
	blocks := [eighths + 1]string{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}
	used := len(bars)*(spectrumBar+spectrumGap) - spectrumGap
	left := max((w-used)/2, 0)
	for y := range h {
		floor := (h - 1 - y) * eighths // of this line, in eighths of a cell
		pen := set.Level(float32(h-1-y) / (glow * float32(h)))
		var b strings.Builder
		b.WriteString(screen.Spaces(left))
		b.WriteString(pen)
		for i, v := range bars {
			if i > 0 {
				b.WriteString(screen.Spaces(spectrumGap))
			}
			full := int(v*float32(h*eighths) + 0.5)
			n := min(max(full-floor, 0), eighths)
			peak := int(peaks[i] * float32(h*eighths))
			if n == 0 && peak > full && peak > floor && peak <= floor+eighths {
				b.WriteString(set.On(style.Faint) + strings.Repeat("▁", spectrumBar) + pen)
				continue
			}
			if n == 0 && floor == 0 { // at rest there is a line to be seen
				b.WriteString(set.On(style.Faint) + strings.Repeat("▁", spectrumBar) + pen)
				continue
			}
			b.WriteString(strings.Repeat(blocks[n], spectrumBar))
		}
		b.WriteString(style.Reset)
		dst = append(dst, screen.Fit(b.String(), w, ""))
	}
	return dst
}
