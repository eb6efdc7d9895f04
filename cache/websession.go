package cache

import (
	"context"
	"sync"
)

// WebSession is the part of a web framework's session that a token needs: one user's
// values, found by the context of the request. *scs.SessionManager of
// github.com/alexedwards/scs is one.
type WebSession interface {
	GetString(ctx context.Context, key string) string // "" when there is none
	Put(ctx context.Context, key string, value any)
	Remove(ctx context.Context, key string)
}

// webKey is Spotipy's key in the sessions of Flask and Django.
const webKey = "token_info"

// webStore keeps each user's token in the user's own session.
type webStore struct {
	session WebSession
	codec   Codec
}

// webHandler is not behind a guard: what a guard keeps between calls belongs to one
// account, and here each request has its own.
type webHandler struct {
	s webStore

	mu    sync.Mutex
	stats Stats
}

// Counted is what every handler of this package is besides: it counts.
type Counted interface{ Stats() Stats }

// Stats implements Counted.
func (h *webHandler) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stats
}

func (h *webHandler) count(n *int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	*n++
}

// NewWebSession keeps the token of the user whose request ctx is, under "token_info", as
// JSON (or what codec makes; nil: JSON). One handler serves all users.
func NewWebSession(session WebSession, codec Codec) Handler {
	return &webHandler{s: webStore{session, codecOr(codec)}}
}

// Get implements Handler. A session that holds something else under the key has no token.
func (h *webHandler) Get(ctx context.Context) (*Token, error) {
	text := h.s.session.GetString(ctx, webKey)
	if text == "" {
		h.count(&h.stats.Misses)
		return nil, ctx.Err()
	}
	t, err := h.s.codec.Decode([]byte(text))
	if err != nil {
		h.count(&h.stats.Errors)
		return nil, nil
	}
	h.count(&h.stats.Hits)
	return t, nil
}

// Save implements Handler.
func (h *webHandler) Save(ctx context.Context, t *Token) error {
	if t == nil {
		return invalid("no token to save")
	}
	data, err := h.s.codec.Encode(t)
	if err != nil {
		return err
	}
	h.s.session.Put(ctx, webKey, string(data))
	return nil
}

// Delete implements Handler.
func (h *webHandler) Delete(ctx context.Context) error {
	h.s.session.Remove(ctx, webKey)
	return nil
}
