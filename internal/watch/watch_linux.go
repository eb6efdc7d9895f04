package watch

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// asked is what the system is asked to tell: everything but changes of times and rights.
const asked = unix.IN_CREATE | unix.IN_MOVED_TO | unix.IN_MOVED_FROM | unix.IN_DELETE | unix.IN_MODIFY |
	unix.IN_DELETE_SELF | unix.IN_MOVE_SELF | unix.IN_ONLYDIR

// atOnce is how much is read at once, in bytes: some hundred events.
const atOnce = 16 << 10

// Watcher watches folders, by inotify.
type Watcher struct {
	fd   int // valid until the file is closed
	file *os.File

	mu     sync.Mutex // guards what follows, and fd's use
	closed bool
	known  *table
}

// New makes a watcher of nothing. Close, or the end of Run, gives back what it holds.
func New() (*Watcher, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("watch: %w", err)
	}
	return &Watcher{fd: fd, file: os.NewFile(uintptr(fd), "inotify"), known: newTable()}, nil //nolint:gosec // it is not negative
}

// Add watches a folder, a clean path, if it is not watched. The error is the system's:
// ENOSPC where it does not let a program watch so many.
func (w *Watcher) Add(dir string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return fmt.Errorf("watch %s: %w", dir, os.ErrClosed)
	}
	if _, ok := w.known.find(dir); ok {
		return nil
	}
	wd, err := unix.InotifyAddWatch(w.fd, dir, asked)
	if err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	if r, ok := w.known.byWD(int32(wd)); ok { //nolint:gosec // the kernel's are of 31 bits
		w.known.drop(r) // the same folder by another path: the newer one counts
	}
	w.known.put(int32(wd), dir) //nolint:gosec // as above
	return nil
}

// Has says whether a folder is watched. One that went, and came again, is not.
func (w *Watcher) Has(dir string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.known.find(dir)
	return ok
}

// Len is the number of folders that are watched.
func (w *Watcher) Len() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.known.live
}

// Close ends the watcher; it may be called twice.
func (w *Watcher) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	w.closed = true
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	return nil
}

// Run reads what happens into events until ctx ends or the watcher is closed, and closes it.
func (w *Watcher) Run(ctx context.Context, events chan<- Event) error {
	defer context.AfterFunc(ctx, func() { _ = w.Close() })() // only to wake the read
	defer func() { _ = w.Close() }()                         // nothing was written
	buf := make([]byte, atOnce)
	for {
		n, err := w.file.Read(buf)
		switch {
		case errors.Is(err, os.ErrClosed):
			return nil
		case err != nil:
			return fmt.Errorf("watch: %w", err)
		}
		for rest := buf[:n]; len(rest) >= unix.SizeofInotifyEvent; {
			wd := int32(binary.NativeEndian.Uint32(rest)) //nolint:gosec // it is signed
			mask := binary.NativeEndian.Uint32(rest[4:])
			end := unix.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(rest[12:]))
			if end > len(rest) {
				return errors.New("watch: half an event")
			}
			name, _, _ := bytes.Cut(rest[unix.SizeofInotifyEvent:end], []byte{0})
			rest = rest[end:]
			e, ok := w.event(wd, mask, string(name))
			if !ok {
				continue
			}
			select {
			case events <- e:
			case <-ctx.Done():
				return nil
			}
		}
	}
}

// event makes of what the system says what the caller wants to know, if it does.
func (w *Watcher) event(wd int32, mask uint32, name string) (Event, bool) {
	if mask&unix.IN_Q_OVERFLOW != 0 {
		return Event{Lost: true}, true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	r, ok := w.known.byWD(wd)
	if !ok {
		return Event{}, false // it was watched when that happened
	}
	dir := w.known.path(r)
	switch {
	case mask&(unix.IN_IGNORED|unix.IN_UNMOUNT) != 0:
		w.known.drop(r)
		return Event{}, false
	case mask&unix.IN_DELETE_SELF != 0:
		w.known.drop(r)
		above, _, _ := split(dir)
		_, told := w.known.find(above) // by the folder above
		return Event{Path: dir}, !told
	case mask&unix.IN_MOVE_SELF != 0:
		w.moved(dir)
		return Event{Path: dir}, true
	}
	if name == "" {
		return Event{Path: dir}, true
	}
	return Event{Path: strings.TrimSuffix(dir, "/") + "/" + name}, true
}

// moved forgets a folder that has another path now, and what is below it.
func (w *Watcher) moved(dir string) {
	if w.closed {
		return
	}
	for r, row := range w.known.rows {
		if row.wd == none {
			continue
		}
		p := w.known.path(int32(r)) //nolint:gosec // rows are at most as many as numbers
		if p == dir || strings.HasPrefix(p, dir+"/") {
			_, _ = unix.InotifyRmWatch(w.fd, uint32(row.wd)) //nolint:gosec // it fails where the folder is gone, too
			w.known.drop(int32(r))                           //nolint:gosec // as above
		}
	}
}
