package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
)

// coverSide is the cover's width and height in pixels.
const coverSide = 600

// thumbSide is the same for the small copy inside each track, for who takes one out
// of the album.
const thumbSide = 240

// cover writes cover.jpg into the album and the small copy for the tracks beside the
// other things that are kept.
func (j job) cover() error {
	for name, side := range map[string]int{filepath.Join(j.out, "cover.jpg"): coverSide, j.thumb(): thumbSide} {
		b, err := drawCover(side)
		if err == nil {
			err = os.WriteFile(name, b, 0o644)
		}
		if err != nil {
			return fmt.Errorf("render: cover: %w", err)
		}
	}
	return nil
}

func (j job) thumb() string { return filepath.Join(j.keep, "thumb.jpg") }

// rgb is a colour in linear light, 0 to 1.
type rgb struct{ r, g, b float64 }

func hex(v uint32) rgb {
	lin := func(c uint32) float64 { return math.Pow(float64(c&0xFF)/255, 2.2) }
	return rgb{lin(v >> 16), lin(v >> 8), lin(v)}
}

// mix goes from a (0) to b (1).
func mix(a, b rgb, t float64) rgb {
	t = min(max(t, 0), 1)
	return rgb{a.r + (b.r-a.r)*t, a.g + (b.g-a.g)*t, a.b + (b.b-a.b)*t}
}

func (c rgb) rgba() color.RGBA {
	out := func(v float64) uint8 { return uint8(math.Round(255 * math.Pow(min(max(v, 0), 1), 1/2.2))) }
	return color.RGBA{out(c.r), out(c.g), out(c.b), 255}
}

// drawCover draws two discs that pass into each other, one piece into the next,
// over a night sky with the five lines of a staff that swing like a string.
func drawCover(side int) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	px := 1 / float64(side)
	for y := range side {
		for x := range side {
			img.SetRGBA(x, y, coverAt((float64(x)+0.5)*px, (float64(y)+0.5)*px, px).rgba())
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 86}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// coverAt is the colour at x, y (0 to 1); px is the width of a pixel, for smooth edges.
func coverAt(x, y, px float64) rgb {
	c := mix(hex(0x141032), hex(0x3B1B52), y)
	c = mix(c, hex(0x7A2A5A), y*y*y*0.7)

	// edge is 1 inside, 0 outside, smooth over a pixel and a half.
	edge := func(d float64) float64 { return min(max(0.5-d/(1.5*px), 0), 1) }
	dl := math.Hypot(x-0.385, y-0.40) - 0.285
	dr := math.Hypot(x-0.685, y-0.575) - 0.185
	left := mix(hex(0xFFC04F), hex(0xEE3F62), (y-0.14)/0.54)
	right := mix(hex(0x4CE0CE), hex(0x2F63E0), (y-0.40)/0.36)
	// a glow around both
	c = mix(c, hex(0xF0708A), 0.22*math.Exp(-math.Max(dl, 0)*11))
	c = mix(c, hex(0x4F8FE0), 0.25*math.Exp(-math.Max(dr, 0)*11))
	il, ir := edge(dl), edge(dr)
	c = mix(c, left, il)
	c = mix(c, right, ir)
	c = mix(c, mix(hex(0xFFF6DC), hex(0xFFD0B8), (y-0.35)/0.35), il*ir)
	// grooves, faint, as on a record
	for _, d := range []float64{dl, dr} {
		if d < 0 && il*ir < 0.5 {
			c = mix(c, hex(0x141032), 0.07*(0.5+0.5*math.Cos(d*2*math.Pi/0.03)))
		}
	}
	// the staff: taut before the first disc, swinging behind it
	for i := range 5 {
		swing := 0.058 * math.Pow(x, 1.2) * math.Sin(2*math.Pi*(x*1.15+0.035*float64(i)))
		mid := 0.735 + 0.036*float64(i)*(1-0.25*x) + swing
		d := math.Abs(y-mid) - 0.0044
		c = mix(c, mix(hex(0xFFE9C9), hex(0x1B1240), max(il, ir)), 0.92*edge(d))
	}
	return c
}
