package session

import (
	"time"

	"segue/player"
)

// How long a change may wait to be saved, and how often the position is while
// it moves.
const (
	saveDelay = time.Second
	markEvery = 5 * time.Second
)

// saver writes the state, one save at a time. Owned by Run.
type saver struct {
	serial  uint64
	timer   *time.Timer // a save is due
	ticker  *time.Timer // a mark is due; runs while playing
	busy    bool
	dirty   bool // another save is due when this one is done
	marking bool // the same for marks
	failed  bool // the last save failed, and was told of
	done    chan struct{}

	after   []func() // what waits for the next save to be done
	running []func() // and for the one at work
}

// saveThen saves now, and does f when that is on disk, or has failed; nil = nothing.
func (s *Session) saveThen(f func()) {
	if s.store == nil {
		if f != nil {
			s.post(f)
		}
		return
	}
	if f != nil {
		s.saver.after = append(s.saver.after, f)
	}
	s.save()
}

// saveSoon saves everything within a second.
func (s *Session) saveSoon() {
	if s.store == nil || s.ending || s.saver.timer != nil {
		return
	}
	s.saver.timer = time.AfterFunc(saveDelay, func() {
		s.post(func() {
			s.saver.timer = nil
			s.save()
		})
	})
}

// markSoon saves the position, at once and cheaply if there is a place for it.
func (s *Session) markSoon() {
	if s.cfg.Mark == nil {
		s.saveSoon()
		return
	}
	s.mark()
}

// tick saves the position every few seconds for as long as it moves.
func (s *Session) tick() {
	if s.saver.ticker != nil || s.ending || s.store == nil {
		return
	}
	s.saver.ticker = time.AfterFunc(markEvery, func() {
		s.post(func() {
			s.saver.ticker = nil
			if s.play.state == player.Playing {
				s.markSoon()
				s.tick()
			}
		})
	})
}

func (s *Session) stopTimers() {
	for _, t := range []*time.Timer{s.saver.timer, s.saver.ticker, s.play.sleepTimer, s.flushTimer, s.queueTimer} {
		if t != nil {
			t.Stop()
		}
	}
	for _, a := range s.accounts {
		a.stopTimer()
	}
}

// save writes the whole state in a worker.
func (s *Session) save() {
	if s.saver.busy {
		s.saver.dirty = true
		return
	}
	s.saver.running, s.saver.after = s.saver.after, nil
	frozen := s.freeze()
	s.write(func() error { return s.store.Save(frozen.saved()) })
}

func (s *Session) mark() {
	if s.store == nil || s.ending {
		return
	}
	if s.saver.busy {
		s.saver.marking = true
		return
	}
	m := Mark{Serial: s.saver.serial, Position: s.position()}
	if s.play.cur != nil {
		m.Entry = s.play.cur.id
	}
	s.write(func() error { return s.cfg.Mark.Save(m) })
}

// write runs one write beside the session. It is not one of the workers, which
// end with the run: the end of a run waits for it.
func (s *Session) write(do func() error) {
	s.saver.busy = true
	done := make(chan struct{})
	s.saver.done = done
	go func() {
		err := do()
		close(done)
		s.post(func() { s.written(err) })
	}()
}

func (s *Session) written(err error) {
	s.saver.busy = false
	if err != nil && !s.saver.failed {
		s.notice(Warning, "the queue and position cannot be saved: "+err.Error(),
			&Fault{Kind: SystemFailure, Op: "save the state", Err: err})
	}
	s.saver.failed = err != nil
	then := s.saver.running
	s.saver.running = nil
	for _, f := range then {
		f()
	}
	if s.ending {
		return
	}
	switch {
	case s.saver.dirty:
		s.saver.dirty, s.saver.marking = false, false
		s.save()
	case s.saver.marking:
		s.saver.marking = false
		s.mark()
	}
}

// saveNow writes the state before it returns: the end of a run.
func (s *Session) saveNow() {
	if s.store == nil {
		return
	}
	if s.saver.busy {
		<-s.saver.done
	}
	if err := s.store.Save(s.freeze().saved()); err != nil {
		s.notice(Failure, "the queue and position cannot be saved: "+err.Error(),
			&Fault{Kind: SystemFailure, Op: "save the state", Err: err})
	}
}

// frozen is the state as it was at one moment; the slices in it are never written
// again, so that turning it into text can be done elsewhere.
type frozen struct {
	head       Saved
	rows       rows
	undo, redo []step
	waiting    []owed
}

func (s *Session) freeze() frozen {
	s.saver.serial++
	p := &s.play
	f := frozen{rows: s.queue, head: Saved{
		Serial: s.saver.serial,
		Index:  p.index, Position: s.position(), Volume: p.volume, Muted: p.muted,
		Shuffle: s.queue.shuffle, Repeat: p.repeat, View: s.view,
	}}
	f.head.Settings = s.savedPreferences()
	if !s.context.IsZero() {
		f.head.Context = s.context.String()
	}
	f.undo, f.redo = s.journal.freeze()
	f.waiting = s.book.freeze()
	return f
}

func (f frozen) saved() Saved {
	v := f.head
	v.Queue = make(SavedQueue, len(f.rows.play))
	for i, e := range f.rows.play {
		v.Queue[i] = e.saved()
	}
	if f.rows.shuffle {
		place := make(map[*entry]int, len(f.rows.plain))
		for i, e := range f.rows.plain {
			place[e] = i
		}
		v.Order = make([]int, len(f.rows.play))
		for i, e := range f.rows.play {
			v.Order[i] = place[e]
		}
	}
	v.Waiting = savedWaits(f.waiting)
	v.Journal = savedJournal(f.rows, f.undo, f.redo)
	return v
}

func (e *entry) saved() SavedEntry { return SavedEntry{Ref: e.ref.String(), ID: e.id, Next: e.next} }
