package decode

import (
	"errors"
	"io"
)

// stream is the input behind its tags: bytes by offset, with the first ones kept,
// so that they can be looked at and then decoded even where nothing can seek.
type stream struct {
	r      io.Reader
	seeker io.Seeker // nil = forward only
	origin int64     // where r stood when it came to us
	cur    int64     // where r stands behind origin
	skip   int64     // bytes in front that decoders do not see
	size   int64     // bytes behind skip, -1 = unknown
	head   []byte    // looked at already
	headAt int64     // offset of head behind origin
	late   error     // came together with bytes, is due at the next read
	err    error     // what the reader failed with; io.EOF is none
}

var (
	errBackward = errors.New("this stream only goes forward")
	errNoBytes  = errors.New("the reader gives neither bytes nor an error")
)

func newStream(in Input) *stream {
	s := &stream{r: in.R, size: -1}
	if in.Size > 0 {
		s.size = in.Size
	}
	sk, ok := in.R.(io.Seeker)
	if !ok {
		return s
	}
	// A pipe is an *os.File too: only a seek tells.
	at, err := sk.Seek(0, io.SeekCurrent)
	if err != nil {
		return s
	}
	end, err := sk.Seek(0, io.SeekEnd)
	if err != nil {
		return s
	}
	if _, err := sk.Seek(at, io.SeekStart); err != nil {
		return s
	}
	s.seeker, s.origin, s.size = sk, at, max(end-at, 0)
	return s
}

func (s *stream) close() error {
	if c, ok := s.r.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// drop makes decoders start n bytes later.
func (s *stream) drop(n int64) {
	s.skip += n
	if s.size >= 0 {
		s.size = max(s.size-n, 0)
	}
}

// peek returns the next n bytes at the start, fewer at the end of the input.
func (s *stream) peek(n int) ([]byte, error) {
	have := s.kept(s.skip)
	if len(have) >= n {
		return have[:n], nil
	}
	head := make([]byte, n)
	got := copy(head, have)
	for got < n {
		m, err := s.raw(s.skip+int64(got), head[got:])
		got += m
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	s.head, s.headAt = head[:got], s.skip
	return s.head, nil
}

// kept is what of head lies at the absolute offset abs and behind.
func (s *stream) kept(abs int64) []byte {
	if i := abs - s.headAt; i >= 0 && i < int64(len(s.head)) {
		return s.head[i:]
	}
	return nil
}

// readAt reads some bytes at off, at least one, or says io.EOF. It waits for no more than
// the reader has, so that live streams are heard at once.
func (s *stream) readAt(off int64, p []byte) (int, error) {
	if k := s.kept(s.skip + off); k != nil {
		return copy(p, k), nil
	}
	return s.raw(s.skip+off, p)
}

// readFull fills p from off unless the input ends before.
func (s *stream) readFull(off int64, p []byte) (int, error) {
	n := 0
	for n < len(p) {
		m, err := s.readAt(off+int64(n), p[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (s *stream) raw(abs int64, p []byte) (int, error) {
	if abs != s.cur {
		if err := s.move(abs); err != nil {
			return 0, err
		}
	}
	if err := s.late; err != nil {
		return 0, err
	}
	for range 100 {
		n, err := s.r.Read(p)
		s.cur += int64(n)
		if err != nil && !errors.Is(err, io.EOF) {
			s.err, s.late = err, err
		}
		if n > 0 {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
	}
	s.err = errNoBytes
	return 0, s.err
}

func (s *stream) move(abs int64) error {
	if s.seeker != nil {
		if _, err := s.seeker.Seek(s.origin+abs, io.SeekStart); err != nil {
			s.err = err
			return err
		}
		s.cur, s.late = abs, nil
		return nil
	}
	if abs < s.cur {
		return errBackward
	}
	n, err := io.CopyN(io.Discard, s.r, abs-s.cur)
	s.cur += n
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return err
}

// cursor walks through headers.
type cursor struct {
	s   *stream
	off int64
}

// Read makes the cursor an io.Reader.
func (c *cursor) Read(p []byte) (int, error) {
	n, err := c.s.readAt(c.off, p)
	c.off += int64(n)
	return n, err
}

// pass goes n bytes on. Where the input can seek nothing is read.
func (c *cursor) pass(n int64) error {
	c.off += n
	if c.s.size >= 0 && c.off > c.s.size {
		return io.EOF
	}
	return nil
}
