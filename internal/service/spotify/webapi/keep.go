package webapi

import (
	"time"

	"segue/cache"
)

// touch notes that we changed what these paths answer.
func (c *Client) touch(paths []string) {
	if len(paths) == 0 {
		return
	}
	now := c.o.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range paths {
		c.written[p] = now
		for key := range c.flights {
			if under(key, p) {
				delete(c.flights, key) // what it brings may be from before: nobody joins it any longer
			}
		}
	}
}

// changed is when we last changed what a key answers. Called with the lock held.
func (c *Client) changed(key string) time.Time {
	var last time.Time
	for p, at := range c.written {
		if at.After(last) && under(key, p) {
			last = at
		}
	}
	return last
}

// under reports whether a key is that path or below it.
func under(key, path string) bool {
	if len(key) < len(path) || key[:len(path)] != path {
		return false
	}
	return len(key) == len(path) || key[len(path)] == '/' || key[len(path)] == '?'
}

// Drop forgets all answers, on disk too, and whose they were (SetOwner): after a logout,
// and when the user is forgotten.
// What is under way is not kept when it comes.
func (c *Client) Drop() {
	c.disk.Lock()
	defer c.disk.Unlock()
	c.mu.Lock()
	c.era++
	c.owner = ""
	c.due = nil
	clear(c.flights)
	clear(c.written)
	c.quota = nil
	c.mu.Unlock()
	if c.o.Answers != nil {
		c.o.Answers.Clear()
	}
}

// SetOwner says whose answers are kept from now on; see Options.Owner. Those of others
// are not seen, and go.
func (c *Client) SetOwner(owner string) {
	c.mu.Lock()
	was := c.owner
	c.mu.Unlock()
	if was == owner {
		return
	}
	if was != "" {
		c.Drop()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.owner = owner
}

// place is where an answer is kept; "" = it is not.
func (c *Client) place(q question) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if q.fleet || c.owner == "" || c.o.Answers == nil {
		return ""
	}
	return "spotify " + c.owner + " GET " + q.key()
}

// keep puts an answer on disk, unless the answers were dropped meanwhile.
func (c *Client) keep(place string, era int, r reply) {
	c.disk.RLock()
	defer c.disk.RUnlock()
	c.mu.Lock()
	stale := place == "" || era != c.era
	c.mu.Unlock()
	if stale {
		return
	}
	// A disk that is full costs a question the next time, and nothing else.
	_ = c.o.Answers.Put(place, cache.Blob{Data: r.body, Type: "application/json", ETag: r.etag, Fetched: r.fetched})
}

// kept is the answer on disk.
func (c *Client) kept(q question) (*reply, bool) {
	place := c.place(q)
	if place == "" {
		return nil, false
	}
	b, ok := c.o.Answers.Get(place)
	if !ok {
		return nil, false
	}
	n, err := parse(b.Data)
	if err != nil || q.usable(n) != nil {
		return nil, false
	}
	return &reply{body: b.Data, n: n, etag: b.ETag, fetched: b.Fetched}, true
}
