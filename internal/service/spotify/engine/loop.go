package engine

import (
	"context"
	"errors"
	"fmt"
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
	case d.flow == flowing && w.waiting > 0 && d.buffered() < ahead && now.Sub(d.lastByte) > dryAfter:
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
	if on == nil || d.next != nil || d.over || on.moved || on.closed || d.want != on || d.flow == still || !on.near() || len(d.tracks) == 0 {
		return nil
	}
	t := d.tracks[len(d.tracks)-1]
	if t.serial <= on.serial || t.pos != 0 || len(t.buf) > 0 || t.err != nil || t.ended {
		return nil
	}
	return t
}

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
	d.mu.Unlock()
	return d.cue(ctx, c, w)
}

// clearOthers throws away what is ahead of other tracks: if they are read again, they are
// played again from there. mu is held.
func (d *deck) clearOthers(w *track) {
	for _, t := range d.tracks {
		if t != w && t.have() > 0 {
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
	return nil
}

// attach begins a life: frames come through its pipe.
func (d *deck) attach(pipe *fifo) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pipe = pipe
	d.reset()
	d.flow, d.heard, d.transfer = still, false, ""
	clear(d.bad)
}

// detach ends a life. What sources have not read yet stays.
func (d *deck) detach() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pipe = nil
	d.reset()
	d.flow = still
	d.tell()
}

// reset forgets what the program plays: whatever comes next is asked for by name. mu is held.
func (d *deck) reset() {
	d.on, d.next, d.cut, d.over, d.stopped, d.drop = nil, nil, -1, false, false, true
	d.odd, d.early, d.pace, d.fullSince, d.again = nil, nil, time.Time{}, time.Time{}, false
}

// connected: events are heard from now on. Had they been heard before, some may have been
// missed, and what plays is asked for anew.
func (d *deck) connected() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.heard {
		d.reset()
		d.poke()
	}
	d.heard = true
	d.tell()
	d.makeRoom()
}

// eventsPatience is how long the first connection for events may take.
const eventsPatience = 10 * time.Second

// awaitEvents waits until events are heard.
func (d *deck) awaitEvents(ctx context.Context) error {
	t := time.NewTimer(eventsPatience)
	defer t.Stop()
	for {
		d.mu.Lock()
		heard, news := d.heard, d.news
		d.mu.Unlock()
		if heard {
			return nil
		}
		select {
		case <-news:
		case <-t.C:
			return fmt.Errorf("%w: it tells no events", ErrAway)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// blamed: stderr says why a track does not play.
func (d *deck) blamed(uri string, why error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if uri == "" && d.on == nil && d.want != nil {
		uri = d.want.uri
	}
	d.bad[uri] = why
	if n := d.next; n != nil && n.uri == uri && d.cut < 0 {
		n.fail(d.blame(why))
		d.next = nil
	}
	d.tell()
	d.poke()
}

// transferred: stderr says which device plays now.
func (d *deck) transferred(device string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.transfer = device
}
