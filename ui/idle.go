package ui

import (
	"context"
	"reflect"
	"sync/atomic"
	"time"
	"unsafe"

	tea "charm.land/bubbletea/v2"
)

// A Bubble Tea program's renderer draws at each tick of a time.Ticker, 60 times a
// second for ever. The idler puts a ticker of its own in its place, which ticks when
// something happened, at that pace at most, and not at all otherwise. Where the field
// cannot be found all stays as it was.

const (
	frame = time.Second / 60
	// gather is how long a change waits for others of the same moment.
	gather = 2 * time.Millisecond
	// again is when, after the last change, it is asked whether the renderer has the View.
	again = 50 * time.Millisecond
	// opening is how long, from the first View on, frames are drawn as they come: the
	// first at once, the one with the rows right after it.
	opening = 100 * time.Millisecond
)

// A View is handed to the renderer some time after awake; on a machine that is busy the
// tick may be long past then. So a message is sent once things are still: when it comes
// to Update, all Views before it have been handed over, and a last tick draws them.

// handedMsg is that message. It changes nothing, and its View is the one before.
type handedMsg struct{}

// idler owns the ticks of one program. Its goroutine is Run.
type idler struct {
	dirty chan struct{}  // holds a value when there was a View since the last tick
	ticks chan time.Time // the renderer takes from it; unbuffered, so that none is lost while it draws
	ask   func()         // sends a handedMsg
	over  chan struct{}  // holds a value when it came

	// Views so far, how many of them the renderer surely has, and how many are surely drawn.
	views, given, drawn atomic.Uint64
}

// settled reports whether all that was viewed has been drawn, so that the renderer
// does nothing until the next View.
func (i *idler) settled() bool { return i.drawn.Load() == i.views.Load() }

// newIdler takes over the ticker of a program that does not run yet; nil where it cannot.
func newIdler(p *tea.Program) *idler {
	i := &idler{dirty: make(chan struct{}, 1), ticks: make(chan time.Time), over: make(chan struct{}, 1)}
	if !i.takeOver(p) {
		return nil
	}
	i.ask = func() { p.Send(handedMsg{}) } // it waits for the loop, which never waits for us
	return i
}

// awake is called for each View: something happened.
func (i *idler) awake() {
	i.views.Add(1)
	select {
	case i.dirty <- struct{}{}:
	default: // the next tick is for this one too
	}
}

// handed is called by Update for a handedMsg.
func (i *idler) handed() {
	i.given.Store(i.views.Load())
	select {
	case i.over <- struct{}{}:
	default:
	}
}

// Run ticks for each View until ctx ends: soon after a rest, at the pace of frames
// while there are many, and once more at the end.
func (i *idler) Run(ctx context.Context) {
	var first, last time.Time
	look := time.NewTimer(again)
	defer look.Stop()
	look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			i.ask()
			continue
		case <-i.over:
		case <-i.dirty:
			if first.IsZero() {
				first = time.Now()
			} else if !pause(ctx, wait(time.Since(first), time.Since(last))) {
				return
			}
			look.Reset(again)
		}
		select { // one tick is for all Views until now
		case <-i.dirty:
			look.Reset(again)
		default:
		}
		given := i.given.Load()
		select {
		case i.ticks <- time.Now():
		case <-ctx.Done():
			return
		}
		last = time.Now()
		i.drawn.Store(given)
	}
}

// wait is how long a change waits, so long after the first View and the last tick.
func wait(first, last time.Duration) time.Duration {
	if first < opening {
		return gather
	}
	return max(gather, frame-last)
}

// pause waits; false says that ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// takeOver gives a program, before it runs, a ticker whose ticks are ours. Bubble Tea
// starts and stops it when it gives the terminal away; nobody hears that.
func (i *idler) takeOver(p *tea.Program) bool {
	if p == nil {
		return false
	}
	f := reflect.ValueOf(p).Elem().FieldByName("ticker")
	if !f.IsValid() || f.Type() != reflect.TypeFor[*time.Ticker]() {
		return false
	}
	t := time.NewTicker(time.Hour)
	t.Stop()
	t.C = i.ticks
	*(**time.Ticker)(unsafe.Pointer(f.UnsafeAddr())) = t
	return true
}
