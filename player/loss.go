package player

import "time"

// impatient gives a device up that does not even open.
func (e *engine) impatient(now time.Time) {
	if e.opening && now.Sub(e.asked) >= openLimit {
		e.opening = false // its answer, should one come, is closed
		e.cannotOpen(errSlow)
	}
}

// watch looks, each second while playing, whether the device still takes frames.
func (e *engine) watch(now time.Time) {
	out := e.out
	if out == nil || e.state != Playing || e.unpaced {
		return
	}
	if s, ok := out.stream.(*sinkStream); ok && (s.waits() || e.ring.Buffered() == 0) {
		e.stalled = now // full, or waiting for the source: nothing is wrong
		return
	}
	if err := out.stream.Err(); err != nil {
		e.lose(err)
		return
	}
	if e.hushed {
		e.stalled = now // it asks for nothing
		return
	}
	given := out.reader().Given()
	if given != e.given || e.stalled.IsZero() {
		e.given, e.stalled = given, now
		return
	}
	if now.Sub(e.stalled) >= stallLimit {
		e.lose(errStalled)
	}
}

// lose takes the loss of the device: pause and tell, or try to come back.
func (e *engine) lose(err error) {
	if e.out == nil {
		return
	}
	name := e.out.name
	e.detach(true)
	e.orderPause()
	if e.state != Playing {
		return // Play opens it again
	}
	e.lost = true
	e.tell(DeviceChanged{Name: name, Lost: true, Err: err})
	if e.cfg.OnDeviceLoss == LossFollow {
		e.move(true)
		e.retryLater()
		return
	}
	e.setState(Paused)
	e.move(true)
}

func (e *engine) retryLater() {
	e.backoff = min(max(2*e.backoff, backoffFirst), backoffMost)
	e.retryAt = time.Now().Add(e.backoff)
}

// streamDone hears that the stream has ended by itself.
func (e *engine) streamDone() {
	out := e.out
	if err := out.stream.Err(); err != nil || !e.ring.Final() {
		if err == nil {
			err = errGone
		}
		e.lose(err)
		return
	}
	e.settle() // a file: all is written
	e.detach(false)
	e.drainIfDone()
}
