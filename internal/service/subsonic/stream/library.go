package stream

import (
	"context"
	"errors"
	"io/fs"
	"sync"
)

// Library opens tracks: those that are kept from the file, all others as they come. Two
// who want the same track share it.
type Library struct {
	files Files

	mu     sync.Mutex // guards what follows
	active map[string]*running
	work   sync.WaitGroup
}

// running is a download that somebody uses or that is being written.
type running struct {
	*download
	users int                // who read it
	holds int                // users, and its goroutine
	stop  context.CancelFunc // its goroutine
}

// NewLibrary makes a Library over files. It starts nothing.
func NewLibrary(files Files) *Library {
	return &Library{files: files, active: map[string]*running{}}
}

// Open opens a track. It waits until the first bytes are there, the server refuses, or ctx
// ends; ctx does not bound what comes after. The track is not kept before Approve.
func (l *Library) Open(ctx context.Context, w Want) (*Reader, error) {
	d, err := l.take(ctx, w)
	if err != nil {
		return nil, err
	}
	rctx, end := context.WithCancel(context.WithoutCancel(ctx))
	r := &Reader{d: d, ctx: rctx, end: end}
	most := patience
	if w.Patience > 0 {
		most = w.Patience
	}
	if _, err := d.wait(ctx, 0, most); err != nil {
		_ = r.Close()
		return nil, err
	}
	return r, nil
}

// Approve says that what comes is sound: once whole, it is kept.
func (r *Reader) Approve() { r.d.approve() }

// Whole waits until all of it is there.
func (r *Reader) Whole(ctx context.Context) error { return r.d.wholeWithin(ctx, forever) }

// Came is how many bytes there are, and of how many; -1 = unknown.
func (r *Reader) Came() (have, size int64) {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	return r.d.have.sum(), r.d.size
}

// take finds or starts the download of a track, and uses it.
func (l *Library) take(ctx context.Context, w Want) (*download, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d := l.active[w.Key]; d != nil {
		d.users++
		d.holds++
		return d.download, nil
	}
	if d, err := l.find(w); d != nil || err != nil {
		return d, err
	}
	draft, err := l.files.Draft(w.Key)
	if err != nil {
		return nil, err
	}
	d := &running{download: newDownload(w, draft), users: 1, holds: 2}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = stop
	d.release = func() { l.leave(d) }
	l.active[w.Key] = d
	l.work.Add(1)
	go func() {
		defer l.work.Done()
		d.run(run)
		l.ran(d)
	}()
	return d.download, nil
}

// find opens a track that is kept; nil if there is none.
func (l *Library) find(w Want) (*download, error) {
	f, err := l.files.Find(w.Key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return there(w, f, func() { _ = f.Close() }), nil // it was for reading
}

// leave takes a user away; without users the rest is not wanted.
func (l *Library) leave(d *running) {
	l.mu.Lock()
	d.users--
	if d.users == 0 {
		d.stop()
		l.forget(d)
	}
	l.mu.Unlock()
	l.drop(d)
}

// ran is the end of a download's goroutine.
func (l *Library) ran(d *running) {
	d.mu.Lock()
	failed := d.err != nil
	d.mu.Unlock()
	if failed {
		l.mu.Lock()
		l.forget(d) // the next who wants it begins anew
		l.mu.Unlock()
	}
	l.drop(d)
}

// forget lets others begin anew. mu is held.
func (l *Library) forget(d *running) {
	if l.active[d.want.Key] == d {
		delete(l.active, d.want.Key)
	}
}

// drop gives the file up with the last who holds it.
func (l *Library) drop(d *running) {
	l.mu.Lock()
	d.holds--
	last := d.holds == 0
	l.mu.Unlock()
	if last {
		d.stop()
		_ = d.draft.Close() // kept by now, or not wanted
	}
}

// Wait returns when no goroutine is at work any more; Readers must be closed before.
func (l *Library) Wait() { l.work.Wait() }
