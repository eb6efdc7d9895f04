package ring

import "sync/atomic"

// logged is how many changes between sound and silence a reader remembers.
const logged = 64

// Reader is the consumer's end for one stream of a device. It counts every frame
// it gives, silence included, so that a device's latency can be turned into the
// ring's frame that is heard.
type Reader struct {
	g *Ring
	// busy is on while a read is under way, held while reads are refused: together
	// they let the owner step in without a lock on the consumer's side.
	busy, held atomic.Bool
	closed     atomic.Bool
	given      atomic.Int64 // frames given to the device, silence included
	stutters   atomic.Int64

	gap   bool      // the consumer's own: it was held, and gave silence
	waits bool      // the consumer's own: it reads with ReadWait
	mono  []float32 // the consumer's own

	// The consumer's; the owner touches them while it holds the reader.
	flowing bool  // the last frame given was sound
	dry     bool  // the ring ran dry since the last Clear: more must wait before sound begins again
	next    int64 // the ring's frame that would follow without a jump

	// changes[i%logged] says: from device frame dev on the ring's frame is at, and it
	// advances (sound) or stands (silence).
	changes [logged]change
	head    atomic.Uint64 // changes written
}

type change struct{ dev, at atomic.Int64 }

// Attach makes the one reader of the ring; an earlier one gives only silence from
// now on. The new one is held until Open.
func (g *Ring) Attach() *Reader {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.detach()
	rd := &Reader{g: g, next: -1}
	rd.held.Store(true)
	rd.log(0, g.r.Load(), false)
	g.rd = rd
	return rd
}

// Detach ends the reader: when it returns no read is under way and none will take frames.
func (g *Ring) Detach() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.detach()
}

func (g *Ring) detach() {
	if g.rd == nil {
		return
	}
	g.rd.held.Store(true)
	g.rd.closed.Store(true)
	g.rd.settle()
	g.rd = nil
	signal(g.data)
}

// Open lets the reader take frames.
func (rd *Reader) Open() {
	rd.held.Store(false)
	signal(rd.g.data)
}

// Given is how many frames the device was given in all, silence included.
func (rd *Reader) Given() int64 { return rd.given.Load() }

// TakeStutters is how often the ring ran dry since the last call.
func (rd *Reader) TakeStutters() int { return int(rd.stutters.Swap(0)) }

// Read fills dst (stereo) with what waits and silence behind it. It returns false
// when nothing waits and nothing ever will. It never blocks and does not allocate.
func (rd *Reader) Read(dst []float32) bool {
	n := int64(len(dst) / 2)
	given := rd.given.Load()
	rd.busy.Store(true)
	got, more := int64(0), true
	if rd.held.Load() {
		if !rd.gap {
			rd.log(given, rd.g.r.Load(), false)
			rd.gap = true
		}
	} else {
		got, more = rd.take(dst, n, given)
		if got < n {
			if got > 0 || rd.flowing && !rd.gap {
				rd.log(given+got, rd.g.r.Load(), false)
			}
			rd.flowing = false
		}
	}
	rd.given.Store(given + n)
	rd.busy.Store(false)
	clear(dst[2*got:])
	return more
}

// ReadMono is Read for a device with one channel.
func (rd *Reader) ReadMono(dst []float32) bool {
	if cap(rd.mono) < 2*len(dst) {
		rd.mono = make([]float32, 2*len(dst))
	}
	both := rd.mono[:2*len(dst)]
	more := rd.Read(both)
	for i := range dst {
		dst[i] = (both[2*i] + both[2*i+1]) / 2
	}
	return more
}

// take moves up to n frames to dst. It runs between busy on and off, not held.
func (rd *Reader) take(dst []float32, n, given int64) (got int64, more bool) {
	g := rd.g
	ended, final := g.ended.Load(), g.final.Load()
	r, w := g.r.Load(), g.w.Load()
	have := w - r
	if have <= 0 {
		if rd.flowing && !ended {
			rd.stutters.Add(1)
			rd.dry = true
		}
		return 0, !final
	}
	if !rd.flowing && !ended && have < rd.enough(n) {
		return 0, true
	}
	got = min(n, have)
	at := r % g.size
	k := copy(dst[:2*got], g.buf[2*at:])
	copy(dst[k:2*got], g.buf)
	if !rd.flowing || rd.gap || r != rd.next {
		rd.log(given, r, true)
	}
	rd.gap = false
	rd.flowing = true
	rd.next = r + got
	g.r.Store(r + got)
	if got < n && !ended {
		rd.stutters.Add(1)
		rd.dry = true
	}
	return got, true
}

