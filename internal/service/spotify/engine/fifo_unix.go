//go:build unix

package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// fifo is our end of the pipe that the program writes to. We hold both its ends, so that
// it is there before the program and after it. One goroutine reads (run); the others only
// wake it.
type fifo struct {
	fd         int
	wakeR      int
	wakeW      int
	mu         sync.Mutex // guards what follows
	drains     []chan struct{}
	over, shut bool
}

// openFIFO makes the pipe anew and opens it. Its size is small: what is in it has been
// played as far as the program is concerned.
func openFIFO(path string) (*fifo, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("engine: pipe: %w", err)
	}
	if err := unix.Mkfifo(path, 0o600); err != nil {
		return nil, fmt.Errorf("engine: pipe: %w", err)
	}
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("engine: pipe: %w", err)
	}
	shrink(fd)
	var wake [2]int
	if err := unix.Pipe(wake[:]); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("engine: pipe: %w", err)
	}
	for _, w := range wake {
		unix.CloseOnExec(w)
		_ = unix.SetNonblock(w, true) // a descriptor of ours, just made
	}
	return &fifo{fd: fd, wakeR: wake[0], wakeW: wake[1]}, nil
}

// wake has run look again whether there is room.
func (f *fifo) wake() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.shut {
		_, _ = unix.Write(f.wakeW, []byte{0}) // full: it is awake
	}
}

// drain has run read the pipe empty, whether there is room or not. The channel is closed
// when it is: while the program is paused, nothing comes after that.
func (f *fifo) drain() <-chan struct{} {
	done := make(chan struct{})
	f.mu.Lock()
	if f.over {
		close(done)
	} else {
		f.drains = append(f.drains, done)
	}
	f.mu.Unlock()
	f.wake()
	return done
}

// end has run return, soon.
func (f *fifo) end() {
	f.mu.Lock()
	f.over = true
	f.mu.Unlock()
	f.wake()
}

// run reads: what comes is taken while there is room. It closes the pipe at its end.
func (f *fifo) run(room func() bool, take func([]byte)) {
	defer f.close()
	buf := make([]byte, inHand*frameSize)
	for {
		f.mu.Lock()
		over, drains := f.over, f.drains
		f.drains = nil
		f.mu.Unlock()
		if over {
			return
		}
		if len(drains) > 0 {
			for f.read(buf, take) {
			}
			for _, d := range drains {
				close(d)
			}
			continue
		}
		fds := []unix.PollFd{{Fd: int32(f.wakeR), Events: unix.POLLIN}, {Fd: int32(f.fd), Events: unix.POLLIN}} //nolint:gosec // descriptors are small
		if !room() {
			fds = fds[:1]
		}
		if _, err := unix.Poll(fds, -1); err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
		if fds[0].Revents != 0 {
			for n := 1; n > 0; {
				n, _ = unix.Read(f.wakeR, buf[:64])
			}
		}
		if len(fds) > 1 && fds[1].Revents != 0 {
			f.read(buf, take)
		}
	}
}

// read takes what is there now; false when there was nothing.
func (f *fifo) read(buf []byte, take func([]byte)) bool {
	n, err := unix.Read(f.fd, buf)
	if errors.Is(err, unix.EINTR) {
		return true
	}
	if err != nil || n <= 0 {
		return false
	}
	take(buf[:n])
	return true
}

// close closes the pipe, once: its numbers may be somebody else's after that.
func (f *fifo) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.shut {
		return
	}
	f.over, f.shut = true, true
	for _, d := range f.drains {
		close(d)
	}
	f.drains = nil
	for _, fd := range []int{f.fd, f.wakeR, f.wakeW} {
		_ = unix.Close(fd)
	}
}
