package webapi

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"
)

// Meta says where an answer came from.
type Meta struct {
	FromDisk bool
	Stale    bool      // it is being refreshed, or cannot be
	Fetched  time.Time // when it was last known to be so
}

type (
	cachedKey struct{}
	onlyKey   struct{}
	metaKey   struct{}
)

// soonest is how old an answer is at least before it is refreshed behind, so that whoever
// is told of a change and asks again does not ask for ever.
const soonest = 5 * time.Second

// Cached lets questions be answered at once with what is on disk, however old. What is
// older than fresh is refreshed behind (Run), and Options.Fresh is told if it has changed.
// What is not on disk, or was changed by us meanwhile, is asked for as ever.
func Cached(ctx context.Context, fresh time.Duration) context.Context {
	return context.WithValue(ctx, cachedKey{}, max(fresh, soonest))
}

// OnlyCached lets questions be answered from disk alone; what is not there is an Error of
// kind Offline.
func OnlyCached(ctx context.Context) context.Context {
	return context.WithValue(ctx, onlyKey{}, true)
}

// WithMeta fills m with where the answers came from that are asked for with the context:
// of several the worst. One goroutine at a time may use such a context.
func WithMeta(ctx context.Context, m *Meta) context.Context {
	return context.WithValue(ctx, metaKey{}, m)
}

// note fills the Meta of a context.
func note(ctx context.Context, r reply, fromDisk, stale bool) {
	m, ok := ctx.Value(metaKey{}).(*Meta)
	if !ok {
		return
	}
	m.FromDisk = m.FromDisk || fromDisk
	m.Stale = m.Stale || stale
	if m.Fetched.IsZero() || r.fetched.Before(m.Fetched) {
		m.Fetched = r.fetched
	}
}

// get answers a question, from disk or from Spotify as the context says.
func (c *Client) get(ctx context.Context, q question) (node, error) {
	kept, ok := c.kept(q)
	only := ctx.Value(onlyKey{}) != nil
	fresh, cached := ctx.Value(cachedKey{}).(time.Duration)
	switch {
	case ok && (only || !c.o.Allowed()):
		c.fromDisk(ctx, *kept, true)
		return kept.n, nil
	case only || !c.o.Allowed():
		return node{}, &Error{Kind: Offline}
	case ok && cached && !c.overtaken(q, kept):
		stale := c.o.Now().Sub(kept.fetched) >= fresh
		if stale {
			c.later(q, priorityOf(ctx))
		}
		c.fromDisk(ctx, *kept, stale)
		return kept.n, nil
	}
	r, err := c.join(ctx, q, kept)
	if err != nil {
		return node{}, err
	}
	note(ctx, r, false, false)
	return r.n, nil
}

func (c *Client) fromDisk(ctx context.Context, r reply, stale bool) {
	c.counts.note(func(s *Stats) { s.FromDisk++ })
	note(ctx, r, true, stale)
}

// overtaken reports whether we have changed what is kept since it was fetched.
func (c *Client) overtaken(q question, kept *reply) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.changed(q.key())
	return !at.IsZero() && !kept.fetched.After(at)
}

// refresh is a question that is to be asked again.
type refresh struct {
	q question
	p Priority
}

// mostDue is how many refreshes wait at the most; those that were wanted longest ago go.
const mostDue = 200

// later lets Run ask a question again.
func (c *Client) later(q question, p Priority) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.due {
		if c.due[i].q.key() == q.key() {
			c.due[i].p = min(c.due[i].p, p)
			return
		}
	}
	if len(c.due) == mostDue {
		c.due = slices.Delete(c.due, 0, 1)
	}
	c.due = append(c.due, refresh{q, p})
	c.rouse()
}

// rouse wakes one who waits for refreshes. Called with the lock held.
func (c *Client) rouse() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// next takes the most urgent refresh that is due.
func (c *Client) next() (refresh, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.due) == 0 {
		return refresh{}, false
	}
	best := 0
	for i, r := range c.due {
		if r.p < c.due[best].p {
			best = i
		}
	}
	r := c.due[best]
	c.due = slices.Delete(c.due, best, best+1)
	if len(c.due) > 0 {
		c.rouse()
	}
	return r, true
}

// refreshers is how many refreshes go on at once.
const refreshers = 3

// Run does the refreshing until ctx ends, whose error it returns.
func (c *Client) Run(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	for range refreshers {
		all.Go(func() { c.refreshing(ctx) })
	}
	<-ctx.Done()
	return ctx.Err()
}

// refreshing refreshes one after the other.
func (c *Client) refreshing(ctx context.Context) {
	for ctx.Err() == nil {
		r, ok := c.next()
		if ok {
			c.renew(ctx, r)
			continue
		}
		select {
		case <-ctx.Done():
		case <-c.wake:
		}
	}
}

// renew asks again for what is kept, and tells if it is another thing now.
func (c *Client) renew(ctx context.Context, r refresh) {
	old, ok := c.kept(r.q)
	if !ok || !c.o.Allowed() {
		return
	}
	c.mu.Lock()
	era := c.era
	c.mu.Unlock()
	now, err := c.join(For(ctx, r.p), r.q, old)
	c.mu.Lock()
	dropped := era != c.era
	c.mu.Unlock()
	switch {
	case dropped || ctx.Err() != nil:
	case err == nil && !now.same && !bytes.Equal(now.body, old.body):
		c.o.Fresh(r.q.key())
	case vanished(err):
		c.o.Fresh(r.q.key())
	case err != nil:
		c.o.Failed(r.q.key(), err)
	}
}
