package device

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"segue/internal/pcm"
)

// card is a sound device that plays stereo float32. wake and free may be called from
// anywhere; the rest belongs to the writer's thread, and may hang when the hardware does.
// Frames are counted, not samples.
type card interface {
	// wait sleeps until wake, until the device may have room (if device is set), or until
	// the time-out, which is none below 0.
	wait(timeout time.Duration, device bool) woken
	wake()
	room() (int, error)
	delay() (int, error) // until the frame written next is heard
	write(frames []float32) (int, error)
	running() bool      // frames are leaving it
	active() bool       // running, or held
	hold(on bool) error // errCannotHold where there is no such thing
	drop() error        // what is buffered, and make ready for more
	// takeBack returns how many of the frames written last, at most as many, will not be
	// heard; all before them will. The card goes on with what is written next.
	// errCannotTakeBack where there is no such thing.
	takeBack(most int) (int, error)
	recover(err error) error
	free()
}

// woken says what ended a wait; 0 is the time-out.
type woken int

const (
	byWake   woken = 1
	byDevice woken = 2
)

var (
	errCannotHold     = errors.New("the device cannot pause")
	errCannotTakeBack = errors.New("the device gives nothing back")
	errGone           = errors.New("the device has gone")
	errAsleep         = errors.New("the machine was asleep")
	errAgain          = errors.New("try again")
	errClosed         = errors.New("closed")
)

const (
	answerPatience = 25 * time.Millisecond  // that Pause, Flush and Close wait for the writer
	stallPatience  = 3 * time.Second        // without progress, then once more:
	stallDoubt     = 750 * time.Millisecond // our own process may have been stopped
	mostRecoveries = 5                      // in recoverySpan, then the device is dead
	recoverySpan   = 3 * time.Second
	leastDoubt     = 2500 * time.Microsecond // that a card may be wrong about what it has played
	startTick      = 15 * time.Millisecond   // between looks at a card that has not begun to play
	idlePolls      = 8                       // that woke us for nothing, then we sleep by the clock
	ebbGrace       = 250 * time.Millisecond  // that a busy server may be late with what it has
)

// line is one device at work: the writer's side of it (write and what it calls) and the
// stream's (Pause to Close).
//
// The writer gives the card frames from the history, a ring of absolute frame numbers:
// fill adds at given, next is what the card gets next. They differ while frames are played
// again because the card had to drop them.
type line struct {
	*ending
	name   string // ALSA's
	kind   string // what ALSA says that is, may be empty
	card   card   // the writer's, apart from wake and free
	format pcm.Format
	buffer int           // frames that the card holds
	period int           // frames that are written at once
	doubt  time.Duration // how wrong the card may be about what it has played

	// The writer's own.
	history     []float32
	given, next int64
	gain        ramp
	scratch     []float32
	held        holding
	recoveries  []time.Time
	pace        pace
	again       int64     // frames behind next that were heard already, while emptied
	sent        int64     // frames written since the card began, or began again
	moved       bool      // and it has played some of them
	kept        int64     // while frozen: what of the frames before next is not heard
	ebb         time.Time // while ebbing: until then the card plays the rest
	bare        bool      // frames were taken back, so the card may run dry before the next write

	gone   chan struct{} // closed when the device was
	attach chan struct{} // closed when fill is set, or nobody wants the line
	watch  *time.Timer   // declares the line dead

	mu       sync.Mutex // guards what follows; never held around card or fill
	fill     func(dst []float32) bool
	volume   float64
	paused   bool // wanted
	closed   bool // wanted
	released bool
	asked    []request
	progress int64 // counts writes, for watch
	doubted  int64 // progress when watch first ran out, -1 = it has not
	model    model
}

// holding is how the card stands still.
type holding int

const (
	moving  holding = iota
	frozen          // by its own pause
	ebbing          // it plays the rest that it did not give back, and will be emptied
	emptied         // dropped, or never started
)

func newLine(c card, rate, buffer, period int) *line {
	l := &line{
		ending: newEnding(),
		card:   c,
		format: pcm.Format{Rate: rate, Channels: 2},
		buffer: buffer,
		period: period,
		doubt:  leastDoubt,
		attach: make(chan struct{}),
		gone:   make(chan struct{}),
		gain:   ramp{now: 1, target: 1},
	}
	l.volume, l.doubted = 1, -1
	l.history = make([]float32, 2*2*(buffer+period))
	l.pace.rate = rate
	l.watch = time.AfterFunc(stallPatience, l.suspect)
	l.watch.Stop()
	return l
}

// start gives the line its fill, and lets the writer go.
func (l *line) start(fill func(dst []float32) bool) {
	l.mu.Lock()
	l.fill = fill
	l.mu.Unlock()
	l.watch.Reset(stallPatience)
	close(l.attach)
}

