package session

import (
	"time"

	"segue/internal/music"
)

// isList reports whether the current item is a list that the device plays as a whole.
func (f *far) isList() bool {
	l, ok := f.account.transport.(Lister)
	return ok && f.cur != nil && l.IsList(f.track())
}

// lasts is how long what is heard lasts: the track, or a part of a list; 0 = unknown.
func (f *far) lasts() time.Duration {
	if f.part.Duration > 0 {
		return f.part.Duration
	}
	return f.length
}

// takePart shows what of a list is heard.
func (f *far) takePart(part music.Track) {
	s := f.r.s
	it := s.play.items[f.cur.item.ID]
	if part.Title == "" || part.Ref == f.part.Ref && part.Title == f.part.Title || it == nil {
		return
	}
	f.part, it.part = part, part
	if s.play.item == it {
		s.play.track = part
		s.playbackDirty = true
	}
}

// stepThere goes on or back in a list that a device plays as a whole; ok is false where
// none does.
func (s *Session) stepThere(back bool) (ok bool) {
	f, p := s.player.far, &s.play
	if f == nil || f.cur == nil || p.wish != nil || p.item == nil || p.item.id != f.cur.item.ID || !f.started || f.lost || !f.isList() {
		return false
	}
	f.step(back)
	return true
}

// step has the device go on or back in its list; what is paused stays so.
func (f *far) step(back bool) {
	do, op := f.account.transport.Skip, "go on in the list"
	if l, ok := f.account.transport.(Lister); ok && back {
		do, op = l.Back, "go back in the list"
	}
	f.movedTo(0, f.anchor.Rate)
	f.orders.add(order{what: orderStep, op: op, do: do, then: func(err error) { f.tellFault(err, op) }})
	if !f.playing {
		f.hush(nothing) // some begin to play
	}
}
