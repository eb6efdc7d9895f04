package webapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"segue/cache"
	"segue/internal/httpx"
)

// question is something that is asked with GET.
type question struct {
	name  string // for the counts: "/playlists/{id}/items"
	path  string // with the ids, escaped
	query url.Values
	fleet bool // the answer is worth nothing in a moment: it is not kept on disk
	none  bool // 204 and nothing are answers
	list  bool // the answer is a list, not an object
}

// key is path and query.
func (q question) key() string {
	if len(q.query) == 0 {
		return q.path
	}
	return q.path + "?" + q.query.Encode()
}

// usable reports why an answer cannot be used; nil: it can.
func (q question) usable(n node) error {
	_, isList := n.v.([]any)
	switch {
	case n.null() && q.none, isList && q.list, n.object() && !q.list:
		return nil
	case n.null():
		return strange("nothing")
	}
	return strange("data of another shape")
}

// reply is what came, or was kept.
type reply struct {
	body    []byte
	n       node
	etag    string
	fetched time.Time // when it was asked for, or last known to be so
	same    bool      // 304: it is what was kept
}

// ask puts a question to Spotify, with the ETag of what is kept, if anything is.
func (c *Client) ask(ctx context.Context, t *ticket, q question, kept *reply) (reply, error) {
	req, err := c.request(ctx, http.MethodGet, q.path, q.query, nil)
	if err != nil {
		return reply{}, err
	}
	if kept != nil && kept.etag != "" {
		req.Header.Set("If-None-Match", kept.etag)
	}
	asked := c.o.Now()
	a, body, err := c.do(req, t, q.name, q.path)
	switch {
	case err != nil:
		return reply{}, err
	case a.Status == http.StatusNotModified && kept != nil:
		c.counts.note(func(s *Stats) { s.NotModified++ })
		same := *kept
		same.fetched, same.same = asked, true
		return same, nil
	case a.Status >= 300:
		return reply{}, &Error{Kind: Strange, Status: a.Status}
	}
	r := reply{body: body, etag: a.Header.Get("ETag"), fetched: asked}
	if r.n, err = read(a, body); err != nil {
		return reply{}, err
	}
	return r, q.usable(r.n)
}

// read parses an answer's body.
func read(a httpx.Answer, body []byte) (node, error) {
	body = bytes.TrimSpace(body)
	if a.Status == http.StatusNoContent || len(body) == 0 {
		return node{}, nil
	}
	n, err := parse(body)
	switch {
	case err == nil:
		return n, nil
	case body[0] == '<':
		return n, strange("a web page instead of data (is a sign-in page of the network in the way?)")
	case body[0] == '{' || body[0] == '[':
		return n, strange("data that is cut short")
	}
	return n, strange("something that is not JSON")
}

// tell makes a call that changes something. touched are the paths whose kept answers are
// no longer so: those that begin with one of them. What Spotify answers may be nothing.
func (c *Client) tell(ctx context.Context, method, name, path string, query url.Values, body any, touched ...string) (node, error) {
	if !c.o.Allowed() {
		return node{}, &Error{Kind: Offline, Message: "changed"}
	}
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return node{}, fmt.Errorf("webapi: %s %s: %w", method, name, err)
		}
	}
	req, err := c.request(ctx, method, path, query, text)
	if err != nil {
		return node{}, err
	}
	// Also when it failed: whether it was done is not known then.
	defer c.touch(touched)
	a, answer, err := c.do(req, newTicket(priorityOf(ctx), true), name, path)
	if err != nil {
		return node{}, err
	}
	if n, err := parse(answer); err == nil && a.Status < 300 {
		return n, nil
	}
	return node{}, nil // it was done, whatever came with it
}

// request makes a request; path is escaped.
func (c *Client) request(ctx context.Context, method, path string, query url.Values, body []byte) (*http.Request, error) {
	at := c.base + path
	if len(query) > 0 {
		at += "?" + query.Encode()
	}
	var from io.Reader
	if body != nil {
		from = bytes.NewReader(body)
	}
	req, err := httpx.NewRequest(ctx, method, at, from)
	if err != nil {
		return nil, explain(path, err)
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// do waits for its turn, makes the call and counts it.
func (c *Client) do(req *http.Request, t *ticket, name, path string) (a httpx.Answer, body []byte, err error) {
	if err := c.spent(); err != nil {
		return a, nil, err
	}
	if err := c.budget.enter(req.Context(), t); err != nil {
		return a, nil, explain(path, err)
	}
	var s sends
	defer func() {
		times := int(s.n.Load())
		c.budget.leave(t, times)
		c.counts.note(func(st *Stats) {
			if st.ByCall == nil {
				st.ByCall = map[string]int{}
			}
			st.Requests += times
			st.ByCall[req.Method+" "+name] += times
		})
	}()
	a, body, err = c.http.Bytes(req.WithContext(withSends(req.Context(), &s)))
	if err != nil {
		err = explain(path, err)
		c.heed(err)
	}
	return a, body, err
}

// quietFor is how long no call is made after the quota was used up and Spotify did not
// say until when.
const quietFor = time.Minute

// heed remembers that the quota is used up.
func (c *Client) heed(err error) {
	e, ok := err.(*Error) //nolint:errorlint // explain made it
	if !ok || e.Kind != RateLimited && e.Kind != Quota {
		return
	}
	c.counts.note(func(s *Stats) { s.Limited++ })
	if e.Kind != Quota {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.quota, c.quotaEnd = e, e.RetryAt
	if e.RetryAt.IsZero() {
		c.quotaEnd = time.Now().Add(quietFor)
	}
}

// spent is why no call is made now: the quota is used up.
func (c *Client) spent() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.quota == nil || !time.Now().Before(c.quotaEnd) {
		return nil
	}
	return c.quota
}

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

// Drop forgets all answers, on disk too: after a logout, and when the user is forgotten.
// What is under way is not kept when it comes.
func (c *Client) Drop() {
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
