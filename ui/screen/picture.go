package screen

import (
	"image"
	"image/color"
	"strconv"
	"strings"

	"golang.org/x/image/draw"
)

// Tall is how much higher than wide a cell is where nobody knows.
const Tall = 2.0

// TallOf is how much higher than wide a cell of so many pixels is: Tall where they are
// not known, or are none that a person could read.
func TallOf(w, h int) float64 {
	if w <= 0 || h < w || h > 4*w {
		return Tall
	}
	return float64(h) / float64(w)
}

// HalfBlocks draws a picture into w x h cells of upper half blocks, two pixels
// a cell, as large as it fits with its shape kept, centred. A cell is tall times as
// high as wide: most are twice (Tall).
//
// With few the colours are those of the palette of 256, else of 24 bits.
func HalfBlocks(img image.Image, w, h int, tall float64, few bool) []string {
	if w <= 0 || h <= 0 || img.Bounds().Empty() {
		return nil
	}
	b := img.Bounds()
	shape := float64(b.Dy()) / float64(b.Dx()) * Tall / tall // rows of pixels for each column
	pw, ph := w, int(float64(w)*shape+0.5)
	if ph > 2*h {
		pw, ph = min(int(float64(2*h)/shape+0.5), w), 2*h
	}
	pw, ph = max(pw, 1), min(max((ph+1)&^1, 2), 2*h)
	small := image.NewRGBA(image.Rect(0, 0, pw, ph))
	draw.CatmullRom.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	left := (w - pw) / 2
	lines := make([]string, 0, h)
	for range (h - ph/2) / 2 {
		lines = append(lines, Spaces(w))
	}
	for y := 0; y+1 < ph; y += 2 {
		lines = append(lines, Spaces(left)+halfLine(small, y, few)+Spaces(w-left-pw))
	}
	for len(lines) < h {
		lines = append(lines, Spaces(w))
	}
	return lines
}

func halfLine(img *image.RGBA, y int, few bool) string {
	var s strings.Builder
	var fg, bg color.RGBA
	for x := range img.Bounds().Dx() {
		top, bottom := img.RGBAAt(x, y), img.RGBAAt(x, y+1)
		if x == 0 || top != fg {
			colour(&s, "\x1b[38;", top, few)
		}
		if x == 0 || bottom != bg {
			colour(&s, "\x1b[48;", bottom, few)
		}
		fg, bg = top, bottom
		s.WriteString("▀")
	}
	s.WriteString("\x1b[m")
	return s.String()
}

func colour(s *strings.Builder, start string, c color.RGBA, few bool) {
	var buf [24]byte
	b := append(buf[:0], start...)
	if few {
		b = append(b, "5;"...)
		b = strconv.AppendUint(b, uint64(Index256(c.R, c.G, c.B)), 10)
	} else {
		b = append(b, "2;"...)
		b = strconv.AppendUint(b, uint64(c.R), 10)
		b = strconv.AppendUint(append(b, ';'), uint64(c.G), 10)
		b = strconv.AppendUint(append(b, ';'), uint64(c.B), 10)
	}
	s.Write(append(b, 'm'))
}

// Index256 gives the colour of the palette of 256 that is nearest to r, g, b:
// for what is nearly grey one of the 24 greys, so that a quiet background does
// not turn blue and a dark one not glow (the cube has nothing between 0 and 95), else
// one of the cube of 216. The first 16 are the user's own.
func Index256(r, g, b uint8) uint8 {
	lo, hi := min(r, g, b), max(r, g, b)
	switch { // black and white are in the cube only
	case hi <= 3:
		return 16
	case lo >= 247:
		return 231
	}
	sum := int(r) + int(g) + int(b)
	grey := min(max((sum/3-8+5)/10, 0), 23)
	if hi-lo <= 14 {
		return uint8(232 + grey)
	}
	cr, cg, cb := cube(r), cube(g), cube(b)
	v := 8 + 10*grey
	if distance(r, g, b, v, v, v) < distance(r, g, b, level(cr), level(cg), level(cb)) && (hi-lo < 40 || hi < 95) {
		return uint8(232 + grey)
	}
	return uint8(16 + 36*cr + 6*cg + cb)
}

// RGB256 gives the colour of a number of the palette of 256, from 16 on.
func RGB256(i uint8) (r, g, b uint8) {
	if i >= 232 {
		v := 8 + 10*(i-232)
		return v, v, v
	}
	n := max(int(i)-16, 0)
	return uint8(level(n / 36)), uint8(level(n / 6 % 6)), uint8(level(n % 6))
}

// cube gives the nearest of the six levels of the cube.
func cube(v uint8) int {
	if v < 48 {
		return 0
	}
	if v < 115 {
		return 1
	}
	return (int(v) - 35) / 40
}

func level(i int) int {
	if i == 0 {
		return 0
	}
	return 55 + 40*i
}

func distance(r, g, b uint8, r2, g2, b2 int) int {
	dr, dg, db := int(r)-r2, int(g)-g2, int(b)-b2
	return 3*dr*dr + 4*dg*dg + 2*db*db
}
