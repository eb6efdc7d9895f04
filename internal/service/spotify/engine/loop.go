package engine

import (
	"context"
	"errors"
	"time"
)

// step is something that the loop does with the program, while mu is not held. Its error
// says that the program must be started anew.
type step func(ctx context.Context, c *client) error

const (
	drainPatience = 2 * time.Second
	lookAgain     = 500 * time.Millisecond
	retries       = 2 // of a track that begins and sends nothing
	hangsMost     = 8 // calls in a row, of a second each
)

// serve brings the program to play what is wanted, until ctx ends or the program has to
// be started anew.
func (d *deck) serve(ctx context.Context, c *client) error {
	look := time.NewTimer(lookAgain)
	defer look.Stop()
	for ctx.Err() == nil {
		do, wait := d.decide(time.Now())
		if do != nil {
			if err := d.carryOut(ctx, c, do); err != nil {
				return err
			}
			continue
		}
		look.Stop()
		if wait {
			look.Reset(lookAgain)
		}
		select {
		case <-ctx.Done():
		case <-d.kick:
		case <-look.C:
		}
	}
	return ctx.Err()
}

func (d *deck) carryOut(ctx context.Context, c *client, do step) error {
	d.mu.Lock()
	d.calling = true
	d.mu.Unlock()
	err := do(ctx, c)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calling, d.loading, d.asked = false, false, time.Now()
	d.tell()
	d.makeRoom()
	switch {
	case err == nil:
		d.hangs = 0
	case errors.Is(err, errHangs) && d.hangs < hangsMost && ctx.Err() == nil:
		// It loads what follows, and answers nobody: what it was asked it may do yet.
		d.hangs++
		d.again, d.drop = true, true
		if d.flow == resting {
			d.flow = flowing
		}
		return nil
	}
	return err
}

// busy reports whether the program may be loading a track for us: then it answers nobody.
func (d *deck) busy() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.loading
}

// decide is what to do next; nil = nothing, and whether time alone may change that.
func (d *deck) decide(now time.Time) (do step, wait bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over && d.on != nil && (!d.on.moved || d.on.ended) {
		ripe := d.stopped || now.Sub(d.overAt) > overdue
		switch {
		case d.cut >= 0:
		case !ripe:
			wait = true
		case d.next == nil:
			return d.finish, false
		default:
			d.next = nil // it was passed over
			return nil, true
		}
	}
	if w := d.want; w != nil && !w.closed && !w.ended && w.err == nil {
		if do := d.pursue(w, now); do != nil {
			return do, false
		}
	}
	switch {
	case d.flow != flowing:
	case d.on == nil || d.on.closed, !d.fullSince.IsZero() && now.Sub(d.fullSince) > idleAfter:
		return d.rest, false
	default:
		wait = true
	}
	if t := d.follower(); t != nil {
		return func(ctx context.Context, c *client) error { return d.enqueue(ctx, c, t) }, false
	}
	return nil, wait
}

// pursue is what brings the frames that w needs; nil when they are on their way. mu is held.
func (d *deck) pursue(w *track, now time.Time) step {
	begin := func(ctx context.Context, c *client) error { return d.begin(ctx, c, w) }
	if d.outdated {
		begin = func(context.Context, *client) error { return errOutdated }
	}
	if d.on != w {
		coming := d.next == w && !w.moved && d.on != nil && !d.on.closed && d.flow == flowing
		if coming {
			return nil
		}
		return begin
	}
	gap := d.at > w.end() && !w.moved
	switch {
	case d.flow == still, w.moved && (d.over || d.cut >= 0):
		return begin
	case d.over:
	case w.moved, gap, d.again, d.flow == resting && d.buffered() < resume:
		return func(ctx context.Context, c *client) error { return d.cue(ctx, c, w) }
	case d.flow == flowing && w.waiting > 0 && d.buffered() < ahead && now.Sub(d.lastByte) > d.dry:
		d.retried++
		if d.retried > retries {
			return func(context.Context, *client) error { return ErrSlow }
		}
		return begin
	}
	return nil
}

// follower is the track that is to follow the one that is on, and has not been told to. mu
// is held.
func (d *deck) follower() *track {
	on := d.on
	if on == nil || d.next != nil || d.over || d.outdated || on.moved || on.closed || d.want != on || d.flow == still || !on.near() || len(d.tracks) == 0 {
		return nil
	}
	t := d.tracks[len(d.tracks)-1]
	if t.serial <= on.serial || t.pos != 0 || len(t.buf) > 0 || t.err != nil || t.ended {
		return nil
	}
	return t
}
