package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	watchMisses = 2
	askAgain    = 300 * time.Millisecond
)

// pauseAfter is how long the program is left alone after so many lives that came to
// nothing: offline it ends at once.
func (t times) pauseAfter(fails int) time.Duration {
	return t.pauses[min(max(fails, 1), len(t.pauses))-1]
}

// begin starts the supervisor, once.
func (e *Engine) begin() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stop != nil || e.closed {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	e.stop, e.ended = cancel, make(chan struct{})
	go func() {
		defer close(e.ended)
		e.supervise(ctx)
	}()
}

// supervise keeps the program alive while it is needed, until ctx ends.
func (e *Engine) supervise(ctx context.Context) {
	for {
		if e.await(ctx, func() (bool, error) { return e.needed(), nil }) != nil {
			return
		}
		err := e.live(ctx)
		if ctx.Err() != nil {
			return
		}
		wait := e.afterwards(err)
		if wait <= 0 {
			continue
		}
		t := time.NewTimer(wait)
		e.hold(ctx, t.C)
		t.Stop()
	}
}

// hold waits for a time, or until whoever signs in or lets us use the network makes it
// pointless to.
func (e *Engine) hold(ctx context.Context, over <-chan time.Time) {
	for {
		e.mu.Lock()
		news, due := e.news, e.retryAt.IsZero() || e.login != nil
		e.mu.Unlock()
		if due {
			return
		}
		select {
		case <-over:
			e.mu.Lock()
			e.retryAt = time.Time{}
			e.mu.Unlock()
			return
		case <-news:
		case <-ctx.Done():
			return
		}
	}
}

// needed reports whether the program is to run. mu is held.
func (e *Engine) needed() bool {
	if e.closed || e.blocked {
		return false
	}
	return e.login != nil || e.wanted && !e.refused
}

// afterwards is what a life's end means, and how long to wait until the next.
func (e *Engine) afterwards(err error) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.tell()
	e.why = err
	planned := e.restart || errors.Is(err, errOutdated)
	e.restart = false
	if e.flush {
		if err := removeCache(e.cfg.Dir); err != nil && e.cfg.Log != nil {
			e.cfg.Log("engine: cache: " + err.Error())
		}
		e.flush = false
	}
	switch {
	case e.login != nil && e.login != e.trying: // it came while the life before it ended
		return 0
	case e.login != nil && !planned:
		e.login.end(e.loginFault(err))
		e.login = nil
		return 0
	case planned, e.blocked, e.refused:
		e.fails, e.retryAt = 0, time.Time{}
		return 0
	}
	e.fails++
	wait := e.cfg.times.pauseAfter(e.fails)
	e.retryAt = time.Now().Add(wait)
	if e.cfg.Log != nil {
		e.cfg.Log(fmt.Sprintf("go-librespot ended (%v: %s); again in %v", err, e.said, wait))
	}
	return wait
}
