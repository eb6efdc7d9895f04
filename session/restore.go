package session

import (
	"slices"

	"segue/internal/music"
)

// restore takes over what the store has. Whatever is wrong with it, the session starts.
func (s *Session) restore() {
	if s.store == nil {
		return
	}
	v, err := s.store.Load()
	if err != nil {
		s.greeting = append(s.greeting, Notice{Level: Warning, Text: "the queue of the last time is lost: " + err.Error(),
			Fault: &Fault{Kind: SystemFailure, Op: "load the state", Err: err}})
	}
	if v == nil {
		return
	}
	s.restoreSettings(v)
	lost := s.restoreQueue(v)
	if n := s.book.restore(v.Waiting); n > 0 {
		s.greet(plural(n, "edit", "edits")+" that waited for an account could not be read", nil)
	}
	if lost > 0 {
		s.greeting = append(s.greeting, Notice{Level: Warning, Text: plural(lost, "entry", "entries") + " of the saved queue could not be read"})
	}
	s.restorePlace(v)
}

func (s *Session) restoreSettings(v *Saved) {
	p := &s.play
	p.volume, p.muted = min(max(v.Volume, 0), 100), v.Muted
	switch v.Repeat {
	case RepeatOff, RepeatAll, RepeatOne:
		p.repeat = v.Repeat
	}
	s.view = v.View
	s.restorePreferences(v.Settings)
	s.saver.serial = v.Serial
	if ref, err := music.ParseRef(v.Context); err == nil {
		s.context = ref
	}
}

// highestID is the highest number of an entry that is believed.
const highestID = 1 << 62

// restoreQueue makes the queue of what was saved, and returns how many entries
// could not be read. Places and numbers that make no sense are left out.
func (s *Session) restoreQueue(v *Saved) (lost int) {
	for i, q := range v.Queue {
		if q.ID > highestID {
			v.Queue[i].ID = 0 // nobody ever counted that far
			continue
		}
		s.lastID = max(s.lastID, q.ID)
	}
	s.lastID = max(s.lastID, v.Journal.highest())
	shared := names{}
	seen := make(map[EntryID]bool, len(v.Queue))
	list := make([]*entry, len(v.Queue))
	for i, q := range v.Queue {
		e, ok := q.entry(shared)
		if !ok {
			lost++
			continue
		}
		if e.id == 0 || seen[e.id] {
			s.lastID++
			e.id = s.lastID
		}
		seen[e.id] = true
		list[i] = e
	}
	s.queue = rows{play: slices.DeleteFunc(slices.Clone(list), func(e *entry) bool { return e == nil })}
	if v.Shuffle {
		s.queue.shuffle = true
		s.queue.plain = plainOrder(list, v.Order)
	}
	s.journal.restore(v.Journal, s.queue)
	return lost
}

// plainOrder is the unshuffled order by the saved places; where these are no
// order, it is the playing order.
func plainOrder(list []*entry, places []int) []*entry {
	plain := make([]*entry, len(list))
	if len(places) == len(list) {
		for i, at := range places {
			if at >= 0 && at < len(plain) && list[i] != nil {
				plain[at] = list[i]
			}
		}
	}
	plain = slices.DeleteFunc(plain, func(e *entry) bool { return e == nil })
	full := slices.DeleteFunc(slices.Clone(list), func(e *entry) bool { return e == nil })
	if len(plain) != len(full) {
		return full
	}
	return plain
}

// restorePlace shows the current track of the last time, paused where it was.
func (s *Session) restorePlace(v *Saved) {
	p := &s.play
	index, at := v.Index, v.Position
	if m := s.loadMark(); m != nil && m.Serial == v.Serial {
		if i := slices.IndexFunc(s.queue.play, func(e *entry) bool { return e.id == m.Entry }); i >= 0 {
			index, at = i, m.Position
		}
	}
	if index < 0 || index >= len(s.queue.play) {
		return
	}
	p.cur, p.index = s.queue.play[index], index
	p.lazy, p.rest = true, max(at, 0)
	p.track = music.Track{Ref: p.cur.ref}
}

// loadMark reads the mark, if there is one. Without it the position is the one of
// the last save of everything.
func (s *Session) loadMark() *Mark {
	if s.cfg.Mark == nil {
		return nil
	}
	m, err := s.cfg.Mark.Load()
	if err != nil {
		s.greeting = append(s.greeting, Notice{Level: Info, Text: "the last position is not exact: " + err.Error(),
			Fault: &Fault{Kind: SystemFailure, Op: "load the position", Err: err}})
	}
	return m
}
