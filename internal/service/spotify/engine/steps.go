package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// hush stops the program where it is; what is in the pipe is thrown away. The reader reads
// on until pause has returned, or it never would.
func (d *deck) hush(ctx context.Context, c *client) error {
	d.mu.Lock()
	was := d.flow
	d.drop = true
	d.makeRoom()
	d.mu.Unlock()
	if was == flowing {
		if err := c.pause(ctx); err != nil {
			return err
		}
		d.mu.Lock()
		d.flow = resting
		d.mu.Unlock()
	}
	return d.empty(ctx)
}

// empty reads the pipe until nothing is in it.
func (d *deck) empty(ctx context.Context) error {
	d.mu.Lock()
	pipe := d.pipe
	d.mu.Unlock()
	t := time.NewTimer(drainPatience)
	defer t.Stop()
	select {
	case <-pipe.drain():
		return nil
	case <-t.C:
		return fmt.Errorf("engine: pipe: %w", errHangs)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rest pauses the program: nobody takes what it plays.
func (d *deck) rest(ctx context.Context, c *client) error {
	err := d.hush(ctx, c)
	d.mu.Lock()
	d.fullSince = time.Time{}
	d.mu.Unlock()
	return err
}

// begin has the program play a track from the frame that its source needs next.
func (d *deck) begin(ctx context.Context, c *client, w *track) error {
	if err := d.hush(ctx, c); err != nil {
		return err
	}
	loading, cancel := context.WithCancel(ctx)
	defer cancel()
	d.mu.Lock()
	if d.want != w || w.closed {
		d.mu.Unlock()
		return nil
	}
	d.on, d.next, d.cut, d.over, d.stopped, d.early = nil, nil, -1, false, false, nil
	d.flow, d.giveUp, d.loading, d.again = still, cancel, true, false
	delete(d.bad, w.uri)
	d.transfer = ""
	d.clearOthers(w)
	ms := w.end() * 1000 / rate
	d.mu.Unlock()
	err := c.play(loading, w.uri, ms)
	if errors.Is(err, errHangs) {
		err = fmt.Errorf("%w: it loads a track for %v", ErrAway, playPatience)
	}
	if loading.Err() != nil && ctx.Err() == nil {
		return nil // another one is wanted meanwhile
	}
	if why := d.blameFor(ctx, w, err); why != nil {
		d.mu.Lock()
		w.fail(why)
		d.mu.Unlock()
		return nil
	}
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.on, d.flow, d.loading = w, resting, false
	gone := w.err != nil || w.closed
	d.mu.Unlock()
	if gone {
		return nil // nobody wants it any more
	}
	return d.cue(ctx, c, w)
}

// clearOthers throws away what is ahead of other tracks, but not the rest of those before:
// if they are read again, they are played again from there. mu is held.
func (d *deck) clearOthers(w *track) {
	for _, t := range d.tracks {
		if t != w && t.have() > 0 && (t.serial > w.serial || !t.ended) {
			t.buf, t.moved, t.ended = nil, true, false
		}
	}
}

// blameFor is why a track could not be played; nil when it could, or when that is no
// fault of the track's.
func (d *deck) blameFor(ctx context.Context, w *track, err error) error {
	if err != nil && !errors.Is(err, errFailed) && !errors.Is(err, errSilly) {
		return nil
	}
	if err != nil { // stderr says why, and comes another way
		t := time.NewTimer(100 * time.Millisecond)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	why := d.bad[w.uri]
	if why == nil && err != nil {
		why = ErrFailed
	}
	if why == nil {
		return nil
	}
	return d.blame(why)
}

// cue has the program go on with the track that is loaded at the frame that its source
// needs next: pause, read the pipe empty, seek, resume. The program goes to milliseconds;
// what is before the frame is left out. That it must seek although it only paused is its
// own doing: it resumes at the millisecond where pause was called, not where it stopped.
func (d *deck) cue(ctx context.Context, c *client, w *track) error {
	if err := d.hush(ctx, c); err != nil {
		return err
	}
	d.mu.Lock()
	ms, moves := w.end()*1000/rate, w.moves
	d.mu.Unlock()
	if err := c.seek(ctx, ms); err != nil {
		return err
	}
	if err := d.empty(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	if d.on != w || w.moves != moves {
		d.mu.Unlock()
		return nil // it has moved on meanwhile: the loop looks again
	}
	w.moved, w.ended, d.again = false, false, false
	d.at, d.odd, d.drop = ms*rate/1000, nil, false
	d.flow, d.lastByte, d.fullSince, d.pace = flowing, time.Now(), time.Time{}, time.Time{}
	d.resumes++
	d.mu.Unlock()
	return c.resume(ctx)
}

// enqueue tells the program what follows, once: where it does not answer it may do it all
// the same, and if not, the track is asked for when its turn has come.
func (d *deck) enqueue(ctx context.Context, c *client, t *track) error {
	d.mu.Lock()
	d.next = t
	d.mu.Unlock()
	if err := c.enqueue(ctx, t.uri); !errors.Is(err, errHangs) {
		return err
	}
	return nil
}

// finish: the program has played the track to its end, and stands. What is in the pipe is
// all that comes of it.
func (d *deck) finish(ctx context.Context, _ *client) error {
	if err := d.empty(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.over || d.on == nil {
		return nil
	}
	if !d.mayBeOver() && time.Since(d.lastByte) < quiet { // it plays: that end was another's
		d.over, d.stopped = false, false
		return nil
	}
	d.on.ended = true
	d.on, d.over, d.stopped, d.flow = nil, false, false, still
	d.look() // what was opened too late for the program's own join is loaded now
	return nil
}
