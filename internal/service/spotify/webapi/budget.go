package webapi

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Priority says who waits for a call.
type Priority int

// The priorities; a context without one has Screen.
const (
	Screen     Priority = iota // somebody looks at the place where it will stand
	Playing                    // the music needs it, soon
	Background                 // nobody waits
)

type priorityKey struct{}

// For says who waits for the calls that are made with the context.
func For(ctx context.Context, p Priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

func priorityOf(ctx context.Context) Priority {
	p, _ := ctx.Value(priorityKey{}).(Priority) //nolint:errcheck // the zero one is Screen
	return min(max(p, Screen), Background)
}

// Spotify counts the calls of an app in a window of 30 s and does not say how many it
// takes. These numbers stay well below what apps in development mode were seen to be
// allowed; what nobody waits for leaves room for what somebody does.
const window = 30 * time.Second

var (
	mostInWindow = [...]int{Screen: 60, Playing: 50, Background: 30}
	mostInFlight = [...]int{Screen: 4, Playing: 3, Background: 2}
)

// commands may be in flight beside questions: a pause does not wait for four slow lists.
const commands = 2

// ticket is a call that waits for its turn.
type ticket struct {
	p       Priority
	command bool          // a call that changes something
	turn    chan struct{} // closed when it may go
	gone    bool          // it may go; guarded by the budget's lock
	at      time.Time     // when that was
}

func newTicket(p Priority, command bool) *ticket {
	return &ticket{p: p, command: command, turn: make(chan struct{})}
}

// budget decides which call goes when.
type budget struct {
	mu       sync.Mutex
	waiting  []*ticket // by priority, then as they came
	inFlight int
	sent     []time.Time // requests within the window, oldest first
	timer    *time.Timer // for when the window has room again
}

func newBudget() *budget { return &budget{} }

// enter waits for the ticket's turn. The error is the context's. Whoever entered leaves.
func (b *budget) enter(ctx context.Context, t *ticket) error {
	b.mu.Lock()
	b.insert(t)
	b.pump()
	b.mu.Unlock()
	select {
	case <-t.turn:
		if ctx.Err() == nil {
			return nil
		}
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if t.gone {
		b.finish(t, 0)
	} else {
		b.waiting = slices.DeleteFunc(b.waiting, func(w *ticket) bool { return w == t })
	}
	return ctx.Err()
}

// leave ends a call that was sent so many times.
func (b *budget) leave(t *ticket, times int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.finish(t, times)
}

// finish is leave with the lock held.
func (b *budget) finish(t *ticket, times int) {
	b.inFlight--
	if times == 0 { // none of the window was used
		if i := slices.Index(b.sent, t.at); i >= 0 {
			b.sent = slices.Delete(b.sent, i, i+1)
		}
	}
	for range times - 1 {
		b.sent = append(b.sent, time.Now())
	}
	b.pump()
}

// raise lets a call that waits be as urgent as p.
func (b *budget) raise(t *ticket, p Priority) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t.gone || p >= t.p {
		return
	}
	t.p = p
	if i := slices.Index(b.waiting, t); i >= 0 {
		b.waiting = slices.Delete(b.waiting, i, i+1)
		b.insert(t)
		b.pump()
	}
}

// insert puts a ticket behind those of its priority. Called with the lock held.
func (b *budget) insert(t *ticket) {
	i := slices.IndexFunc(b.waiting, func(w *ticket) bool { return w.p > t.p })
	if i < 0 {
		i = len(b.waiting)
	}
	b.waiting = slices.Insert(b.waiting, i, t)
}

// pump lets go what may. Called with the lock held.
func (b *budget) pump() {
	now := time.Now()
	old := 0
	for old < len(b.sent) && now.Sub(b.sent[old]) >= window {
		old++
	}
	b.sent = slices.Delete(b.sent, 0, old)
	var next time.Time
	b.waiting = slices.DeleteFunc(b.waiting, func(t *ticket) bool {
		flying, most := mostInFlight[t.p], mostInWindow[t.p]
		if t.command {
			flying += commands
		}
		if len(b.sent) >= most {
			if free := b.sent[len(b.sent)-most].Add(window); next.IsZero() || free.Before(next) {
				next = free
			}
			return false
		}
		if b.inFlight >= flying {
			return false
		}
		b.inFlight++
		b.sent = append(b.sent, now)
		t.gone, t.at = true, now
		close(t.turn)
		return true
	})
	b.alarm(now, next)
}

// alarm pumps again at that time. Called with the lock held.
func (b *budget) alarm(now, at time.Time) {
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
	if at.IsZero() {
		return
	}
	b.timer = time.AfterFunc(at.Sub(now), func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.pump()
	})
}

// load is how much goes on: requests in the window, calls in flight, calls that wait.
func (b *budget) load() (sent, inFlight, waiting int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	for _, at := range b.sent {
		if now.Sub(at) < window {
			sent++
		}
	}
	return sent, b.inFlight, len(b.waiting)
}
