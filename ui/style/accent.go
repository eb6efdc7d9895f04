package style

import "segue/ui/screen"

// WithAccent gives the theme with another accent. Where the colour would not be
// readable it is made lighter on dark grounds and darker on light ones until it is:
// 4.5:1 on the background and on the selected row.
func (t Theme) WithAccent(c Colour) Theme {
	t.Dark.Accent = readable(c, t.Dark, Colour{255, 255, 255})
	t.Light.Accent = readable(c, t.Light, Colour{})
	return t
}

// readable mixes c with toward, as little as it takes.
func readable(c Colour, on Colours, toward Colour) Colour {
	const steps = 40
	for i := range steps + 1 {
		m := mix(c, toward, float64(i)/steps)
		if Contrast(m, on.Background) >= 4.5 && Contrast(m, on.Select) >= 4.5 && Contrast(m, on.Dim) >= 4.5 {
			return m
		}
	}
	return on.Accent
}

// in256 gives colours that the palette of 256 has. Those of words are chosen so that
// they can be read on the backgrounds that it has, too: 4.5:1, as in 24 bits.
func (c Colours) in256(light bool) Colours {
	c.Background, c.Select, c.Dim, c.Faint = nearest(c.Background), nearest(c.Select), nearest(c.Dim), nearest(c.Faint)
	toward := Colour{255, 255, 255}
	if light {
		toward = Colour{}
	}
	for _, pen := range []*Colour{&c.Text, &c.Muted, &c.Accent, &c.Warning} {
		const steps = 40
		for i := range steps + 1 {
			m := nearest(mix(*pen, toward, float64(i)/steps))
			if min(Contrast(m, c.Background), Contrast(m, c.Select), Contrast(m, c.Dim)) >= 4.5 || i == steps {
				*pen = m
				break
			}
		}
	}
	return c
}

// nearest gives the colour of the palette of 256 that is nearest.
func nearest(c Colour) Colour {
	r, g, b := screen.RGB256(screen.Index256(c.R, c.G, c.B))
	return Colour{r, g, b}
}

// mix gives a with so much of b: 0 is a, 1 is b.
func mix(a, b Colour, part float64) Colour {
	one := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*part + 0.5) }
	return Colour{one(a.R, b.R), one(a.G, b.G), one(a.B, b.B)}
}
