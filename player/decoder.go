package player

import (
	"errors"
	"sync/atomic"
	"time"

	"segue/internal/mailbox"
	"segue/internal/pcm"
	"segue/internal/ring"
)

const (
	askAhead = 10 * time.Second // NeedNext comes so long before the end of decoding
	// lowWater: with less than this in the ring, what was held back for a join goes out.
	lowWater = time.Second
	// startGate and restartGate are how much waits before sound begins, and begins
	// again after the ring ran dry.
	startGate   = 150 * time.Millisecond
	restartGate = 500 * time.Millisecond
	gateMost    = 1500 * time.Millisecond // for devices that take much at once
	minSleep    = 5 * time.Millisecond
)

// settings are what the user may change while it plays.
type settings struct {
	mode   GainMode
	preamp float64
	fade   time.Duration
}

// target is where a decode loop writes: a ring at a rate.
type target struct {
	ring *ring.Ring
	rate int
}

func (t target) format() pcm.Format { return pcm.Format{Rate: t.rate, Channels: 2} }

// decoder is a decode loop. It owns the sources of its chain; all fields but inbox
// and gone belong to its goroutine.
type decoder struct {
	inbox   *mailbox.Box[order]
	tell    func(news)
	gone    atomic.Bool // Run has turned away: close everything and end
	unpaced bool        // the device takes frames as fast as they come

	out   target
	epoch uint64
	stale bool // the epoch is over, the order that says why is on its way
	// refused: a seek could not be done, and Run has not taken it back yet.
	refused bool
	set     settings
	paused  bool
	noNext  bool

	chain []*voice // what is not heard to its end yet, in order
	at    int      // the one that is decoded; len(chain): all are

	raw, mixed []float32 // one block as the source has it, and in stereo
	conv       converter
	fade       crossfade
	ops        []op // on their way into the ring
	done       int  // of ops
	resting    bool // the ring was full, and is not half empty yet
	told       uint64
	ended      endState
	timer      *time.Timer
}

// endState is what the ring was told of the end.
type endState int

const (
	notEnded endState = iota
	endedForNow
	endedForGood
)

// op is a step of writing: a mark, or frames.
type op struct {
	v      *voice
	frames []float32
	mark   ring.Mark
	isMark bool
}

func newDecoder(out target, epoch uint64, set settings, unpaced bool, tell func(news)) *decoder {
	return &decoder{
		inbox: mailbox.New[order](), tell: tell, unpaced: unpaced,
		out: out, epoch: epoch, set: set, mixed: make([]float32, 2*block), told: epoch - 1,
	}
}

// abandon ends the loop as soon as its source lets go of it.
func (d *decoder) abandon() {
	d.gone.Store(true)
	d.inbox.Put(orderWake{})
}

// run decodes until it is abandoned.
func (d *decoder) run() {
	d.timer = time.NewTimer(time.Hour)
	d.timer.Stop()
	defer d.close()
	for !d.gone.Load() {
		d.obey()
		if d.gone.Load() {
			return
		}
		if !d.step() {
			d.wait()
		}
	}
}

func (d *decoder) close() {
	d.timer.Stop()
	for _, o := range d.inbox.Take() {
		if n, ok := o.(orderNext); ok {
			n.track.close()
		}
	}
	for _, v := range d.chain {
		v.close()
	}
	d.conv.close()
}

// step does one piece of work; false when there is nothing to do but wait.
func (d *decoder) step() bool {
	if d.stale || !d.write() {
		return false
	}
	if d.at >= len(d.chain) {
		return d.rest()
	}
	v := d.chain[d.at]
	if !v.placed {
		d.place(v)
		return true
	}
	if v.over {
		return d.join(v)
	}
	d.decode(v)
	return true
}

// place brings a voice to where it begins.
func (d *decoder) place(v *voice) {
	start := v.item.Start
	if v.dirty || start > 0 {
		at, err := v.seek(start)
		if errors.Is(err, pcm.ErrNoSeek) {
			at = v.format.Duration(v.read)
		}
		v.first = d.out.format().Frames(at)
	}
	v.placed = true
	d.aim(v)
}

// aim sets the gain that the settings ask for.
func (d *decoder) aim(v *voice) {
	var g float32
	g, v.soft = factor(v.item.Gain, d.set.mode, v.inAlbum, d.set.preamp)
	v.gain.aim(g, int(v.format.Frames(rampLength)))
}

func (d *decoder) decode(v *voice) {
	if n := block * v.format.Channels; v.mix != nil && len(d.raw) < n {
		d.raw = make([]float32, n)
	}
	frames := v.next(d.raw, d.mixed)
	if d.gone.Load() {
		return
	}
	d.ask(v)
	if v.format.Rate == d.out.rate {
		d.emit(v, frames)
		return
	}
	if err := d.conv.feed(d, v, frames); err != nil {
		v.fail(err)
	}
}

// ask asks for what follows when the end is near.
func (d *decoder) ask(v *voice) {
	if v.asked || d.noNext || d.at+1 < len(d.chain) {
		return
	}
	if left, known := v.left(); v.over || known && left <= askAhead+d.set.fade {
		v.asked = true
		d.tell(needNext{v.item.ID})
	}
}

// join deals with the end of a voice: what follows is joined to it to the sample.
func (d *decoder) join(v *voice) bool {
	d.ask(v)
	var next *voice
	if d.at+1 < len(d.chain) {
		next = d.chain[d.at+1]
	}
	if next == nil && !d.noNext && (d.conv.holds() || d.fade.holds()) && (d.unpaced || !d.low()) {
		return false // it may still come in time to be joined
	}
	d.at++
	overlap := d.fade.overlap(d, v, next)
	if next != nil && overlap == 0 && d.conv.goesOn(d, v, next) {
		return true
	}
	d.conv.finish(d, v)
	d.fade.finish(d, v, next, overlap)
	return true
}

// low reports whether the ring is about to run dry, or does not even begin with so little.
func (d *decoder) low() bool { return int64(d.out.ring.Buffered()) < d.lowWater() }

// lowWater is in frames. The gate of a device that takes much at once may be above it, and the
// device wants a block more.
func (d *decoder) lowWater() int64 {
	return max(d.out.format().Frames(lowWater), 2*int64(d.out.ring.Gate()))
}

// rest tells the ring that nothing follows for now, or ever.
func (d *decoder) rest() bool {
	want := endedForNow
	if d.noNext {
		want = endedForGood
	}
	if d.ended != want {
		if !d.out.ring.End(d.epoch, d.noNext) {
			d.stale = true
			return false
		}
		d.ended = want
		d.told = d.epoch
		d.tell(primed{d.epoch})
	}
	return false
}

func (d *decoder) prime() {
	if d.told != d.epoch {
		d.told = d.epoch
		d.tell(primed{d.epoch})
	}
}

// wait sleeps until there is an order, or room, or a held join comes due.
func (d *decoder) wait() {
	var due <-chan time.Time
	if t := d.sleep(); t > 0 {
		d.timer.Reset(t)
		due = d.timer.C
	}
	select {
	case <-d.inbox.Ready():
	case <-due:
	case <-d.out.ring.Space():
	}
	d.timer.Stop()
}

// sleep is how long there is nothing to do; 0 = until something happens.
func (d *decoder) sleep() time.Duration {
	if d.stale || d.paused || d.unpaced {
		return 0
	}
	have := int64(d.out.ring.Buffered())
	switch {
	case d.resting:
		have -= int64(d.out.ring.Capacity() / 2)
	case d.at < len(d.chain):
		have -= d.lowWater()
	default:
		return 0
	}
	return max(d.out.format().Duration(have), minSleep)
}
