package decode

import (
	"encoding/binary"
	"errors"
	"io"
	"math"

	"segue/internal/pcm"
)

// aiffHeader collects the chunks of an AIFF or AIFC file. Unlike in WAV, the samples
// may come before their description.
type aiffHeader struct {
	channels, bits, rate int
	frames               int64
	codec                string // of AIFC, "NONE" in AIFF
	start, size          int64  // of the samples; start 0 = not met yet
	haveComm             bool
}

func openAIFF(s *stream) (decoder, error) {
	c := &cursor{s: s, off: 12}
	var h aiffHeader
	var id [8]byte
	for !h.haveComm || h.start == 0 {
		if _, err := io.ReadFull(c, id[:]); err != nil {
			if h.haveComm && errors.Is(err, io.EOF) {
				return nil, errors.New("no samples in it")
			}
			return nil, headerError(err)
		}
		size := int64(binary.BigEndian.Uint32(id[4:]))
		if err := h.chunk(c, string(id[:4]), size); err != nil {
			return nil, headerError(err)
		}
	}
	return h.open(s)
}

func (h *aiffHeader) chunk(c *cursor, id string, size int64) error {
	end := c.off + size
	switch id {
	case "COMM":
		if err := h.comm(c, size); err != nil {
			return err
		}
	case "SSND":
		var b [8]byte
		if _, err := io.ReadFull(c, b[:]); err != nil {
			return err
		}
		gap := int64(binary.BigEndian.Uint32(b[:]))
		h.start, h.size = c.off+gap, max(size-8-gap, 0)
		if h.haveComm {
			return nil
		}
		if c.s.seeker == nil {
			return errors.New("the description comes behind the samples: a pipe cannot go back")
		}
	}
	if err := c.pass(end - c.off); err != nil {
		return err
	}
	return skipPad(c, size)
}

func (h *aiffHeader) comm(c *cursor, size int64) error {
	b := make([]byte, min(max(size, 0), 22))
	if len(b) < 18 {
		return errHeader
	}
	if _, err := io.ReadFull(c, b); err != nil {
		return err
	}
	be := binary.BigEndian
	h.channels, h.frames = int(be.Uint16(b)), int64(be.Uint32(b[2:]))
	h.bits, h.rate = int(be.Uint16(b[6:])), extended(b[8:18])
	h.codec = "NONE"
	if len(b) == 22 {
		h.codec = string(b[18:22])
	}
	h.haveComm = true
	return nil
}

// extended reads the 80-bit float of a sample rate, rounded to whole Hz; 0 = nonsense.
func extended(b []byte) int {
	exp := int(binary.BigEndian.Uint16(b)&0x7fff) - 16383 - 63
	v := math.Ldexp(float64(binary.BigEndian.Uint64(b[2:])), exp)
	if b[0]&0x80 != 0 || !(v >= 0 && v <= maxRate) {
		return 0
	}
	return int(v + 0.5)
}

func (h *aiffHeader) kind() (kind sampleKind, big bool, err error) {
	ints := map[int]sampleKind{1: sampleS8, 2: sampleS16, 3: sampleS24, 4: sampleS32}
	kind, known := ints[(h.bits+7)/8]
	switch h.codec {
	case "NONE", "twos", "in24", "in32":
		return kind, true, unless(known)
	case "sowt":
		return kind, false, unless(known)
	case "raw ":
		return sampleU8, true, unless(h.bits <= 8)
	case "fl32", "FL32":
		return sampleF32, true, nil
	case "fl64", "FL64":
		return sampleF64, true, nil
	}
	return 0, false, errForeign
}

func unless(ok bool) error {
	if ok {
		return nil
	}
	return errForeign
}

func (h *aiffHeader) open(s *stream) (decoder, error) {
	kind, big, err := h.kind()
	if err != nil {
		return nil, err
	}
	f := pcm.Format{Rate: h.rate, Channels: h.channels}
	if err := checkFormat(f); err != nil {
		return nil, err
	}
	size := h.size
	if over := s.size < 0 || h.start+size > s.size; over && (size == 0 || size >= wavUnknown) {
		size = -1 // from a pipe
	} else if h.frames > 0 {
		size = min(size, h.frames*int64(kind.bytes()*h.channels))
	}
	inf := pcm.Info{Codec: "AIFF", Bits: h.bits}
	return newRawPCM(s, f, inf, kind, big, h.start, size), nil
}
