package session

import (
	"math/bits"
	"math/rand/v2"
	"slices"

	"segue/internal/music"
)

// entry is one place in the queue. It never changes, so that workers may hold it.
type entry struct {
	id   EntryID
	ref  music.Ref
	next bool // was put after the playing track by hand: more of these go behind it
}

// rows is a queue as a value: every edit gives a new one, and the slices are
// never written again, so that the journal and the saver may keep them.
type rows struct {
	play    []*entry // in playing order
	plain   []*entry // the order without shuffle; nil unless shuffled
	shuffle bool
}

func (r rows) index(e *entry) int {
	if e == nil {
		return -1
	}
	return slices.Index(r.play, e)
}

// sound reports whether no entry is there twice and both orders hold the same: a
// journal that was read from a file may say otherwise.
func (r rows) sound() bool {
	all := idsOf(r.play)
	if all.count() != len(r.play) {
		return false
	}
	if !r.shuffle {
		return true
	}
	plain := idsOf(r.plain)
	if plain.count() != len(r.plain) || len(r.plain) != len(r.play) {
		return false
	}
	for _, e := range r.plain {
		if !all.has(e.id) {
			return false
		}
	}
	return true
}

// ids is a set of entry numbers: a bitmap where they lie close together, as they
// do, else a map.
type ids struct {
	low  EntryID
	bits []uint64
	few  map[EntryID]struct{}
}

func newIDs(list []EntryID) ids {
	if len(list) == 0 {
		return ids{}
	}
	low, high := slices.Min(list), slices.Max(list)
	if high-low > 1<<23 {
		s := ids{few: make(map[EntryID]struct{}, len(list))}
		for _, id := range list {
			s.few[id] = struct{}{}
		}
		return s
	}
	s := ids{low: low, bits: make([]uint64, (high-low)/64+1)}
	for _, id := range list {
		s.bits[(id-low)/64] |= 1 << ((id - low) % 64)
	}
	return s
}

func (s ids) has(id EntryID) bool {
	if s.few != nil {
		_, ok := s.few[id]
		return ok
	}
	if id < s.low || (id-s.low)/64 >= EntryID(len(s.bits)) {
		return false
	}
	return s.bits[(id-s.low)/64]&(1<<((id-s.low)%64)) != 0
}

func (s ids) count() int {
	n := len(s.few)
	for _, b := range s.bits {
		n += bits.OnesCount64(b)
	}
	return n
}

func idsOf(list []*entry) ids {
	all := make([]EntryID, len(list))
	for i, e := range list {
		all[i] = e.id
	}
	return newIDs(all)
}

// add puts new entries at the end of both orders.
func (r rows) add(es []*entry) rows {
	r.play = slices.Concat(r.play, es)
	if r.shuffle {
		r.plain = slices.Concat(r.plain, es)
	}
	return r
}

// addNext puts new entries after cur and what was put there before them; with
// cur not in the queue, at the place at of the playing order.
func (r rows) addNext(es []*entry, cur *entry, at int) rows {
	place := at
	if i := r.index(cur); i >= 0 {
		place = i + 1
	}
	if r.shuffle {
		r.plain = insert(r.plain, behindRun(r.plain, r.plainPlace(cur, place)), es)
	}
	r.play = insert(r.play, behindRun(r.play, place), es)
	return r
}

// plainPlace finds the place in the plain order that belongs to one in the playing order.
func (r rows) plainPlace(cur *entry, place int) int {
	if i := slices.Index(r.plain, cur); cur != nil && i >= 0 {
		return i + 1
	}
	if place < len(r.play) {
		if i := slices.Index(r.plain, r.play[place]); i >= 0 {
			return i
		}
	}
	return len(r.plain)
}

// behindRun skips the entries from place on that were put there by hand.
func behindRun(list []*entry, place int) int {
	for place < len(list) && list[place].next {
		place++
	}
	return place
}

func insert(list []*entry, at int, es []*entry) []*entry {
	at = min(max(at, 0), len(list))
	return slices.Concat(list[:at], es, list[at:])
}

