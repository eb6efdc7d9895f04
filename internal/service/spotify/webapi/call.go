package webapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

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
	page  bool // the answer is a page of rows, or holds one:
	in    string
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
	case n.null() && q.none, isList && q.list:
		return nil
	case n.object() && !q.list:
		if q.page {
			return rows(q.rowsOf(n))
		}
		return nil
	case n.null():
		return strange("nothing")
	}
	return strange("data of another shape")
}

// rowsOf is the page of an answer.
func (q question) rowsOf(n node) node {
	if q.in != "" {
		return n.get(q.in)
	}
	return n
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
	for range patience {
		if !isOnce(ctx) || !soon(err) {
			break
		}
		// A 429 was not done; the gate waits for as long as it says.
		if req, err = c.request(ctx, method, path, query, text); err != nil {
			return node{}, err
		}
		a, answer, err = c.do(req, newTicket(priorityOf(ctx), true), name, path)
	}
	if err != nil {
		return node{}, err
	}
	if n, err := parse(answer); err == nil && a.Status < 300 {
		return n, nil
	}
	if answer = bytes.TrimSpace(answer); len(answer) > 0 && answer[0] == '<' { // it has not come to Spotify
		return read(a, answer)
	}
	return node{}, nil // it was done, whatever came with it
}

// patience is how often a call that is not repeated below waits for the end of a 429.
const patience = 2

// soon reports whether an error is a 429 that is worth waiting for.
func soon(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == RateLimited && time.Until(e.RetryAt) <= 30*time.Second
}

type onceKey struct{}

// once marks a call that must not be made again when it is not known whether it was done,
// although its method says that it may.
func once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

func isOnce(ctx context.Context) bool { return ctx.Value(onceKey{}) != nil }

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
