package player

import (
	"slices"
	"time"

	"segue/internal/ring"
)

// listen is the ring's frame that is heard now, and whether sound comes out.
func (e *engine) listen() (at int64, sound bool) {
	if e.out == nil || e.ring == nil {
		return e.heard, false
	}
	rd := e.out.reader()
	at, sound = rd.Frame(e.out.last())
	if at <= e.floor {
		return e.heard, false
	}
	if taken := e.ring.Taken(); at > taken {
		at = taken
	}
	return max(at, e.heard), sound
}

// settle brings everything up to the frame that is heard now.
func (e *engine) settle() (sound bool) {
	at, sound := e.listen()
	e.heardTo(at)
	return sound
}

// heardTo tells of all beginnings and ends up to a frame.
func (e *engine) heardTo(at int64) {
	if e.ring == nil {
		return
	}
	e.deliver()
	for {
		m, ok := e.ring.First()
		if !ok || m.At > at || m.At == at && !m.End {
			break
		}
		if m.End {
			e.deliver() // it may have come since: all was taken before its source was known to end
		}
		e.ring.Drop()
		e.credit(m.At)
		if m.End {
			e.ends(m)
		} else {
			e.begins(m)
		}
	}
	e.credit(at)
}

// credit counts the frames up to at as heard of the current track.
func (e *engine) credit(at int64) {
	if n := at - e.heard; n > 0 {
		if e.cur != nil && !e.cur.ended && !e.placed {
			e.cur.heard += Format{Rate: e.rate, Channels: 2}.Duration(n)
		}
		e.heard = at
	}
}

func (e *engine) deliver() {
	for {
		item, ok, _ := e.ring.Delivered()
		if !ok {
			return
		}
		e.tell(Delivered{ItemID(item)})
	}
}

// begins: the first frame of a track, or of a place in it, is heard.
func (e *engine) begins(m ring.Mark) {
	if e.cur == nil || uint64(e.cur.item.ID) != m.Item {
		e.succeed(ItemID(m.Item))
	}
	e.base, e.placed = m, false
	if t := e.cur; t != nil && !t.started {
		t.started = true
		e.tell(Started{Item: t.item.ID, Format: t.format, Info: t.info})
	}
}

// succeed makes a preloaded track the current one, unless it is not wanted any more.
func (e *engine) succeed(id ItemID) {
	i := slices.IndexFunc(e.ahead, func(t *track) bool { return t.item.ID == id })
	if i >= 0 {
		e.cur, e.ahead = e.ahead[i], e.ahead[i+1:]
	}
}

// ends: the last frame of a track is heard, or it broke before its first.
func (e *engine) ends(m ring.Mark) {
	if e.cur == nil || uint64(e.cur.item.ID) != m.Item {
		e.succeed(ItemID(m.Item))
	}
	t := e.cur
	if t == nil || t.ended || uint64(t.item.ID) != m.Item {
		return // or it was forgotten before anything of it was heard
	}
	t.ended = true
	t.heard += Format{Rate: e.rate, Channels: 2}.Duration(m.Over)
	ev := Ended{Item: t.item.ID, Reason: EndPlayed, Heard: t.heard}
	if m.Err != nil {
		ev.Reason, ev.Err = EndError, m.Err
	}
	e.place, e.placed = e.position(), true
	e.tell(ev)
	e.undo = nil
	if e.dec != nil {
		e.dec.inbox.Put(orderRelease{t.item.ID})
	}
}

// position is that of the frame heard last.
func (e *engine) position() time.Duration {
	if e.placed || e.rate == 0 {
		return e.place
	}
	return Format{Rate: e.rate, Channels: 2}.Duration(e.base.Frame + e.heard - e.base.At)
}

