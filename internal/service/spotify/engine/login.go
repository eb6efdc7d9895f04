package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"segue/session"
)

// login is a sign-in that a person is at. The engine's mu guards the pointer to it.
type login struct {
	ask   func(url, code string)
	fresh bool // what is remembered is not to be used
	once  sync.Once
	done  chan error
}

func (l *login) end(err error) {
	l.once.Do(func() { l.done <- err })
}

var errBusy = errors.New("somebody signs in already")

// SignIn signs the program in with Spotify. ask is told an address to open and, where that
// is not empty, the code to type there; it may be told more than once and must return
// soon. SignIn returns when the person has done it, or with a Fault, or with ctx's error;
// what was remembered before stays then.
func (e *Engine) SignIn(ctx context.Context, ask func(url, code string)) error {
	if _, err := e.find(); err != nil {
		return e.fault(session.ClientTooOld, err, "install it, or name it with engine in [spotify]")
	}
	before := readState(e.cfg.Dir)
	lg := &login{ask: ask, fresh: true, done: make(chan error, 1)}
	e.mu.Lock()
	switch {
	case e.closed, e.blocked:
		err := e.hopelessNow()
		e.mu.Unlock()
		return err
	case e.login != nil:
		e.mu.Unlock()
		return e.fault(session.IsLoading, errBusy, "")
	}
	refused := e.refused
	e.endLife()
	e.login, e.refused, e.retryAt = lg, false, time.Time{}
	e.tell()
	e.mu.Unlock()
	e.begin() //nolint:contextcheck // what it begins outlives the call
	var err error
	select {
	case err = <-lg.done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err == nil {
		e.forgetRefusals()
		return nil
	}
	e.mu.Lock()
	e.refused = refused
	e.mu.Unlock()
	e.abandon(lg, before) //nolint:contextcheck // ctx may have ended, and this must be done
	return err
}

// abandon ends a sign-in that came to nothing, and puts back what was remembered.
func (e *Engine) abandon(lg *login, before kept) {
	e.mu.Lock()
	if e.login == lg {
		e.login = nil
	}
	wanted := e.wanted
	e.wanted = false
	e.endLife()
	e.tell()
	e.mu.Unlock()
	_ = e.await(context.Background(), func() (bool, error) { return e.life == nil, nil }) // a life ends in seconds
	if err := before.write(e.cfg.Dir); err != nil {
		e.log(err.Error())
	}
	e.mu.Lock()
	e.wanted = wanted
	e.tell()
	e.mu.Unlock()
}

// write puts back a state, where it held a sign-in.
func (k kept) write(dir string) error {
	if !k.signedIn() {
		return nil
	}
	data, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return writePrivate(filepath.Join(dir, stateName), data)
}

// ask tells the person who signs in where to go.
func (e *Engine) ask(url, code string) {
	e.mu.Lock()
	lg, l := e.login, e.life
	e.mu.Unlock()
	if lg != nil {
		lg.ask(url, code)
		return
	}
	if l != nil { // it should know already, and nobody is there to do it
		e.signInRefused()
		l.fail(ErrRefused)
	}
}

// loginFault is why a sign-in has failed. mu is held.
func (e *Engine) loginFault(err error) error {
	if errors.Is(err, ErrRefused) {
		return e.fault(session.BadUsernameOrPassword, err, "")
	}
	if e.said != "" {
		err = fmt.Errorf("%w: %s", ErrAway, e.said)
	}
	return e.fault(session.UnableToContactServer, err, "segue doctor says more")
}

// Forget ends the program and removes its sign-in and what it keeps of tracks.
func (e *Engine) Forget(ctx context.Context) error {
	e.mu.Lock()
	e.wanted = false
	if e.login != nil {
		e.login.end(e.fault(session.Cancelled, context.Canceled, ""))
		e.login = nil
	}
	e.endLife()
	e.tell()
	e.mu.Unlock()
	if err := e.await(ctx, func() (bool, error) { return e.life == nil, nil }); err != nil {
		return err
	}
	if err := forgetState(e.cfg.Dir); err != nil {
		return err
	}
	e.forgetRefusals()
	e.mu.Lock()
	e.refused = false
	e.mu.Unlock()
	if err := removeCache(e.cfg.Dir); err != nil {
		return fmt.Errorf("engine: forget: %w", err)
	}
	return nil
}

// Start has the program run from now on, so that it is ready when something is played; it
// does not wait. Without a sign-in it does nothing.
func (e *Engine) Start() {
	if !e.SignedIn() {
		return
	}
	if _, err := e.find(); err != nil {
		return
	}
	e.mu.Lock()
	e.wanted = true
	e.tell()
	e.mu.Unlock()
	e.begin()
}
