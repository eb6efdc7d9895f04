package cache

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Refresher asks the server for the token that follows old. It may take as long as ctx
// lets it. An error is given on as it is.
type Refresher func(ctx context.Context, old *Token) (*Token, error)

// ErrDead is for a Refresher: the server says that the grant has ended (invalid_grant).
// The token is dropped then, and never sent again.
var ErrDead = errors.New("the grant has ended")

// Fresh is an account's token, ready to be sent: as it is stored if it is good for the
// wanted scopes, refreshed if it has expired. Reading, refreshing and writing are one
// critical section of the account, over all processes that share its locks.
//
// rejected is an access token that the server has just refused (401): then the stored
// one is refreshed even if it looks good, unless another has come meanwhile. Empty: none.
//
// ErrSignIn: there is no token that could do. ErrUnavailable: where it is kept does not
// answer. A token that came but could not be saved is given without an error: the
// handler keeps it and tries again.
func (m *Manager) Fresh(ctx context.Context, account, wanted string, rejected Secret, refresh Refresher) (*Token, error) {
	g, err := m.guardOf(account)
	if err != nil {
		return nil, err
	}
	t, verdict, err := m.judge(ctx, g, wanted, rejected)
	if err != nil || verdict == Usable {
		return t, err
	}
	unlock, err := m.Lock(ctx, account)
	if err != nil {
		return nil, err
	}
	defer unlock()
	g.settle(ctx)
	t, verdict, err = m.judge(ctx, g, wanted, rejected) // another may have refreshed it meanwhile
	if err != nil || verdict == Usable {
		return t, err
	}
	next, err := refresh(ctx, t.Clone())
	if errors.Is(err, ErrDead) {
		// Kept removals are tried again; whether it is gone from the store yet or not, it is dead.
		_ = g.Delete(context.WithoutCancel(ctx))
		return nil, fmt.Errorf("cache: %s: %w: %w", account, ErrSignIn, err)
	}
	if err != nil {
		return nil, err
	}
	if next == nil {
		return nil, fmt.Errorf("cache: %s: the refresh brought no token: %w", account, ErrSignIn)
	}
	next = next.After(t)
	// The old refresh token may be spent by now: the new one is saved even if ctx has ended.
	save, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*timeout)
	defer cancel()
	_ = g.Save(save, next) // said, counted and tried again by the handler
	return next, nil
}

// judge reads the token and says what to do with it.
func (m *Manager) judge(ctx context.Context, g *guard, wanted string, rejected Secret) (*Token, Verdict, error) {
	t, err := g.known(ctx)
	if err != nil {
		return nil, SignIn, err
	}
	if t != nil && !rejected.IsZero() && t.AccessToken.Equal(rejected) {
		t.ExpiresAt = time.Time{}
	}
	verdict := t.Judge(m.o.Now(), wanted)
	if verdict == SignIn {
		return nil, SignIn, fmt.Errorf("cache: %w: %s", ErrSignIn, whySignIn(t, wanted))
	}
	return t, verdict, nil
}

func whySignIn(t *Token, wanted string) string {
	switch {
	case t == nil:
		return "no token is kept"
	case t.NoScope:
		return "the token does not say what it is good for"
	case !HasScopes(t.Scope, wanted):
		return "the token does not cover what is wanted (" + NormalizeScope(wanted) + ")"
	}
	return "the token has expired and cannot be refreshed"
}

// Run tries again what could not be saved, with pauses of a second to a minute, until
// ctx ends; then once more, for a few seconds.
func (m *Manager) Run(ctx context.Context) error {
	const shortest, longest = time.Second, time.Minute
	pause := shortest
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
			defer cancel()
			return m.Flush(last)
		case <-m.wake:
			pause = shortest
		}
		for m.Flush(ctx) != nil && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
			pause = min(2*pause, longest)
		}
	}
}

// Flush tries once to store what waits to be stored, and says what still does.
func (m *Manager) Flush(ctx context.Context) error {
	m.mu.Lock()
	waiting := map[string]*guard{}
	for account, g := range m.handlers {
		if g.waiting() {
			waiting[account] = g
		}
	}
	m.mu.Unlock()
	var errs []error
	for account, g := range waiting {
		if err := m.settle(ctx, account, g); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (m *Manager) settle(ctx context.Context, account string, g *guard) error {
	ctx, cancel := context.WithTimeout(ctx, 2*timeout)
	defer cancel()
	unlock, err := m.Lock(ctx, account)
	if err != nil {
		return err
	}
	defer unlock()
	if g.settle(ctx); g.waiting() {
		return fmt.Errorf("cache: %s: its token could not be saved: %s", account, g.Stats().LastError)
	}
	return nil
}
