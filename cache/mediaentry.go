package cache

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// ErrMissing says that bytes have not come yet.
var ErrMissing = errors.New("not there yet")

// Entry is one user's hold on a media file. One may write while others read; any goroutine
// may use it. While an entry is open its file is not removed.
type Entry struct {
	file *mediaFile

	mu     sync.Mutex
	pinned bool
	closed bool
}

// Size is the length in bytes, -1 as long as it is not known.
func (e *Entry) Size() int64 {
	e.file.mu.Lock()
	defer e.file.mu.Unlock()
	return e.file.note.Size
}

// Complete says that the file is whole and committed.
func (e *Entry) Complete() bool {
	e.file.mu.Lock()
	defer e.file.mu.Unlock()
	return e.file.note.Whole
}

// Present is how many bytes from off on are there without a gap.
func (e *Entry) Present(off int64) int64 {
	e.file.mu.Lock()
	defer e.file.mu.Unlock()
	n := &e.file.note
	if n.Whole {
		return max(0, n.Size-off)
	}
	return n.Have.present(off)
}

// Missing is the first gap in the n bytes from off on (n < 0: to the end; where that is not
// known, to is -1): what has to be fetched next. ok is false when nothing is missing.
func (e *Entry) Missing(off, n int64) (from, to int64, ok bool) {
	e.file.mu.Lock()
	defer e.file.mu.Unlock()
	note := &e.file.note
	if note.Whole {
		return 0, 0, false
	}
	end := off + n
	switch {
	case note.Size >= 0 && (n < 0 || end > note.Size):
		end = note.Size
	case n < 0:
		return off + note.Have.present(off), -1, true
	}
	g, missing := note.Have.gap(off, end)
	if !missing {
		return 0, 0, false
	}
	return g.From, g.To, true
}

// ReadAt reads what is there. It gives fewer bytes and ErrMissing where a gap begins, and
// io.EOF at the end of a file whose size is known.
func (e *Entry) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, invalid("byte %d of a media file", off)
	}
	if err := e.usable(); err != nil {
		return 0, err
	}
	have := e.Present(off)
	data, note, err := e.file.open()
	if err != nil {
		return 0, err
	}
	if note.Size >= 0 && off >= note.Size {
		return 0, io.EOF
	}
	want := min(int64(len(p)), have)
	n, err := data.ReadAt(p[:want], off)
	switch {
	case n < int(want):
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // somebody cut the file
		}
		return n, fmt.Errorf("cache: media: %w", err)
	case n == len(p):
		return n, nil
	case note.Size >= 0 && off+int64(n) >= note.Size:
		return n, io.EOF
	}
	return n, fmt.Errorf("cache: media: byte %d is %w", off+int64(n), ErrMissing)
}

// Wait returns when the byte at off is there, or the file has ended before it (io.EOF), or
// ctx ends. Somebody else writes.
func (e *Entry) Wait(ctx context.Context, off int64) error {
	for {
		f := e.file
		f.mu.Lock()
		size, grown, open := f.note.Size, f.grown, f.data != nil
		there := f.note.Whole && off < size || f.note.Have.present(off) > 0
		f.mu.Unlock()
		switch {
		case there:
			return nil
		case size >= 0 && off >= size:
			return io.EOF
		case !open:
			return fmt.Errorf("cache: media: %w", os.ErrClosed)
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// WriteAt keeps bytes that have come, in any order. What does not fit the size is refused.
// On a full disk other files go first.
func (e *Entry) WriteAt(p []byte, off int64) (int, error) {
	if err := e.usable(); err != nil {
		return 0, err
	}
	return e.file.writeAt(p, off)
}

// Commit says that the file has total bytes and all have come. It is whole after that, and
// on the disk; other files go if the limit asks for it. A gap is an error, and the file
// stays partial.
func (e *Entry) Commit(total int64) error {
	if err := e.usable(); err != nil {
		return err
	}
	if err := e.file.commit(total); err != nil {
		return err
	}
	m := e.file.m
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trim()
	return nil
}

// Pin keeps the file from being removed even after the entry is closed: what plays, and
// what plays next. Pins count, and do not survive a restart.
func (e *Entry) Pin() { e.pin(true) }

// Unpin takes this entry's pin back.
func (e *Entry) Unpin() { e.pin(false) }

func (e *Entry) pin(on bool) {
	m := e.file.m
	m.mu.Lock()
	defer m.mu.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.pinned == on {
		return
	}
	e.pinned = on
	if on {
		e.file.pins++
		return
	}
	e.file.pins--
	m.trim()
}

// Keep holds the file for offline use, over restarts and beyond the limit, or gives it back
// to the cache. Only a whole file can be kept.
func (e *Entry) Keep(on bool) error {
	if err := e.usable(); err != nil {
		return err
	}
	return e.file.keep(on)
}

// Path is the file of a whole entry, for decoders that want one; "" before. It is good
// until the file is removed, which no limit does while the entry is open.
func (e *Entry) Path() string {
	if !e.Complete() {
		return ""
	}
	return e.file.path(dataSuffix)
}

// Discard removes the file: its bytes are wrong. It vanishes when all its entries are closed.
func (e *Entry) Discard() {
	m := e.file.m
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.files[e.file.key] == e.file {
		m.remove(e.file)
	}
}

// Close ends this use, once; what has come so far is on the disk then. A file whose size
// is not known and that was not committed vanishes. A pin stays.
func (e *Entry) Close() error {
	e.mu.Lock()
	closed := e.closed
	e.closed = true
	e.mu.Unlock()
	if closed {
		return nil
	}
	m, err := e.file.m, e.file.flush()
	m.mu.Lock()
	defer m.mu.Unlock()
	err = errors.Join(err, e.file.release())
	m.trim()
	if err != nil {
		return fmt.Errorf("cache: media: %w", err)
	}
	return nil
}

func (e *Entry) usable() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return fmt.Errorf("cache: media: %w", os.ErrClosed)
	}
	return nil
}

var (
	_ io.ReaderAt = (*Entry)(nil)
	_ io.WriterAt = (*Entry)(nil)
)
