package engine

import (
	"time"
)

// catchUp takes the events that came before their frames, once these have come. mu is held.
func (d *deck) catchUp() {
	for len(d.early) > 0 && d.cut < 0 {
		ev := d.early[0]
		d.early = d.early[1:]
		d.happens(ev)
	}
}

// event takes what the program tells. What it tells of a track whose frames have not come
// yet waits for them.
func (d *deck) event(ev event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cut >= 0 && ev.Type != eventInactive && ev.Type != eventMetadata {
		d.early = append(d.early, ev)
		return
	}
	d.happens(ev)
	d.catchUp()
	d.tell()
	d.poke()
}

// happens is event, when its time has come. mu is held.
func (d *deck) happens(ev event) {
	uri := ev.Data.URI
	switch ev.Type {
	case eventMetadata:
		for _, t := range []*track{d.on, d.next} {
			if t != nil && t.uri == uri && ev.Data.Duration > 0 {
				t.length = ev.Data.Duration * rate / 1000
			}
		}
	case eventNotPlaying:
		if d.on != nil && !d.over && d.flow == flowing && (uri == "" || uri == d.on.uri) && d.mayBeOver() {
			if d.doubtful() {
				d.doubt, d.on, d.drop = d.on, nil, true // the loop begins it again at its next frame
				d.doubtAt = d.doubt.end()
				return
			}
			d.over, d.overAt, d.overEnd = true, time.Now(), d.at
		}
	case eventWillPlay, eventPlaying:
		if ev.Type == eventPlaying && ev.Data.Resume && d.resumed < d.resumes {
			d.resumed++
		}
		d.begins(ev.Type, uri)
	case eventPaused:
		if !d.over && d.unasked() && d.flow == flowing {
			d.elsewhere()
		}
	case eventStopped:
		if d.over {
			d.stopped = true
		} else if d.unasked() && d.flow == flowing {
			d.flow, d.on, d.next, d.cut = still, nil, nil, -1 // its output broke: started over
		}
	case eventInactive:
		d.elsewhere()
	}
}

// mayBeOver reports whether an end told of now is that of the track that is on, and not one
// from before the last call that comes late. Events come in order, so behind the one that
// tells of our last resume it is. Where none tells of that, as with older programs, it is
// likely when the claimed end is near, the last call is a while ago, or nothing came since
// it was begun again. mu is held.
func (d *deck) mayBeOver() bool {
	return d.resumes > 0 && d.resumed == d.resumes || d.retried > 0 || d.on.length <= 0 || d.at+leads+2*late >= d.on.length || time.Since(d.asked) > 2*time.Second
}

// doubtful reports whether an end comes so long before the claimed one, and so soon after a
// call, that it may be of what was played before that: a busy program obeys first and ends
// the track then. It is believed when it is told again with no frame between. mu is held.
func (d *deck) doubtful() bool {
	t := d.on
	return d.next == nil && d.want == t && d.retried == 0 && t.length > 0 && d.at+leads+2*late < t.length &&
		time.Since(d.asked) <= 2*time.Second && (d.doubt != t || d.doubtAt != t.end())
}

// unasked reports whether what happens now is somebody else's doing: no call of ours is
// being made, or was a moment ago. mu is held.
func (d *deck) unasked() bool { return !d.calling && time.Since(d.asked) > 2*time.Second }

// begins: a track begins. It is what was told to follow, what a call asked for, or what
// somebody with a remote control wants. mu is held.
func (d *deck) begins(kind, uri string) {
	switch {
	case d.cut >= 0: // the frames are not there yet
	case d.on != nil && d.next != nil && uri == d.next.uri && (d.over || uri != d.on.uri):
		d.cut = d.joint()
		d.split()
	case d.over && d.next == nil, d.calling, d.on == nil, uri == "", uri == d.on.uri:
	case d.next != nil && d.over:
		d.next = nil // it was passed over: the loop asks for it by name
	case kind == eventWillPlay && d.unasked():
		d.elsewhere()
	}
}

// split gives what was taken for frames of the track that is on, and is behind the cut, to
// what follows. mu is held.
func (d *deck) split() {
	over := d.at - d.cut
	if over < 0 {
		return
	}
	var behind []byte
	if t := d.on; t.end() == d.at {
		cut := int64(len(t.buf)) - min(over, t.have())*frameSize
		behind = append(behind, t.buf[cut:]...)
		t.buf = t.buf[:cut]
	}
	d.crossOver()
	d.at = over - int64(len(behind)/frameSize)
	d.frames(behind)
}

// joint is the frame at which the track that is on ends: by the length it claims, if the
// events allow that. The program has told of it when it was at most leads ahead of what
// has come, and not long ago; where the claim is beyond that, it is wrong, and the middle of
// what may still come is nearest. mu is held.
func (d *deck) joint() int64 {
	at, told := d.on.length, d.at
	if d.over {
		told = d.overEnd // what follows may have been told of late
	}
	if at <= 0 || at > told+leads {
		at = told + leads/2
	}
	return max(at, told-late, d.on.pos)
}

// elsewhere: another device plays, or somebody else commands this one. What is open here
// plays no more; only what is opened anew does. mu is held.
func (d *deck) elsewhere() {
	if d.lost == nil || d.flow == still && d.on == nil && len(d.tracks) == 0 {
		return
	}
	for _, t := range d.tracks {
		t.fail(errTokenLost)
	}
	d.want, d.next, d.on, d.cut, d.over, d.early = nil, nil, nil, -1, false, nil
	if d.flow == flowing {
		d.drop = true
	}
	go d.announce()
}

// nameAfter is how long the name of the device that plays now may come behind the news: it
// comes another way, over stderr.
const nameAfter = 300 * time.Millisecond

// announce tells that the account plays elsewhere, and where, if that is said.
func (d *deck) announce() {
	t := time.NewTimer(nameAfter)
	defer t.Stop()
	for late := false; ; {
		d.mu.Lock()
		device, news := d.transfer, d.news
		if device != "" || late {
			d.transfer = ""
			d.mu.Unlock()
			d.lost(device)
			return
		}
		d.mu.Unlock()
		select {
		case <-news:
		case <-t.C:
			late = true
		}
	}
}
