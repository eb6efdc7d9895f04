// Package ring is the buffer between the decode loop and the device: stereo
// float32 frames, numbered from 0 for as long as the ring lives, with marks that
// say which item the frames from there on belong to.
//
// Three parties use it. The producer (one decode loop, or for a moment an
// abandoned one and its successor) writes frames and marks. The consumer (the
// device's callback, through a Reader) takes frames: with atomics only, no lock,
// no allocation. The owner (the player's goroutine) clears, cuts and rewinds.
// Producer and owner share a mutex that the consumer never takes.
//
// A write carries the epoch it was made for. Clear, Cut and Rewind-and-restore
// begin a new epoch, and a producer that does not know it yet is refused.
// Frames already read are kept for a while, so that what a device took but never
// played can be read again, and so that a spectrum can look at what is heard.
package ring

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Ring is a buffer of stereo frames for one producer, one consumer and one owner.
type Ring struct {
	buf    []float32
	size   int64 // frames in buf
	ahead  int64 // most frames that wait to be read
	regate int64 // frames that must wait before sound begins again after the ring ran dry

	gate atomic.Int64 // frames that must wait before sound begins

	w     atomic.Int64 // next frame to be written; moved under mu
	r     atomic.Int64 // next frame to be read; moved by the consumer, or by the owner while it is held
	ended atomic.Bool  // nothing follows the frames that wait, as far as is known
	final atomic.Bool  // and nothing ever will

	mu    sync.Mutex
	epoch uint64
	floor int64 // frames before it are of an older epoch and cannot be read again
	marks []Mark
	rd    *Reader

	data  chan struct{} // for ReadWait: something was written
	space chan struct{} // for the producer of a ReadWait reader: it is half empty
}

// New makes a ring that holds up to ahead unread frames and keeps at least history read ones.
// Reading begins, and begins again after it ran dry, when the given numbers of
// frames wait (or all there are).
func New(ahead, history, start, restart int) *Ring {
	n := int64(ahead + history)
	g := &Ring{
		buf: make([]float32, 2*n), size: n, ahead: int64(ahead), regate: int64(restart),
		data: make(chan struct{}, 1), space: make(chan struct{}, 1),
	}
	g.gate.Store(int64(start))
	return g
}

// Gate is how many frames must wait before sound begins, unless all do; SetGate
// changes that.
func (g *Ring) Gate() int { return int(g.gate.Load()) }

// SetGate is for a device that takes more than expected at once.
func (g *Ring) SetGate(frames int) { g.gate.Store(min(int64(frames), g.ahead)) }

// Capacity is how many unread frames fit.
func (g *Ring) Capacity() int { return int(g.ahead) }

// Buffered is how many frames wait to be read.
func (g *Ring) Buffered() int { return int(max(g.w.Load()-g.r.Load(), 0)) }

// Written is the number of the next frame to be written.
func (g *Ring) Written() int64 { return g.w.Load() }

// Taken is the number of the next frame to be read.
func (g *Ring) Taken() int64 { return g.r.Load() }

// Ended reports whether nothing is known to follow what waits.
func (g *Ring) Ended() bool { return g.ended.Load() }

// Final reports whether nothing will ever follow what waits.
func (g *Ring) Final() bool { return g.final.Load() }

// Epoch is the number that writes must carry now.
func (g *Ring) Epoch() uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.epoch
}

// Write appends as many whole frames of src as fit and returns how many those
// were; ok is false, and nothing is written, when the epoch is over.
func (g *Ring) Write(epoch uint64, src []float32) (frames int, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if epoch != g.epoch {
		return 0, false
	}
	w := g.w.Load()
	n := min(int64(len(src)/2), g.ahead-(w-g.r.Load()))
	if n <= 0 {
		return 0, true
	}
	at := w % g.size
	k := copy(g.buf[2*at:], src[:2*n])
	copy(g.buf, src[k:2*n])
	g.ended.Store(false)
	g.final.Store(false)
	g.w.Store(w + n)
	signal(g.data)
	return int(n), true
}

