package device

import (
	"errors"
	"math"
	"sync"
	"time"
)

// fakeCard plays by the clock of a synctest bubble, and keeps what was heard.
type fakeCard struct {
	canHold bool
	flight  int // frames that are beyond recall; 0: it gives nothing back
	size    int // frames it holds
	period  int

	mu     sync.Mutex
	queue  []float32
	heard  []float32
	last   time.Time
	going  bool
	held   bool
	dry    bool  // it ran dry and must be recovered
	asleep bool  // it was, and must be recovered
	broken error // what everything returns
	frozen bool  // it plays nothing, and says nothing
	short  int   // the most frames it takes in one write, 0 = all
	woken  chan struct{}
	drops  int
	freed  bool
}

var errDry = errors.New("ran dry")

func (c *fakeCard) advance() {
	now := time.Now()
	n := min(2*int(cd.Frames(now.Sub(c.last))), len(c.queue))
	c.last = now
	if !c.going || c.held || c.frozen {
		return
	}
	c.heard = append(c.heard, c.queue[:n]...)
	c.queue = c.queue[n:]
	if len(c.queue) == 0 {
		c.going, c.dry = false, true
	}
}

func (c *fakeCard) do(f func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken != nil {
		return c.broken
	}
	c.advance()
	return f()
}

func (c *fakeCard) wait(timeout time.Duration, device bool) woken {
	c.mu.Lock()
	c.advance()
	due := time.Duration(math.MaxInt64)
	if device && c.going && !c.held && !c.frozen {
		due = cd.Duration(int64(max(1, len(c.queue)/2-(c.size-c.period))))
	}
	c.mu.Unlock()
	if timeout < 0 {
		timeout = math.MaxInt64
	}
	timer := time.NewTimer(min(due, timeout))
	defer timer.Stop()
	select {
	case <-c.woken:
		return byWake
	case <-timer.C:
	}
	if due < timeout {
		return byDevice
	}
	return 0
}

func (c *fakeCard) wake() {
	select {
	case c.woken <- struct{}{}:
	default:
	}
}

func (c *fakeCard) room() (n int, err error) {
	err = c.do(func() error {
		if c.asleep {
			return errAsleep
		}
		if c.dry {
			return errDry
		}
		n = c.size - len(c.queue)/2
		return nil
	})
	return n, err
}

func (c *fakeCard) delay() (n int, err error) {
	err = c.do(func() error { n = len(c.queue) / 2; return nil })
	return n, err
}

func (c *fakeCard) write(frames []float32) (n int, err error) {
	err = c.do(func() error {
		if c.dry {
			return errDry
		}
		if n = len(frames) / 2; c.short > 0 {
			n = min(n, c.short)
		}
		c.queue = append(c.queue, frames[:2*n]...)
		c.going = true
		return nil
	})
	return n, err
}

func (c *fakeCard) running() bool { return c.active() && !c.held }

func (c *fakeCard) active() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.advance()
	return c.going
}

func (c *fakeCard) hold(on bool) error {
	if !c.canHold {
		return errCannotHold
	}
	return c.do(func() error { c.held = on; return nil })
}

func (c *fakeCard) drop() error {
	return c.do(func() error {
		c.queue, c.going, c.held, c.dry, c.asleep = nil, false, false, false, false
		c.drops++
		return nil
	})
}

func (c *fakeCard) takeBack(most int) (n int, err error) {
	if c.flight == 0 {
		return 0, errCannotTakeBack
	}
	err = c.do(func() error {
		n = min(most, max(0, len(c.queue)/2-c.flight))
		c.queue = c.queue[:len(c.queue)-2*n]
		return nil
	})
	return n, err
}

func (c *fakeCard) recover(error) error { return c.drop() }

func (c *fakeCard) free() { c.freed = true }