// look settles what has come to be heard, and watches the device.
func (e *engine) look(now time.Time) {
	if !e.retryAt.IsZero() && !now.Before(e.retryAt) {
		e.retryAt = time.Time{}
		if e.state == Playing && e.out == nil && !e.opening {
			e.open(e.dev)
		}
	}
	e.impatient(now)
	e.rest(now)
	e.release()
	e.settle()
	e.move(false)
	e.drainIfDone()
	e.watch(now)
}

// drainIfDone tells that all was heard and nothing follows.
func (e *engine) drainIfDone() {
	if e.cur == nil || !e.cur.ended || len(e.ahead) > 0 || e.ring == nil || !e.ring.Ended() {
		e.drained = time.Time{}
		return
	}
	if e.heard < e.ring.Written() {
		return
	}
	if !e.ring.Final() { // it was asked for and may come
		if e.drained.IsZero() {
			e.drained = time.Now()
		}
		if time.Since(e.drained) < drainGrace {
			return
		}
	}
	if e.unpaced && e.ring.Final() && e.out != nil {
		return // until it is written: streamDone
	}
	e.lateOK = !e.ring.Final()
	e.drop()
	e.tell(Drained{})
	e.setState(Unloaded)
	e.flow()
	e.move(true)
}

// move tells the anchor when it has changed; force: in any case, because somebody waits for it.
func (e *engine) move(force bool) {
	now := time.Now()
	a := Anchor{At: now}
	if e.cur != nil {
		_, sound := e.listen()
		a.Item, a.Position = e.cur.item.ID, e.position()
		if sound && e.state == Playing && !e.placed {
			a.Rate = 1
		}
	}
	off := a.Position - e.told.Now(now)
	if off < driftLimit && off > -driftLimit {
		e.drift = time.Time{}
	} else if e.drift.IsZero() {
		e.drift = now
	}
	drifted := !e.drift.IsZero() && now.Sub(e.drift) >= driftPatience
	same := a.Item == e.told.Item && a.Rate == e.told.Rate
	if same && !force && !drifted {
		return
	}
	e.drift = time.Time{}
	e.told = a
	e.p.anchor.Store(&a)
	e.tell(Moved{a})
}

// next is how long Run may sleep; 0 = until something happens.
func (e *engine) next(now time.Time) time.Duration {
	if !e.retryAt.IsZero() {
		return max(e.retryAt.Sub(now), lookLeast)
	}
	if e.opening {
		return max(openLimit-now.Sub(e.asked), lookLeast)
	}
	if left, ok := e.restLeft(now); ok {
		return max(left, lookLeast)
	}
	if e.state != Playing || e.out == nil || e.cur == nil {
		return 0
	}
	wait := lookSecond
	if e.unpaced {
		wait = lookUnpaced
	}
	if !e.drift.IsZero() || now.Sub(e.told.At) < lookSecond {
		wait = min(wait, driftPatience) // devices may falter when they begin
	}
	if e.hushed {
		if left := e.calm.Sub(now); left > 0 {
			return max(left, lookLeast)
		}
		return lookStarved
	}
	at, sound := e.listen()
	f := Format{Rate: e.rate, Channels: 2}
	if !sound {
		if n, ok := e.out.reader().UntilSound(e.out.last()); ok {
			return max(f.Duration(n+1), lookLeast)
		}
		switch {
		case e.ring.Buffered() > 0:
			return lookSoon
		case !e.drained.IsZero():
			return max(drainGrace-now.Sub(e.drained), lookLeast)
		}
		return lookStarved
	}
	if m, ok := e.ring.First(); ok {
		wait = min(wait, f.Duration(max(m.At-at, 0)))
	}
	item, ok, left := e.ring.Delivered()
	if ok { // each is given once: since the last look it was reached
		e.tell(Delivered{ItemID(item)})
	}
	if ok || left >= 0 {
		wait = min(wait, max(f.Duration(max(left, 0)), lookTaken))
	}
	if left := e.ring.Taken() - at + int64(e.ring.Buffered()); left > 0 {
		wait = min(wait, f.Duration(left)) // it may run dry
	}
	return max(wait, lookLeast)
}
