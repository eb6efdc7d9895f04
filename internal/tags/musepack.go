package tags

import (
	"encoding/binary"
	"errors"

	"segue/internal/pcm"
)

// musepackRates are the sampling rates of Musepack by their number.
var musepackRates = [8]int{44100, 48000, 37800, 32000}

const (
	musepackFrame = 1152 // samples
	musepackDelay = 481  // samples of a decoder's, of files that do not say where they end
	frameBits     = 20   // of a frame of silence, before version 8
	maxPackets    = 1000 // before the first sound
)

// sv7 reads Musepack of stream version 7.
func (p *parser) sv7(start int64) error {
	b, err := p.src.at(start, 24)
	if err != nil {
		return errAt("musepack", err)
	}
	le := binary.LittleEndian
	frames, flags, last := int64(le.Uint32(b[4:])), le.Uint32(b[8:]), le.Uint32(b[20:])
	if b[3]&15 != 7 || frames*frameBits > (p.src.size-start)*8 {
		return errAt("musepack", errHead)
	}
	samples := frames*musepackFrame - musepackDelay
	if last>>31 != 0 { // it is known how much of the last frame sounds
		samples = (frames-1)*musepackFrame + int64(last>>20&0x7ff)
	}
	return p.musepack(start, musepackRates[flags>>16&3], 2, samples)
}

// oldMusepack reads Musepack of the stream versions 4 to 6, which begins with no word of its own;
// ok is false where it is none.
func (p *parser) oldMusepack(start int64) (ok bool, err error) {
	b, err := p.src.at(start, 8)
	if err != nil {
		return false, nil //nolint:nilerr // too short to be one
	}
	le := binary.LittleEndian
	frames := int64(le.Uint16(b[6:]))
	switch version := le.Uint32(b) >> 11 & 0x3ff; version {
	case 5, 6:
		frames = int64(le.Uint32(b[4:]))
	case 4:
	default:
		return false, nil
	}
	if frames*frameBits > (p.src.size-start)*8 {
		return false, nil
	}
	return true, p.musepack(start, musepackRates[0], 2, frames*musepackFrame-musepackDelay)
}

// sv8 reads Musepack of stream version 8: packets, of which the one called SH has the numbers.
func (p *parser) sv8(start int64) error {
	off := start + 4
	for range maxPackets {
		b, err := p.src.upTo(off, 12)
		if err != nil || len(b) < 3 {
			return errAt("musepack", errShort)
		}
		id := string(b[:2])
		n, used := sv8Number(b[2:])
		if n < int64(2+used) || n > p.src.size-off {
			return errAt("musepack", errHead)
		}
		switch id {
		case "SH":
			return p.sv8Head(start, off+int64(2+used), n-int64(2+used))
		case "AP", "SE":
			return errAt("musepack", errors.New("no head before the sound"))
		}
		off += n
	}
	return errAt("musepack", errHead)
}

func (p *parser) sv8Head(start, off, n int64) error {
	b, err := p.src.upTo(off, int(min(n, 32)))
	if err != nil || len(b) < 9 {
		return errAt("musepack", errShort)
	}
	b = b[5:] // a checksum and the version
	samples, used := sv8Number(b)
	b = b[used:]
	silence, used := sv8Number(b)
	if b = b[used:]; len(b) < 2 {
		return errAt("musepack", errShort)
	}
	return p.musepack(start, musepackRates[b[0]>>5], int(b[1]>>4)+1, samples-silence)
}

// sv8Number is a number of seven bits a byte, and how many bytes it takes.
func sv8Number(b []byte) (n int64, used int) {
	for used < len(b) && used < 9 {
		c := b[used]
		used++
		n = n<<7 | int64(c&0x7f)
		if c < 0x80 {
			return n, used
		}
	}
	return 0, used
}

// musepack takes the numbers of any version, and the tags at the end.
func (p *parser) musepack(start int64, rate, channels int, samples int64) error {
	end := p.tail()
	if rate == 0 {
		return errAt("musepack", errHead)
	}
	a := &p.t.Audio
	a.Codec, a.Rate, a.Channels = "Musepack", rate, channels
	if samples > 0 && samples < int64(rate)*maxSeconds { // decoders differ in what they give of it: no Frames
		p.t.Duration = pcm.Format{Rate: rate}.Duration(samples)
	}
	p.bitrate(end - start)
	return nil
}
