package decode

import "encoding/binary"

// mpegHeader is what the four bytes before each frame of MPEG audio say.
type mpegHeader struct {
	lsf     bool // MPEG 2 and 2.5, of half the rates
	layer   int
	rate    int
	mono    bool
	samples int
	size    int // of the whole frame in bytes
}

var mpegRates = [3]int{44100, 48000, 32000}

// mpegKbps by row: MPEG 1 layer I, II, III, then MPEG 2 layer I, II and III.
var mpegKbps = [5][15]int{
	{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

// parseMPEG reads a frame header. Free format, without a bit rate, counts as none.
func parseMPEG(b []byte) (h mpegHeader, ok bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return h, false
	}
	version, layerBits := b[1]>>3&3, b[1]>>1&3
	kbps, rate, pad := b[2]>>4, b[2]>>2&3, int(b[2]>>1&1)
	if version == 1 || layerBits == 0 || kbps == 0 || kbps == 15 || rate == 3 {
		return h, false
	}
	h.lsf, h.layer, h.mono = version != 3, int(4-layerBits), b[3]>>6 == 3
	h.rate = mpegRates[rate]
	row := h.layer - 1
	if h.lsf {
		h.rate /= 2
		row = 3 + min(h.layer-1, 1)
	}
	if version == 0 {
		h.rate /= 2
	}
	bps := mpegKbps[row][kbps] * 1000
	switch {
	case h.layer == 1:
		h.samples, h.size = 384, (12*bps/h.rate+pad)*4
	case h.layer == 3 && h.lsf:
		h.samples, h.size = 576, 72*bps/h.rate+pad
	default:
		h.samples, h.size = 1152, 144*bps/h.rate+pad
	}
	return h, h.size >= 24
}

// findMPEG finds where the frames begin: at a header that others like it follow at just
// the right distances. Pictures and noise have something like a header here and
// there, but not a chain of them. whole: b is all there is; hint: name or tag say MP3.
func findMPEG(b []byte, whole, hint bool) int {
	for i := 0; i+4 <= len(b); i++ {
		if b[i] == 0xff && chained(b[i:], whole, hint && i == 0) {
			return i
		}
	}
	return -1
}

func chained(b []byte, whole, lone bool) bool {
	first, ok := parseMPEG(b)
	if !ok {
		return false
	}
	const enough = 4
	n, at := 0, 0
	for n < enough && at+4 <= len(b) {
		h, ok := parseMPEG(b[at:])
		if !ok || h.lsf != first.lsf || h.layer != first.layer || h.rate != first.rate {
			break
		}
		at += h.size
		n++
	}
	switch {
	case n >= enough:
		return true
	case at+4 > len(b) && whole: // the file ended while all was well
		return n >= 2 || lone
	case at+128 >= len(b) && whole && lone: // an ID3v1 tag ends it
		return true
	}
	// Big frames: there is no room for four of them in the first look.
	return at+4 > len(b) && n >= 3 && len(b) >= longLook/2
}

// findADTS finds a chain of raw AAC frames at the start.
func findADTS(b []byte) int {
	at, n := 0, 0
	for n < 3 {
		if len(b) < at+7 {
			return -1
		}
		if b[at] != 0xff || b[at+1]&0xf6 != 0xf0 {
			return -1
		}
		size := int(binary.BigEndian.Uint32(b[at+2:])>>5) & 0x1fff
		if size < 7 {
			return -1
		}
		at += size
		n++
	}
	return 0
}

// xingFrames is the number of frames that the header frame at the start of b tells, and
// whether there is one.
func xingFrames(b []byte) (int64, bool) {
	h, ok := parseMPEG(b)
	if !ok || h.layer != 3 {
		return 0, false
	}
	side := 32
	switch {
	case h.lsf && h.mono:
		side = 9
	case h.lsf || h.mono:
		side = 17
	}
	if at := 4 + side; len(b) >= at+12 {
		id := string(b[at : at+4])
		if (id == "Xing" || id == "Info") && b[at+7]&1 != 0 {
			return int64(binary.BigEndian.Uint32(b[at+8:])), true
		}
	}
	if len(b) >= 36+18 && string(b[36:40]) == "VBRI" {
		return int64(binary.BigEndian.Uint32(b[36+14:])), true
	}
	return 0, false
}
