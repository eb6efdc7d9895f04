package engine

import (
	"context"
	"fmt"
	"time"
)

// attach begins a life: frames come through its pipe.
func (d *deck) attach(pipe *fifo) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pipe, d.outdated = pipe, false
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
	d.resumes, d.resumed = 0, 0
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
	d.tell()
}
