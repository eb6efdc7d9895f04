package session

import (
	"fmt"

	"segue/internal/music"
)

// cannotOpen tells of an entry that does not play, and goes on to the next.
func (s *Session) cannotOpen(o *opening, t music.Track, err error) {
	p := &s.play
	isWish := p.wish == o
	p.wish, p.next = cleared(p.wish, o), cleared(p.next, o)
	if t.Ref.IsZero() {
		t = o.details()
	}
	s.playbackDirty = true
	if a := s.account(o.entry.ref.Account); isWish && a != nil && a.transport != nil && a.transport.PlaysThere(o.entry.ref) {
		if f := faultOf(err, a.id, "play "+nameOf(t)); f.Kind.standsInTheWay() {
			s.cannotPlayThere(a, o.entry, o.at, f)
			return
		}
	}
	s.cannotPlay(t, err)
	p.bad[o.entry.id] = struct{}{}
	if s.tooManyFails() {
		s.giveUp(o.after, isWish)
		return
	}
	if !isWish {
		s.openAfter(o.after)
		return
	}
	e := s.goodFrom(o.entry)
	switch {
	case e != nil:
		s.start(e, 0, o.play)
	case p.item == nil || p.item.over:
		s.atEnd()
	}
	// Else nothing behind the wish can be played, and what is heard plays on.
}

func (s *Session) tooManyFails() bool {
	return s.play.fails >= min(maxFails, max(len(s.queue.play), 1))
}

// forgive forgets the failures: something was heard, or a user chose.
func (s *Session) forgive() {
	s.play.fails = 0
	clear(s.play.bad)
}

func cleared(have, gone *opening) *opening {
	if have == gone {
		return nil
	}
	return have
}

// cannotPlay tells that a track cannot start or go on, and counts it.
func (s *Session) cannotPlay(t music.Track, err error) {
	s.play.fails++
	f := faultOf(err, t.Ref.Account, "play "+nameOf(t))
	s.emit(StreamingError{Track: t.Ref, Fault: f})
	s.fail(f)
}

func nameOf(t music.Track) string {
	if t.Title != "" {
		return t.Title
	}
	return t.Ref.ID
}

// giveUp ends a run of failures: what is heard may end, nothing follows.
func (s *Session) giveUp(after *item, isWish bool) {
	p := &s.play
	text := "this track cannot be played; playback stops"
	if p.fails > 1 {
		text = fmt.Sprintf("%d tracks in a row cannot be played; playback stops", p.fails)
	}
	s.notice(Failure, text, nil)
	if after != nil && !isWish {
		after.last, after.gaveUp = true, true
		s.player.NoNext(after.id)
		return
	}
	s.forget(&p.next)
	s.stop()
	s.emit(QueueEnded{})
}
