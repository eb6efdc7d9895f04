package decode

// #include "vio.h"
import "C"

import "io"

type flacIn int

const (
	nativeFLAC flacIn = iota
	oggFLAC
)

// flac decodes FLAC: 4 to 32 bits, to the sample. Blocks that are damaged become silence
// of their length. A stream that changes its rate or channels ends with an error.
type flac struct {
	*native
	d *C.flac_dec
}

func openFLAC(s *stream, in flacIn) (decoder, error) {
	n, err := newNative(s)
	if err != nil {
		return nil, err
	}
	var info C.dec_info
	var code C.int
	d := &flac{native: n, d: C.flac_dec_open(n.io, C.int(in), &info, &code)}
	if d.d == nil {
		n.free()
		return nil, decError(code)
	}
	n.set("FLAC", &info)
	n.call = func(dst *C.float, frames C.int) C.int { return C.flac_dec_read(d.d, dst, frames) }
	return d, nil
}

func (d *flac) seek(frame int64) (int64, error) {
	switch code := C.flac_dec_seek(d.d, C.int64_t(frame)); {
	case code < 0:
		return 0, decError(code)
	case code > 0:
		return frame, io.EOF
	}
	return frame, nil
}

func (d *flac) short() int64 { return 0 }

func (d *flac) close() {
	C.flac_dec_close(d.d)
	d.free()
}
