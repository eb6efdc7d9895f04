//go:build unix

package tags

import (
	"errors"
	"io"
	"io/fs"

	"golang.org/x/sys/unix"
)

// file is an open regular file. It stands for os.File, which asks the kernel
// for twice as much and leaves more garbage.
type file struct {
	fd   int
	size int64
}

// openFile opens a regular file; anything else (a pipe would block for ever) is an error.
func openFile(path string) (*file, error) {
	for {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: line([]byte(path)), Err: err}
		}
		return statFile(fd, path)
	}
}

func statFile(fd int, path string) (*file, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		_ = unix.Close(fd) // it was only read
		return nil, &fs.PathError{Op: "stat", Path: line([]byte(path)), Err: err}
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		_ = unix.Close(fd)
		return nil, &fs.PathError{Op: "open", Path: line([]byte(path)), Err: errors.New("not a regular file")}
	}
	return &file{fd: fd, size: st.Size}, nil
}

// ReadAt implements io.ReaderAt.
func (f *file) ReadAt(b []byte, off int64) (int, error) {
	n := 0
	for n < len(b) {
		m, err := unix.Pread(f.fd, b[n:], off+int64(n))
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return n, err
		case m == 0:
			return n, io.EOF
		}
		n += m
	}
	return n, nil
}

func (f *file) close() { _ = unix.Close(f.fd) } // it was only read
