package session

import (
	"strings"
	"time"

	"segue/internal/music"
	"segue/player"
)

// heard takes one event of the player. What is current follows from these alone.
func (s *Session) heard(e player.Event) {
	p := &s.play
	switch e := e.(type) {
	case player.Started:
		s.hasStarted(e)
	case player.NeedNext:
		s.needsNext(p.items[e.After])
	case player.Delivered:
		if it := p.items[e.Item]; it != nil {
			s.emit(EndOfTrack{Track: it.track.Ref})
		}
	case player.Ended:
		s.hasEnded(e)
	case player.Moved:
		s.hasMoved(e.Anchor)
	case player.StateChanged:
		s.stateIs(e.State)
	case player.Drained:
		s.drained()
	case player.DeviceChanged:
		s.deviceIs(e)
	case player.VolumeChanged:
		// The session chose it and knows it in its own steps.
	}
}

func (s *Session) hasStarted(e player.Started) {
	it := s.play.items[e.Item]
	if it == nil || it.left {
		return
	}
	it.format, it.info = e.Format, e.Info
	if it.started.IsZero() {
		it.started = time.Now()
		defer s.hasBegun(it)
	}
	s.underNeedle(it)
	s.playbackDirty = true
}

// underNeedle makes an item the current one: its track is what plays.
func (s *Session) underNeedle(it *item) {
	p := &s.play
	if p.item == it {
		return
	}
	p.item, p.lazy, p.rest, p.seekAt = it, false, 0, time.Time{}
	p.cur, p.track = it.entry, it.shown()
	if i := s.queue.index(it.entry); i >= 0 || p.index >= 0 {
		if i < 0 {
			p.at = p.index + 1
		}
		p.index = i
	}
	p.anchor = player.Anchor{Item: it.id}
	p.line = fromItem(p.line, it)
	s.albumContext(it)
	s.queueDirty, s.playbackDirty = true, true
	s.recheckNext()
	s.markSoon()
}

// fromItem drops what came before an item. One that was cut from the line, but
// had begun already, takes the place of the one before it.
func fromItem(line []*item, it *item) []*item {
	for i, l := range line {
		if l == it {
			return line[i:]
		}
	}
	if len(line) > 0 {
		line = line[1:]
	}
	return append([]*item{it}, line...)
}

func (s *Session) hasMoved(a player.Anchor) {
	p := &s.play
	it := p.items[a.Item]
	if it == nil || it.left {
		return
	}
	s.underNeedle(it)
	it.count(a)
	p.anchor, p.seekAt = a, time.Time{}
	s.playbackDirty = true
	if a.Rate == 0 {
		s.markSoon()
	}
}

// count adds up how long an item was heard, for the case that its end is not
// told: the session may end before.
func (it *item) count(a player.Anchor) {
	if !it.since.IsZero() {
		it.sofar += max(a.At.Sub(it.since), 0)
	}
	it.since = time.Time{}
	if a.Rate > 0 {
		it.since = a.At
	}
}

func (s *Session) stateIs(now State) {
	p := &s.play
	was := p.state
	p.state, p.want = now, now == player.Playing
	if was == now {
		return
	}
	s.playbackDirty = true
	if now == player.Playing {
		s.emit(StartPlayback{})
		s.tick()
	}
	if was == player.Playing {
		s.emit(StopPlayback{})
		s.markSoon()
		s.keepQueueSoon()
	}
}

func (s *Session) deviceIs(d player.DeviceChanged) {
	s.play.device = d
	s.playbackDirty = true
	switch {
	case d.Lost && d.Err != nil:
		s.notice(Warning, "the output is gone: "+plainly(d.Err)+"; Play tries it again", nil)
	case d.Lost:
		s.notice(Warning, "the output is gone; Play tries it again", nil)
	case d.Silent && d.Err != nil:
		s.notice(Warning, "playing in silence: "+plainly(d.Err)+"; segue doctor says more", nil)
	case d.Err != nil:
		s.notice(Info, "playing through "+d.Name+" now: "+plainly(d.Err), nil)
	}
}

// plainly is an error of an output without the name of the package that says it.
func plainly(err error) string { return strings.TrimPrefix(err.Error(), "device: ") }

// needsNext answers the player's question what follows an item.
func (s *Session) needsNext(it *item) {
	if it == nil || it.left {
		return
	}
	it.needed = true
	p := &s.play
	if len(p.line) == 0 || p.line[len(p.line)-1] != it || p.next != nil && p.next.after == it {
		return // it has been given, or is on its way
	}
	s.openAfter(it)
}

// openAfter opens what follows the last item in line, or says that nothing does.
func (s *Session) openAfter(it *item) {
	e := s.follows(it.entry)
	if e == nil || s.isElsewhere(e) {
		it.last = true
		s.player.NoNext(it.id)
		return
	}
	s.openNext(it, e)
}

func (s *Session) openNext(after *item, e *entry) {
	p := &s.play
	s.forget(&p.next)
	p.next = &opening{entry: e, after: after, play: true}
	s.open(p.next)
}

// recheckNext looks, after any change, whether what the player was given to
// follow is still what follows.
func (s *Session) recheckNext() {
	s.arrangeThere()
	p := &s.play
	if len(p.line) == 0 {
		return
	}
	for i := 1; i < len(p.line); i++ {
		if s.follows(p.line[i-1].entry) != p.line[i].entry {
			s.player.ClearNext()
			p.line = p.line[:1:1]
			break
		}
	}
	end := p.line[len(p.line)-1]
	follows := s.follows(end.entry)
	if n := p.next; n != nil && (n.after != end || n.entry != follows) {
		s.forget(&p.next)
	}
	if end.gaveUp || !end.needed || p.next != nil {
		return
	}
	if follows == nil && end.last {
		return
	}
	end.last = false
	s.openAfter(end)
}

// drained: everything that the player had was heard.
func (s *Session) drained() {
	p := &s.play
	it := p.item
	if it == nil || it.left || p.wish != nil {
		return
	}
	if p.sleepDue {
		s.fellAsleep()
		return
	}
	if len(p.line) > 1 {
		s.player.Play() // it was given in the same moment: the player has loaded it
		return
	}
	if n := p.next; n != nil { // it comes late, but it comes
		p.wish, p.next = n, nil
		s.playbackDirty = true
		return
	}
	e := s.follows(p.cur)
	if e == nil || it.last && !s.isElsewhere(e) {
		s.atEnd()
		return
	}
	s.start(e, 0, true)
}

// fellAsleep ends the sleep timer: the track has ended, the next one waits paused.
func (s *Session) fellAsleep() {
	p := &s.play
	p.sleepDue, p.sleepAt = false, time.Time{}
	s.notice(Info, "sleep timer: paused", nil)
	e := s.follows(p.cur)
	if e == nil {
		s.atEnd()
		return
	}
	s.stop()
	s.restAt(e, 0)
}

// restAt shows an entry paused at a place without loading it; Play loads it.
func (s *Session) restAt(e *entry, at time.Duration) {
	p := &s.play
	p.cur, p.index, p.lazy, p.rest = e, s.queue.index(e), true, at
	p.track = music.Track{Ref: e.ref}
	s.queueDirty = true
	s.touched()
	s.describeRestored()
}
