package session

import (
	"context"
	"time"

	"segue/internal/music"
	"segue/player"
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

// takePart shows what of a list is heard, since it stood at its beginning; what was heard
// before is over, and counts for itself.
func (f *far) takePart(part music.Track, at time.Duration) {
	s := f.r.s
	it := s.play.items[f.cur.item.ID]
	if part.Title == "" || part.Ref == f.part.Ref && part.Title == f.part.Title || it == nil {
		return
	}
	now, heard := time.Now(), f.heard
	if f.anchor.Rate > 0 {
		heard += max(now.Sub(f.anchor.At), 0)
	}
	if f.part.Title != "" {
		from := max(heard-at, it.partFrom)
		why := player.EndSkipped
		if from-it.partFrom >= f.part.Duration-nearEnd {
			why = player.EndPlayed
		}
		s.report(it.heard(from, why))
		it.partFrom, it.partSince = from, now.Add(from-heard)
	}
	f.part, it.part = part, part
	if s.play.item == it {
		s.play.track = part
		s.playbackDirty = true
	}
}

// listOrder is how a list that plays as a whole is gone through now.
func (s *Session) listOrder() ListOrder {
	return ListOrder{Shuffled: s.queue.shuffle, Again: s.play.repeat == RepeatOne}
}

// arrangeThere has a list that a device plays as a whole gone through as the queue is.
func (s *Session) arrangeThere() {
	f, o := s.player.far, s.listOrder()
	if f == nil || !f.isList() || !f.begun || f.lost || f.order == o {
		return
	}
	l, ok := f.account.transport.(Lister)
	if !ok {
		return
	}
	f.order = o
	op := "change the order of the list"
	f.orders.add(order{what: orderArrange, op: op, do: func(ctx context.Context) error { return l.OrderList(ctx, o) },
		then: func(err error) { f.tellFault(err, op) }})
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
