package screen

import (
	"image"
	"image/color"
)

// Vivid gives the colour that stands out in a picture: the strongest of its hues,
// weighed by how much of the picture has it. ok is false for a picture of greys.
func Vivid(img image.Image) (c color.RGBA, ok bool) {
	const hues = 24
	var weight [hues]float64
	var sum [hues][3]float64
	b := img.Bounds()
	step := max(b.Dx(), b.Dy())/64 + 1
	total := 0.0
	for y := b.Min.Y; y < b.Max.Y; y += step {
		for x := b.Min.X; x < b.Max.X; x += step {
			r16, g16, b16, _ := img.At(x, y).RGBA()
			p := [3]float64{float64(r16 >> 8), float64(g16 >> 8), float64(b16 >> 8)}
			hue, chroma, light := hueOf(p)
			total++
			if chroma < 40 || light < 25 || light > 245 {
				continue
			}
			i := int(hue*hues) % hues
			k := chroma * chroma / 255 / 255
			weight[i] += k
			for j := range p {
				sum[i][j] += k * p[j]
			}
		}
	}
	best := 0
	for i := range weight {
		if weight[i] > weight[best] {
			best = i
		}
	}
	if w := weight[best]; w > 0 && w/max(total, 1) > 0.004 {
		return color.RGBA{uint8(sum[best][0] / w), uint8(sum[best][1] / w), uint8(sum[best][2] / w), 255}, true
	}
	return color.RGBA{}, false
}

// hueOf gives the hue of a colour as 0 to 1, its chroma and its light as 0 to 255.
func hueOf(p [3]float64) (hue, chroma, light float64) {
	hi, lo := max(p[0], p[1], p[2]), min(p[0], p[1], p[2])
	chroma, light = hi-lo, (hi+lo)/2
	if chroma == 0 {
		return 0, 0, light
	}
	switch hi {
	case p[0]:
		hue = (p[1] - p[2]) / chroma
		if hue < 0 {
			hue += 6
		}
	case p[1]:
		hue = (p[2]-p[0])/chroma + 2
	default:
		hue = (p[0]-p[1])/chroma + 4
	}
	return hue / 6, chroma, light
}
