package webapi

import (
	"context"
	"sync"
)

// flight is one question under way and all who wait for its answer.
type flight struct {
	ticket *ticket
	era    int
	cancel context.CancelFunc
	done   chan struct{} // closed when reply and err are there
	reply  reply
	err    error

	mu      sync.Mutex
	waiters int
}

// join asks a question, or waits with others who asked it. It goes on for as long as one
// of them waits, and is as urgent as the most urgent of them.
func (c *Client) join(ctx context.Context, q question, kept *reply) (reply, error) {
	f := c.board(ctx, q, kept)
	select {
	case <-f.done:
		f.leave()
		return f.reply, f.err
	case <-ctx.Done():
		f.leave()
		return reply{}, explain(q.path, ctx.Err())
	}
}

// board finds the flight of a question, or starts it.
func (c *Client) board(ctx context.Context, q question, kept *reply) *flight {
	key, p := q.key(), priorityOf(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.flights[key]; f != nil && f.enter() {
		c.budget.raise(f.ticket, p)
		c.counts.note(func(s *Stats) { s.Joined++ })
		return f
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{ticket: newTicket(p, false), era: c.era, cancel: cancel, done: make(chan struct{}), waiters: 1}
	c.flights[key] = f
	go c.fly(own, f, q, kept)
	return f
}

// fly asks, keeps the answer, and tells all who wait.
func (c *Client) fly(ctx context.Context, f *flight, q question, kept *reply) {
	defer f.cancel()
	place := c.place(q)
	f.reply, f.err = c.ask(ctx, f.ticket, q, kept)
	switch {
	case f.err == nil:
		c.keep(place, f.era, f.reply)
	case place != "" && vanished(f.err):
		c.o.Answers.Remove(place)
	}
	c.mu.Lock()
	if c.flights[q.key()] == f {
		delete(c.flights, q.key())
	}
	c.mu.Unlock()
	close(f.done)
}

// vanished reports whether an error says that what is kept is not to be shown any longer.
func vanished(err error) bool {
	k := KindOf(err)
	return k == NotFound || k == Forbidden
}

// enter counts one more who waits; false: all others have left, and it is being given up.
func (f *flight) enter() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.waiters == 0 {
		return false
	}
	f.waiters++
	return true
}

// leave counts one less; the last one ends it.
func (f *flight) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.waiters--; f.waiters == 0 {
		f.cancel()
	}
}
