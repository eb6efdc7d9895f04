package stream

import "slices"

// span is the bytes from from up to, not including, to.
type span struct{ from, to int64 }

// spans are parts of a file: sorted, apart from each other, none empty.
type spans []span

// add puts a part in and joins it to its neighbours.
func (s *spans) add(from, to int64) {
	if from >= to {
		return
	}
	i, _ := slices.BinarySearchFunc(*s, from, func(p span, at int64) int {
		if p.to < at {
			return -1
		}
		return 1
	})
	j := i
	for j < len(*s) && (*s)[j].from <= to {
		from, to = min(from, (*s)[j].from), max(to, (*s)[j].to)
		j++
	}
	*s = slices.Replace(*s, i, j, span{from, to})
}

// until is the end of the part that holds at, or at itself if none does.
func (s spans) until(at int64) int64 {
	for _, p := range s {
		if p.from <= at && at < p.to {
			return p.to
		}
	}
	return at
}

// hole is where the first part is missing at or behind at, of size bytes (-1 = unknown).
// ok is false when nothing is.
func (s spans) hole(at, size int64) (from int64, ok bool) {
	from = s.until(at)
	return from, size < 0 || from < size
}

// whole reports whether nothing of size bytes is missing.
func (s spans) whole(size int64) bool {
	return size >= 0 && (size == 0 || len(s) == 1 && s[0].from == 0 && s[0].to >= size)
}

// sum is how many bytes there are.
func (s spans) sum() int64 {
	n := int64(0)
	for _, p := range s {
		n += p.to - p.from
	}
	return n
}
