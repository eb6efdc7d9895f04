package player

import "segue/internal/ring"

// emit sends stereo frames of a voice, at the ring's rate, on their way, through
// the crossfade where one is due.
func (d *decoder) emit(v *voice, frames []float32) {
	if len(frames) == 0 {
		return
	}
	d.fade.pass(d, v, frames)
}

// send puts frames behind the marks that belong in front of them. They must stay
// as they are until they are written.
func (d *decoder) send(v *voice, frames []float32) {
	if len(frames) == 0 {
		return
	}
	d.begin(v)
	if v.soft {
		softClip(frames)
	}
	v.sent += int64(len(frames) / 2)
	d.ops = append(d.ops, op{v: v, frames: frames})
}

func (d *decoder) begin(v *voice) {
	if v.begun {
		return
	}
	v.begun = true
	d.ops = append(d.ops, op{v: v, isMark: true, mark: ring.Mark{Item: uint64(v.item.ID), Frame: v.first}})
}

// finish sends the mark of a voice's end; over frames of it sound on behind it.
func (d *decoder) finish(v *voice, over int) {
	d.ops = append(d.ops, op{v: v, isMark: true, mark: ring.Mark{
		Item: uint64(v.item.ID), End: true, Over: int64(over), Err: v.err,
	}})
}

// write moves ops into the ring; false when it is full, or the epoch is over.
func (d *decoder) write() bool {
	r := d.out.ring
	if d.resting {
		if r.Buffered() > r.Capacity()/2 {
			return false
		}
		d.resting = false
	}
	for d.done < len(d.ops) {
		o := &d.ops[d.done]
		if o.isMark {
			if !r.Put(d.epoch, o.mark) {
				d.stale = true
				return false
			}
			d.done++
			continue
		}
		n, ok := r.Write(d.epoch, o.frames)
		if !ok {
			d.stale = true
			return false
		}
		d.ended = notEnded
		o.frames = o.frames[2*n:]
		if len(o.frames) > 0 {
			d.resting = true
			d.prime()
			return false
		}
		d.done++
	}
	if d.told != d.epoch && r.Buffered() >= r.Gate() {
		d.prime()
	}
	d.ops, d.done = d.ops[:0], 0
	return true
}
