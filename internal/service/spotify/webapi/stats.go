package webapi

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// Stats is what a client counted since it was made.
type Stats struct {
	Requests    int            // that went out, repeated ones too
	ByCall      map[string]int // of these, by call: "GET /playlists/{id}/items"
	Joined      int            // questions that were answered together with another
	FromDisk    int            // answers that came from disk
	NotModified int            // 304: what was on disk is still so
	Limited     int            // calls that failed with RateLimited or Quota

	InWindow, InFlight, Waiting int // now
	Unanswered                  int // GETs whose answer is not kept yet, now
}

type counts struct {
	mu sync.Mutex
	s  Stats
}

func (c *counts) note(f func(s *Stats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.s)
}

// Stats gives the counts.
func (c *Client) Stats() Stats {
	c.counts.mu.Lock()
	s := c.counts.s
	s.ByCall = maps.Clone(s.ByCall)
	c.counts.mu.Unlock()
	s.InWindow, s.InFlight, s.Waiting = c.budget.load()
	c.mu.Lock()
	s.Unanswered = len(c.flights)
	c.mu.Unlock()
	return s
}

// sends counts how often one call was put on the wire.
type sends struct{ n atomic.Int32 }

type sendsKey struct{}

// counting is the layer that counts, between the one that signs and the tries.
type counting struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (c *counting) RoundTrip(req *http.Request) (*http.Response, error) {
	s, ok := req.Context().Value(sendsKey{}).(*sends)
	if !ok {
		return c.next.RoundTrip(req)
	}
	ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { s.n.Add(1) },
	})
	req = req.WithContext(ctx)
	if isOnce(ctx) {
		req.GetBody = nil // what lies below cannot make it again
	}
	return c.next.RoundTrip(req)
}

// CloseIdleConnections lets http.Client reach the real network.
func (c *counting) CloseIdleConnections() {
	if n, ok := c.next.(interface{ CloseIdleConnections() }); ok {
		n.CloseIdleConnections()
	}
}

func withSends(ctx context.Context, s *sends) context.Context {
	return context.WithValue(ctx, sendsKey{}, s)
}
