package page

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"  // covers come as GIF,
	_ "image/jpeg" // as JPEG,
	_ "image/png"  // and as PNG

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // and as WebP

	"segue/internal/music"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// How large the picture is that is kept of a cover: enough for half blocks on any
// screen, and enough for a terminal that shows pictures.
const (
	blockPx = 240
	kittyPx = 512
)

// A picture larger than this is no cover: it would take the memory of the machine
// (four bytes a pixel) to show a stamp.
const (
	maxPixels = 24_000_000
	maxBytes  = 32 << 20
)

// recentCovers is how many decoded covers are kept, so that going back and forth
// between albums shows them at once.
const recentCovers = 4

// Cover is a decoded picture and whose it is: an album's, or a track's without album.
type Cover struct {
	Of    music.Ref
	Image image.Image // nil = it cannot be shown
	// Accent is the colour that stands out in it; Vivid is false when none does.
	Accent color.RGBA
	Vivid  bool
}

// Decode makes a small picture of an image, at most px wide; it may take some ten
// milliseconds and belongs into a Cmd. What is no picture, or one of a size that no
// cover has, is an error.
func Decode(of music.Ref, data []byte, px int) (c Cover, err error) {
	c.Of = of
	defer func() { // a decoder that gives up on a hostile file must not end the program
		if e := recover(); e != nil {
			c.Image, err = nil, fmt.Errorf("page: cover: %v", e)
		}
	}()
	if len(data) > maxBytes {
		return c, fmt.Errorf("page: a cover of %d MB is not shown", len(data)>>20)
	}
	conf, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return c, fmt.Errorf("page: cover: %w", err)
	}
	if conf.Width <= 0 || conf.Height <= 0 || conf.Width > maxPixels/conf.Height {
		return c, fmt.Errorf("page: a cover of %d x %d pixels is not shown", conf.Width, conf.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return c, fmt.Errorf("page: cover: %w", err)
	}
	c.Image = shrink(img, px)
	c.Accent, c.Vivid = screen.Vivid(c.Image)
	return c, nil
}

// shrink gives img with its longer side px long, or as it is if that is shorter.
func shrink(img image.Image, px int) image.Image {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > px {
		w, h = max(w*px/long, 1), max(h*px/long, 1)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	return small
}

// covers is the part of the Stage that knows the cover of what plays.
type covers struct {
	of     music.Ref // whose cover it is
	cover  *Cover    // nil = not there
	bare   bool      // there is none
	drawn  map[[2]int][]string
	recent []Cover // the newest first
	sent   sent
}

// sent is a picture that the terminal has.
type sent struct {
	of    music.Ref
	id    uint8
	w, h  int
	lines []string
}

// turnTo makes it the cover of something else: the one that is known, or none, so
// that no cover is shown for the wrong track.
func (c *covers) turnTo(of music.Ref) {
	if of == c.of {
		return
	}
	c.of, c.cover, c.bare, c.drawn = of, nil, false, nil
	for i := range c.recent {
		if c.recent[i].Of == of {
			c.set(&c.recent[i])
			return
		}
	}
}

func (c *covers) set(cover *Cover) {
	c.drawn, c.bare = nil, cover.Image == nil
	if c.cover = cover; c.bare {
		c.cover = nil
	}
}

// SetCover takes a decoded cover; one of what does not play any more is only kept.
func (s *Stage) SetCover(c Cover) {
	if c.Image != nil {
		list := []Cover{c}
		for _, r := range s.recent {
			if r.Of != c.Of && len(list) < recentCovers {
				list = append(list, r)
			}
		}
		s.recent = list
	}
	if c.Of == s.of {
		s.set(&c)
	}
}

// Accent is the colour that stands out in the cover of what plays; known is false
// while the cover is still on its way.
func (s *Stage) Accent() (c color.RGBA, vivid, known bool) {
	switch {
	case s.cover != nil:
		return s.cover.Accent, s.cover.Vivid, true
	case s.bare, s.of.IsZero():
		return color.RGBA{}, false, true
	}
	return color.RGBA{}, false, false
}

// coverPx is how large a cover should come from its service.
func (e *Env) coverPx() int { return 2 * e.DecodePx() }

// DecodePx is how large a cover is decoded.
func (e *Env) DecodePx() int {
	if e.Kitty {
		return kittyPx
	}
	return blockPx
}

// tall is how much higher than wide a cell is.
func (e *Env) tall() float64 {
	if e.Tall > 0 {
		return e.Tall
	}
	return screen.Tall
}

// Rows is how many rows a square takes that is so many cells wide.
func (e *Env) Rows(cells int) int { return int(float64(cells)/e.tall() + 0.5) }

// cells is how many cells wide a square is that takes so many rows.
func (e *Env) cells(rows int) int { return int(float64(rows) * e.tall()) }

// Unsent gives the cover of what plays when the terminal has not got it in w x h
// cells; again is true when it has the picture already, in another size.
func (s *Stage) Unsent(w, h int) (c Cover, again, ok bool) {
	if s.cover == nil || w <= 0 || h <= 0 || s.sent.of == s.of && s.sent.w == w && s.sent.h == h {
		return Cover{}, false, false
	}
	return *s.cover, s.sent.of == s.of, true
}

// Sent says that the terminal has a picture under a number, in w x h cells.
func (s *Stage) Sent(of music.Ref, id uint8, w, h int) {
	s.sent = sent{of, id, w, h, screen.Placeholders(id, w, h)}
}

// CoverOf is whose cover is shown: the album's of what plays, or the track's.
func (s *Stage) CoverOf() music.Ref { return s.of }

// Unsend says that the terminal may have lost its pictures.
func (s *Stage) Unsend() { s.sent = sent{} }

// Picture draws the cover, or a quiet stand-in, in w x h cells: with the terminal's
// own pictures where it has this one, else with half blocks.
func (s *Stage) Picture(w, h int, colours bool) []string {
	if s.cover == nil || !colours {
		return s.standIn(w, h)
	}
	if s.env.Kitty && s.sent.of == s.of && s.sent.w == w && s.sent.h == h {
		return s.sent.lines
	}
	key := [2]int{w, h}
	if l, ok := s.drawn[key]; ok {
		return l
	}
	if s.drawn == nil || len(s.drawn) > 4 {
		s.drawn = map[[2]int][]string{}
	}
	l := screen.HalfBlocks(s.cover.Image, w, h, s.env.tall(), s.env.Few)
	s.drawn[key] = l
	return l
}

// Bare reports whether there is no cover to be drawn, and none to come.
func (s *Stage) Bare(colours bool) bool { return s.bare || !colours }

// standIn is a thin frame with a note in it.
func (s *Stage) standIn(w, h int) []string {
	inner := make([]string, max(h-2, 0))
	if mid := len(inner) / 2; mid < len(inner) {
		inner[mid] = screen.Spaces((w-3)/2) + s.env.Set.Do(style.Muted, "♪")
	}
	return widget.Box(s.env.Set, w, h, "", "", inner)
}

// Forget drops what was drawn, because the colours changed.
func (s *Stage) Forget() { s.drawn = nil }
