package session

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// flushEvery is how often caches are written to disk while anything happens.
const flushEvery = 5 * time.Minute

// cacheSize reports whether a cache can be of that size.
func cacheSize(mb int) bool { return mb >= 0 && mb <= 1<<30 }

func cacheFault(mb int) *Fault {
	return &Fault{Kind: InvalidArgument, Op: "set the size of the cache", Err: fmt.Errorf("%d MB is no size", mb),
		Hint: "0 is up to 10 % of the free disk"}
}

// setCacheSize limits the media caches.
func (s *Session) setCacheSize(mb int) {
	if !cacheSize(mb) {
		s.fail(cacheFault(mb))
		return
	}
	s.prefs.CacheMB = mb
	s.settingChanged()
	for _, a := range s.accounts {
		s.tellLimit(a)
	}
}

func (s *Session) tellLimit(a *account) {
	if a.cacher == nil {
		return
	}
	limit := int64(s.prefs.CacheMB) * 1_000_000
	call(s, inOrder("cache "+string(a.id)), func(context.Context) (struct{}, error) {
		a.cacher.SetCacheLimit(limit)
		return struct{}{}, nil
	}, func(_ struct{}, err error) {
		if f := faultOf(err, a.id, "limit the cache"); f != nil {
			s.fail(f)
		}
	})
}

// flushCaches has everything written to disk: the state, the caches of services,
// and credentials that could not be stored before.
func (s *Session) flushCaches() {
	if s.store != nil {
		s.save()
	}
	if s.known.failed || s.known.dirty {
		s.saveKnown()
	}
	for _, a := range s.accounts {
		if a.held != nil && a.vault != nil {
			s.remember(a, *a.held)
		}
		if a.cacher == nil {
			continue
		}
		call(s, inOrder("cache "+string(a.id)), func(ctx context.Context) (struct{}, error) {
			return struct{}{}, a.cacher.FlushCache(ctx)
		}, func(_ struct{}, err error) {
			if f := faultOf(err, a.id, "write the cache to disk"); f != nil {
				s.fail(f)
			}
		})
	}
}

// flushLater has the caches flushed a while after something happened. A session that
// idles does not.
func (s *Session) flushLater() {
	if s.flushTimer != nil || s.ending {
		return
	}
	if !slices.ContainsFunc(s.accounts, func(a *account) bool { return a.cacher != nil || a.held != nil }) {
		return
	}
	s.later(&s.flushTimer, flushEvery, func() {
		s.flushCaches()
		if slices.ContainsFunc(s.accounts, func(a *account) bool { return a.held != nil }) {
			s.flushLater() // until its vault takes it
		}
	})
}

// lastFlush writes the caches of services to disk at the end of a run, which waits
// for it.
func (s *Session) lastFlush() {
	for _, a := range s.accounts {
		if a.cacher == nil {
			continue
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), reportPatience)
		s.pool.workers.Add(1)
		go func() {
			defer s.pool.workers.Done()
			defer cancel()
			guarded(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, a.cacher.FlushCache(ctx) })
		}()
	}
}
