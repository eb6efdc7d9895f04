package session

import (
	"slices"
	"strconv"
	"time"

	"segue/internal/music"
)

// The journal keeps this many steps, and no more than that many queue entries
// and refs in all of them: the oldest go first.
const (
	journalSteps = 100
	journalSize  = 1 << 20
)

// step is one thing that was done and can be taken back. A step never changes;
// exactly one of its parts is set.
type step struct {
	text  string // what was done: "removed 3 tracks"
	read  bool   // from a file, which may say anything
	queue *queueStep
	list  *listStep
	marks *marksStep
	waits []uint64 // of the edits that still wait for their accounts, see book.go
}

// queueStep is an edit of the queue. Shuffling is one.
type queueStep struct {
	play, plain     splice[*entry]
	was, is         bool      // shuffled
	wasOf, isOf     music.Ref // context
	replaced        bool      // the whole queue was replaced: what played came and went with it
	before, afterIt resting
}

// resting is a place to play on from.
type resting struct {
	entry   *entry // nil = nothing played
	at      time.Duration
	playing bool
}

func (st step) size() int {
	switch {
	case st.queue != nil:
		return st.queue.play.size() + st.queue.plain.size()
	case st.list != nil:
		return st.list.size()
	case st.marks != nil:
		return len(st.marks.refs)
	}
	return 0
}

// journal is what was done and what was undone, oldest first.
type journal struct {
	done, undone []step
	busy         bool      // a step is being taken back or done again at a service
	waiting      []Command // undo and redo that wait for it
}

func (j *journal) push(st step) {
	j.undone = nil
	j.done = trimmed(append(j.done, st))
}

// trimmed drops the oldest steps of a list that is too long or too heavy. The
// newest stays in any case.
func trimmed(list []step) []step {
	size, keep := 0, 0
	for keep < len(list) && keep < journalSteps {
		size += list[len(list)-1-keep].size()
		if size > journalSize && keep > 0 {
			break
		}
		keep++
	}
	return slices.Clone(list[len(list)-keep:])
}

func (j *journal) undoText() string { return lastText(j.done) }
func (j *journal) redoText() string { return lastText(j.undone) }

func lastText(list []step) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1].text
}

// freeze gives both lists for another goroutine to read.
func (j *journal) freeze() (done, undone []step) {
	return slices.Clone(j.done), slices.Clone(j.undone)
}

// commit makes an edit of the queue: the new rows, and a step that takes it back.
func (s *Session) commit(text string, now rows) {
	st := s.queueStepTo(now)
	if st.play.size()+st.plain.size() == 0 && st.was == st.is {
		return
	}
	s.journal.push(step{text: text, queue: st})
	s.setRows(now)
	s.emit(Undoable{Text: text})
}

func (s *Session) queueStepTo(now rows) *queueStep {
	return &queueStep{
		play: diff(s.queue.play, now.play), plain: diff(s.queue.plain, now.plain),
		was: s.queue.shuffle, is: now.shuffle, wasOf: s.context, isOf: s.context,
	}
}

// setRows puts a queue in force and finds the current entry in it.
func (s *Session) setRows(now rows) {
	p := &s.play
	old := s.queue
	place := p.at
	if p.index >= 0 {
		place = p.index + 1
	}
	s.queue = now
	p.index = now.index(p.cur)
	if p.index < 0 {
		p.at = shift(old, now, place)
	}
	s.version++
	s.queueDirty = true
	s.emit(ContainerChanged{Of: music.Queue})
	s.recheckWish(old)
	s.recheckNext()
	s.touched()
}

// recheckWish lets go of an entry that is being opened and was removed meanwhile:
// the one behind it is meant now.
func (s *Session) recheckWish(old rows) {
	w := s.play.wish
	if w == nil || s.queue.index(w.entry) >= 0 {
		return
	}
	i := old.index(w.entry)
	if i < 0 {
		return
	}
	if at := shift(old, s.queue, i); at < len(s.queue.play) {
		s.start(s.queue.play[at], 0, w.play)
		return
	}
	s.forget(&s.play.wish)
}

// undo takes back the last step, or redoes the last one taken back.
func (s *Session) undo(c Command, again bool) {
	j := &s.journal
	if j.busy || s.replaying > 0 {
		j.waiting = append(j.waiting, c)
		return
	}
	from := &j.done
	if again {
		from = &j.undone
	}
	if len(*from) == 0 {
		s.notice(Info, map[bool]string{false: "nothing to undo", true: "nothing to redo"}[again], nil)
		return
	}
	st := (*from)[len(*from)-1]
	*from = slices.Clone((*from)[:len(*from)-1])
	s.queueDirty = true
	switch {
	case st.queue != nil:
		s.undoQueue(st, again)
	case st.list != nil:
		s.undoList(st, again)
	case st.marks != nil:
		s.undoMarks(st, again)
	}
	s.saveSoon()
}

// stepDone puts a step that was taken back, or done again, on the other list.
func (s *Session) stepDone(st step, again bool) {
	j := &s.journal
	if again {
		j.done = trimmed(append(j.done, st))
		s.notice(Info, "again: "+st.text, nil)
	} else {
		j.undone = trimmed(append(j.undone, st))
		s.notice(Info, "undone: "+st.text, nil)
	}
	s.queueDirty = true
	s.saveSoon()
}

func (s *Session) undoQueue(st step, again bool) {
	q := st.queue
	play, plain, shuffle, context, rest := q.play.back(), q.plain.back(), q.was, q.wasOf, q.before
	if again {
		play, plain, shuffle, context, rest = q.play, q.plain, q.is, q.isOf, q.afterIt
	}
	now := rows{shuffle: shuffle}
	var ok, okPlain bool
	now.play, ok = play.apply(s.queue.play)
	now.plain, okPlain = plain.apply(s.queue.plain)
	if !shuffle {
		now.plain = nil
	}
	if !ok || !okPlain || st.read && !now.sound() {
		s.notice(Warning, "cannot be undone any more: "+st.text, nil)
		return
	}
	if q.replaced {
		s.exchange(st, again, now, context, rest)
		return
	}
	s.context = context
	s.setRows(now)
	s.stepDone(st, again)
}

// exchange undoes or redoes that the queue was replaced: what played there comes
// back at its place, paused or playing as it was; and what plays now is kept for
// the way back.
func (s *Session) exchange(st step, again bool, now rows, context music.Ref, rest resting) {
	q := *st.queue
	if again {
		q.before = s.resting()
	} else {
		q.afterIt = s.resting()
	}
	st.queue = &q
	s.context = context
	s.forget(&s.play.wish)
	s.setRows(now)
	s.stepDone(st, again)
	switch {
	case rest.entry == nil:
		s.halt()
	case rest.playing:
		s.byHand(rest.entry, rest.at, true)
	default:
		s.halt()
		s.restAt(rest.entry, rest.at)
	}
}

// halt stops, with no current entry.
func (s *Session) halt() {
	s.stop()
	p := &s.play
	p.cur, p.index, p.at, p.track = nil, -1, 0, music.Track{}
}

// resting is where playback stands now, or is about to.
func (s *Session) resting() resting {
	p := &s.play
	if p.wish != nil {
		return resting{p.wish.entry, p.wish.at, p.wish.play}
	}
	if p.item == nil && !p.lazy {
		return resting{}
	}
	return resting{p.cur, s.position(), s.playing()}
}

// plural is a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func tracks(n int) string { return plural(n, "track", "tracks") }
