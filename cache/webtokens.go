package cache

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"
)

// webMemory is how long the answer to a refresh is remembered, for requests that began
// before it and read the user's session as it was.
const webMemory = 10 * time.Minute

// WebTokens gives the tokens of a web program's users, ready to be sent. Sessions of web
// frameworks are read when a request begins and written when it ends, so that no lock
// keeps two requests of one user from finding the same expired token: here each refresh
// token is spent once, and all that bring it get the same answer. Several processes need
// sessions that stick to one of them.
type WebTokens struct {
	tokens  Handler
	wanted  string
	refresh Refresher
	now     func() time.Time

	mu    sync.Mutex
	calls map[[sha256.Size]byte]*webRefresh // by the refresh token
}

// webRefresh is one refresh; its result may be read when done is closed.
type webRefresh struct {
	done chan struct{}
	next *Token
	err  error
	gone time.Time // when it may be forgotten; zero while it runs. Held by WebTokens.mu
	kept bool      // the refresh token is still good: its answer is of use only until the token ends
}

// NewWebTokens makes it for a NewWebSession handler. wanted are the scopes that a token
// must have; now is nil for time.Now.
func NewWebTokens(tokens Handler, wanted string, refresh Refresher, now func() time.Time) *WebTokens {
	if now == nil {
		now = time.Now
	}
	return &WebTokens{tokens: tokens, wanted: wanted, refresh: refresh, now: now, calls: map[[sha256.Size]byte]*webRefresh{}}
}

// Fresh is the token of the user whose request ctx is; rejected as in Manager.Fresh.
// ErrSignIn: there is none that could do, and a grant that has ended (ErrDead) is removed
// from the session.
func (w *WebTokens) Fresh(ctx context.Context, rejected Secret) (*Token, error) {
	t, err := w.tokens.Get(ctx)
	if err != nil {
		return nil, err
	}
	if t != nil && !rejected.IsZero() && t.AccessToken.Equal(rejected) {
		t.ExpiresAt = time.Time{}
	}
	switch t.Judge(w.now(), w.wanted) {
	case Usable:
		return t, nil
	case SignIn:
		return nil, fmt.Errorf("cache: %w: %s", ErrSignIn, whySignIn(t, w.wanted))
	case Refresh:
	}
	next, err := w.once(ctx, t)
	if errors.Is(err, ErrDead) {
		return nil, fmt.Errorf("cache: %w: %w", ErrSignIn, errors.Join(err, w.tokens.Delete(ctx)))
	}
	if err != nil {
		return nil, err
	}
	return next, w.tokens.Save(ctx, next)
}

// once refreshes, or waits for who does so already. A visitor who leaves does not end it.
func (w *WebTokens) once(ctx context.Context, old *Token) (*Token, error) {
	key := sha256.Sum256([]byte(old.RefreshToken.Reveal()))
	w.mu.Lock()
	w.forget()
	r, running := w.calls[key]
	if !running {
		r = &webRefresh{done: make(chan struct{})}
		w.calls[key] = r
	}
	w.mu.Unlock()
	if !running {
		w.run(context.WithoutCancel(ctx), key, r, old)
	}
	select {
	case <-r.done:
		return r.next.Clone(), r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w *WebTokens) run(ctx context.Context, key [sha256.Size]byte, r *webRefresh, old *Token) {
	failed := true
	defer func() { // also when the Refresher panics, which the web server catches
		if failed && r.err == nil {
			r.err = errors.New("cache: the refresh failed")
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		r.gone = w.now().Add(webMemory)
		if failed && !errors.Is(r.err, ErrDead) {
			delete(w.calls, key) // the next request may try again
		}
		close(r.done)
	}()
	next, err := w.refresh(ctx, old.Clone())
	if err == nil && next == nil {
		err = fmt.Errorf("cache: the refresh brought no token: %w", ErrSignIn)
	}
	if err != nil {
		r.err = err
		return
	}
	r.next, failed = next.After(old), false
	r.kept = r.next.RefreshToken.Equal(old.RefreshToken)
}

// forget drops answers that nobody asks for any more. Called with the lock held.
func (w *WebTokens) forget() {
	now := w.now()
	for key, r := range w.calls {
		if !r.gone.IsZero() && (now.After(r.gone) || r.kept && r.next.Expired(now)) {
			delete(w.calls, key)
		}
	}
}
