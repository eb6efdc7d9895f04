package cache

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Stats counts what a handler was asked for.
type Stats struct {
	Hits, Misses, Errors int
	LastError            string // of the last Errors; "" once it answers again
}

// HandlerStats are the counts of one account's handler, for `segue doctor`.
type HandlerStats struct {
	Account string
	Kind    Kind
	Where   string // a path, an address: for people
	Waiting bool   // a token or its removal could not be stored yet and is tried again
	Stats
}

// guard is what every handler of this package has around its store: it counts, warns,
// says "none" where a place does not answer, and keeps what could not be saved.
type guard struct {
	store
	kind Kind
	log  func(string)
	wake func() // something waits to be saved; may be nil

	mu      sync.Mutex // the fields below, never held while the store works
	stats   Stats
	last    *Token // as the store was last seen to hold it
	pending *Token // the newest token, which could not be saved
	gone    bool   // the token could not be deleted, and counts as deleted
	writes  int    // Save and Delete so far: an older retry must not win over a newer call
}

// newGuard makes the handler of a store.
func newGuard(kind Kind, s store, log func(string)) *guard {
	if log == nil {
		log = func(string) {}
	}
	return &guard{store: s, kind: kind, log: log}
}

// Get implements Handler. A handler of a Manager leaves what waits to Manager.Run, which
// holds the account's lock; one that stands alone tries here.
func (g *guard) Get(ctx context.Context) (*Token, error) {
	if g.wake == nil {
		g.settle(ctx)
	} else if g.waiting() {
		g.wake()
	}
	t, err := g.known(ctx)
	if ctx.Err() != nil && err != nil {
		return nil, fmt.Errorf("cache: get a token: %w", ctx.Err())
	}
	return t, nil
}

// known is Get that says why there is none: ErrUnavailable when the place does not answer.
func (g *guard) known(ctx context.Context) (*Token, error) {
	t, err := g.load(ctx)
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.gone:
		t, err = nil, nil
	case g.pending != nil:
		t, err = g.pending, nil
	case err != nil && errors.Is(ctx.Err(), context.Canceled):
		return nil, fmt.Errorf("cache: get a token: %w", ctx.Err()) // who asked has left: that says nothing of the place
	case err == nil:
		g.last = t
	}
	g.count(t, err)
	if errors.Is(err, ErrNotToken) {
		return nil, nil // it was set aside or is overwritten by the next save; nothing to wait for
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return t.Clone(), nil
}

// count is called with the lock held.
func (g *guard) count(t *Token, err error) {
	switch {
	case err != nil:
		g.failed(err)
	case t == nil:
		g.stats.Misses++
	default:
		g.stats.Hits++
	}
	if err == nil && g.pending == nil && !g.gone {
		g.stats.LastError = "" // it answers, and nothing waits
	}
}

// failed counts an error and says it once, until it changes or goes. Called with the lock held.
func (g *guard) failed(err error) {
	g.stats.Errors++
	if text := err.Error(); text != g.stats.LastError {
		g.stats.LastError = text
		g.log(text)
	}
}

// Save implements Handler.
func (g *guard) Save(ctx context.Context, t *Token) error {
	if t == nil {
		return invalid("no token to save")
	}
	t = t.Clone()
	g.mu.Lock()
	g.writes++
	g.pending, g.gone = t, false
	g.mu.Unlock()
	return g.try(ctx)
}

// Delete implements Handler.
func (g *guard) Delete(ctx context.Context) error {
	g.mu.Lock()
	g.writes++
	g.pending, g.gone = nil, true
	g.mu.Unlock()
	return g.try(ctx)
}

// try stores what waits.
func (g *guard) try(ctx context.Context) error {
	g.mu.Lock()
	n, t, gone := g.writes, g.pending, g.gone
	g.mu.Unlock()
	var err error
	switch {
	case gone:
		err = g.drop(ctx)
	case t != nil:
		err = g.save(ctx, t)
	default:
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil {
		g.failed(err)
		if g.wake != nil {
			g.wake()
		}
		if gone {
			return fmt.Errorf("%w (the token is not used any more, its removal is tried again)", err)
		}
		return fmt.Errorf("%w (%w)", err, ErrKept)
	}
	g.stats.LastError = ""
	g.last = t
	if g.writes == n {
		g.pending, g.gone = nil, false
	}
	return nil
}

// settle stores what waits, unless somebody else has put another token there since: then
// theirs is the newer one, and ours would undo it. Who shares the store with others holds
// the account's lock.
func (g *guard) settle(ctx context.Context) {
	if !g.waiting() {
		return
	}
	there, err := g.load(ctx)
	if err != nil && !errors.Is(err, ErrNotToken) {
		g.mu.Lock()
		g.failed(err)
		g.mu.Unlock()
		return
	}
	g.mu.Lock()
	newer := there != nil && (g.last != nil && !same(there, g.last) ||
		g.last == nil && g.pending != nil && there.ExpiresAt.After(g.pending.ExpiresAt))
	if newer {
		g.pending, g.gone, g.last = nil, false, there
	}
	g.mu.Unlock()
	if !newer {
		_ = g.try(ctx) // said and counted there
	}
}

func same(a, b *Token) bool {
	return a.AccessToken.Equal(b.AccessToken) && a.RefreshToken.Equal(b.RefreshToken)
}

// waiting says that something could not be stored yet.
func (g *guard) waiting() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.pending != nil || g.gone
}

// Stats are the counts so far.
func (g *guard) Stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stats
}

// Where is where the token is, for people.
func (g *guard) Where() string { return g.where() }

// memory keeps a token as long as the process lives.
type memory struct {
	mu sync.Mutex
	t  *Token
}

// NewMemory keeps a token in memory; t is there from the start, nil for none.
func NewMemory(t *Token) Handler { return newGuard(Memory, &memory{t: t.Clone()}, nil) }

func (m *memory) load(context.Context) (*Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.t.Clone(), nil
}

func (m *memory) save(_ context.Context, t *Token) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t = t.Clone()
	return nil
}

func (m *memory) drop(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t = nil
	return nil
}

func (*memory) where() string { return "this process's memory" }

// handlerOf is a store over a Handler of a caller's own.
type handlerOf struct{ h Handler }

func (o handlerOf) load(ctx context.Context) (*Token, error) { return o.h.Get(ctx) }
func (o handlerOf) save(ctx context.Context, t *Token) error { return o.h.Save(ctx, t) }
func (o handlerOf) drop(ctx context.Context) error           { return o.h.Delete(ctx) }
func (o handlerOf) where() string                            { return "a handler of the program's own" }

// timeout bounds one call to a server or a keyring.
const timeout = 3 * time.Second
