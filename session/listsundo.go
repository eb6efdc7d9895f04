package session

import (
	"context"

	"segue/internal/music"
)

// listFailed tells why a playlist was not changed, and lets everybody look at it anew.
func (s *Session) listFailed(f *Fault, ref music.Ref) {
	s.fail(f)
	if f.Kind == Conflict && !ref.IsZero() {
		s.emit(ContainerChanged{Of: ref})
		s.emit(PlaylistChanged{Playlist: ref})
	}
}

func (s *Session) listChanged(ref music.Ref) {
	for _, of := range []music.Ref{ref, music.Section(ref.Account, music.SectionPlaylists)} {
		s.emit(ContainerChanged{Of: of})
		s.emit(PlaylistChanged{Playlist: of})
	}
}

// undoList takes a change of a playlist back at its service, or makes it again.
// On a conflict the step is given up; after any other failure it can be tried again.
func (s *Session) undoList(st step, again bool) {
	l := st.list
	op := map[bool]string{false: "undo: ", true: "redo: "}[again] + st.text
	a := s.account(l.ref.Account)
	if a == nil || a.editor == nil {
		s.fail(noAccount(l.ref.Account, op))
		return
	}
	if gone := s.book.remove(st.waits...); len(gone) > 0 { // it was not done yet, and will not be
		st.waits = nil
		s.listChanged(l.ref)
		s.stepDone(st, again)
		return
	}
	if a.isShut() {
		f := signedOut(a.id, op)
		s.fail(f)
		s.stepFailed(st, again, f)
		return
	}
	st.waits = nil
	s.journal.busy = true
	away, user := s.away(a), a.userOf()
	patient(s, inOrder("playlists "+string(a.id)), op, func(ctx context.Context) (undone, error) {
		return s.undoAt(ctx, a, user, l, st.text, again, away)
	}, func(u undone, err error) {
		if f := faultOf(err, a.id, op); f != nil {
			s.listFailed(f, l.ref)
			s.stepFailed(st, again, f)
			return
		}
		ref := u.ref
		if u.wait != 0 {
			st.waits = []uint64{u.wait}
			s.nowWaits(a, op, u.why)
		}
		s.listChanged(l.ref)
		if ref != l.ref {
			s.journal.rename(l.ref, ref)
			c := *l
			c.ref = ref
			st.list = &c
			s.listChanged(ref)
		}
		s.stepDone(st, again)
		s.nextUndo()
	})
}

// stepFailed puts a step back that could not be taken back, unless it never can be.
func (s *Session) stepFailed(st step, again bool, f *Fault) {
	j := &s.journal
	if f.Kind != Conflict {
		if again {
			j.undone = append(j.undone, st)
		} else {
			j.done = append(j.done, st)
		}
	}
	s.queueDirty = true
	j.waiting = nil
	s.nextUndo()
}

// nextUndo goes on with what waited for an undo at a service.
func (s *Session) nextUndo() {
	j := &s.journal
	j.busy = false
	for len(j.waiting) > 0 && !j.busy && s.replaying == 0 {
		c := j.waiting[0]
		j.waiting = j.waiting[1:]
		s.do(c)
	}
	s.replayAll()
}

// rename follows a playlist that came back under another Ref.
func (j *journal) rename(from, to music.Ref) {
	for _, list := range [][]step{j.done, j.undone} {
		for i, st := range list {
			if st.list != nil && st.list.ref == from {
				c := *st.list
				c.ref = to
				list[i].list = &c
			}
		}
	}
}
