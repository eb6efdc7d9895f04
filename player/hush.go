package player

import (
	"time"

	"segue/internal/pcm"
)

// A device that is emptied asks for a whole buffer at once, and what it is given is what
// will be heard first. So where it can it stands still until the frames are there that
// are meant for it, instead of taking silence.

const (
	burst     = 100 * time.Millisecond // seeks and skips closer than this are a burst:
	burstCalm = 60 * time.Millisecond  // only what follows such a pause is sent to the device
)

// still keeps the device from asking for more, if it can be held empty. hush follows.
func (e *engine) still() {
	if e.out != nil && e.out.depth > 0 {
		e.out.stream.Pause()
	}
}

// hush empties the device, and holds it so if that is possible, until release. It returns
// how many frames were thrown away.
func (e *engine) hush() (thrown int64) {
	if e.out.depth == 0 {
		return e.out.stream.Flush()
	}
	now := time.Now()
	if now.Sub(e.since) < burst {
		e.calm = now.Add(burstCalm)
	}
	e.since = now
	if e.hushed {
		return 0
	}
	e.still()
	e.hushed = true
	return e.out.stream.Flush()
}

// release lets a hushed device begin, when enough waits for it.
func (e *engine) release() {
	if !e.hushed || e.state != Playing || e.ring == nil {
		return
	}
	if !e.ring.Ended() && e.ring.Buffered() < e.ring.Gate() || time.Now().Before(e.calm) {
		return
	}
	e.hushed = false
	e.out.stream.Resume()
}

// restLeft is how long a paused device is kept, if it is let go at all.
func (e *engine) restLeft(now time.Time) (left time.Duration, ok bool) {
	if e.out == nil || e.state == Playing || e.idle.IsZero() || e.unpaced || e.cfg.RestAfter < 0 {
		return 0, false
	}
	if t, tires := e.out.stream.(pcm.Tiring); !tires || !t.Tires() {
		return 0, false
	}
	return e.cfg.RestAfter - now.Sub(e.idle), true
}

// rest closes a device that has been paused for long. The ring keeps what it has not played, so
// that it goes on with the same frame when Play opens it again.
func (e *engine) rest(now time.Time) {
	if left, ok := e.restLeft(now); ok && left <= 0 {
		e.detach(false)
		e.rested = true
	}
}

// resume lets the device go on, unless it is hushed and must wait.
func (e *engine) resume() {
	if e.hushed {
		e.release()
		return
	}
	e.out.stream.Resume()
}
