package device

import (
	"time"

	"segue/internal/pcm"
)

// pace finds out devices that swallow everything at once (ALSA's null and file), and is
// their clock from then on. It belongs to a line's writer.
type pace struct {
	rate int
	on   bool // the device has no clock of its own
	idle int  // waits in a row that the device ended for nothing

	since time.Time // zero: the clock stands
	count int64     // frames: written since, or with on, queued at since
}

// A device may take swallowed more than its buffer before it is found out; over
// paceSpan a clock that is a little fast is none.
const (
	swallowed = time.Second
	paceSpan  = time.Minute
)

func (p *pace) frames(d time.Duration) int64 {
	return pcm.Format{Rate: p.rate, Channels: 2}.Frames(d)
}

// queued is how many frames a device without a clock would still hold.
func (p *pace) queued(now time.Time) int64 {
	if p.since.IsZero() {
		return p.count
	}
	return max(0, p.count-p.frames(now.Sub(p.since)))
}

// allow is how much of the room that the device claims may be used.
func (p *pace) allow(now time.Time, room, buffer int) int {
	if !p.on {
		return room
	}
	return max(0, buffer-int(p.queued(now)))
}

// wrote counts n frames.
func (p *pace) wrote(now time.Time, n, buffer int) {
	if p.on {
		p.count, p.since = p.queued(now)+int64(n), now
		return
	}
	if p.since.IsZero() || now.Sub(p.since) > paceSpan {
		p.since, p.count = now, 0
	}
	p.count += int64(n)
	switch ahead := p.count - p.frames(now.Sub(p.since)); {
	case ahead < 0:
		p.since, p.count = now, 0
	case ahead > int64(buffer)+p.frames(swallowed):
		p.on = true
		p.since, p.count = now, int64(buffer)
	}
}

// hold stops the clock, letGo starts it again, drop empties what it counts.
func (p *pace) hold(now time.Time) {
	if p.on {
		p.count = p.queued(now)
	}
	p.since = time.Time{}
}

func (p *pace) letGo(now time.Time) {
	if p.on {
		p.since = now
	}
}

func (p *pace) drop() {
	p.since, p.count = time.Time{}, 0
}
