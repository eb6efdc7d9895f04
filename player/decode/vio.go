package decode

/*
#cgo pkg-config: flac vorbisfile opusfile libmpg123
#cgo CFLAGS: -O2 -Wall -D_FILE_OFFSET_BITS=64
#cgo LDFLAGS: -lm
#include "vio.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"io"
	"runtime/cgo"
	"unsafe"

	"segue/internal/pcm"
)

// segueFill is the slow path of the C side's reads: bytes at off, 0 at the end, -1 after
// an error, which the stream keeps.
//
//export segueFill
func segueFill(handle C.uintptr_t, off C.int64_t, dst *C.uchar, n C.int64_t) C.int64_t {
	s, ok := cgo.Handle(handle).Value().(*stream)
	if !ok {
		return -1
	}
	got, err := s.readAt(int64(off), unsafe.Slice((*byte)(dst), int(n)))
	switch {
	case got > 0:
		return C.int64_t(got)
	case err == nil || errors.Is(err, io.EOF):
		return 0
	}
	if s.err == nil {
		s.err = err
	}
	return -1
}

// native is what the decoders of C libraries share: their way to the input, and what
// they found.
type native struct {
	handle cgo.Handle
	io     *C.vio
	f      pcm.Format
	inf    pcm.Info
	call   func(dst *C.float, frames C.int) C.int // the codec's own read
}

func newNative(s *stream) (*native, error) {
	h := cgo.NewHandle(s)
	seekable := C.int(0)
	if s.seeker != nil {
		seekable = 1
	}
	io := C.vio_new(C.uintptr_t(h), C.int64_t(s.size), seekable)
	if io == nil {
		h.Delete()
		return nil, decError(C.DEC_NO_MEMORY)
	}
	return &native{handle: h, io: io}, nil
}

func (n *native) free() {
	C.vio_free(n.io)
	n.handle.Delete()
}

func (n *native) set(codec string, i *C.dec_info) {
	n.f = pcm.Format{Rate: int(i.rate), Channels: int(i.channels)}
	n.inf = pcm.Info{Codec: codec, Bits: int(i.bits), Frames: int64(i.frames), Kbps: int(i.kbps)}
}

func (n *native) format() pcm.Format { return n.f }
func (n *native) info() pcm.Info     { return n.inf }

// read asks the C side until dst is full or it says why not. The C side gives what it
// has before it tells of an error.
func (n *native) read(dst []float32) (int, error) {
	done, want := 0, len(dst)/n.f.Channels
	for done < want {
		got := n.call((*C.float)(unsafe.Pointer(&dst[done*n.f.Channels])), C.int(want-done))
		if got < 0 {
			return done, decError(got)
		}
		if got == 0 {
			return done, io.EOF
		}
		done += int(got)
	}
	return done, nil
}

func decError(code C.int) error {
	switch code {
	case C.DEC_CHANGED_RATE:
		return errors.New("the stream changes its sample rate in the middle")
	case C.DEC_CHANGED_CHANNELS:
		return errors.New("the stream changes its channels in the middle")
	case C.DEC_NO_MEMORY:
		return errors.New("out of memory")
	case C.DEC_DAMAGED:
		return errors.New("damaged")
	case C.DEC_READ_ERROR:
		return errors.New("cannot be read")
	}
	return fmt.Errorf("decoder error %d", int(code))
}
