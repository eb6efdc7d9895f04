package decode

// #include "vio.h"
import "C"

// opus decodes Ogg Opus, always at 48 kHz. The gain of the header is applied; samples may
// go beyond 1, as the format allows, and it is the player that clips them softly. Channels
// that change along a chain are folded into the first link's.
type opus struct {
	*native
	d  *C.opus_dec
	in *stream
}

func openOpus(s *stream) (decoder, error) {
	n, err := newNative(s)
	if err != nil {
		return nil, err
	}
	var info C.dec_info
	var code C.int
	d := &opus{native: n, in: s, d: C.opus_dec_open(n.io, &info, &code)}
	if d.d == nil {
		n.free()
		return nil, decError(code)
	}
	n.set("Opus", &info)
	n.call = func(dst *C.float, frames C.int) C.int { return C.opus_dec_read(d.d, dst, frames) }
	return d, nil
}

func (d *opus) read(dst []float32) (int, error) {
	n, err := d.native.read(dst)
	return n, oggEnd(d.in, err)
}

func (d *opus) seek(frame int64) (int64, error) {
	if code := C.opus_dec_seek(d.d, C.int64_t(frame)); code < 0 {
		return 0, decError(code)
	}
	return frame, nil
}

func (d *opus) short() int64 { return 0 }

func (d *opus) close() {
	C.opus_dec_close(d.d)
	d.free()
}
