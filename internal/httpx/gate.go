package httpx

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// longestWait is how long a call waits for a service that asked for patience. What
// would take longer fails at once and says when it may be tried again.
const longestWait = 30 * time.Second

// Gate stands before a service. When the service says "slow down", the first call to
// hear it closes the gate; all calls wait there together, and when the time is over one
// goes ahead to see whether the service answers again before the others follow. One
// Gate belongs to one service (and account), whichever clients use it.
type Gate struct {
	mu      sync.Mutex
	until   time.Time // wall time, zero: open
	status  int       // what the service answered: 429, or a 5xx with Retry-After
	limit   string
	probing bool          // one call went ahead and has not come back
	changed chan struct{} // closed when any of the above changes; nil: nobody waits
}

// NewGate makes an open gate.
func NewGate() *Gate { return &Gate{} }

// Closed reports until when the gate is closed and by which limit. Zero: it is open.
func (g *Gate) Closed() (until time.Time, limit string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.until, g.limit
}

// pass waits until a call may go. probe is true for the one that goes ahead: it must
// call settle when it is answered. since is when the call began to wait, all its tries
// together. Otherwise the error is the context's, or an Error that names nobody yet: why
// the gate is closed and until when.
func (g *Gate) pass(ctx context.Context, since time.Time) (probe bool, err error) {
	for {
		g.mu.Lock()
		wait := time.Until(g.until)
		switch {
		case g.until.IsZero():
			g.mu.Unlock()
			return false, nil
		case wait <= 0 && !g.probing:
			g.probing = true
			g.mu.Unlock()
			return true, nil
		case g.until.Sub(since) > longestWait:
			e := limited(g.status, g.until, g.limit)
			g.mu.Unlock()
			return false, e
		}
		if g.changed == nil {
			g.changed = make(chan struct{})
		}
		changed, probing := g.changed, g.probing
		g.mu.Unlock()
		if err := waitFor(ctx, changed, wait, probing); err != nil {
			return false, err
		}
	}
}

// limited is the error of a call that may not be made before until.
func limited(status int, until time.Time, limit string) *Error {
	kind := Status
	if status == http.StatusTooManyRequests {
		kind = RateLimited
	}
	return &Error{Kind: kind, Status: status, RetryAt: until, Limit: limit}
}

// waitFor waits for a change, and where nobody has gone ahead, at most d.
func waitFor(ctx context.Context, changed <-chan struct{}, d time.Duration, probing bool) error {
	var timer <-chan time.Time
	if !probing {
		t := time.NewTimer(d)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
	case <-timer:
	}
	return nil
}

// shut closes the gate until then; a later end that is already known stays.
func (g *Gate) shut(until time.Time, status int, limit string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.until) {
		g.until, g.status, g.limit = until, status, limit
	}
	g.tell()
}

// settle is called by the one who went ahead: well tells that the service answers again.
func (g *Gate) settle(well bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.probing = false
	if well {
		g.until, g.status, g.limit = time.Time{}, 0, ""
	}
	g.tell()
}

// tell wakes all who wait; they look again.
func (g *Gate) tell() {
	if g.changed != nil {
		close(g.changed)
		g.changed = nil
	}
}
