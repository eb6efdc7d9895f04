package session

import (
	"context"
	"fmt"
	"slices"

	"segue/internal/music"
)

// marksStep is a change of stars or ratings. before holds what each ref had: for
// stars 0 or 1.
type marksStep struct {
	rating bool
	refs   []music.Ref
	before []int
	after  int
}

// star stars or unstars. A Flip of anything but tracks is an On: what the others
// have is not known here.
func (s *Session) star(c Star) {
	from := s.sources()
	s.setMarks(c.Refs, "star", func(ctx context.Context) (*marksStep, error) {
		m := &marksStep{refs: c.Refs, before: make([]int, len(c.Refs))}
		all, err := from.tracks(ctx, onlyTracks(c.Refs))
		if err != nil {
			return nil, err
		}
		starred := map[music.Ref]bool{}
		for _, t := range all {
			starred[t.Ref] = t.Starred
		}
		for i, r := range c.Refs {
			if starred[r] || !r.IsTrack() && c.To == Off {
				m.before[i] = 1
			}
		}
		if c.To.apply(!slices.Contains(m.before, 0)) {
			m.after = 1
		}
		return m, nil
	})
}

func (s *Session) rate(c Rate) {
	from := s.sources()
	s.setMarks(c.Refs, "rate", func(ctx context.Context) (*marksStep, error) {
		m := &marksStep{rating: true, refs: c.Refs, before: make([]int, len(c.Refs)), after: min(max(c.Stars, 0), 5)}
		all, err := from.tracks(ctx, onlyTracks(c.Refs))
		if err != nil {
			return nil, err
		}
		had := map[music.Ref]int{}
		for _, t := range all {
			had[t.Ref] = t.Rating
		}
		for i, r := range c.Refs {
			m.before[i] = had[r]
		}
		return m, nil
	})
}

func onlyTracks(refs []music.Ref) []music.Ref {
	return slices.DeleteFunc(slices.Clone(refs), func(r music.Ref) bool { return !r.IsTrack() })
}

// text is what was done, in words.
func (m *marksStep) text() string {
	n := plural(len(m.refs), "item", "items")
	if len(onlyTracks(m.refs)) == len(m.refs) {
		n = tracks(len(m.refs))
	}
	switch {
	case m.rating:
		return fmt.Sprintf("rated %s %d", n, m.after)
	case m.after == 1:
		return "starred " + n
	}
	return "unstarred " + n
}

// values is what each ref is to have, after doing or undoing.
func (m *marksStep) values(back bool) []int {
	if back {
		return m.before
	}
	return slices.Repeat([]int{m.after}, len(m.refs))
}

// markCall is what a service is to be told: these refs get that value.
type markCall struct {
	account *account
	value   int
}

// perform tells the services; refs that have the value already are left alone.
func (m *marksStep) perform(ctx context.Context, accounts []*account, back bool) error {
	now, then := m.values(!back), m.values(back)
	calls := map[markCall][]music.Ref{}
	var order []markCall
	for i, r := range m.refs {
		if now[i] == then[i] && r.IsTrack() && !m.rating {
			continue
		}
		a := accountIn(accounts, r.Account)
		if a == nil {
			return noAccount(r.Account, m.text())
		}
		if m.rating && a.rater == nil || !m.rating && a.starrer == nil {
			return unable(a.id, m.verb())
		}
		k := markCall{a, then[i]}
		if calls[k] == nil {
			order = append(order, k)
		}
		calls[k] = append(calls[k], r)
	}
	for _, k := range order {
		if err := m.tell(ctx, k, calls[k]); err != nil {
			return faultOf(err, k.account.id, m.verb())
		}
	}
	return nil
}

func (m *marksStep) verb() string {
	if m.rating {
		return "rate"
	}
	return "star"
}

func (m *marksStep) tell(ctx context.Context, k markCall, refs []music.Ref) error {
	if m.rating {
		return k.account.rater.Rate(ctx, refs, k.value)
	}
	return k.account.starrer.Star(ctx, refs, k.value == 1)
}

func accountIn(list []*account, id music.AccountID) *account {
	for _, a := range list {
		if a.id == id {
			return a
		}
	}
	return nil
}

// setMarks lets build find out how things are, marks them, and writes the journal.
func (s *Session) setMarks(refs []music.Ref, op string, build func(ctx context.Context) (*marksStep, error)) {
	if len(refs) == 0 {
		return
	}
	accounts := s.accounts
	call(s, inOrder("marks"), func(ctx context.Context) (*marksStep, error) {
		m, err := build(ctx)
		if err != nil {
			return nil, err
		}
		return m, m.perform(ctx, accounts, false)
	}, func(m *marksStep, err error) {
		if f := faultOf(err, "", op); f != nil {
			s.fail(f)
			return
		}
		s.journal.push(step{text: m.text(), marks: m})
		s.marked(m)
		s.emit(Undoable{Text: m.text()})
		s.queueDirty = true
		s.saveSoon()
	})
}

// marked tells how things are marked now.
func (s *Session) marked(m *marksStep) {
	s.refreshTracks(onlyTracks(m.refs))
	told := map[music.AccountID]bool{}
	for _, r := range m.refs {
		if !r.IsTrack() {
			s.emit(ContainerChanged{Of: r})
		}
		if told[r.Account] {
			continue
		}
		told[r.Account] = true
		if !m.rating {
			s.emit(ContainerChanged{Of: music.Section(r.Account, music.SectionStarred)})
		}
	}
}

func (s *Session) undoMarks(st step, again bool) {
	m, accounts := st.marks, s.accounts
	s.journal.busy = true
	call(s, inOrder("marks"), func(ctx context.Context) (struct{}, error) {
		return struct{}{}, m.perform(ctx, accounts, !again)
	}, func(_ struct{}, err error) {
		if f := faultOf(err, "", "undo: "+st.text); f != nil {
			s.fail(f)
			s.stepFailed(st, again, f)
			return
		}
		s.marked(m)
		s.stepDone(st, again)
		s.nextUndo()
	})
}
