package stream

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestSpansAgreeWithABitmap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		const size = 40
		var s spans
		var have [size]bool
		for range 12 {
			from := r.Int64N(size)
			to := from + r.Int64N(size-from+1)
			s.add(from, to)
			for i := from; i < to; i++ {
				have[i] = true
			}
			sum := int64(0)
			for i := range int64(size) {
				until := i
				for until < size && have[until] {
					until++
				}
				if s.until(i) != until {
					t.Fatalf("%v: until(%d) is %d, want %d", s, i, s.until(i), until)
				}
				if from, ok := s.hole(i, size); ok != (until < size) || ok && from != until {
					t.Fatalf("%v: hole(%d) is %d %v, want %d", s, i, from, ok, until)
				}
				if have[i] {
					sum++
				}
			}
			if s.sum() != sum || s.whole(size) != (sum == size) {
				t.Fatalf("%v: %d bytes, want %d; whole %v", s, s.sum(), sum, s.whole(size))
			}
		}
	}
}

func TestSpansStaySortedAndApart(t *testing.T) {
	var s spans
	for _, p := range []span{{10, 20}, {0, 5}, {30, 40}, {20, 30}, {5, 10}, {50, 50}} {
		s.add(p.from, p.to)
	}
	if got := fmt.Sprint(s); got != "[{0 40}]" {
		t.Errorf("got %s", got)
	}
	if _, ok := s.hole(0, -1); !ok {
		t.Error("a track of unknown length misses nothing")
	}
}
