package engine

// track is an open source's part of the deck. The deck's mu guards it.
type track struct {
	uri    string
	serial uint64
	length int64 // frames, as its metadata claim; 0 = unknown

	pos     int64  // the frame that its source gives next
	buf     []byte // frames from pos on
	begun   bool   // its source was read or sought
	moved   bool   // pos was changed by a seek, which the program does not know of
	moves   int    // how often
	ended   bool   // what is behind buf is its end
	closed  bool
	err     error
	waiting int // in Read
}

// have is how many frames wait for the source.
func (t *track) have() int64 { return int64(len(t.buf) / frameSize) }

// end is the frame behind those.
func (t *track) end() int64 { return t.pos + t.have() }

// add takes frames that begin at a number. Those that it has are left out.
func (t *track) add(at int64, b []byte) {
	if t.closed || t.ended || t.err != nil || t.moved {
		return
	}
	if skip := t.end() - at; skip > 0 {
		b = b[min(skip*frameSize, int64(len(b))):]
	}
	t.buf = append(t.buf, b...)
}

// restart has it begin at a frame.
func (t *track) restart(at int64) {
	if t.err != nil {
		return
	}
	t.pos, t.buf, t.moved, t.ended = at, nil, false, false
}

// fail has its source break off with an error, once what came before is read.
func (t *track) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

// readable is how much may be given on: while another track is to follow and the program
// may be at it already, not what might be that one's.
func (t *track) readable(d *deck) int64 {
	n := t.have()
	if d.on == t && d.next != nil && d.cut < 0 && !t.ended {
		n = max(n-held, 0)
	}
	return n
}

// near reports whether its end comes soon, so that what is opened now follows it.
func (t *track) near() bool { return t.length > 0 && t.pos >= t.length-nearEnd }

// nearEnd is more than the player asks ahead, crossfade included.
const nearEnd = 30 * rate