// remove takes entries out of both orders.
func (r rows) remove(gone ids) rows {
	r.play = without(r.play, gone)
	if r.shuffle {
		r.plain = without(r.plain, gone)
	}
	return r
}

func without(list []*entry, gone ids) []*entry {
	kept := make([]*entry, 0, len(list))
	for _, e := range list {
		if !gone.has(e.id) {
			kept = append(kept, e)
		}
	}
	return kept
}

// move puts entries, in the order they have, before the entry before (0 = to the
// end). Only the playing order changes. If before itself moves, they go before
// the first entry behind it that stays.
func (r rows) move(which ids, before EntryID) rows {
	stay := make([]*entry, 0, len(r.play))
	var moved []*entry
	at, found := -1, false
	for _, e := range r.play {
		found = found || e.id == before
		if which.has(e.id) {
			moved = append(moved, e)
			continue
		}
		if found && at < 0 {
			at = len(stay)
		}
		stay = append(stay, e)
	}
	if at < 0 {
		at = len(stay)
	}
	r.play = insert(stay, at, moved)
	return r
}

// shuffled draws a new order with first, if it is there, in front.
func (r rows) shuffled(first *entry, rng *rand.Rand) rows {
	if !r.shuffle {
		r.plain = r.play
	}
	order := drawn(r.plain, rng)
	if i := slices.Index(order, first); first != nil && i >= 0 {
		order[0], order[i] = order[i], order[0]
	}
	r.play, r.shuffle = order, true
	if r.plain == nil {
		r.plain = []*entry{}
	}
	return r
}

// drawn is a list in a random order. It is drawn over numbers: swapping pointers
// costs several times as much.
func drawn(list []*entry, rng *rand.Rand) []*entry {
	order := make([]int32, len(list))
	for i := range order {
		j := rng.IntN(i + 1)
		order[i] = order[j]
		order[j] = int32(i)
	}
	all := make([]*entry, len(list))
	for i, from := range order {
		all[i] = list[from]
	}
	return all
}

// unshuffled puts the plain order back, with all edits made meanwhile.
func (r rows) unshuffled() rows {
	if !r.shuffle {
		return r
	}
	return rows{play: r.plain}
}

// shift finds where a place of the old playing order is in the new one: at the
// first entry from there on that is still queued.
func shift(old, now rows, place int) int {
	place = max(place, 0)
	there := idsOf(now.play)
	for ; place < len(old.play); place++ {
		if there.has(old.play[place].id) {
			return now.index(old.play[place])
		}
	}
	return len(now.play)
}

// splice is how one list became another: from at on, del was replaced by ins.
type splice[T comparable] struct {
	At       int
	Del, Ins []T
}

// diff finds the splice that leads from one list to the other.
func diff[T comparable](from, to []T) splice[T] {
	head := 0
	for head < len(from) && head < len(to) && from[head] == to[head] {
		head++
	}
	tail := 0
	for tail < len(from)-head && tail < len(to)-head && from[len(from)-1-tail] == to[len(to)-1-tail] {
		tail++
	}
	return splice[T]{At: head, Del: part(from, head, tail), Ins: part(to, head, tail)}
}

// part is a list without its head and tail. A small part is copied, so that it
// does not hold the whole list in memory; a large one is shared, as lists never change.
func part[T any](list []T, head, tail int) []T {
	end := len(list) - tail
	if end-head < len(list)/8 {
		return slices.Clone(list[head:end])
	}
	return list[head:end:end]
}

// apply makes the splice in a list; ok is false where the list is not as expected.
func (d splice[T]) apply(list []T) (now []T, ok bool) {
	if d.At < 0 || d.At+len(d.Del) > len(list) || !slices.Equal(list[d.At:d.At+len(d.Del)], d.Del) {
		return list, false
	}
	return slices.Concat(list[:d.At], d.Ins, list[d.At+len(d.Del):]), true
}

// back is the splice that undoes this one.
func (d splice[T]) back() splice[T] { return splice[T]{At: d.At, Del: d.Ins, Ins: d.Del} }

func (d splice[T]) size() int { return len(d.Del) + len(d.Ins) }
