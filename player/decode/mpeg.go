package decode

// #include "vio.h"
import "C"

import "segue/internal/mpegaudio"

// mpeg decodes MPEG 1, 2 and 2.5 audio of layers I to III. Without a Xing header the
// frames are counted at opening, except over a slow input, where the length is guessed
// from the size and an end before it is not called a cut.
type mpeg struct {
	*native
	d    *C.mpeg_dec
	sure bool // the length is known, not guessed
}

// Some encoders count their header frame as music, some do not: up to two frames less
// than said is no cut.
const mpegShort = 2 * 1152

func openMPEG(s *stream, slow bool) (decoder, error) {
	head, err := s.peek(firstLook)
	if err != nil {
		return nil, err
	}
	n, err := newNative(s)
	if err != nil {
		return nil, err
	}
	_, told := xingFrames(head)
	scan := !told && !slow && s.seeker != nil
	var info C.dec_info
	var code C.int
	d := &mpeg{native: n, sure: told || scan}
	d.d = C.mpeg_dec_open(n.io, cBool(scan), cBool(slow), &info, &code)
	if d.d == nil {
		n.free()
		return nil, decError(code)
	}
	if !d.sure && s.seeker == nil {
		info.frames = -1
	}
	label := "MP3"
	if h, ok := mpegaudio.Parse(head); ok && h.Layer < 3 {
		label = [...]string{"MP1", "MP2"}[h.Layer-1]
	}
	n.set(label, &info)
	n.call = func(dst *C.float, frames C.int) C.int { return C.mpeg_dec_read(d.d, dst, frames) }
	return d, nil
}

func cBool(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

func (d *mpeg) seek(frame int64) (int64, error) {
	at := C.mpeg_dec_seek(d.d, C.int64_t(frame))
	if at < 0 {
		return 0, decError(C.int(at))
	}
	return int64(at), nil
}

func (d *mpeg) short() int64 {
	if !d.sure {
		return 1 << 62
	}
	return mpegShort
}

func (d *mpeg) close() {
	C.mpeg_dec_close(d.d)
	d.free()
}