// End says that nothing follows what was written, final: that nothing ever will.
// The next Write takes it back.
func (g *Ring) End(epoch uint64, final bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if epoch != g.epoch {
		return false
	}
	g.ended.Store(true)
	g.final.Store(final)
	signal(g.data)
	return true
}

// Clear forgets all frames that wait and all marks, and begins a new epoch. It
// returns that, and what Restore needs to take it back.
func (g *Ring) Clear() (epoch uint64, was Cleared) {
	g.mu.Lock()
	defer g.mu.Unlock()
	release := g.hold()
	defer release()
	was = Cleared{marks: g.marks, w: g.w.Load(), floor: g.floor, ended: g.ended.Load(), final: g.final.Load()}
	if rd := g.rd; rd != nil {
		if rd.flowing && !rd.gap {
			rd.log(rd.given.Load(), g.r.Load(), false) // what follows is silence until sound begins
		}
		rd.flowing, rd.dry = false, false
	}
	g.r.Store(was.w)
	g.floor = was.w
	g.marks = nil
	g.ended.Store(false)
	g.final.Store(false)
	g.epoch++
	return g.epoch, was
}

// Cleared is what a Clear removed.
type Cleared struct {
	marks        []Mark
	w, floor     int64
	ended, final bool
}

// Restore takes Clear back and goes on reading at the frame r, as long as
// nothing was written since.
func (g *Ring) Restore(was Cleared, r int64) (epoch uint64, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.w.Load() != was.w {
		return g.epoch, false
	}
	release := g.hold()
	defer release()
	g.floor, g.marks = was.floor, was.marks
	g.ended.Store(was.ended)
	g.final.Store(was.final)
	r = g.oldest(r)
	g.r.Store(r)
	if g.rd != nil {
		g.rd.stands(r)
	}
	g.epoch++
	signal(g.data)
	return g.epoch, true
}

// Rewind goes back (never forward) to read the frame r again, or the oldest that
// is left, and returns which.
func (g *Ring) Rewind(r int64) int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	release := g.hold()
	defer release()
	r = g.oldest(min(r, g.r.Load()))
	g.r.Store(r)
	if g.rd != nil {
		g.rd.stands(r)
	}
	signal(g.data)
	return r
}

func (g *Ring) oldest(r int64) int64 { return max(r, g.floor, g.w.Load()-g.size) }

// Renew begins a new epoch and changes nothing else: the producer stops and asks.
func (g *Ring) Renew() uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.epoch++
	return g.epoch
}

// Mono copies len(dst) frames that end in front of the frame end, both channels
// averaged, and reports whether all of them are still there.
func (g *Ring) Mono(dst []float32, end int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	from := end - int64(len(dst))
	if from < g.oldest(0) || end > g.w.Load() {
		return false
	}
	at := from % g.size
	for i := range dst {
		dst[i] = (g.buf[2*at] + g.buf[2*at+1]) / 2
		if at++; at == g.size {
			at = 0
		}
	}
	return true
}

// Space delivers a value when a ReadWait reader has made room.
func (g *Ring) Space() <-chan struct{} { return g.space }

// hold keeps the consumer out until the returned function is called. The caller has mu.
func (g *Ring) hold() func() {
	rd := g.rd
	if rd == nil {
		return func() {}
	}
	was := rd.held.Swap(true)
	rd.settle()
	return func() {
		if !was {
			rd.held.Store(false)
			signal(g.data)
		}
	}
}

// settle waits for a read that is under way: a copy of some microseconds.
func (rd *Reader) settle() {
	for rd.busy.Load() {
		runtime.Gosched()
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Taken is the ring's frame where reading stood when it was cleared, at the most.
func (c Cleared) Taken() int64 { return c.w }
