package decode

// #include "vio.h"
import "C"

import (
	"errors"
	"io"
)

// vorbis decodes Ogg Vorbis. Where a chained stream changes the number of its channels,
// the later ones are folded into the first one's; where it changes its rate, it ends with
// an error.
type vorbis struct {
	*native
	d  *C.vorbis_dec
	in *stream
}

func openVorbis(s *stream) (decoder, error) {
	n, err := newNative(s)
	if err != nil {
		return nil, err
	}
	var info C.dec_info
	var code C.int
	d := &vorbis{native: n, in: s, d: C.vorbis_dec_open(n.io, &info, &code)}
	if d.d == nil {
		n.free()
		return nil, decError(code)
	}
	n.set("Vorbis", &info)
	n.call = func(dst *C.float, frames C.int) C.int { return C.vorbis_dec_read(d.d, dst, frames) }
	return d, nil
}

func (d *vorbis) read(dst []float32) (int, error) {
	n, err := d.native.read(dst)
	return n, oggEnd(d.in, err)
}

func (d *vorbis) seek(frame int64) (int64, error) {
	if code := C.vorbis_dec_seek(d.d, C.int64_t(frame)); code < 0 {
		return 0, decError(code)
	}
	return frame, nil
}

func (d *vorbis) short() int64 { return 0 }

func (d *vorbis) close() {
	C.vorbis_dec_close(d.d)
	d.free()
}

// oggEnd makes io.ErrUnexpectedEOF of io.EOF where the file ends within a page. It is all
// that an Ogg file tells of its length.
func oggEnd(s *stream, err error) error {
	if !errors.Is(err, io.EOF) || s.seeker == nil || s.size < 0 || s.err != nil {
		return err
	}
	const page = 27 + 255 + 255*255 // the longest
	from := max(s.size-page, 0)
	tail := make([]byte, s.size-from)
	n, _ := s.readFull(from, tail)
	if cutPage(tail[:n]) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// cutPage: the last page that begins in b is not whole.
func cutPage(b []byte) bool {
	for at := len(b) - 4; at >= 0; at-- {
		if string(b[at:at+4]) != "OggS" {
			continue
		}
		page := b[at:]
		if len(page) < 27 || len(page) < 27+int(page[26]) {
			return true
		}
		size := 27 + int(page[26])
		for _, n := range page[27:size] {
			size += int(n)
		}
		return len(page) < size
	}
	return false
}
