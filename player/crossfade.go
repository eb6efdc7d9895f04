package player

import (
	"math"
	"slices"
	"time"
)

const maxFade = 12 * time.Second

// crossfade holds the end of a voice back until it is known what follows, and
// mixes the two with equal power. Frames are at the ring's rate.
type crossfade struct {
	of   *voice    // whose end is held back in tail, or was mixed
	tail []float32 // the last frames of it
	// mixing: tail is mixed into what comes of into, from the frame pos on.
	mixing bool
	into   *voice
	pos    int
}

// reset forgets all that is held.
func (x *crossfade) reset() {
	x.of, x.into, x.mixing, x.pos = nil, nil, false, 0
	x.tail = x.tail[:0]
}

func (x *crossfade) holds() bool { return !x.mixing && len(x.tail) > 0 }

// most is how many frames of the end of v may overlap, as far as v is concerned.
func (x *crossfade) most(d *decoder, v *voice) int {
	fade := min(d.set.fade, maxFade)
	if fade <= 0 || v.frames <= 0 || v.info.Frames <= 0 && v.item.Length <= 0 {
		return 0
	}
	half := v.format.Duration(v.frames) / 2
	return int(d.out.format().Frames(min(fade, half)))
}

// overlap is how many frames of v's end next is to be mixed into; 0 = none.
func (x *crossfade) overlap(d *decoder, v, next *voice) int {
	if next == nil || x.of != v || !x.holds() || v.err != nil || next.over {
		return 0
	}
	if v.item.Album != "" && v.item.Album == next.item.Album {
		return 0
	}
	return min(x.most(d, v), x.most(d, next))
}

// pass sends frames of v on: held back near its end, mixed at the next's beginning.
func (x *crossfade) pass(d *decoder, v *voice, frames []float32) {
	if x.mixing && x.into == v && x.pos < len(x.tail)/2 {
		n := x.blend(frames)
		softClip(frames[:2*n])
		d.send(v, frames[:2*n])
		frames = frames[2*n:]
	}
	x.hold(d, v, frames)
}

// hold keeps the last frames of v back when its end is near, and sends the others.
func (x *crossfade) hold(d *decoder, v *voice, frames []float32) {
	n := 2 * x.most(d, v)
	if n == 0 && (x.of != v || x.mixing || len(x.tail) == 0) {
		d.send(v, frames)
		return
	}
	if x.of != v || x.mixing {
		left, known := v.left()
		near := known && d.out.format().Frames(left) <= int64(n/2+4*block)
		if !near || len(frames) == 0 {
			d.send(v, frames)
			return
		}
		x.reset()
		x.of = v
	}
	x.tail = append(x.tail, frames...)
	if extra := len(x.tail) - n; extra > 0 {
		out := slices.Clone(x.tail[:extra])
		x.tail = x.tail[:copy(x.tail, x.tail[extra:])]
		d.send(v, out)
	}
}

// blend mixes the held tail into frames and returns how many it mixed.
func (x *crossfade) blend(frames []float32) int {
	total := len(x.tail) / 2
	n := min(len(frames)/2, total-x.pos)
	for i := range n {
		sin, cos := math.Sincos((float64(x.pos+i) + 0.5) / float64(total) * math.Pi / 2)
		at := 2 * (x.pos + i)
		frames[2*i] = frames[2*i]*float32(sin) + x.tail[at]*float32(cos)
		frames[2*i+1] = frames[2*i+1]*float32(sin) + x.tail[at+1]*float32(cos)
	}
	x.pos += n
	return n
}

// finish ends v: its held tail is sent as it is, or made ready to be mixed into next.
func (x *crossfade) finish(d *decoder, v, next *voice, overlap int) {
	if x.mixing && x.into == v && x.pos < len(x.tail)/2 {
		x.fadeOut(d, v)
	}
	if x.of != v || x.mixing || overlap == 0 {
		if x.of == v && !x.mixing && len(x.tail) > 0 {
			d.send(v, slices.Clone(x.tail))
			x.reset()
		}
		d.finish(v, 0)
		return
	}
	if extra := len(x.tail) - 2*overlap; extra > 0 {
		d.send(v, slices.Clone(x.tail[:extra]))
		x.tail = x.tail[:copy(x.tail, x.tail[extra:])]
	}
	d.begin(v)
	d.finish(v, len(x.tail)/2)
	v.mixed = true
	x.mixing, x.into, x.pos = true, next, 0
}

// fadeOut sends what is left of a tail whose partner ended too soon.
func (x *crossfade) fadeOut(d *decoder, v *voice) {
	rest := make([]float32, len(x.tail)-2*x.pos)
	x.blend(rest)
	d.send(v, rest)
}

// takeBack undoes a mix that was cut out of the ring: the end of v waits again. When
// another has taken its place already it is read once more.
func (x *crossfade) takeBack(d *decoder, v *voice) {
	again := v.mixed
	v.mixed = false
	if x.mixing && x.of == v {
		x.mixing, x.into, x.pos = false, nil, 0
		d.at = d.index(v.item.ID)
		return
	}
	if x.mixing && x.into != v || !x.mixing && x.of != v {
		x.reset()
	}
	if again {
		d.reread(v)
	}
}
