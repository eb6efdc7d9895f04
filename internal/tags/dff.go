package tags

import (
	"encoding/binary"
	"fmt"
)

// dff reads a DSDIFF file: chunks with sizes of 64 bits.
func (p *parser) dff(start int64) error {
	b, err := p.src.at(start, 16)
	if err != nil {
		return errAt("dff", err)
	}
	if string(b[12:16]) != "DSD " {
		return errAt("dff", errHead)
	}
	p.t.Audio.Codec, p.t.Audio.Bits = "DSD", 1
	var sound int64
	var id3 chunk
	err = p.wideChunks(start+16, p.src.size, func(c chunk) error {
		switch c.id {
		case "PROP":
			return p.wideChunks(c.off+4, c.off+c.n, p.dffFormat)
		case "DSD ":
			sound = c.n
			if channels := int64(p.t.Audio.Channels); channels > 0 {
				p.t.Frames = sound * 8 / channels
			}
		case "DST ":
			sound = c.n
			return p.dffPacked(c)
		case "DIIN":
			return p.wideChunks(c.off, c.off+c.n, p.dffWords)
		case "ID3 ":
			id3 = c
		}
		return nil
	})
	if id3.n > 10 {
		if tagErr := p.id3Chunk(id3); tagErr != nil {
			p.warn("id3: %v", tagErr)
		}
	}
	if p.wantCover {
		return errAt("dff", err)
	}
	if a := &p.t.Audio; err == nil && (a.Rate == 0 || a.Channels == 0) {
		p.t.Frames = -1
		return errAt("dff", errHead)
	}
	p.bitrate(sound)
	return errAt("dff", err)
}

// wideChunks gives the chunks between off and end.
func (p *parser) wideChunks(off, end int64, do func(chunk) error) error {
	for range maxChunks {
		if end-off < 12 {
			return nil
		}
		h, err := p.src.at(off, 12)
		if err != nil {
			return err
		}
		c := chunk{id: string(h[:4]), off: off + 12, say: int64(binary.BigEndian.Uint64(h[4:]) & (1<<62 - 1))}
		c.n = min(c.say, end-c.off)
		if err := do(c); err != nil {
			return fmt.Errorf("chunk %.4q: %w", line([]byte(c.id)), err)
		}
		off = c.off + c.n + c.n&1
	}
	return fmt.Errorf("more than %d chunks", maxChunks)
}

// dffFormat takes what is said of the sound.
func (p *parser) dffFormat(c chunk) error {
	a := &p.t.Audio
	switch {
	case c.id == "FS  " && c.n >= 4:
		b, err := p.src.at(c.off, 4)
		if err != nil {
			return err
		}
		a.Rate = int(binary.BigEndian.Uint32(b) & 0x7fffffff)
	case c.id == "CHNL" && c.n >= 2:
		b, err := p.src.at(c.off, 2)
		if err != nil {
			return err
		}
		a.Channels = int(binary.BigEndian.Uint16(b))
	}
	return nil
}

// dffPacked takes the length of sound that is packed: so many frames, so many a second.
func (p *parser) dffPacked(c chunk) error {
	b, err := p.src.at(c.off, 18)
	if err != nil || string(b[:4]) != "FRTE" {
		return errHead
	}
	frames, rate := int64(binary.BigEndian.Uint32(b[12:])), int64(binary.BigEndian.Uint16(b[16:]))
	if rate > 0 {
		p.t.Frames = frames * int64(p.t.Audio.Rate) / rate
	}
	return nil
}

// dffWords takes the two texts that there is a place for: artist and title.
func (p *parser) dffWords(c chunk) error {
	key := map[string]string{"DIAR": "ARTIST", "DITI": "TITLE"}[c.id]
	if key == "" || c.n <= 4 || c.n > maxText {
		return nil
	}
	b, err := p.src.at(c.off+4, int(c.n-4))
	if err == nil {
		p.field([]byte(key), p.fromLatin1(b))
	}
	return err
}
