package cache

import "slices"

// span is a half-open range of bytes, from its first to before its end.
type span struct{ From, To int64 }

// spans are ranges in order, apart from each other.
type spans []span

// add marks [from, to) as present.
func (s spans) add(from, to int64) spans {
	if from >= to {
		return s
	}
	i, _ := slices.BinarySearchFunc(s, from, func(x span, at int64) int { // the first that ends at or after from
		if x.To < at {
			return -1
		}
		return 1
	})
	j := i
	for j < len(s) && s[j].From <= to {
		from, to = min(from, s[j].From), max(to, s[j].To)
		j++
	}
	return slices.Replace(s, i, j, span{from, to})
}

// present is how many bytes from at on are there without a gap.
func (s spans) present(at int64) int64 {
	for _, x := range s {
		if x.From <= at && at < x.To {
			return x.To - at
		}
	}
	return 0
}

// gap is the first part of [from, to) that is not there; false when all is.
func (s spans) gap(from, to int64) (span, bool) {
	for _, x := range s {
		if x.To <= from {
			continue
		}
		if x.From > from {
			return span{from, min(to, x.From)}, from < to
		}
		from = x.To
	}
	return span{from, to}, from < to
}

// bytes is how many are there.
func (s spans) bytes() int64 {
	var n int64
	for _, x := range s {
		n += x.To - x.From
	}
	return n
}

// within says that spans read from a file make sense for size bytes.
func (s spans) within(size int64) bool {
	end := int64(0)
	for i, x := range s {
		if x.From < 0 || x.From >= x.To || x.To > size || i > 0 && x.From <= end {
			return false
		}
		end = x.To
	}
	return true
}
