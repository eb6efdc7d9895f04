package player

import (
	"errors"
	"slices"

	"segue/internal/pcm"
)

// obey carries out what Run ordered; of many seeks only the last.
func (d *decoder) obey() {
	orders := d.inbox.Take()
	last := -1
	for i, o := range orders {
		if _, ok := o.(orderSeek); ok {
			last = i
		}
	}
	for i, o := range orders {
		switch o := o.(type) {
		case orderNext:
			d.append(o.track)
		case orderDrop:
			d.drop(o)
		case orderNoNext:
			if n := len(d.chain); n == 0 || d.chain[n-1].item.ID == o.after {
				d.noNext = true
			}
		case orderSeek:
			if i == last && !d.gone.Load() {
				d.seek(o)
			}
		case orderResume:
			d.epoch, d.stale, d.refused = o.epoch, false, false
		case orderRelease:
			d.release(o.item)
		case orderSettings:
			d.set = o.set
			for _, v := range d.chain[min(d.at, len(d.chain)):] {
				d.aim(v)
			}
		case orderPaused:
			d.paused, d.unpaced = o.on, o.unpaced
		case orderPrime:
			d.told = d.epoch - 1
			if d.resting || d.out.ring.Buffered() >= d.out.ring.Gate() {
				d.prime()
			}
		case orderWake:
		}
	}
}

func (d *decoder) append(t *track) {
	if n := len(d.chain); n > d.at+1 { // nothing of the last one was decoded
		old := d.chain[n-1]
		d.chain = d.chain[:n-1]
		d.tell(dropped{old.item.ID})
		old.close()
	}
	if d.ended == endedForNow { // the device may have taken silence meanwhile: its news is due again
		d.told = d.epoch - 1
	}
	v := newVoice(t)
	d.chain = append(d.chain, v)
	d.noNext = false
	d.ended = notEnded
}

// drop forgets what follows an item. The ring was cut already.
func (d *decoder) drop(o orderDrop) {
	d.epoch, d.stale = o.epoch, false
	if d.refused { // Run does not know yet: what the seek cleared must come back first
		d.stale = true
		d.tell(cannotSeek{o.epoch})
	}
	d.noNext = false
	keep := d.index(o.keep)
	for _, v := range d.chain[keep+1:] {
		v.close()
	}
	d.chain = d.chain[:keep+1]
	if keep >= 0 {
		d.chain[keep].asked = false
	}
	if d.at <= keep {
		return // nothing of it was decoded
	}
	d.ended = notEnded
	d.ops = slices.DeleteFunc(d.ops[d.done:], func(p op) bool {
		return p.v.item.ID != o.keep || p.isMark && p.mark.Over > 0
	})
	d.done = 0
	d.at = len(d.chain)
	if keep < 0 {
		d.conv.reset()
		d.fade.reset()
		return
	}
	v := d.chain[keep]
	d.conv.cutBehind(d, v)
	d.fade.takeBack(d, v)
}

// reread goes on with v from where what was sent of it ends; if its source cannot go there,
// that is its end.
func (d *decoder) reread(v *voice) {
	f := d.out.format()
	at, err := v.seek(f.Duration(v.first + v.sent))
	if errors.Is(err, pcm.ErrNoSeek) {
		d.finish(v, 0)
		return
	}
	v.first = f.Frames(at)
	d.at = d.index(v.item.ID)
}

func (d *decoder) index(item ItemID) int {
	return slices.IndexFunc(d.chain, func(v *voice) bool { return v.item.ID == item })
}

// seek moves the item to a place; all that follow it begin anew.
func (d *decoder) seek(o orderSeek) {
	i := d.index(o.item)
	if i < 0 { // it is over, or was replaced: what follows begins
		d.restart(o, 0)
		return
	}
	v := d.chain[i]
	at, err := v.seek(o.to)
	if errors.Is(err, pcm.ErrNoSeek) && o.out == d.out {
		d.stale, d.refused = true, true // Run takes the seek back, with a new epoch
		d.tell(cannotSeek{o.epoch})
		return
	}
	if errors.Is(err, pcm.ErrNoSeek) { // a new ring: go on with what there is
		at = v.format.Duration(v.read)
		v.begun, v.sent, v.mixed = false, 0, false
	}
	v.first = o.out.format().Frames(at)
	d.restart(o, i)
	d.tell(sought{o.epoch, at})
}

// restart goes on into an emptied ring. From the i-th on, all voices but the one that
// was sought begin anew.
func (d *decoder) restart(o orderSeek, i int) {
	d.out = o.out
	d.epoch, d.stale, d.refused = o.epoch, false, false
	d.ops, d.done = d.ops[:0], 0
	d.conv.reset()
	d.fade.reset()
	d.at, d.resting, d.ended = i, false, notEnded
	for _, later := range d.chain[i:] {
		if later.item.ID == o.item {
			continue
		}
		later.begun, later.sent, later.mixed = false, 0, false
		later.placed = !later.dirty && later.placed
	}
}

func (d *decoder) release(item ItemID) {
	i := d.index(item)
	if i < 0 || i >= d.at {
		return
	}
	d.chain[i].close()
	d.chain = slices.Delete(d.chain, i, i+1)
	d.at--
}
