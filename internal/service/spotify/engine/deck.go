package engine

import (
	"context"
	"sync"
	"time"

	"segue/internal/pcm"
)

// format of all that comes out of the pipe: s16le at 44.1 kHz, stereo.
var format = pcm.Format{Rate: 44100, Channels: 2}

const (
	frameSize = 4 // bytes
	rate      = 44100

	ahead  = 6 * rate // frames that are kept ahead of the sources
	resume = ahead / 2
	// leads is how far the program may be ahead of what was taken from its pipe: 418 ms, and
	// what the reader has in its hand.
	leads = rate*418/1000 + inHand
	// inHand is the most that is read at once, in frames.
	inHand = 4 << 10
	// held is how much is not given on while the program may be past a join that it has
	// not told of yet.
	held = late + rate/4
	// late is how long an event may be on its way, in frames of the paced reading before a join.
	late = rate
	// paced is where, before the claimed end of a track that another one follows, reading
	// slows down to twice the speed of music, so that events come in time.
	paced = 3 * rate

	// burst is how much is read at once when enough is ahead: few wakings, and whoever
	// pauses the program from afar does not wait long.
	burst = rate * 2 / 5

	idleAfter = 3 * time.Second // full for so long: nobody listens, and the program is paused
	quiet     = 300 * time.Millisecond
	overdue   = 3 * time.Second // after the end of a track, for the event that ends it
)

// flow says whether the program writes.
type flow int

const (
	still   flow = iota // there is nothing loaded, or nobody knows what
	flowing             // it writes
	resting             // it is paused, with a track loaded
)

// deck is what the sources, the pipe's reader, the events and the loop share. mu guards
// all of it, and nobody holds it while he waits.
type deck struct {
	mu      sync.Mutex
	news    chan struct{} // closed and replaced whenever sources may go on
	kick    chan struct{} // wakes the loop
	pipe    *fifo         // of this life; nil = there is none
	tracks  []*track      // open ones, in the order they were opened
	serial  uint64
	want    *track // whose source was asked last
	giveUp  context.CancelFunc
	calling bool // a call is being made; what events tell was asked for
	loading bool // that one may take long, and no other is answered meanwhile
	hangs   int  // calls in a row that were not answered in time
	again   bool // nobody knows what came of the last one

	flow flow
	// on is the track whose frames come, at the number of the next one. next is the one
	// that the program was told to play behind it. Each may be closed already: then what
	// comes of it is thrown away.
	on, next *track
	at       int64
	drop     bool   // what comes is from before a change
	odd      []byte // of a frame begun
	// over: the program has read on to its end; cut is the frame of on that next begins
	// at, -1 = not known yet.
	over    bool
	stopped bool // and it stands still now
	overAt  time.Time
	overEnd int64  // the number of the next frame when that was told
	doubt   *track // whose end was told of too soon, at doubtAt: it is begun there again
	doubtAt int64
	cut     int64
	early   []event // of what comes behind the cut

	// resumes counts the calls to resume in this life, and resumed those that its events
	// have told of: what they tell after the last is of what plays now.
	resumes, resumed int

	outdated  bool          // the next track is for another life of the program
	dry       time.Duration // nothing came for so long: it is started over
	fullSince time.Time
	lastByte  time.Time // or when it began to flow
	asked     time.Time // when the last call returned
	retried   int       // how often it was started over without a frame
	transfer  string    // the device that plays now, as stderr says
	heard     bool      // events are heard in this life
	bad       map[string]error
	pace      time.Time // until when reading waits
	burst     int64     // frames read since it waited
	lost      func(device string)
	blame     func(error) error
	joins     []join // the last few
}

// join is how one track of Spotify's followed another, for tests and the log.
type join struct {
	from, to string
	at       int64 // frame of from where it was taken to end
	claimed  int64 // by its metadata
}

