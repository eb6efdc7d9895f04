package index

import "math/bits"

// Set is a set of row numbers, one bit each.
type Set []uint64

// newSet makes an empty set for numbers below n.
func newSet(n uint32) Set { return make(Set, (int(n)+63)/64) }

// Has reports whether i is in the set.
func (s Set) Has(i uint32) bool {
	w := int(i >> 6)
	return w < len(s) && s[w]&(1<<(i&63)) != 0
}

// word is the 64 numbers that i is among.
func (s Set) word(i uint32) uint64 {
	if w := int(i >> 6); w < len(s) {
		return s[w]
	}
	return 0
}

// add puts i in; numbers beyond the set's size are left out.
func (s Set) add(i uint32) {
	if w := int(i >> 6); w < len(s) {
		s[w] |= 1 << (i & 63)
	}
}

// Add puts i in and makes room for it.
func (s *Set) Add(i uint32) {
	s.grow(i + 1)
	s.add(i)
}

func (s Set) drop(i uint32) {
	if w := int(i >> 6); w < len(s) {
		s[w] &^= 1 << (i & 63)
	}
}

// and keeps what is also in o; what lies beyond o goes.
func (s Set) and(o Set) {
	n := min(len(s), len(o))
	for i := range n {
		s[i] &= o[i]
	}
	clear(s[n:])
}

func (s Set) or(o Set) {
	for i := range min(len(s), len(o)) {
		s[i] |= o[i]
	}
}

func (s Set) andNot(o Set) {
	for i := range min(len(s), len(o)) {
		s[i] &^= o[i]
	}
}

// Len counts.
func (s Set) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

func (s Set) clone() Set { return append(Set(nil), s...) }

// grow makes room for numbers below n.
func (s *Set) grow(n uint32) {
	if need := (int(n) + 63) / 64; need > len(*s) {
		*s = append(*s, make(Set, need-len(*s))...)
	}
}

// Each gives the numbers in rising order until yield says no.
func (s Set) Each(yield func(uint32) bool) {
	for w, word := range s {
		for word != 0 {
			b := bits.TrailingZeros64(word)
			if !yield(uint32(w<<6 | b)) {
				return
			}
			word &= word - 1
		}
	}
}

// And keeps in s what is also in o.
func (s Set) And(o Set) { s.and(o) }

// AndNot takes what is in o out of s.
func (s Set) AndNot(o Set) { s.andNot(o) }

// Drop takes i out.
func (s Set) Drop(i uint32) { s.drop(i) }
