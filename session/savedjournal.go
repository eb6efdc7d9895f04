package session

import (
	"slices"
	"time"

	"segue/internal/music"
)

// savedSize is how many entries and refs of the journal are saved; older steps
// stay behind.
const savedSize = 20000

// SavedJournal is what can be undone and redone, oldest first.
type SavedJournal struct {
	Done   []SavedStep `json:"done,omitempty"`
	Undone []SavedStep `json:"undone,omitempty"`
	Gone   SavedQueue  `json:"gone,omitempty"` // entries that the steps speak of and the queue no longer holds
}

// SavedStep is one step; one of the parts is set.
type SavedStep struct {
	Text  string      `json:"text"`
	Queue *SavedEdit  `json:"queue,omitempty"`
	List  *SavedList  `json:"list,omitempty"`
	Marks *SavedMarks `json:"marks,omitempty"`
	Waits []uint64    `json:"waits,omitempty"` // numbers of the SavedWaits that are to do it
}

// SavedSplice replaces Del by Ins from row At on.
type SavedSplice[T comparable] struct {
	At  int `json:"at"`
	Del []T `json:"del,omitempty"`
	Ins []T `json:"ins,omitempty"`
}

// SavedEdit is an edit of the queue.
type SavedEdit struct {
	Play     SavedSplice[EntryID] `json:"play"`
	Plain    SavedSplice[EntryID] `json:"plain"`
	Was      bool                 `json:"was,omitempty"`
	Is       bool                 `json:"is,omitempty"`
	WasOf    music.Ref            `json:"wasOf"`
	IsOf     music.Ref            `json:"isOf"`
	Replaced bool                 `json:"replaced,omitempty"`
	Before   SavedRest            `json:"before"`
	After    SavedRest            `json:"after"`
}

// SavedRest is a place to play on from.
type SavedRest struct {
	Entry   EntryID       `json:"entry,omitempty"`
	At      time.Duration `json:"at,omitempty"`
	Playing bool          `json:"playing,omitempty"`
}

// SavedList is a change of a playlist.
type SavedList struct {
	Op      string                 `json:"op"`
	Ref     music.Ref              `json:"ref"`
	Name    string                 `json:"name"`
	OldName string                 `json:"oldName,omitempty"`
	Query   string                 `json:"query,omitempty"`
	Was     string                 `json:"was,omitempty"`
	Is      string                 `json:"is,omitempty"`
	Tracks  []music.Ref            `json:"tracks,omitempty"`
	Edit    SavedSplice[music.Ref] `json:"edit"`
}

// SavedMarks is a change of stars or ratings.
type SavedMarks struct {
	Rating bool        `json:"rating,omitempty"`
	Refs   []music.Ref `json:"refs"`
	Before []int       `json:"before"`
	After  int         `json:"after"`
}

func (j *SavedJournal) highest() EntryID {
	var high EntryID
	if j != nil {
		for _, e := range j.Gone {
			if e.ID <= highestID {
				high = max(high, e.ID)
			}
		}
	}
	return high
}

// savedJournal turns steps into what is saved. It runs beside the session.
func savedJournal(now rows, done, undone []step) *SavedJournal {
	if len(done)+len(undone) == 0 {
		return nil
	}
	w := &journalWriter{spoken: map[*entry]bool{}}
	j := &SavedJournal{}
	j.Undone = w.steps(undone)
	j.Done = w.steps(done)
	for _, e := range now.play {
		delete(w.spoken, e)
	}
	for e := range w.spoken {
		j.Gone = append(j.Gone, e.saved())
	}
	slices.SortFunc(j.Gone, func(a, b SavedEntry) int { return int(int64(a.ID) - int64(b.ID)) })
	return j
}

type journalWriter struct {
	spoken map[*entry]bool
	size   int
}

// steps writes the newest steps, as many as there is room for.
func (w *journalWriter) steps(list []step) []SavedStep {
	var all []SavedStep
	for _, st := range slices.Backward(list) {
		if w.size += st.size() + 1; w.size > savedSize {
			break
		}
		all = append(all, w.step(st))
	}
	slices.Reverse(all)
	return all
}

