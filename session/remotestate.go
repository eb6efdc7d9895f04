package session

import (
	"time"

	"segue/internal/match"
	"segue/internal/music"
	"segue/player"
)

const (
	// settling is how long after an order a device may still be reported as it was before.
	settling = 2500 * time.Millisecond
	// nearEnd is how close to its end a track counts as through.
	nearEnd = 3 * time.Second
	// tooLate is how long after its end the end of a track is old news: after a sleep or
	// an outage nothing begins by itself.
	tooLate = 30 * time.Second
	// drift is how far the position may be off before it is put right.
	drift = 700 * time.Millisecond
	// sameLength is how far the lengths of one recording under two names may be apart.
	sameLength = 2 * time.Second
)

// reported takes how the device stands.
func (f *far) reported(st RemoteState) {
	if st.Err != nil {
		f.r.s.noticed(f.account, st.Err)
		return
	}
	if f.lost || !f.begun || f.orders.busy || st.Asked.Before(f.orders.done) {
		return // it is of before the last order
	}
	where := f.seen(st)
	unsettled := time.Since(f.orders.done) < settling
	if unsettled && !f.fits(st, where) {
		return // it may still be of before the order
	}
	switch where {
	case seenOurs:
		f.isAt(st)
	case seenNext:
		f.advance(st)
	case seenOver:
		f.isOver(st)
	case seenNothing, seenOther, seenAway:
		f.isLost(st, where)
	}
}

// fits reports whether a report is what is expected right after an order.
func (f *far) fits(st RemoteState, where seen) bool {
	switch where {
	case seenOurs:
		return st.Playing == f.playing && (st.Position-f.anchor.Now(st.At)).Abs() < nearEnd
	case seenNext:
		return st.Track != f.track()
	case seenOver, seenNothing, seenOther, seenAway:
	}
	return false
}

// seen is what a report means for us.
type seen int

const (
	seenOurs    seen = iota // the current track, playing or paused
	seenNext                // the device went on to what was enqueued
	seenOver                // the current track is through
	seenNothing             // no device has anything
	seenOther               // somebody else's track on our device
	seenAway                // another device is active
)

func (f *far) seen(st RemoteState) seen {
	through := f.through(st)
	elsewhere := st.Device.ID != "" && f.device.ID != "" && st.Device.ID != f.device.ID
	switch {
	case st.Ended && !elsewhere && f.started && f.playing:
		return seenOver
	case elsewhere && (st.Playing || !f.isCurrent(st)):
		return seenAway
	case st.Track.IsZero() && through:
		return seenOver
	case st.Track.IsZero():
		return seenNothing
	case f.isList() && st.Track == f.track():
		return seenOurs // a part of it is through, and it goes on by itself
	case through && f.isNext(st):
		return seenNext
	case f.isCurrent(st):
		if through && f.rewound(st) || through && !st.Playing && f.playing {
			return seenOver
		}
		return seenOurs
	case f.isNext(st):
		return seenNext // somebody skipped there
	case through:
		return seenOver // the device went on by itself
	}
	return seenOther
}

// through reports whether the current track has come to its end by the time of a report.
func (f *far) through(st RemoteState) bool {
	length := f.lasts()
	return length > 0 && f.playing && f.started && f.anchor.Now(st.At) >= length-nearEnd
}

// rewound reports whether the needle stands well before where it was thought to.
func (f *far) rewound(st RemoteState) bool {
	return st.Position+nearEnd < clamp(f.anchor.Now(st.At), f.length)
}

// isCurrent reports whether a report is of the current track. Services give a track
// another name where rights want it: what has its title and length right after the start
// is that.
func (f *far) isCurrent(st RemoteState) bool {
	if st.Track == f.track() || st.Track == f.alias {
		return true
	}
	if f.started && !f.seenAt.IsZero() || !f.resembles(f.cur, st) {
		return false
	}
	f.alias = st.Track
	return true
}

func (f *far) isNext(st RemoteState) bool {
	g := f.next
	if g == nil || g.far == nil || f.queued != g.far.track {
		return false
	}
	if g.far.track == f.track() { // the same once more: it is there when the needle went back
		return f.isCurrent(st) && f.rewound(st)
	}
	return st.Track == g.far.track || st.Track != f.track() && st.Track != f.alias && f.resembles(g, st)
}

func (f *far) resembles(g *handed, st RemoteState) bool {
	d := st.Length - g.item.Length
	it := f.r.s.play.items[g.item.ID]
	if it == nil || st.Title == "" || d > sameLength || d < -sameLength {
		return false
	}
	return match.Fold(st.Title) == match.Fold(it.track.Title)
}

// isAt takes over position, volume and whether it plays.
func (f *far) isAt(st RemoteState) {
	f.sure, f.seenAt, f.loud = time.Now(), time.Now(), st.Playing
	f.takeDevice(st.Device)
	switch {
	case f.isList():
		f.takePart(st.Part, st.Position)
	case st.Length > 0:
		f.length = st.Length
	}
	at := st.Position
	if st.Playing {
		at += max(time.Since(st.At), 0)
	}
	off := at - f.position()
	rate := 0.0
	if st.Playing {
		rate = 1
	}
	if st.Playing != f.playing {
		f.tellState(st.Playing, player.Paused)
	}
	if f.anchor.Rate != rate || off > drift || off < -drift {
		f.movedTo(at, rate)
	}
}

func (f *far) takeDevice(d Device) {
	s := f.r.s
	if d.Name != "" && d.Name != f.device.Name {
		f.device.Name = d.Name
		s.playbackDirty = true
	}
	f.device.Fixed = d.Fixed
	if d.ID != "" {
		f.device.ID = d.ID
	}
	if d.Volume >= 0 && d.Volume != f.volume {
		f.volume = d.Volume
		if d.Volume > 0 {
			f.unmuted = 0
		}
		s.playbackDirty = true
	}
}

// isLost gives up the device: something else plays there, or on another one, or it is
// gone. It is not told to be silent, and nothing is taken back by itself.
func (f *far) isLost(st RemoteState, where seen) {
	f.lost, f.loud = true, false
	f.unwatch()
	name := f.device.Name
	f.tellState(false, player.Paused)
	f.moved(0)
	s := f.r.s
	switch where {
	case seenNothing:
		f.regain = f.volume
		s.deviceGone(f.account, name)
	case seenAway:
		s.tokenLost(f.account, st.Device.Name)
	default:
		s.tokenLostTo(f.account, name, "something else plays on "+name)
	}
}

// isOver is the end of the current track: what follows begins, unless that was long ago.
func (f *far) isOver(st RemoteState) {
	length := f.lasts()
	over := f.anchor.At.Add(length - f.anchor.Position)
	if length <= 0 {
		over = f.sure
	}
	if st.At.Round(0).Sub(over.Round(0)) > tooLate {
		f.lost = true
		f.unwatch()
		f.tellState(false, player.Paused)
		f.movedTo(f.length, 0)
		f.r.s.notice(Info, string(f.account.id)+": "+f.device.Name+" came to the end of the track while it could not be seen; Play goes on", nil)
		return
	}
	if st.Track == f.queued {
		f.queued = music.Ref{} // what is not next any more has its turn there
	}
	f.goes = st.Playing
	f.finish()
}
