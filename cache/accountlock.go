package cache

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// lockPoll is how often a lock that another process holds is tried.
const lockPoll = 10 * time.Millisecond

// Lock enters the critical section of an account: one at a time in this process, over
// all processes that share LockDir, and with Redis over all machines that share it. It
// waits until ctx ends. The caller must call unlock, once or more. It is held while a
// token is read, refreshed and written: two refreshes with one rotating refresh token
// would end the grant.
func (m *Manager) Lock(ctx context.Context, account string) (unlock func(), err error) {
	g, err := m.guardOf(account)
	if err != nil {
		return nil, err
	}
	here := m.place(account)
	select {
	case here <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("cache: lock %s: %w", account, ctx.Err())
	}
	file, err := lockFile(ctx, filepath.Join(m.o.LockDir, account+".lock"))
	if err != nil {
		<-here
		return nil, err
	}
	far := func() {}
	if l, ok := g.store.(farLocker); ok {
		if far, err = l.lock(ctx); err != nil {
			_ = file.Unlock()
			<-here
			return nil, err
		}
	}
	return sync.OnceFunc(func() {
		far()
		_ = file.Unlock() // closing it gives it up in any case
		<-here
	}), nil
}

// farLocker is a store whose lock other machines see.
type farLocker interface {
	lock(ctx context.Context) (unlock func(), err error)
}

func (m *Manager) place(account string) chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.locks[account]
	if c == nil {
		c = make(chan struct{}, 1)
		m.locks[account] = c
	}
	return c
}

// restMost is how long the end of a program waits for refreshes that are under way.
const restMost = 10 * time.Second

// rest waits until each account was out of its critical section once.
func (m *Manager) rest() {
	m.mu.Lock()
	places := slices.Collect(maps.Values(m.locks))
	m.mu.Unlock()
	late := time.NewTimer(restMost)
	defer late.Stop()
	for _, here := range places {
		select {
		case here <- struct{}{}:
			<-here
		case <-late.C:
			return
		}
	}
}

func lockFile(ctx context.Context, path string) (*flock.Flock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("cache: lock: %w", err)
	}
	f := flock.New(path, flock.SetPermissions(0o600))
	if ok, err := f.TryLockContext(ctx, lockPoll); err != nil || !ok {
		return nil, fmt.Errorf("cache: lock %s: %w", path, err)
	}
	return f, nil
}
