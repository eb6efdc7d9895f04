package mailbox

import (
	"sync"
	"testing"
	"testing/synctest"
)

func TestEverythingPutIsTakenInTheOrderOfEachWriter(t *testing.T) {
	const writers, each = 8, 1000
	b := New[[2]int]()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				b.Put([2]int{w, i})
			}
		})
	}
	go wg.Wait()
	next := [writers]int{}
	for got := 0; got < writers*each; {
		<-b.Ready()
		for _, m := range b.Take() {
			if m[1] != next[m[0]] {
				t.Fatalf("writer %d: %d came, want %d", m[0], m[1], next[m[0]])
			}
			next[m[0]]++
			got++
		}
	}
	if rest := b.Take(); rest != nil {
		t.Errorf("%d more than was put", len(rest))
	}
}

func TestReadyTellsOnceForManyAndNotForNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New[int]()
		b.Put(1)
		b.Put(2)
		<-b.Ready()
		select {
		case <-b.Ready():
			t.Error("told twice for items that were there already")
		default:
		}
		if got := b.Take(); len(got) != 2 {
			t.Errorf("took %v", got)
		}
	})
}
