// Package mailbox is an unbounded queue between goroutines: putting never
// blocks and never drops, taking gives everything that waits.
package mailbox

import "sync"

// Box is a mailbox for one reader and any number of writers.
type Box[T any] struct {
	mu    sync.Mutex
	items []T
	ready chan struct{}
}

// New returns an empty box.
func New[T any]() *Box[T] { return &Box[T]{ready: make(chan struct{}, 1)} }

// Put adds v. It never blocks and may be called from anywhere.
func (b *Box[T]) Put(v T) {
	b.mu.Lock()
	b.items = append(b.items, v)
	b.mu.Unlock()
	select {
	case b.ready <- struct{}{}:
	default:
	}
}

// Ready delivers a value when there is something to take. One delivery may
// stand for many items, and a delivery may find the box already emptied.
func (b *Box[T]) Ready() <-chan struct{} { return b.ready }

// Take empties the box into the reader's hands, oldest first; nil when there is nothing.
func (b *Box[T]) Take() []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	items := b.items
	b.items = nil
	return items
}
