package screen

import (
	"image"
	"image/color"
	"strconv"
	"strings"

	"golang.org/x/image/draw"
)

// HalfBlocks draws a picture into w x h cells of upper half blocks, two pixels
// a cell, as large as it fits with its shape kept, centred. Cells are taken to be
// twice as high as wide.
func HalfBlocks(img image.Image, w, h int) []string {
	if w <= 0 || h <= 0 || img.Bounds().Empty() {
		return nil
	}
	b := img.Bounds()
	pw, ph := w, w*b.Dy()/max(b.Dx(), 1)
	if ph > 2*h {
		pw, ph = 2*h*b.Dx()/max(b.Dy(), 1), 2*h
	}
	pw, ph = max(pw, 1), max(ph&^1, 2)
	small := image.NewRGBA(image.Rect(0, 0, pw, ph))
	draw.CatmullRom.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	left := (w - pw) / 2
	lines := make([]string, 0, h)
	for range (h - ph/2) / 2 {
		lines = append(lines, Spaces(w))
	}
	for y := 0; y+1 < ph; y += 2 {
		lines = append(lines, Spaces(left)+halfLine(small, y)+Spaces(w-left-pw))
	}
	for len(lines) < h {
		lines = append(lines, Spaces(w))
	}
	return lines
}

func halfLine(img *image.RGBA, y int) string {
	var s strings.Builder
	var fg, bg color.RGBA
	for x := range img.Bounds().Dx() {
		top, bottom := img.RGBAAt(x, y), img.RGBAAt(x, y+1)
		if x == 0 || top != fg {
			s.WriteString("\x1b[38;2;")
			rgb(&s, top)
		}
		if x == 0 || bottom != bg {
			s.WriteString("\x1b[48;2;")
			rgb(&s, bottom)
		}
		fg, bg = top, bottom
		s.WriteString("▀")
	}
	s.WriteString("\x1b[m")
	return s.String()
}

func rgb(s *strings.Builder, c color.RGBA) {
	var buf [16]byte
	b := strconv.AppendUint(buf[:0], uint64(c.R), 10)
	b = strconv.AppendUint(append(b, ';'), uint64(c.G), 10)
	b = strconv.AppendUint(append(b, ';'), uint64(c.B), 10)
	s.Write(append(b, 'm'))
}