// enough is how many frames must wait before sound begins with a block of n.
func (rd *Reader) enough(n int64) int64 {
	if rd.waits {
		return 0
	}
	least := rd.g.gate.Load()
	if rd.dry {
		least = max(least, rd.g.regate)
	}
	return min(max(least, n), rd.g.ahead)
}

// ReadWait waits until sound is there and fills as much of dst as there is, in
// samples; more is false when nothing will ever follow. It is for devices that are
// files: they take frames as fast as they come, and never get silence.
func (rd *Reader) ReadWait(dst []float32) (n int, more bool) {
	g := rd.g
	for {
		n, more = rd.ReadSome(dst)
		if n > 0 {
			if g.w.Load()-g.r.Load() <= g.ahead/2 {
				signal(g.space)
			}
			return n, true
		}
		if !more || rd.closed.Load() {
			signal(g.data) // for a reader that follows
			return 0, false
		}
		<-g.data
	}
}

// ReadSome is ReadWait for one who comes again by himself: n may be 0.
func (rd *Reader) ReadSome(dst []float32) (n int, more bool) {
	given := rd.given.Load()
	rd.busy.Store(true)
	var got int64
	more = true
	if !rd.held.Load() {
		rd.waits = true
		got, more = rd.takeAny(dst, given)
	}
	rd.given.Store(given + got)
	rd.busy.Store(false)
	return int(2 * got), more
}

func (rd *Reader) takeAny(dst []float32, given int64) (int64, bool) {
	g := rd.g
	n := min(int64(len(dst)/2), g.w.Load()-g.r.Load())
	if n <= 0 {
		return 0, !g.final.Load() || g.w.Load() > g.r.Load()
	}
	return rd.take(dst, n, given)
}

func (rd *Reader) log(dev, at int64, sound bool) {
	h := rd.head.Load()
	c := &rd.changes[h%logged]
	if !sound {
		at = ^at
	}
	c.dev.Store(dev)
	c.at.Store(at)
	rd.head.Store(h + 1)
}

// stands says that what follows the silence given last is the frame r again. The
// caller holds the reader.
func (rd *Reader) stands(r int64) {
	h := rd.head.Load()
	if h == 0 {
		return
	}
	if c := &rd.changes[(h-1)%logged]; c.at.Load() < 0 {
		c.at.Store(^r)
	}
}

// Frame is the ring's frame that stood at the device's frame dev, and whether it
// was sound (else it is the frame that would have come).
func (rd *Reader) Frame(dev int64) (at int64, sound bool) {
	for {
		head := rd.head.Load()
		at, sound = rd.find(dev, head)
		if now := rd.head.Load(); now-head < logged/2 {
			return at, sound
		}
	}
}

// UntilSound is how many frames after the device's frame dev, which is silent, sound
// begins, as far as it was given to the device.
func (rd *Reader) UntilSound(dev int64) (frames int64, ok bool) {
	head := rd.head.Load()
	for i := head; i > 0 && head-i < logged/2; i-- {
		c := &rd.changes[(i-1)%logged]
		from, at := c.dev.Load(), c.at.Load()
		if from <= dev {
			break
		}
		if at >= 0 {
			frames, ok = from-dev, true
		}
	}
	return frames, ok
}

// Silence is how many frames of silence the device was given since the last sound.
func (rd *Reader) Silence() int64 {
	h := rd.head.Load()
	if h == 0 {
		return 0
	}
	c := &rd.changes[(h-1)%logged]
	if c.at.Load() >= 0 {
		return 0
	}
	return max(rd.given.Load()-c.dev.Load(), 0)
}

func (rd *Reader) find(dev int64, head uint64) (int64, bool) {
	oldest := uint64(0)
	if head > logged/2 {
		oldest = head - logged/2
	}
	for i := head; i > oldest; i-- {
		c := &rd.changes[(i-1)%logged]
		from, at := c.dev.Load(), c.at.Load()
		if from > dev && i-1 > oldest {
			continue
		}
		if at < 0 {
			return ^at, false
		}
		return at + max(dev-from, 0), true
	}
	return 0, false
}

// WaitMono is ReadWait for a device with one channel.
func (rd *Reader) WaitMono(dst []float32) (n int, more bool) {
	if cap(rd.mono) < 2*len(dst) {
		rd.mono = make([]float32, 2*len(dst))
	}
	both := rd.mono[:2*len(dst)]
	n, more = rd.ReadWait(both)
	for i := range n / 2 {
		dst[i] = (both[2*i] + both[2*i+1]) / 2
	}
	return n / 2, more
}