// write is the writer: it gives n frames to the card, obeying meanwhile. Its error is
// for good, and has ended the stream.
func (l *line) write(n int) error {
	<-l.attach
	for n > 0 {
		if err := l.obey(); err != nil {
			return err
		}
		k, err := l.feed(n)
		if err == nil || errors.Is(err, errAgain) {
			n -= k
			continue
		}
		if err := l.revive(err); err != nil {
			err = fmt.Errorf("device: %s: %w", l.name, err)
			l.end(err)
			return err
		}
	}
	return nil
}

// feed waits for room and writes at most n frames.
func (l *line) feed(n int) (int, error) {
	room, err := l.card.room()
	if err != nil {
		return 0, err
	}
	room = l.pace.allow(time.Now(), room, l.buffer)
	if n = min(n, l.period); room < n {
		return 0, l.sleep(room, n)
	}
	l.pace.idle = 0
	l.supply(n)
	return l.pass(n)
}

// supply asks fill for what the next n frames lack.
func (l *line) supply(n int) {
	lack := n - int(l.given-l.next)
	if lack <= 0 {
		return
	}
	l.mu.Lock()
	fill := l.fill
	stop := l.paused || l.closed || len(l.asked) > 0
	if !stop {
		l.model.queued += int64(lack)
	}
	l.mu.Unlock()
	if stop {
		return
	}
	for lack > 0 {
		dst := l.span(l.given, lack)
		fill(dst)
		l.given += int64(len(dst) / 2)
		lack -= len(dst) / 2
	}
}

// span is the part of the history that begins with the frame at, up to n frames and not
// around its edge.
func (l *line) span(at int64, n int) []float32 {
	size := len(l.history) / 2
	i := int(at % int64(size))
	return l.history[2*i : 2*min(i+n, size)]
}

// pass writes up to n of the frames from next on, and looks at the clock.
func (l *line) pass(n int) (int, error) {
	n = min(n, int(l.given-l.next))
	done := 0
	for done < n {
		part := l.span(l.next, n-done)
		k, err := l.card.write(l.loud(part))
		if err != nil {
			return done, err
		}
		l.next += int64(k)
		done += k
		if k < len(part)/2 {
			break
		}
	}
	l.pace.wrote(time.Now(), done, l.buffer)
	l.sent += int64(done)
	l.bare = l.bare && done == 0
	return done, l.note(done > 0)
}

// loud is part at the present volume.
func (l *line) loud(part []float32) []float32 {
	l.mu.Lock()
	volume := l.volume
	l.mu.Unlock()
	l.gain.aim(float32(volume), l.format.Rate/50)
	if l.gain.unity() {
		return part
	}
	l.scratch = append(l.scratch[:0], part...)
	l.gain.apply(l.scratch)
	return l.scratch
}

// note refreshes the model.
func (l *line) note(progress bool) error {
	now := time.Now()
	delay, err := l.behind(now)
	l.moved = l.moved || delay < l.sent
	l.mu.Lock()
	defer l.mu.Unlock()
	if progress {
		l.progress++
		l.doubted = -1
		l.watch.Reset(stallPatience)
	}
	if err == nil {
		l.model = model{queued: delay + l.given - l.next, most: int64(l.buffer * 3 / 4)}
		if l.moved {
			l.model.at = now
		}
	}
	return err
}

// behind is how many of the frames written are not heard yet.
func (l *line) behind(now time.Time) (int64, error) {
	if l.pace.on {
		return l.pace.queued(now), nil
	}
	if !l.card.active() {
		return 0, nil // it plays from the first write on, and stops when all was heard
	}
	n, err := l.card.delay()
	if err != nil {
		return 0, err
	}
	if n > 0 {
		return int64(n), nil
	}
	// PulseAudio says 0 while it has not begun.
	room, err := l.card.room()
	return int64(max(0, l.buffer-room)), err
}

// sleep waits until there is room for n frames, or somebody wants something. A device
// that wakes us for nothing is looked at by the clock.
func (l *line) sleep(room, n int) error {
	lacking := l.format.Duration(int64(n - room))
	switch {
	case !l.moved && l.sent > 0:
		l.card.wait(startTick, false)
		return l.note(false)
	case l.pace.on:
		l.card.wait(lacking, false)
	case l.pace.idle >= idlePolls:
		l.card.wait(min(max(lacking/2, 2*time.Millisecond), 50*time.Millisecond), false)
	case l.card.wait(lacking+lacking/4+20*time.Millisecond, true) == byDevice:
		l.pace.idle++
	}
	return nil
}