func (w *journalWriter) step(st step) SavedStep {
	v := SavedStep{Text: st.text, Waits: st.waits}
	switch {
	case st.queue != nil:
		q := st.queue
		v.Queue = &SavedEdit{
			Play: w.splice(q.play), Plain: w.splice(q.plain), Was: q.was, Is: q.is, WasOf: q.wasOf, IsOf: q.isOf,
			Replaced: q.replaced, Before: w.rest(q.before), After: w.rest(q.afterIt),
		}
	case st.list != nil:
		v.List = st.list.saved()
	case st.marks != nil:
		m := st.marks
		v.Marks = &SavedMarks{Rating: m.rating, Refs: m.refs, Before: m.before, After: m.after}
	}
	return v
}

func (w *journalWriter) splice(d splice[*entry]) SavedSplice[EntryID] {
	return SavedSplice[EntryID]{At: d.At, Del: w.ids(d.Del), Ins: w.ids(d.Ins)}
}

func (w *journalWriter) ids(list []*entry) []EntryID {
	all := make([]EntryID, len(list))
	for i, e := range list {
		all[i] = e.id
		w.spoken[e] = true
	}
	return all
}

func (w *journalWriter) rest(r resting) SavedRest {
	if r.entry == nil {
		return SavedRest{}
	}
	w.spoken[r.entry] = true
	return SavedRest{Entry: r.entry.id, At: r.at, Playing: r.playing}
}

// restore reads a saved journal. From the first step that makes no sense on,
// seen from the newest, the rest is left out.
func (j *journal) restore(v *SavedJournal, now rows) {
	if v == nil {
		return
	}
	known := make(map[EntryID]*entry, len(now.play)+len(v.Gone))
	shared := names{}
	for _, g := range v.Gone {
		if e, ok := g.entry(shared); ok {
			known[e.id] = e
		}
	}
	for _, e := range now.play {
		known[e.id] = e
	}
	j.done = readSteps(v.Done, known)
	j.undone = readSteps(v.Undone, known)
}

func readSteps(list []SavedStep, known map[EntryID]*entry) []step {
	var all []step
	for _, v := range slices.Backward(list) {
		st, ok := v.step(known)
		if !ok {
			break
		}
		all = append(all, st)
	}
	slices.Reverse(all)
	return all
}

func (v SavedStep) step(known map[EntryID]*entry) (st step, ok bool) {
	st.text, st.read, st.waits = v.Text, true, v.Waits
	switch {
	case v.Queue != nil:
		q := v.Queue
		play, ok1 := readSplice(q.Play, known)
		plain, ok2 := readSplice(q.Plain, known)
		st.queue = &queueStep{
			play: play, plain: plain, was: q.Was, is: q.Is, wasOf: q.WasOf, isOf: q.IsOf, replaced: q.Replaced,
			before:  resting{known[q.Before.Entry], q.Before.At, q.Before.Playing},
			afterIt: resting{known[q.After.Entry], q.After.At, q.After.Playing},
		}
		return st, ok1 && ok2
	case v.List != nil:
		st.list, ok = v.List.step()
		return st, ok
	case v.Marks != nil:
		m := v.Marks
		st.marks = &marksStep{rating: m.Rating, refs: m.Refs, before: m.Before, after: m.After}
		return st, len(m.Refs) == len(m.Before) && len(m.Refs) > 0
	}
	return st, false
}

func (l *listStep) saved() *SavedList {
	return &SavedList{
		Op: string(l.op), Ref: l.ref, Name: l.name, OldName: l.oldName, Query: l.query, Was: l.was, Is: l.is,
		Tracks: l.tracks, Edit: SavedSplice[music.Ref](l.edit),
	}
}

func (v *SavedList) step() (l *listStep, ok bool) {
	l = &listStep{
		op: listOp(v.Op), ref: v.Ref, name: v.Name, oldName: v.OldName, query: v.Query, was: v.Was, is: v.Is,
		tracks: v.Tracks, edit: splice[music.Ref](v.Edit),
	}
	return l, slices.Contains([]listOp{listCreate, listDelete, listRename, listEdit, listPublic, listDescribe}, l.op)
}

func readSplice(v SavedSplice[EntryID], known map[EntryID]*entry) (d splice[*entry], ok bool) {
	d.At = v.At
	for _, id := range v.Del {
		d.Del = append(d.Del, known[id])
	}
	for _, id := range v.Ins {
		d.Ins = append(d.Ins, known[id])
	}
	return d, !slices.Contains(d.Del, nil) && !slices.Contains(d.Ins, nil)
}
