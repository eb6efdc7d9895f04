package tags

import (
	"encoding/binary"
	"errors"
)

var errHead = errors.New("the head cannot be true")

// wavpackRates are the sampling rates of WavPack by their number; 15 is another one.
var wavpackRates = [16]int{6000, 8000, 9600, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000, 192000, 0}

// wavpack reads a WavPack file (version 4 and up) whose first block is at start.
// TagLib gets those
// with more than two channels, odd rates or DSD.
func (p *parser) wavpack(start int64) error {
	b, err := p.src.at(start, 32)
	if err != nil {
		return errAt("wavpack", err)
	}
	le := binary.LittleEndian
	total, flags := int64(le.Uint32(b[12:])), le.Uint32(b[24:])
	high, version := int64(b[11]), le.Uint16(b[8:])
	rate := wavpackRates[flags>>23&15]
	if flags>>31 != 0 || rate == 0 || flags&0x1800 != 0x1800 || version < 0x402 || version > 0x410 {
		return p.taglib()
	}
	p.tail()
	if p.wantCover {
		return nil
	}
	a := &p.t.Audio
	a.Codec, a.Rate, a.Bits, a.Channels = "WavPack", rate, int(flags&3+1)*8-int(flags>>13&31), 2
	if flags&4 != 0 {
		a.Channels = 1
	}
	if total != 1<<32-1 {
		p.t.Frames = total + high<<32 - high
	}
	p.bitrate(p.src.size - start)
	return nil
}

// tta reads a TTA file (version 1).
func (p *parser) tta(start int64) error {
	b, err := p.src.at(start, 18)
	if err != nil {
		return errAt("tta", err)
	}
	le := binary.LittleEndian
	a := &p.t.Audio
	a.Codec, a.Channels, a.Bits, a.Rate = "TTA", int(le.Uint16(b[6:])), int(le.Uint16(b[8:])), int(le.Uint32(b[10:])&0x7fffffff)
	p.t.Frames = int64(le.Uint32(b[14:]))
	return p.simple("tta", start)
}

// monkey reads a Monkey's Audio file of version 3.95 and up; older ones go to TagLib.
func (p *parser) monkey(start int64) error {
	b, err := p.src.upTo(start, 128)
	if err != nil || len(b) < 76 {
		return errAt("monkey's audio", orShort(err))
	}
	le := binary.LittleEndian
	version := le.Uint16(b[4:])
	var block, last, blocks int64
	a := &p.t.Audio
	a.Codec = "APE"
	switch head := int64(le.Uint32(b[8:])); {
	case version < 3950:
		return p.taglib()
	case version < 3980:
		a.Channels, a.Rate, a.Bits = int(le.Uint16(b[10:])), int(le.Uint32(b[12:])&0x7fffffff), 16
		block, blocks, last = 73728*4, int64(le.Uint32(b[24:])), int64(le.Uint32(b[28:]))
		if flags := le.Uint16(b[8:]); flags&1 != 0 {
			a.Bits = 8
		} else if flags&8 != 0 {
			a.Bits = 24
		}
	case head < 52 || head > int64(len(b))-24:
		return errAt("monkey's audio", errHead)
	default:
		h := b[head:]
		block, last, blocks = int64(le.Uint32(h[4:])), int64(le.Uint32(h[8:])), int64(le.Uint32(h[12:]))
		a.Bits, a.Channels, a.Rate = int(le.Uint16(h[16:])), int(le.Uint16(h[18:])), int(le.Uint32(h[20:])&0x7fffffff)
	}
	if blocks > 0 && blocks < 1<<30 {
		p.t.Frames = (blocks-1)*block + last
	}
	return p.simple("monkey's audio", start)
}

// simple finishes a file with a plain head and tags at its end.
func (p *parser) simple(what string, start int64) error {
	end := p.tail()
	a := &p.t.Audio
	if a.Rate == 0 || a.Channels == 0 || a.Channels > 64 {
		p.t.Frames = -1
		return errAt(what, errHead)
	}
	p.bitrate(end - start)
	return nil
}

// dsf reads a DSF file: a head, a format, and an ID3v2 tag at the end.
func (p *parser) dsf(start int64) error {
	b, err := p.src.at(start, 80)
	if err != nil {
		return errAt("dsf", err)
	}
	le := binary.LittleEndian
	tag := int64(le.Uint64(b[20:]) & (1<<62 - 1))
	if string(b[28:32]) != "fmt " {
		return errAt("dsf", errHead)
	}
	a := &p.t.Audio
	a.Codec, a.Channels, a.Rate, a.Bits = "DSD", int(le.Uint32(b[52:])&0xff), int(le.Uint32(b[56:])&0x7fffffff), 1
	frames := int64(le.Uint64(b[64:]) & (1<<62 - 1))
	if a.Rate == 0 || a.Channels == 0 {
		return errAt("dsf", errHead)
	}
	p.t.Frames = frames
	p.bitrate(p.src.size - start)
	if tag >= 92 && tag < p.src.size {
		if _, err := p.id3v2(tag); err != nil {
			p.warn("id3: %v", err)
		}
	}
	return nil
}
