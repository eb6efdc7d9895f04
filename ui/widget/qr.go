package widget

import (
	"strings"

	"rsc.io/qr"

	"segue/ui/screen"
)

// The quiet zone around a QR code, in modules. Four are the rule; readers do with two, and
// a terminal has few rows.
const (
	quietZone  = 4
	quietLeast = 2
)

// QR draws a text as a QR code in half blocks, two modules a cell, in at most w x h cells:
// dark on light whatever the terminal's colours are, as readers want it. nil: it does not
// fit, or the text is too long for any.
func QR(text string, w, h int) []string {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return nil
	}
	for quiet := quietZone; quiet >= quietLeast; quiet-- {
		if size := code.Size + 2*quiet; size <= w && (size+1)/2 <= h {
			return qrLines(code, quiet)
		}
	}
	return nil
}

// QRSize is how many cells QR needs at the least for a text; ok is false where it is too
// long for any.
func QRSize(text string) (w, h int, ok bool) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return 0, 0, false
	}
	size := code.Size + 2*quietLeast
	return size, (size + 1) / 2, true
}

func qrLines(code *qr.Code, quiet int) []string {
	var lines []string
	for y := -quiet; y < code.Size+quiet; y += 2 {
		var b strings.Builder
		b.WriteString("\x1b[30;107m") // black on bright white
		for x := -quiet; x < code.Size+quiet; x++ {
			b.WriteString(halfBlock(code.Black(x, y), code.Black(x, y+1)))
		}
		b.WriteString("\x1b[m")
		lines = append(lines, b.String())
	}
	return lines
}

// halfBlock is a cell of two modules, dark ones in the colour of the text.
func halfBlock(top, bottom bool) string {
	switch {
	case top && bottom:
		return "█"
	case top:
		return "▀"
	case bottom:
		return "▄"
	}
	return " "
}

// QRWidth is how many cells a line of QR takes.
func QRWidth(lines []string) int {
	if len(lines) == 0 {
		return 0
	}
	return screen.Width(lines[0])
}
