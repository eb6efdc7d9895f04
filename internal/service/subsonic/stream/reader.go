package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Reader reads a track while it comes. It is used by one goroutine at a time and waits
// for bytes that are on their way; a server that is gone is waited for 45 s.
type Reader struct {
	d    *download
	ctx  context.Context // of the Reader as a whole
	end  context.CancelFunc
	once sync.Once
	at   int64
}

// forever is longer than any track takes.
const forever = 24 * time.Hour

// errNoLength says that the end of a stream is not known yet.
var errNoLength = errors.New("the length is not known yet")

// Read waits until there is something.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := r.d.wait(r.ctx, r.at, patience)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, io.EOF
	}
	n = min(n, int64(len(p)))
	got, err := r.d.file.ReadAt(p[:n], r.at)
	r.at += int64(got)
	if err != nil && !errors.Is(err, io.EOF) {
		return got, fmt.Errorf("read the cache: %w", err)
	}
	return got, nil
}

// Seek moves without waiting. From the end it fails while the length is not known.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		size := r.d.length()
		if size < 0 {
			return r.at, errNoLength
		}
		offset += size
	}
	if offset < 0 {
		return r.at, errors.New("seek before the start")
	}
	if offset != r.at && !r.d.canReach(offset) {
		return r.at, errNoLength
	}
	r.at = offset
	return offset, nil
}

// Close lets go of the track; what nobody needs any more is not fetched further.
func (r *Reader) Close() error {
	r.end()
	r.once.Do(r.d.release)
	return nil
}

func (d *download) length() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.size
}

// canReach reports whether a place will come: it is there, or the length is known.
func (d *download) canReach(at int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.size >= 0 || at == 0 || d.have.until(at) > at
}

// wait returns how many bytes there are at a place, 0 = it is the end.
func (d *download) wait(ctx context.Context, at int64, patience time.Duration) (int64, error) {
	var late <-chan time.Time
	for {
		d.mu.Lock()
		n := d.have.until(at) - at
		if n > 0 || d.size >= 0 && at >= d.size || d.err != nil {
			err := d.err
			if n > 0 || d.size >= 0 && at >= d.size {
				err = nil
			}
			d.need = -1
			d.mu.Unlock()
			return n, err
		}
		d.need = at
		if d.jump != nil && d.elsewhere() {
			d.jump()
		}
		moved, trouble, since := d.moved, d.trouble, d.since
		d.mu.Unlock()
		if trouble != nil && late == nil {
			t := time.NewTimer(time.Until(since.Add(patience)))
			defer t.Stop() //nolint:gocritic // one timer for each time it goes wrong, a handful at most
			late = t.C
		}
		if trouble == nil {
			late = nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-late:
			return 0, trouble
		case <-moved:
		}
	}
}

// wholeWithin waits until all of it is there.
func (d *download) wholeWithin(ctx context.Context, patience time.Duration) error {
	t := time.NewTimer(patience)
	defer t.Stop()
	for {
		d.mu.Lock()
		whole, err, moved := d.have.whole(d.size), d.err, d.moved
		d.mu.Unlock()
		switch {
		case whole:
			return nil
		case err != nil:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
			return errNoLength
		case <-moved:
		}
	}
}
