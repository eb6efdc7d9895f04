//go:build unix

package device

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// errGivenUp says that the stream was closed before anybody read the pipe.
var errGivenUp = errors.New("closed before anybody read")

// openPipe opens path for writing, and waits until done for somebody to read it.
func openPipe(path string, done <-chan struct{}) (io.Writer, error) {
	made := false
	info, err := os.Stat(path)
	if err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		return nil, ErrOther
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err := syscall.Mkfifo(path, 0o666); err != nil {
			return nil, &fs.PathError{Op: "mkfifo", Path: path, Err: err}
		}
		made = true
	}
	for {
		// Without a reader a blocking open could not be given up.
		f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil && made {
			return ownPipe{f}, nil
		}
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.ENXIO) {
			return nil, err
		}
		select {
		case <-done:
			if made {
				_ = os.Remove(path)
			}
			return nil, errGivenUp
		case <-time.After(pipeRetry):
		}
	}
}

// ownPipe is a FIFO that we made, and so remove.
type ownPipe struct{ *os.File }

func (p ownPipe) Close() error { return errors.Join(p.File.Close(), os.Remove(p.Name())) }