func newDeck() *deck {
	return &deck{news: make(chan struct{}), kick: make(chan struct{}, 1), bad: map[string]error{}, cut: -1, dry: usualTimes().dry}
}

// tell wakes all who wait for something to change. mu is held.
func (d *deck) tell() {
	close(d.news)
	d.news = make(chan struct{})
}

// poke wakes the loop.
func (d *deck) poke() {
	select {
	case d.kick <- struct{}{}:
	default:
	}
}

// makeRoom wakes the reader of the pipe. mu is held.
func (d *deck) makeRoom() {
	if d.pipe != nil {
		d.pipe.wake()
	}
}

// buffered is how many frames wait for sources. mu is held.
func (d *deck) buffered() (n int64) {
	for _, t := range d.tracks {
		n += t.have()
	}
	return n
}

// room reports whether the pipe is to be read now: its reader asks.
func (d *deck) room() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	if d.drop || d.on == nil || d.on.closed {
		return true
	}
	if d.on.moved && !d.on.ended { // nothing more of this is wanted: the loop is about to seek
		return false
	}
	switch full := d.buffered() >= ahead; {
	case !full:
		d.fullSince = time.Time{}
	case d.fullSince.IsZero():
		d.fullSince = now
		d.poke()
	}
	if wait := d.pace.Sub(now); wait > 0 {
		pipe := d.pipe
		time.AfterFunc(wait, pipe.wake)
		return false
	}
	return true
}

// take is what came out of the pipe.
func (d *deck) take(b []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lastByte, d.retried = time.Now(), 0
	if d.drop || d.on == nil {
		d.odd = d.odd[:0]
		return
	}
	if len(d.odd) > 0 {
		b = append(d.odd, b...)
		d.odd = nil
	}
	whole := len(b) / frameSize * frameSize
	d.odd = append([]byte(nil), b[whole:]...)
	d.frames(b[:whole])
	d.catchUp()
	d.slowDown(int64(whole / frameSize))
	d.tell()
}

// frames gives whole frames to the track they are of: before the cut to on, behind it to
// what follows.
func (d *deck) frames(b []byte) {
	for len(b) > 0 {
		n := int64(len(b) / frameSize)
		if d.cut >= 0 {
			n = min(n, d.cut-d.at)
		}
		if n <= 0 {
			d.crossOver()
			continue
		}
		d.on.add(d.at, b[:n*frameSize])
		d.at += n
		b = b[n*frameSize:]
	}
	if d.cut >= 0 && d.at >= d.cut {
		d.crossOver()
	}
}

// slowDown paces the reading after n frames. Near a join it is slow, so that the events
// that tell of it come while its frames do, and slower where they are late. When enough is
// ahead it goes on at the speed of music, until the program is paused: a program whose
// reader stops would hang when somebody else pauses it. mu is held.
func (d *deck) slowDown(n int64) {
	d.pace = time.Time{}
	took := format.Duration(n)
	switch {
	case d.on == nil || d.on.closed:
	case d.next != nil && d.cut < 0 && (d.over || d.on.length > 0 && d.at >= d.on.length):
		d.pace = time.Now().Add(2 * took)
	case d.buffered() >= ahead:
		if d.burst += n; d.burst >= burst {
			d.pace, d.burst = time.Now().Add(format.Duration(d.burst)), 0
		}
	case d.next != nil && !d.over && d.on.length > 0 && d.at >= d.on.length-paced:
		d.pace = time.Now().Add(took / 2)
	}
}

// crossOver is where the frames of one track end and those of the next begin.
func (d *deck) crossOver() {
	d.joins = append(d.joins[max(len(d.joins)-9, 0):], join{d.on.uri, d.next.uri, d.cut, d.on.length})
	d.on.ended = true
	d.on, d.at = d.next, 0
	d.on.restart(0)
	d.next, d.cut, d.over, d.stopped, d.pace = nil, -1, false, false, time.Time{}
	d.poke()
}
