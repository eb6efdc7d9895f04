package session

import (
	"context"
	"fmt"

	"segue/internal/music"
)

// edit carries out a command that changes the queue; ok is false for any other.
func (s *Session) edit(c Command) (ok bool) {
	switch c := c.(type) {
	case PlayContext:
		s.playContext(c)
	case PlayRadio:
		s.playRadio(c)
	case Enqueue:
		s.enqueue(c)
	case QueueRemove:
		s.removeEntries(newIDs(c.Entries))
	case QueueMove:
		s.moveEntries(newIDs(c.Entries), c.Before)
	case QueueClear:
		s.clearQueue()
	case Undo:
		s.undo(c, false)
	case Redo:
		s.undo(c, true)
	default:
		return false
	}
	return true
}

// entries makes new entries of refs. Containers and refs without a kind are left out.
func (s *Session) entries(refs []music.Ref, next bool) []*entry {
	block := make([]entry, 0, len(refs))
	list := make([]*entry, 0, len(refs))
	for _, r := range refs {
		if !r.IsTrack() {
			continue
		}
		s.lastID++
		block = append(block, entry{id: s.lastID, ref: r, next: next})
		list = append(list, &block[len(block)-1])
	}
	return list
}

// playContext resolves a context and replaces the queue by it.
func (s *Session) playContext(c PlayContext) {
	if c.Ask.Of == music.Queue {
		s.playRow(c)
		return
	}
	if s.giveUpOn != nil {
		s.giveUpOn() // only the newest wish counts
	}
	s.giveUpOn = s.resolveInOrder(append([]music.Ask{c.Ask}, c.More...), "play "+c.Ask.Of.ID, func(refs []music.Ref, f *Fault) {
		if f != nil && len(refs) == 0 {
			s.emit(PlayContextFailed{Of: c.Ask.Of, Fault: f})
			return
		}
		s.replaceQueue(c, refs)
	})
}

// playRow plays a row of the queue: it is its own context.
func (s *Session) playRow(c PlayContext) {
	list := s.queue.play
	if c.Index >= 0 && c.Index < len(list) && (c.Start.IsZero() || list[c.Index].ref == c.Start) {
		s.byHand(list[c.Index], 0, true)
		return
	}
	for _, e := range list {
		if e.ref == c.Start {
			s.byHand(e, 0, true)
			return
		}
	}
	s.notice(Warning, "that track is no longer in the queue", nil)
}

// replaceQueue makes refs the queue and plays. With shuffle on the order is drawn
// anew, behind the track that was chosen; if none was, any may be the first.
func (s *Session) replaceQueue(c PlayContext, refs []music.Ref) {
	list := s.entries(refs, false)
	if len(list) == 0 {
		s.notice(Warning, "nothing to play there", nil)
		s.emit(PlayContextFailed{Of: c.Ask.Of})
		return
	}
	first := startOf(list, c)
	now := rows{play: list}
	if s.queue.shuffle {
		now = now.shuffled(first, s.rng)
		now.shuffle = true
	}
	if first == nil {
		first = now.play[0]
	}
	text := fmt.Sprintf("replaced the queue by %s", tracks(len(list)))
	st := s.queueStepTo(now)
	st.replaced, st.before = true, s.resting()
	st.isOf = c.Ask.Of
	had := len(s.queue.play) > 0
	s.journal.push(step{text: text, queue: st})
	s.context = c.Ask.Of
	s.forget(&s.play.wish)
	s.setRows(now)
	s.byHand(first, c.At, true)
	if had {
		s.emit(Undoable{Text: text})
	}
}

// startOf finds the entry to start with; nil = none was named, or it is not there.
func startOf(list []*entry, c PlayContext) *entry {
	if c.Start.IsZero() {
		return nil
	}
	if c.Index >= 0 && c.Index < len(list) && list[c.Index].ref == c.Start {
		return list[c.Index]
	}
	for _, e := range list {
		if e.ref == c.Start {
			return e
		}
	}
	return nil
}

// enqueue resolves what is asked and adds it.
func (s *Session) enqueue(c Enqueue) {
	s.resolveInOrder(c.Asks, "add to the queue", func(refs []music.Ref, f *Fault) {
		if f == nil || len(refs) > 0 {
			s.addRefs(refs, c.Where)
		}
	})
}

func (s *Session) addRefs(refs []music.Ref, to Where) {
	list := s.entries(refs, to == AfterCurrent)
	if len(list) == 0 {
		s.notice(Warning, "there are no tracks to add", nil)
		return
	}
	if to == AfterCurrent {
		s.commit("added "+tracks(len(list))+" to play next", s.queue.addNext(list, s.play.cur, s.play.at))
		return
	}
	s.commit("added "+tracks(len(list))+" to the queue", s.queue.add(list))
}

// removeEntries takes entries out. A track that plays goes on to its end, then
// comes what followed it.
func (s *Session) removeEntries(gone ids) {
	now := s.queue.remove(gone)
	s.commit("removed "+tracks(len(s.queue.play)-len(now.play)), now)
}

func (s *Session) moveEntries(which ids, before EntryID) {
	n := 0
	for _, e := range s.queue.play {
		if which.has(e.id) {
			n++
		}
	}
	s.commit("moved "+tracks(n), s.queue.move(which, before))
}

// clearQueue takes everything out but the current track, which plays on and stays
// as the only row. If it is alone already it goes too (and plays to its end).
func (s *Session) clearQueue() {
	p := &s.play
	now := rows{shuffle: s.queue.shuffle}
	if s.queue.shuffle {
		now.plain = []*entry{}
	}
	if p.index >= 0 && (p.item != nil || p.lazy) && len(s.queue.play) > 1 {
		now = now.add([]*entry{p.cur})
	}
	s.commit("cleared the queue of "+tracks(len(s.queue.play)-len(now.play)), now)
}

// setShuffle draws an order for the whole queue, the current track first, or puts
// back the one of before.
func (s *Session) setShuffle(on bool) {
	if on == s.queue.shuffle {
		return
	}
	if on {
		first := s.standing()
		s.commit("shuffled the queue", s.queue.shuffled(first, s.rng))
	} else {
		s.commit("put the queue back in order", s.queue.unshuffled())
	}
	if s.play.item != nil {
		s.albumContext(s.play.item)
	}
}

// resolveInOrder lists the tracks of what is asked and gives them to then, behind
// everything that was asked before it, with the fault that cut the list short, if any, which
// is told here. What was given up is not heard of again.
func (s *Session) resolveInOrder(asks []music.Ask, op string, then func([]music.Ref, *Fault)) context.CancelFunc {
	from := s.sources()
	return patient(s, inOrder("queue"), op, func(ctx context.Context) ([]music.Ref, error) {
		return from.refs(ctx, asks)
	}, func(refs []music.Ref, err error) {
		f := faultOf(err, "", op)
		switch {
		case f == nil:
			then(refs, nil)
		case f.Kind != Cancelled:
			then(refs, f)
			s.fail(f)
		}
	})
}
