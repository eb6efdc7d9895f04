package page

import (
	"maps"
	"slices"

	"segue/internal/music"
	"segue/session"
)

// mark is a marked row.
type mark struct {
	index int
	item  music.Item
	entry session.EntryID
}

func sortedMarks(marks map[id]mark) []mark {
	return slices.SortedFunc(maps.Values(marks), func(a, b mark) int { return a.index - b.index })
}

// byPlace reports whether rows are told apart by their places too: a playlist may hold a
// track twice. The queue may as well, but its entries have numbers.
func (l *List) byPlace() bool { return l.rows.page.Writable && l.place.Of != music.Queue }

// markID names a row for the marks.
func (l *List) markID(i int, it music.Item, e session.EntryID) id {
	k := id{ref: it.ItemRef(), entry: e}
	if l.byPlace() {
		k.index = i
	}
	return k
}

// selected reports whether the row is marked or in the range.
func (l *List) selected(i int) bool {
	if l.anchor >= 0 && i >= min(l.anchor, l.rows.cursor) && i <= max(l.anchor, l.rows.cursor) {
		return true
	}
	it, e, ok := l.rows.at(i)
	if !ok || len(l.marks) == 0 {
		return false
	}
	_, marked := l.marks[l.markID(i, it, e)]
	return marked
}

func (l *List) toggleMark(i int) {
	it, e, ok := l.rows.at(i)
	if !ok {
		return
	}
	k := l.markID(i, it, e)
	if _, was := l.marks[k]; was {
		delete(l.marks, k)
		return
	}
	l.marks[k] = mark{i, it, e}
}

// keepRange turns the range into marks, so that another can be begun.
func (l *List) keepRange() {
	sel, ok := l.whole()
	if !ok {
		return
	}
	for n, it := range sel.Items {
		m := mark{index: sel.Indexes[n], item: it}
		if n < len(sel.Entries) {
			m.entry = sel.Entries[n]
		}
		l.marks[l.markID(m.index, it, m.entry)] = m
	}
	l.anchor = -1
	l.note()
}

// drop forgets the marks and the range.
func (l *List) drop() {
	l.marks, l.anchor, l.spread = map[id]mark{}, -1, gather{}
}

// remark finds the marked rows again in an answer; total is how many there were before it.
func (l *List) remark(total int) {
	switch {
	case len(l.marks) == 0:
	case l.byPlace():
		if l.displaced(total) {
			l.marks = map[id]mark{}
		}
	default:
		l.relocate()
	}
}

// displaced reports whether rows that are known by their places have others there now.
func (l *List) displaced(total int) bool {
	if !l.rows.open && l.rows.total != total {
		return true
	}
	for k, m := range l.marks {
		if it, _, ok := l.rows.at(m.index); ok && it.ItemRef() != k.ref {
			return true
		}
	}
	return false
}

// relocate takes the marks to where their rows are now. Rows that are not loaded keep
// theirs; where all are loaded, the others are gone.
func (l *List) relocate() {
	found := map[id]mark{}
	for i, it := range l.rows.items {
		at := l.rows.off + i
		_, e, _ := l.rows.at(at)
		k := l.markID(at, it, e)
		if m, ok := l.marks[k]; ok {
			m.index = at
			found[k] = m
		}
	}
	if l.rows.off == 0 && len(l.rows.items) == l.rows.total {
		l.marks = found
		return
	}
	maps.Copy(l.marks, found)
}

// moveMarks takes the marks along when rows have changed places.
func (l *List) moveMarks(order []int) {
	to := map[int]int{}
	for t, from := range order {
		to[from] = l.rows.off + t
	}
	marks := map[id]mark{}
	for _, m := range l.marks {
		m.index = to[m.index]
		marks[l.markID(m.index, m.item, m.entry)] = m
	}
	l.marks = marks
}
