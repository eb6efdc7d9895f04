package tags

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

const maxChunks = 10_000 // chunks of a WAV or AIFF file

// chunk is a piece of a RIFF or IFF file.
type chunk struct {
	id  string
	off int64 // of its content
	n   int64 // bytes of content that the file really has
	say int64 // bytes that it claims
}

// chunks gives the chunks between off and the end of the file.
func (p *parser) chunks(off int64, order binary.ByteOrder, do func(chunk) error) error {
	for range maxChunks {
		if p.src.size-off < 8 {
			return nil
		}
		h, err := p.src.at(off, 8)
		if err != nil {
			return err
		}
		c := chunk{id: string(h[:4]), off: off + 8, say: int64(order.Uint32(h[4:]))}
		c.n = min(c.say, p.src.size-c.off)
		if c.id == "data" && p.data64 > 0 && c.say == 0xffffffff {
			c.say = p.data64
			c.n = min(c.say, p.src.size-c.off)
		}
		if err := do(c); err != nil {
			return fmt.Errorf("chunk %.4q: %w", line(h[:4]), err)
		}
		off = c.off + c.n + c.n&1
	}
	return fmt.Errorf("more than %d chunks", maxChunks)
}

// wav reads RIFF, RF64 and BW64 files.
func (p *parser) wav(start int64) error {
	var fmtChunk wavFormat
	var data, facts int64 = -1, 0
	var id3 chunk
	err := p.chunks(start+12, binary.LittleEndian, func(c chunk) error {
		switch c.id {
		case "ds64":
			if b, err := p.src.at(c.off, 24); err == nil && c.n >= 24 {
				p.data64 = int64(binary.LittleEndian.Uint64(b[8:]) & (1<<62 - 1))
				facts = int64(binary.LittleEndian.Uint64(b[16:]) & (1<<62 - 1))
			}
		case "fmt ":
			return p.wavFormat(c, &fmtChunk)
		case "fact":
			if b, err := p.src.at(c.off, 4); err == nil && facts == 0 {
				facts = int64(binary.LittleEndian.Uint32(b))
			}
		case "data":
			data = c.n
			if c.say > c.n && c.say < 0x7ff00000 { // a stream's head says "as much as comes"
				p.warn("wav: cut off: %d of %d bytes are there", c.n, c.say)
			}
		case "LIST":
			return p.infoList(c)
		case "id3 ", "ID3 ":
			id3 = c
		}
		return nil
	})
	if id3.n > 10 {
		if tagErr := p.id3Chunk(id3); tagErr != nil {
			p.warn("id3: %v", tagErr)
		}
	}
	if p.wantCover || err != nil && data < 0 {
		return errAt("wav", err)
	}
	return errAt("wav", p.wavLength(fmtChunk, data, facts, err))
}

// wavFormat is the chunk "fmt ".
type wavFormat struct {
	tag   uint16 // 1 PCM, 3 float, others are codecs
	align int64  // bytes of a frame
}

func (p *parser) wavFormat(c chunk, f *wavFormat) error {
	b, err := p.src.at(c.off, int(min(c.n, 40)))
	if err != nil || len(b) < 16 {
		return errShort
	}
	le := binary.LittleEndian
	f.tag, f.align = le.Uint16(b), int64(le.Uint16(b[12:]))
	if f.tag == 0xfffe && len(b) >= 26 {
		f.tag = le.Uint16(b[24:])
	}
	a := &p.t.Audio
	a.Codec, a.Channels, a.Rate, a.Bits = "WAV", int(le.Uint16(b[2:])), int(le.Uint32(b[4:])&0x7fffffff), int(le.Uint16(b[14:]))
	return nil
}

func (p *parser) wavLength(f wavFormat, data, facts int64, err error) error {
	switch {
	case data < 0:
		return errAt("no sound in it", err)
	case p.t.Audio.Rate == 0:
		return fmt.Errorf("no format in it")
	case (f.tag == 1 || f.tag == 3 || f.tag == 6 || f.tag == 7) && f.align > 0:
		p.t.Frames = data / f.align
	case facts > 0:
		p.t.Frames = facts
	}
	p.bitrate(data)
	return err
}

// infoList reads a chunk LIST of the kind INFO.
func (p *parser) infoList(c chunk) error {
	if c.n < 4 || p.wantCover {
		return nil
	}
	kind, err := p.src.at(c.off, 4)
	if err != nil || string(kind) != "INFO" {
		return err
	}
	off, end := c.off+4, c.off+c.n
	for i := 0; off+8 <= end && i < maxChunks; i++ {
		h, err := p.src.at(off, 8)
		if err != nil {
			return err
		}
		key, n := infoKey(string(h[:4])), int64(binary.LittleEndian.Uint32(h[4:]))
		off += 8
		if n > end-off {
			return errShort
		}
		if key != "" && n <= maxText {
			b, err := p.src.at(off, int(n))
			if err != nil {
				return err
			}
			b, _, _ = bytes.Cut(b, []byte{0})
			p.field([]byte(key), p.fromLatin1(b))
		}
		off += n + n&1
	}
	return nil
}

// infoKey is the field that an INFO chunk stands for.
func infoKey(id string) string {
	switch id {
	case "INAM":
		return "TITLE"
	case "IART":
		return "ARTIST"
	case "IPRD":
		return "ALBUM"
	case "ICRD":
		return "DATE"
	case "IGNR":
		return "GENRE"
	case "ICMT":
		return "COMMENT"
	case "ITRK", "IPRT":
		return "TRACKNUMBER"
	case "IMUS":
		return "COMPOSER"
	case "IAAR":
		return "ALBUMARTIST"
	}
	return ""
}

// id3Chunk reads an ID3v2 tag inside a chunk, which beats what the chunks say.
func (p *parser) id3Chunk(c chunk) error {
	if b, err := p.src.at(c.off, 3); err != nil || string(b) != "ID3" {
		return err
	}
	weak := p.t
	p.t = Tags{Frames: weak.Frames, Audio: weak.Audio, Duration: weak.Duration, Warnings: weak.Warnings}
	_, err := p.id3v2(c.off)
	p.t.fill(&weak)
	return err
}
