package tags

import (
	"errors"
	"fmt"
	"io"
	"sync"
)

const (
	window    = 16 << 10 // bytes of one read: a small file's tags and its first frames
	tagBudget = 16 << 20 // bytes that one reading may take out of a file
	maxCover  = 32 << 20 // bytes of the biggest picture that is read
	maxReads  = 20_000   // calls that one reading may make: no file needs more
)

var (
	errShort  = errors.New("the file ends too early")
	errBudget = errors.New("more than 16 MiB of tags")
	errReads  = errors.New("tags scattered over too many places")
)

// buffers are the read windows, shared between all readings of the process.
var buffers = sync.Pool{New: func() any { return new([window]byte) }}

// source is a window over a file. What at returns is good until the next call.
type source struct {
	r      io.ReaderAt
	size   int64
	buf    *[window]byte
	off    int64 // where the window lies in the file
	n      int   // bytes in the window
	big    []byte
	budget int64
	reads  int
}

func (s *source) open(r io.ReaderAt, size int64) {
	s.r, s.size, s.budget = r, max(size, 0), tagBudget
	b, ok := buffers.Get().(*[window]byte)
	if !ok {
		b = new([window]byte)
	}
	s.buf = b
}

func (s *source) free() {
	if s.buf != nil {
		buffers.Put(s.buf)
		s.buf = nil
	}
}

// at is the n bytes at off. They are the window's where they fit into it, and
// else a buffer that grows with what the file really holds.
func (s *source) at(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || off > s.size || int64(n) > s.size-off {
		return nil, errShort
	}
	if off >= s.off && off+int64(n) <= s.off+int64(s.n) {
		i := int(off - s.off)
		return s.buf[i : i+n], nil
	}
	if n > window {
		return s.large(off, n)
	}
	if err := s.fill(off); err != nil {
		return nil, err
	}
	if n > s.n {
		return nil, errShort
	}
	return s.buf[:n], nil
}

// upTo is at, but gives less where the file has less.
func (s *source) upTo(off int64, n int) ([]byte, error) {
	if off < 0 || off > s.size {
		return nil, errShort
	}
	return s.at(off, int(min(int64(n), s.size-off)))
}

// fill moves the window to off.
func (s *source) fill(off int64) error {
	n := int(min(int64(window), s.size-off))
	if err := s.spend(n); err != nil {
		return err
	}
	got, err := s.r.ReadAt(s.buf[:n], off)
	s.off, s.n = off, max(got, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read at %d: %w", off, err)
	}
	return nil
}

func (s *source) large(off int64, n int) ([]byte, error) {
	if err := s.spend(n); err != nil {
		return nil, err
	}
	if cap(s.big) < n {
		s.big = make([]byte, n)
	}
	b := s.big[:n]
	if err := readFull(s.r, b, off); err != nil {
		return nil, err
	}
	return b, nil
}

func (s *source) spend(n int) error {
	s.budget -= int64(n)
	s.reads++
	switch {
	case s.budget < 0:
		return errBudget
	case s.reads > maxReads:
		return errReads
	}
	return nil
}

// picture reads n bytes at off into memory of their own, outside the budget.
func (s *source) picture(off, n int64) ([]byte, error) {
	switch {
	case n > maxCover:
		return nil, fmt.Errorf("a picture of %d MiB", n>>20)
	case off < 0 || n < 0 || off > s.size || n > s.size-off:
		return nil, errShort
	}
	b := make([]byte, n)
	if err := readFull(s.r, b, off); err != nil {
		return nil, err
	}
	return b, nil
}

func readFull(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return errShort
	}
	return fmt.Errorf("read at %d: %w", off, err)
}
