package connect

import (
	"errors"
	"time"

	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// pace says when to look again.
type pace struct {
	hurry  int           // looks soon after a command that are still to come
	slow   time.Duration // how long the next wait is
	misses int           // looks in a row that showed nothing
	last   session.RemoteState
	paused time.Time     // since when it is
	until  time.Time     // not before, after a refusal
	fail   time.Duration // how long the next wait after a failure is
	ended  int           // looks about the end of the track
}

const (
	slowest     = 30 * time.Second // while it plays
	slowestRest = time.Minute      // while it is paused
	restAfter   = 3 * time.Minute  // a player that is paused for so long is left alone
	staleAfter  = 10 * time.Second
	behindEnd   = 300 * time.Millisecond
	secondLook  = time.Second
	mostMisses  = 2
	mostFail    = time.Minute
)

// soon are the waits after a command: what was commanded shows with a delay.
var soon = [...]time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}

func newPace() *pace { return &pace{hurry: len(soon), slow: 5 * time.Second} }

// told begins anew after a command.
func (p *pace) told() {
	p.hurry, p.slow, p.misses, p.ended, p.paused = len(soon), 5*time.Second, 0, 0, time.Time{}
	p.fail = 0
}

// next is how long to wait; ever is false where only a command is worth a look.
func (p *pace) next(now time.Time) (wait time.Duration, ever bool) {
	switch {
	case now.Before(p.until):
		return p.until.Sub(now), true
	case p.misses > 0:
		return secondLook, true
	case p.hurry > 0:
		return soon[len(soon)-p.hurry], true
	case !p.paused.IsZero() && now.Sub(p.paused) >= restAfter:
		return 0, false
	case !p.last.Playing:
		return p.slow, true
	}
	wait = p.slow
	if p.last.Length > 0 {
		left := p.last.Length - p.last.Position - now.Sub(p.last.At)
		if left > -secondLook*6 {
			wait = min(wait, max(left+behindEnd, secondLook*7/10))
		}
	}
	return wait, true
}

// stale reports whether what was seen last is old enough for a look of its own, when
// somebody comes back to the screen.
func (p *pace) stale(now time.Time) bool {
	return !now.Before(p.until) && p.hurry == 0 && now.Sub(p.last.At) >= staleAfter
}

// doubts counts a look that showed nothing, and reports whether another one is due first.
func (p *pace) doubts() bool {
	p.misses++
	return p.misses <= mostMisses
}

// failed puts the next look off.
func (p *pace) failed(err error, now time.Time) {
	p.fail = min(max(2*p.fail, 2*time.Second), mostFail)
	p.until = now.Add(p.fail)
	var e *webapi.Error
	if errors.As(err, &e) && e.RetryAt.After(p.until) {
		p.until = e.RetryAt
	}
}

// saw takes a state: the less changes, the longer the next wait.
func (p *pace) saw(st session.RemoteState) {
	was := p.last
	p.last, p.fail, p.until, p.misses = st, 0, time.Time{}, 0
	expected := was.Position
	if was.Playing {
		expected += st.At.Sub(was.At)
	}
	off := (st.Position - expected).Abs()
	same := was.Track == st.Track && was.Part.Ref == st.Part.Ref && was.Playing == st.Playing && was.Device.ID == st.Device.ID && was.Device.Volume == st.Device.Volume && off < 2*time.Second
	switch {
	case p.hurry > 0:
		p.hurry--
	case same:
		most := slowest
		if !st.Playing {
			most = slowestRest
		}
		p.slow = min(2*p.slow, most)
	case (was.Track != st.Track || was.Part.Ref != st.Part.Ref) && was.Playing && st.Playing:
		p.slow = 10 * time.Second // it went on
	default:
		p.slow = 5 * time.Second
	}
	switch {
	case st.Playing:
		p.paused = time.Time{}
	case p.paused.IsZero():
		p.paused = st.At
	}
}
