package tags

import (
	"encoding/binary"
	"errors"
)

var errHead = errors.New("the head cannot be true")

// wavpackRates are the sampling rates of WavPack by their number; 15 is another one.
var wavpackRates = [16]int{6000, 8000, 9600, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000, 192000, 0}

// wavpack reads a WavPack file (version 4 and up) whose first block is at start.
func (p *parser) wavpack(start int64) error {
	b, err := p.src.at(start, 32)
	if err != nil {
		return errAt("wavpack", err)
	}
	le := binary.LittleEndian
	total, flags := int64(le.Uint32(b[12:])), le.Uint32(b[24:])
	high, version := int64(b[11]), le.Uint16(b[8:])
	rate := wavpackRates[flags>>23&15]
	if version < 0x402 || version > 0x410 {
		return errAt("wavpack", errHead)
	}
	a := &p.t.Audio
	a.Codec, a.Rate, a.Bits, a.Channels = "WavPack", rate, int(flags&3+1)*8-int(flags>>13&31), 2
	if flags&4 != 0 {
		a.Channels = 1
	}
	if total != 1<<32-1 {
		p.t.Frames = total + high<<32 - high
	}
	dsd := flags>>31 != 0
	if dsd || rate == 0 || flags&0x1800 != 0x1800 { // not in the head: in the block
		if err := p.wavpackBlock(start+32, start+8+int64(le.Uint32(b[4:])), dsd); err != nil {
			return errAt("wavpack", err)
		}
	}
	return p.simple("wavpack", start)
}

// wavpackBlock looks in a block for the rate and the channels. DSD is counted in bytes of
// eight samples.
func (p *parser) wavpackBlock(off, end int64, dsd bool) error {
	const channels, rate, dsdBlock = 0x0d, 0x27, 0x0e
	a, power := &p.t.Audio, 0
	for range maxChunks {
		if end = min(end, p.src.size); end-off < 2 {
			break
		}
		b, err := p.src.upTo(off, 12)
		if err != nil {
			return err
		}
		id, words, head := b[0], int64(b[1]), int64(2)
		if id&0x80 != 0 && len(b) >= 4 {
			words, head = words|int64(b[2])<<8|int64(b[3])<<16, 4
		}
		b = b[min(head, int64(len(b))):]
		b = b[:min(int64(len(b)), max(words*2-int64(id>>6&1), 0))]
		switch id & 0x3f {
		case channels:
			switch {
			case len(b) >= 6:
				a.Channels = int(b[0]) | int(b[2]&15)<<8 + 1
			case len(b) >= 1:
				a.Channels = int(b[0])
			}
		case rate:
			if len(b) >= 3 {
				a.Rate = int(b[0]) | int(b[1])<<8 | int(b[2])<<16
			}
		case dsdBlock:
			if len(b) >= 1 {
				power = int(b[0] & 31)
			}
		}
		off += head + words*2
	}
	if dsd && a.Rate > 0 && a.Rate < 1<<30>>power {
		a.Rate, a.Bits = a.Rate<<power*8, 1
		if p.t.Frames > 0 {
			p.t.Frames *= 8
		}
	}
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

// monkey reads a Monkey's Audio file.
func (p *parser) monkey(start int64) error {
	b, err := p.src.upTo(start, 128)
	if err != nil || len(b) < 76 {
		return errAt("monkey's audio", orShort(err))
	}
	le := binary.LittleEndian
	version := le.Uint16(b[4:])
	var block, last, blocks int64 // samples of a block, and of the last one
	a := &p.t.Audio
	a.Codec = "APE"
	switch head := int64(le.Uint32(b[8:])); {
	case version < 3980:
		a.Channels, a.Rate, a.Bits = int(le.Uint16(b[10:])), int(le.Uint32(b[12:])&0x7fffffff), 16
		blocks, last = int64(le.Uint32(b[24:])), int64(le.Uint32(b[28:]))
		switch {
		case version >= 3950:
			block = 73728 * 4
		case version >= 3900, version >= 3800 && le.Uint16(b[6:]) == 4000: // at the level "extra high"
			block = 73728
		default:
			block = 9216
		}
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

// tta2 and optimFROG read what is known of two formats that few use.
func (p *parser) tta2(start int64) error {
	p.t.Audio.Codec = "TTA"
	p.bitrate(p.tail() - start)
	return nil
}

func (p *parser) optimFROG(start int64) error {
	b, err := p.src.at(start, 20)
	if err != nil {
		return errAt("optimfrog", err)
	}
	le := binary.LittleEndian
	a := &p.t.Audio
	a.Codec, a.Channels, a.Rate = "OptimFROG", int(b[15])+1, int(le.Uint32(b[16:])&0x7fffffff)
	p.t.Frames = (int64(le.Uint32(b[8:])) | int64(le.Uint16(b[12:]))<<32) / int64(a.Channels)
	return p.simple("optimfrog", start)
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
