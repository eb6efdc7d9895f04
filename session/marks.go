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
	pods   bool // refs are episodes of podcasts
}

// star stars or unstars. A Flip of anything but tracks is an On: what the others
// have is not known here.
func (s *Session) star(c Star) {
	from := s.sources()
	s.setMarks(c.Refs, "star", func(ctx context.Context) (*marksStep, error) {
		m := &marksStep{refs: c.Refs, before: make([]int, len(c.Refs))}
		all, err := from.tracks(ctx, onlyTracks(c.Refs))
		if err != nil && !isAway(err) {
			return nil, err
		}
		starred := map[music.Ref]bool{}
		for _, t := range all {
			starred[t.Ref] = t.Starred || err != nil && c.To == Off // of what is away it is not known
		}
		for i, r := range c.Refs {
			if starred[r] || !r.IsTrack() && c.To == Off {
				m.before[i] = 1
			}
		}
		m.pods = len(all) == len(c.Refs) && !slices.ContainsFunc(all, func(t music.Track) bool { return !t.Episode })
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
		if err != nil && !isAway(err) {
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
		if m.pods {
			n = plural(len(m.refs), "episode", "episodes")
		}
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

// part is what of a marksStep belongs to one account.
func (m *marksStep) part(a *account, back bool) owed {
	now, then := m.values(!back), m.values(back)
	p := &owedMarks{rating: m.rating}
	for i, r := range m.refs {
		if r.Account != a.id || now[i] == then[i] && r.IsTrack() && !m.rating {
			continue
		}
		p.refs, p.had, p.want = append(p.refs, r), append(p.had, now[i]), append(p.want, then[i])
	}
	return owed{account: a.id, text: m.text(), marks: p}
}

// perform tells the services; refs that have the value already are left alone. What
// belongs to an account that is away waits for it, and is returned by its numbers.
// Accounts in but are left out.
func (m *marksStep) perform(ctx context.Context, s *Session, to reach, back bool, but []owed) (waiting []uint64, why error, err error) {
	var order []*account
	for _, r := range m.refs {
		a := accountIn(to.accounts, r.Account)
		switch {
		case a == nil:
			return nil, nil, noAccount(r.Account, m.text())
		case m.rating && a.rater == nil || !m.rating && a.starrer == nil:
			return nil, nil, unable(a.id, m.verb())
		case slices.Contains(to.shut, a.id):
			return nil, nil, signedOut(a.id, m.verb())
		case !slices.Contains(order, a) && !slices.ContainsFunc(but, func(o owed) bool { return o.account == a.id }):
			order = append(order, a)
		}
	}
	for _, a := range order {
		o := m.part(a, back)
		o.user = to.users[a.id]
		if len(o.marks.refs) == 0 {
			continue
		}
		if slices.Contains(to.away, a.id) || s.book.has(a.id) {
			waiting = append(waiting, s.book.add(o))
			continue
		}
		err := o.marks.tell(ctx, a)
		switch {
		case waits(a, err):
			waiting, why = append(waiting, s.book.add(o)), err
		case err != nil:
			s.book.remove(waiting...)
			return nil, nil, faultOf(err, a.id, m.verb())
		}
	}
	return waiting, why, nil
}

// tell gives refs their marks: a call for each value, in the order that they come.
func (p *owedMarks) tell(ctx context.Context, a *account) error {
	var order []int
	for _, v := range p.want {
		if !slices.Contains(order, v) {
			order = append(order, v)
		}
	}
	for _, v := range order {
		var refs []music.Ref
		for i, r := range p.refs {
			if p.want[i] == v {
				refs = append(refs, r)
			}
		}
		var err error
		if p.rating {
			err = a.rater.Rate(ctx, refs, v)
		} else {
			err = a.starrer.Star(ctx, refs, v == 1)
		}
		if err != nil {
			return err
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

func accountIn(list []*account, id music.AccountID) *account {
	for _, a := range list {
		if a.id == id {
			return a
		}
	}
	return nil
}

// markRow is where an account's marks are set, one after the other: one account that hangs
// does not hold up the marks of the others.
func markRow(id music.AccountID) where { return inOrder("marks " + string(id)) }

// markRows are those of the accounts that things belong to.
func markRows(refs []music.Ref) (rows []where) {
	for _, r := range refs {
		if w := markRow(r.Account); !slices.Contains(rows, w) {
			rows = append(rows, w)
		}
	}
	if len(rows) == 0 { // of a journal that was tampered with
		rows = append(rows, inOrder("marks"))
	}
	return rows
}

// marksWork is what setting marks gave.
type marksWork struct {
	step  *marksStep
	waits []uint64
	why   error
}

// setMarks lets build find out how things are, marks them, and writes the journal.
func (s *Session) setMarks(refs []music.Ref, op string, build func(ctx context.Context) (*marksStep, error)) {
	if len(refs) == 0 {
		return
	}
	to := s.reach()
	inRows(s, markRows(refs), func(ctx context.Context) (w marksWork, err error) {
		if w.step, err = build(ctx); err == nil {
			w.waits, w.why, err = w.step.perform(ctx, s, to, false, nil)
		}
		return w, err
	}, func(w marksWork, err error) {
		if f := faultOf(err, "", op); f != nil {
			s.fail(f)
			return
		}
		text := w.step.text()
		s.journal.push(step{text: text, marks: w.step, waits: w.waits})
		s.marked(w.step)
		s.emit(Undoable{Text: text})
		s.queueDirty = true
		s.saveSoon()
		s.marksWait(refs, text, w)
	})
}

// marksWait tells that marks wait for their accounts.
func (s *Session) marksWait(refs []music.Ref, text string, w marksWork) {
	if len(w.waits) == 0 {
		return
	}
	for _, a := range s.accounts {
		if slices.ContainsFunc(refs, func(r music.Ref) bool { return r.Account == a.id }) && s.book.has(a.id) {
			s.nowWaits(a, text, w.why)
		}
	}
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
	m, to := st.marks, s.reach()
	op := map[bool]string{false: "undo: ", true: "redo: "}[again] + st.text
	gone := s.book.remove(st.waits...) // not done yet, and not to be done
	st.waits = nil
	s.journal.busy = true
	inRows(s, markRows(m.refs), func(ctx context.Context) (w marksWork, err error) {
		w.waits, w.why, err = m.perform(ctx, s, to, !again, gone)
		return w, err
	}, func(w marksWork, err error) {
		if f := faultOf(err, "", op); f != nil {
			for _, o := range gone {
				st.waits = append(st.waits, s.book.add(o))
			}
			s.fail(f)
			s.stepFailed(st, again, f)
			return
		}
		st.waits = w.waits
		s.marked(m)
		s.stepDone(st, again)
		s.marksWait(m.refs, op, w)
		s.nextUndo()
	})
}
