package decode

import (
	"encoding/binary"
	"errors"
	"io"

	"segue/internal/pcm"
)

// wavHeader collects what comes before the samples.
type wavHeader struct {
	tag, channels, bits, block int
	rate                       int
	subtag                     int // of the extensible format
	haveFmt                    bool
	long                       int64 // data size of RF64, -1 = none
}

const (
	wavPCM        = 1
	wavFloat      = 3
	wavExtensible = 0xfffe
)

// Programs that write to a pipe do not know the size: they leave 0, all ones, or about
// the most that fits.
const wavUnknown = 0x7fff0000

func openWAV(s *stream) (decoder, error) {
	c := &cursor{s: s, off: 12}
	h := wavHeader{long: -1}
	var id [8]byte
	for {
		if _, err := io.ReadFull(c, id[:]); err != nil {
			return nil, headerError(err)
		}
		size := int64(binary.LittleEndian.Uint32(id[4:]))
		if string(id[:4]) == "data" {
			return h.open(s, c, size)
		}
		if err := h.chunk(c, string(id[:4]), size); err != nil {
			return nil, headerError(err)
		}
	}
}

// chunk reads one chunk before the data and goes behind it.
func (h *wavHeader) chunk(c *cursor, id string, size int64) error {
	end := c.off + size
	switch id {
	case "fmt ":
		if err := h.format(c, size); err != nil {
			return err
		}
	case "ds64":
		var b [16]byte
		if _, err := io.ReadFull(c, b[:]); err != nil {
			return err
		}
		h.long = int64(binary.LittleEndian.Uint64(b[8:]) & (1<<62 - 1))
	}
	if err := c.pass(end - c.off); err != nil {
		return err
	}
	return skipPad(c, size)
}

// skipPad goes over the byte that rounds a chunk to an even size, except where the
// writer forgot it: then a letter of the next chunk's name is there.
func skipPad(c *cursor, size int64) error {
	if size%2 == 0 {
		return nil
	}
	var b [1]byte
	if _, err := io.ReadFull(c, b[:]); err != nil {
		return err
	}
	if b[0] >= 'A' && b[0] <= 'z' {
		c.off--
	}
	return nil
}

func (h *wavHeader) format(c *cursor, size int64) error {
	b := make([]byte, min(max(size, 0), 40))
	if len(b) < 16 {
		return errHeader
	}
	if _, err := io.ReadFull(c, b); err != nil {
		return err
	}
	le := binary.LittleEndian
	h.tag, h.channels = int(le.Uint16(b)), int(le.Uint16(b[2:]))
	h.rate, h.block = int(le.Uint32(b[4:])), int(le.Uint16(b[12:]))
	h.bits = int(le.Uint16(b[14:]))
	if h.tag == wavExtensible && len(b) >= 26 {
		h.subtag = int(le.Uint16(b[24:]))
	}
	h.haveFmt = true
	return nil
}

// kind is how the samples lie, by the room they take rather than by the bits they use.
func (h *wavHeader) kind() (sampleKind, error) {
	tag := h.tag
	if tag == wavExtensible {
		tag = h.subtag
	}
	room := (h.bits + 7) / 8
	if h.channels > 0 && h.block%h.channels == 0 && h.block/h.channels > room {
		room = h.block / h.channels
	}
	switch {
	case tag == wavPCM && room == 1:
		return sampleU8, nil
	case tag == wavPCM && room == 2:
		return sampleS16, nil
	case tag == wavPCM && room == 3:
		return sampleS24, nil
	case tag == wavPCM && room == 4:
		return sampleS32, nil
	case tag == wavFloat && room == 4:
		return sampleF32, nil
	case tag == wavFloat && room == 8:
		return sampleF64, nil
	}
	return 0, errForeign
}

func (h *wavHeader) open(s *stream, c *cursor, size int64) (decoder, error) {
	if !h.haveFmt {
		return nil, errHeader
	}
	kind, err := h.kind()
	if err != nil {
		return nil, err
	}
	f := pcm.Format{Rate: h.rate, Channels: h.channels}
	if err := checkFormat(f); err != nil {
		return nil, err
	}
	if h.long >= 0 && size == 0xffffffff {
		size = h.long
	} else if size, err = trueSize(s, c.off, size); err != nil {
		return nil, err
	}
	inf := pcm.Info{Codec: "WAV", Bits: h.bits}
	return newRawPCM(s, f, inf, kind, false, c.off, size), nil
}

// trueSize is the data size to believe: -1 = up to the end of the file.
func trueSize(s *stream, at, size int64) (int64, error) {
	over := s.size < 0 || at+size > s.size
	switch {
	case size >= wavUnknown && over:
		return -1, nil
	case size != 0:
		return size, nil
	}
	// Zero: a stream whose writer could not go back, or really nothing.
	var next [4]byte
	n, err := s.readFull(at, next[:])
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	switch string(next[:n]) {
	case "", "LIST", "id3 ", "ID3 ", "bext", "cue ", "smpl", "JUNK", "fact":
		return 0, nil
	}
	return -1, nil
}
