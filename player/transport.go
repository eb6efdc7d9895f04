package player

import "time"

// load replaces everything by one track.
func (e *engine) load(t *track, play bool) {
	e.settle()
	e.leave()
	e.drop()
	e.silence()
	t.inAlbum = e.album
	e.cur, e.place, e.placed, e.lateOK = t, max(t.item.Start, 0), true, false
	if play {
		e.setState(Playing)
	} else {
		e.setState(Loaded)
	}
	e.flow()
	e.move(true)
}

// leave tells that the current track is left before its end.
func (e *engine) leave() {
	if t := e.cur; t != nil && !t.ended {
		t.ended = true
		e.tell(Ended{Item: t.item.ID, Reason: EndSkipped, Heard: t.heard})
	}
}

// drop lets go of all tracks. Their sources are closed by whoever has them.
func (e *engine) drop() {
	if e.dec != nil {
		e.dec.abandon()
		e.dec = nil
	} else {
		e.closeLater(e.pending)
		if e.cur != nil {
			e.closeLater([]*track{e.cur})
		}
	}
	e.cur, e.ahead, e.pending, e.noNext, e.undo = nil, nil, nil, false, nil
}

// closeLater closes sources that no decode loop has, without waiting for them.
func (e *engine) closeLater(tracks []*track) {
	if len(tracks) == 0 {
		return
	}
	e.wait.Go(func() {
		for _, t := range tracks {
			t.close()
		}
	})
}

// silence empties the ring and the device.
func (e *engine) silence() {
	if e.ring == nil {
		return
	}
	e.still()
	e.ring.Clear()
	e.heard = e.ring.Taken()
	e.floor = e.heard
	if e.out != nil {
		e.hush()
	}
}

// flow lets sound come, or not, as the state has it.
func (e *engine) flow() {
	if e.state == Playing && e.out == nil {
		if !e.opening && e.retryAt.IsZero() {
			e.open(e.dev)
		}
		return
	}
	e.begin()
	if e.out != nil {
		if e.state == Playing {
			e.stalled, e.idle = time.Time{}, time.Time{}
			e.resume()
		} else {
			e.out.stream.Pause()
			if e.idle.IsZero() {
				e.idle = time.Now()
			}
		}
	}
	e.orderPause()
}

func (e *engine) play() {
	if e.cur == nil {
		return
	}
	if e.state == Playing {
		if !e.retryAt.IsZero() { // no need to wait for the lost device any longer
			e.retryAt = time.Time{}
			e.flow()
		}
		return
	}
	e.setState(Playing)
	e.flow()
	e.settle()
	e.move(true)
}

func (e *engine) pause() {
	if e.state != Playing {
		return
	}
	e.setState(Paused)
	e.retryAt, e.backoff = time.Time{}, 0
	e.flow()
	e.settle()
	e.move(true)
}

func (e *engine) stop() {
	e.settle()
	e.leave()
	e.drop()
	e.silence()
	e.lateOK = false
	e.retryAt, e.backoff = time.Time{}, 0
	e.setState(Unloaded)
	e.flow()
	e.move(true)
}

// pausedFrom is where a state goes when the sound cannot go on.
func pausedFrom(s State) State {
	if s == Playing {
		return Paused
	}
	return s
}

func (e *engine) preload(t *track) {
	if e.cur == nil {
		late := e.lateOK
		e.load(t, late)
		return
	}
	e.noNext = false
	t.inAlbum = e.album
	if e.dec == nil {
		e.closeLater(e.pending)
		e.pending, e.ahead = []*track{t}, []*track{t}
		return
	}
	e.ahead = append(e.ahead, t)
	e.dec.inbox.Put(orderNext{t})
}

func (e *engine) nothingFollows(after ItemID) {
	if e.dec != nil {
		e.dec.inbox.Put(orderNoNext{after})
		return
	}
	last := e.cur
	if n := len(e.pending); n > 0 {
		last = e.pending[n-1]
	}
	e.noNext = last != nil && last.item.ID == after
}

// clearNext forgets what follows the current track, and cuts it out of the ring.
func (e *engine) clearNext() {
	if e.cur == nil {
		return
	}
	e.settle()
	e.closeLater(e.pending)
	e.pending, e.ahead, e.noNext = nil, nil, false
	if e.dec == nil {
		return
	}
	if e.undo != nil {
		e.undo.cut = true
	}
	epoch := e.cutBehind()
	e.dec.inbox.Put(orderDrop{epoch: epoch, keep: e.cur.item.ID})
}

