package tags

import "encoding/binary"

// flacCount finds the length of a FLAC file that does not give it, as those
// that were written into a pipe: by the number of its last frame.
func (p *parser) flacCount(sound int64) {
	from := max(sound, p.src.size-64<<10)
	b, err := p.src.upTo(from, 64<<10)
	if err != nil {
		return
	}
	for i := len(b) - 16; i >= 0; i-- {
		if b[i] != 0xff || b[i+1]&0xfe != 0xf8 {
			continue
		}
		if n, ok := flacFrameEnd(b[i:], p.block); ok {
			p.t.Frames = n
			return
		}
	}
}

// flacFrameEnd is the number of the first sample behind the frame whose head is
// at b (RFC 9639, 9.1). The checksum of the head tells whether it is one. A
// stream of fixed blocks counts frames of block samples, all but the last.
func flacFrameEnd(b []byte, block int64) (int64, bool) {
	size, n, at := int64(0), uint64(0), 4
	n, at = flacNumber(b, at)
	if at == 0 {
		return 0, false
	}
	switch c := b[2] >> 4; {
	case c == 1:
		size = 192
	case c >= 2 && c <= 5:
		size = 576 << (c - 2)
	case c == 6 && at+1 < len(b):
		size = int64(b[at]) + 1
		at++
	case c == 7 && at+2 < len(b):
		size = int64(binary.BigEndian.Uint16(b[at:])) + 1
		at += 2
	case c >= 8:
		size = 256 << (c - 8)
	}
	switch b[2] & 15 { // the rate, where it is not one of the usual
	case 12:
		at++
	case 13, 14:
		at += 2
	}
	if size == 0 || at >= len(b) || crc8(b[:at]) != b[at] || n > 1<<40 {
		return 0, false
	}
	if b[1]&1 != 0 { // blocks of changing length: the number is that of a sample
		return int64(n) + size, true
	}
	return int64(n)*block + size, true
}

// flacNumber reads a number written like a character of UTF-8, of up to 7 bytes.
func flacNumber(b []byte, at int) (n uint64, next int) {
	if at >= len(b) {
		return 0, 0
	}
	c, more := b[at], 0
	for c&(0x80>>more) != 0 && more < 7 {
		more++
	}
	switch {
	case more == 0:
		return uint64(c), at + 1
	case more == 1 || at+more > len(b):
		return 0, 0
	}
	n = uint64(c & (0x7f >> more))
	for _, c := range b[at+1 : at+more] {
		if c&0xc0 != 0x80 {
			return 0, 0
		}
		n = n<<6 | uint64(c&0x3f)
	}
	return n, at + more
}

// crc8 is the checksum of FLAC's frame heads, with the polynomial x^8 + x^2 + x + 1.
func crc8(b []byte) byte {
	var crc byte
	for _, c := range b {
		crc ^= c
		for range 8 {
			if crc&0x80 != 0 {
				crc = crc<<1 ^ 7
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}
