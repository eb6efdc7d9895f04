package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"
)

// life is one life of the program, from its start to its end. The engine's mu guards
// ready; what is said on stderr fills the channels.
type life struct {
	cancel context.CancelFunc
	ready  bool
	port   chan string
	lost   chan error // why it must be started anew
	auth   string
	set    settings
}

// live is one life: the program is started, waited for, listened to, and ended.
func (e *Engine) live(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := &life{cancel: cancel, port: make(chan string, 1), lost: make(chan error, 1)}
	e.enter(l)
	defer e.leave(l)
	path, err := e.find()
	if err != nil {
		return err
	}
	if l.auth = e.auth(ctx); ctx.Err() != nil { // it is not wanted any more
		return ctx.Err()
	}
	pipe, err := e.prepare(l)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	defer group.Wait()
	group.Go(func() { pipe.run(e.deck.room, e.deck.take) })
	defer pipe.end()
	p, err := spawn(path, e.cfg.Dir, func(line string) { e.hear(l, line) })
	if err != nil {
		return err
	}
	e.deck.attach(pipe)
	defer e.deck.detach()
	defer p.stop()
	e.compareLevel()  // it may have changed since they were written
	group.Go(func() { // the program's own end ends all
		select {
		case <-p.ended:
			l.fail(fmt.Errorf("%w: %w", ErrAway, exit(p.err)))
		case <-ctx.Done():
		}
	})
	err = e.serve(ctx, l, &group)
	cancel()
	if perr := guardState(e.cfg.Dir); perr != nil {
		e.log(perr.Error())
	}
	return err
}

// exit is how a program ended, in words.
func exit(err error) error {
	if err == nil {
		return errors.New("it has ended")
	}
	return err
}

// fail ends a life with a reason; the first counts.
func (l *life) fail(err error) {
	select {
	case l.lost <- err:
	default:
	}
	l.cancel()
}

// because is why a life ended.
func (l *life) because(otherwise error) error {
	select {
	case err := <-l.lost:
		return err
	default:
		return otherwise
	}
}

// prepare writes what the program reads, and makes the pipe.
func (e *Engine) prepare(l *life) (*fifo, error) {
	e.mu.Lock()
	set, again := e.set, e.login != nil && e.login.fresh
	l.set = set
	e.mu.Unlock()
	if err := writeConfig(e.cfg.Dir, config(e.cfg.Dir, e.cfg.Device, l.auth, set)); err != nil {
		return nil, err
	}
	if again {
		if err := forgetState(e.cfg.Dir); err != nil {
			return nil, err
		}
	}
	if err := guardState(e.cfg.Dir); err != nil {
		return nil, err
	}
	return openFIFO(filepath.Join(e.cfg.Dir, pipeName))
}

// serve waits for the program to be there and has the deck play with it.
func (e *Engine) serve(ctx context.Context, l *life, group *sync.WaitGroup) error {
	t := time.NewTimer(e.cfg.times.port)
	defer t.Stop()
	var addr string
	select {
	case addr = <-l.port:
	case <-t.C:
		return ErrPort
	case <-ctx.Done():
		return l.because(ctx.Err())
	}
	c, err := newClient(addr)
	if err != nil {
		return err
	}
	if err := e.awaitReady(ctx, l, c); err != nil {
		return l.because(err)
	}
	e.isReady(l)
	group.Go(func() { follow(ctx, addr, e.deck.connected, e.deck.event) })
	group.Go(func() { e.watch(ctx, c, l) })
	if err := e.deck.awaitEvents(ctx); err != nil {
		return l.because(err)
	}
	return l.because(e.deck.serve(ctx, c))
}

// awaitReady asks until the program may play. While a person signs in it answers nothing,
// for as long as that takes.
func (e *Engine) awaitReady(ctx context.Context, l *life, c *client) error {
	limit := time.Now().Add(e.cfg.times.ready)
	for {
		ready, err := c.ready(ctx, callPatience)
		if ready && err == nil {
			return nil
		}
		e.mu.Lock()
		person := e.login != nil
		e.mu.Unlock()
		if !person && time.Now().After(limit) {
			if err == nil {
				err = errNoSession
			}
			return fmt.Errorf("%w: %w", ErrAway, err)
		}
		t := time.NewTimer(askAgain)
		select {
		case <-ctx.Done():
			t.Stop()
			return l.because(ctx.Err())
		case <-t.C:
		}
	}
}

// isReady tells all who wait that the program may play.
func (e *Engine) isReady(l *life) {
	if err := guardState(e.cfg.Dir); err != nil {
		e.log(err.Error())
	}
	e.unmark(signInMark)
	e.mu.Lock()
	defer e.mu.Unlock()
	l.ready = true
	e.fails, e.retryAt, e.refused = 0, time.Time{}, false
	if e.login != nil {
		e.login.end(nil)
		e.login = nil
		e.wanted = true
	}
	e.tell()
}

// enter begins a life: from now on whoever changes what it is begun with ends it.
func (e *Engine) enter(l *life) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l.set = e.set
	e.life, e.trying, e.said = l, e.login, ""
}

// leave takes leave of a life, of which nothing goes on any more.
func (e *Engine) leave(l *life) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l.ready = false
	e.life = nil
	e.tell()
}

// watch asks every few seconds whether the program still answers. While it loads a track it
// does not, and is not asked.
func (e *Engine) watch(ctx context.Context, c *client, l *life) {
	misses := 0
	t := time.NewTicker(e.cfg.times.watch)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if e.deck.busy() {
			continue
		}
		if _, err := c.ready(ctx, e.cfg.times.answer); err == nil || e.deck.busy() {
			misses = 0
			continue
		}
		if misses++; misses >= watchMisses && ctx.Err() == nil {
			l.fail(fmt.Errorf("%w: %w", ErrAway, errHangs))
			return
		}
	}
}

// signInRefused takes note that Spotify takes the sign-in that is remembered no more, or
// that of somebody who signs in just now.
func (e *Engine) signInRefused() {
	e.mu.Lock()
	e.refused = true
	person := e.login != nil
	e.mu.Unlock()
	if !person {
		e.mark(signInMark)
	}
}

// hear takes a line of the program's stderr.
func (e *Engine) hear(l *life, line string) {
	e.log(line)
	s := understand(line)
	switch s.what {
	case saysPort:
		select {
		case l.port <- s.text:
		default:
		}
	case saysVisit:
		e.ask(s.text, s.code)
	case saysRefused:
		e.signInRefused()
		l.fail(ErrRefused)
	case saysNoDevice:
		e.mu.Lock()
		e.oldAuth, e.restart = true, true
		e.mu.Unlock()
		l.fail(ErrAway)
	case saysKey:
		e.mark(keyMark)
		e.deck.blamed(s.text, ErrKey)
	case saysUnplayable:
		e.deck.blamed(s.text, ErrMedia)
	case saysTransfer:
		e.deck.transferred(s.text)
	case saysLost:
		l.fail(fmt.Errorf("%w: it lost its session", ErrAway))
	case saysFatal:
		e.mu.Lock()
		e.said = s.text
		e.mu.Unlock()
	case saysNothing, saysVersion:
	}
}