// cutBehind cuts what follows the current track out of the ring, which has a new epoch then.
func (e *engine) cutBehind() uint64 {
	id := uint64(e.cur.item.ID)
	epoch, ok := e.ring.CutBehind(id)
	for try := 0; !ok && try < 3; try++ {
		e.pullBack() // the device has some of it
		epoch, ok = e.ring.CutBehind(id)
	}
	if !ok {
		epoch = e.ring.Renew()
	}
	return epoch
}

// pullBack takes what the device has not played yet back into the ring.
func (e *engine) pullBack() {
	out := e.out
	if out == nil || e.unpaced {
		return
	}
	rd := out.reader()
	out.stream.Pause() // or it would ask for more before the ring is rewound
	given := rd.Given()
	thrown := out.stream.Flush()
	at, _ := rd.Frame(given - thrown)
	at = min(max(at, e.heard), e.ring.Taken())
	e.heardTo(at)
	e.ring.Rewind(at)
	e.floor = e.heard
	if e.state == Playing {
		e.resume()
	}
}

// hasten brings the first frames of an epoch, or of a track that came when all before it was
// given, to the ear without the silence that the device has taken while it waited for them. How much that was tells how much
// it takes at once: so many frames must wait, or they would break off again.
func (e *engine) hasten(epoch uint64) {
	if e.out == nil || e.unpaced || e.ring.Epoch() != epoch {
		return
	}
	rd := e.out.reader()
	_, sound := rd.Frame(e.out.last())
	behind := sound && rd.Silence() > 0 // what comes out next is sound, and silence follows it
	if (sound || e.out.depth > 0) && !behind {
		return
	}
	late := e.out.stream.Latency()
	gate := int(Format{Rate: e.rate}.Frames(min(late+late/8, gateMost)))
	if e.state == Playing && gate > e.ring.Gate() {
		e.ring.SetGate(gate)
		if !e.ring.Ended() && e.ring.Buffered() < gate {
			e.dec.inbox.Put(orderPrime{})
			return
		}
	}
	if late > lookSoon {
		e.pullBack()
	}
}

// seek goes to a place in the current track. What follows is told by the decode
// loop; the position shows the new place at once.
func (e *engine) seek(to time.Duration) {
	if e.cur == nil {
		return
	}
	e.settle()
	if e.cur.ended && len(e.ahead) > 0 { // its successor is about to be heard
		e.cur, e.ahead = e.ahead[0], e.ahead[1:]
	}
	if e.cur == nil || e.cur.ended {
		return
	}
	if e.cur.info.Frames > 0 {
		to = min(to, e.cur.format.Duration(e.cur.info.Frames))
	}
	if e.dec == nil {
		e.place = to
		e.move(true)
		return
	}
	undo := &unseek{heard: e.heard, base: e.base, place: e.place, placed: e.placed}
	e.still()
	epoch, was := e.ring.Clear()
	if e.out != nil {
		rd := e.out.reader()
		given := rd.Given()
		thrown := e.hush()
		// Silence there may be from before a seek that was taken back: its frame says nothing.
		if at, sound := rd.Frame(given - thrown); sound && at > e.heard && at <= was.Taken() {
			e.credit(at)
		}
	}
	undo.heard = e.heard
	undo.was = was
	e.heard = e.ring.Taken()
	e.floor = e.heard
	if e.undo == nil {
		e.undo = undo
	}
	e.place, e.placed = to, true
	e.dec.inbox.Put(orderSeek{epoch: epoch, item: e.cur.item.ID, to: to, out: target{e.ring, e.rate}})
	e.move(true)
}

// takeBackSeek goes on where a source was that cannot seek.
func (e *engine) takeBackSeek(epoch uint64) {
	u := e.undo
	if e.ring.Epoch() != epoch {
		return // a later order is on its way
	}
	if u == nil {
		e.dec.inbox.Put(orderResume{e.ring.Renew()})
		e.release()
		return
	}
	e.undo = nil
	next, ok := e.ring.Restore(u.was, u.heard)
	if ok {
		e.heard, e.base, e.place, e.placed = u.heard, u.base, u.place, u.placed
		e.floor = e.heard
	}
	if u.cut {
		next = e.cutBehind()
	}
	e.dec.inbox.Put(orderResume{next})
	e.release()
	e.move(true)
}
