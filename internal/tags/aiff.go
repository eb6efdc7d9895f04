package tags

import (
	"encoding/binary"
	"fmt"
	"math"
)

// aiff reads AIFF and AIFC files.
func (p *parser) aiff(start int64) error {
	var id3 chunk
	var sound, frames int64
	var packed bool
	err := p.chunks(start+12, binary.BigEndian, func(c chunk) error {
		switch c.id {
		case "COMM":
			var err error
			frames, packed, err = p.aiffFormat(c)
			return err
		case "SSND":
			sound = max(c.n-8, 0)
			if c.say > c.n {
				p.warn("aiff: cut off: %d of %d bytes are there", c.n, c.say)
			}
		case "ID3 ", "id3 ":
			id3 = c
		case "NAME":
			return p.aiffText(c, "TITLE")
		case "AUTH":
			return p.aiffText(c, "ARTIST")
		case "ANNO":
			return p.aiffText(c, "COMMENT")
		}
		return nil
	})
	if id3.n > 10 {
		if tagErr := p.id3Chunk(id3); tagErr != nil {
			p.warn("id3: %v", tagErr)
		}
	}
	if p.wantCover {
		return errAt("aiff", err)
	}
	a := &p.t.Audio
	if a.Rate == 0 {
		return errAt("aiff", errAt("no format in it", orShort(err)))
	}
	if size := int64(a.Channels) * int64((a.Bits+7)/8); !packed && size > 0 && frames > sound/size {
		frames = sound / size
	}
	p.t.Frames = frames
	p.bitrate(sound)
	return errAt("aiff", err)
}

func orShort(err error) error {
	if err == nil {
		return errShort
	}
	return err
}

// aiffFormat reads the chunk COMM. Packed sound is not PCM: its length is not its size.
func (p *parser) aiffFormat(c chunk) (frames int64, packed bool, err error) {
	b, err := p.src.at(c.off, int(min(c.n, 22)))
	if err != nil || len(b) < 18 {
		return 0, false, errShort
	}
	be := binary.BigEndian
	a := &p.t.Audio
	a.Codec, a.Channels, a.Bits = "AIFF", int(be.Uint16(b)), int(be.Uint16(b[6:]))
	rate := extended(b[8:18])
	if !(rate >= 1 && rate < 1e7) {
		return 0, false, fmt.Errorf("a rate of %v Hz", rate)
	}
	a.Rate = int(math.Round(rate))
	if len(b) >= 22 {
		switch string(b[18:22]) {
		case "NONE", "twos", "sowt", "fl32", "FL32", "fl64", "FL64", "in24", "in32", "raw ":
		default:
			packed = true
		}
	}
	return int64(be.Uint32(b[2:])), packed, nil
}

// extended reads a float of 80 bits.
func extended(b []byte) float64 {
	exp := int(binary.BigEndian.Uint16(b)&0x7fff) - 16383 - 63
	return math.Ldexp(float64(binary.BigEndian.Uint64(b[2:])), exp)
}

func (p *parser) aiffText(c chunk, key string) error {
	if c.n > maxText {
		return nil
	}
	b, err := p.src.at(c.off, int(c.n))
	if err == nil {
		p.field([]byte(key), p.fromLatin1(b))
	}
	return err
}
