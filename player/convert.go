package player

import "segue/player/resample"

// converter carries frames of sources to the ring's rate. One filter runs across
// tracks of one rate: their boundary is a number among its output frames.
type converter struct {
	r      *resample.Resampler
	active bool // frames are inside
	out    []float32
	// bounds are the boundaries that the output has not reached yet.
	bounds []bound
	owner  *voice // whose frames come out now
}

// bound: from the output frame at on, frames belong to the voice v.
type bound struct {
	at int64
	v  *voice
}

// feed converts frames of v and sends on what comes of them.
func (c *converter) feed(d *decoder, v *voice, frames []float32) error {
	if !c.active {
		if err := c.open(v.format.Rate, d.out.rate); err != nil {
			return err
		}
		c.owner = v
	}
	need := 2 * (int(int64(len(frames)/2)*int64(d.out.rate)/int64(v.format.Rate)) + 4*block)
	if len(c.out) < need {
		c.out = make([]float32, need)
	}
	room := c.out
	for len(frames) > 0 && len(room) > 0 {
		used, made, err := c.r.Process(room, frames)
		if err != nil {
			return err
		}
		c.deal(d, room[:2*made])
		frames, room = frames[2*used:], room[2*made:]
		if used == 0 && made == 0 {
			break
		}
	}
	return nil
}

func (c *converter) open(from, to int) error {
	c.bounds = c.bounds[:0]
	if c.r != nil {
		in, out := c.r.Rates()
		if in == from && out == to {
			c.active = true
			return c.r.Reset()
		}
		c.r.Close()
		c.r = nil
	}
	r, err := resample.New(from, to)
	if err != nil {
		return err
	}
	c.r, c.active = r, true
	return nil
}

// deal gives output frames, the last that were made, to the voices they belong to.
func (c *converter) deal(d *decoder, frames []float32) {
	from := c.r.Made() - int64(len(frames)/2)
	for len(c.bounds) > 0 && c.bounds[0].at <= from+int64(len(frames)/2) {
		n := 2 * (c.bounds[0].at - from)
		d.emit(c.owner, frames[:n])
		frames, from = frames[n:], c.bounds[0].at
		d.fade.finish(d, c.owner, nil, 0)
		c.owner = c.bounds[0].v
		c.bounds = c.bounds[:copy(c.bounds, c.bounds[1:])]
	}
	d.emit(c.owner, frames)
}

// holds reports whether frames are inside that the next track could be joined to.
func (c *converter) holds() bool { return c.active }

// goesOn lets next follow v in the same filter, if its rate is the same.
func (c *converter) goesOn(d *decoder, v, next *voice) bool {
	if !c.active || v.format.Rate != next.format.Rate || next.over {
		return false
	}
	c.bounds = append(c.bounds, bound{c.r.At(), next})
	c.deal(d, nil)
	return true
}

// finish sends all that is inside, to the sample.
func (c *converter) finish(d *decoder, v *voice) {
	if !c.active {
		return
	}
	c.active = false
	var all []float32
	for {
		if len(c.out) < 2*block {
			c.out = make([]float32, 2*block)
		}
		n, err := c.r.Flush(c.out)
		if err != nil {
			v.fail(err)
			break
		}
		if n == 0 {
			break
		}
		all = append(all, c.out[:2*n]...)
	}
	c.deal(d, all)
}

// cutBehind ends the stream where v ends: of what follows nothing is wanted.
func (c *converter) cutBehind(d *decoder, v *voice) {
	if !c.active {
		return
	}
	if c.owner == v && len(c.bounds) > 0 {
		end := c.bounds[0].at
		made := c.r.Made()
		c.active = false
		rest := make([]float32, 2*max(end-made, 0))
		n, err := c.r.Flush(rest)
		if err == nil {
			d.emit(v, rest[:2*n])
		}
		d.fade.finish(d, v, nil, 0)
	}
	c.reset()
}

func (c *converter) reset() { c.active, c.bounds, c.owner = false, c.bounds[:0], nil }

func (c *converter) close() {
	if c.r != nil {
		c.r.Close()
	}
}
