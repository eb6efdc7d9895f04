// Package mpegaudio reads the four bytes that stand before each frame of MPEG audio (MP1, MP2,
// MP3), as ISO 11172-3 and 13818-3 and the unofficial MPEG 2.5 have them. It does no I/O.
package mpegaudio

// Header is what those bytes say.
type Header struct {
	Version  int // 1, 2, or 3 for 2.5
	Layer    int // 1 to 3
	Kbps     int
	Rate     int // Hz
	Channels int
	Samples  int // frames of sound in it
	Size     int // of the whole frame, in bytes
}

// Low reports whether it is one of the versions of half and quarter rates.
func (h Header) Low() bool { return h.Version > 1 }

// Like reports whether two frames can belong to one stream.
func (h Header) Like(o Header) bool {
	return h.Version == o.Version && h.Layer == o.Layer && h.Rate == o.Rate
}

// Side is the length in bytes of layer III's side information, which follows the header.
func (h Header) Side() int {
	switch {
	case h.Low() && h.Channels == 1:
		return 9
	case h.Low() || h.Channels == 1:
		return 17
	}
	return 32
}

// kbps by row: version 1 layer I, II and III, then version 2 layer I, and II and III.
var kbps = [5][15]int{
	{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

// smallest is the size of the smallest frame there is: 8 kbit/s at 24 kHz.
const smallest = 24

// Parse reads the header at the start of b. Free format, without a bit rate, counts as none.
func Parse(b []byte) (h Header, ok bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return h, false
	}
	version, layer, bits, rate := b[1]>>3&3, b[1]>>1&3, b[2]>>4, b[2]>>2&3
	if version == 1 || layer == 0 || bits == 0 || bits == 15 || rate == 3 {
		return h, false
	}
	h.Version = [4]int{3, 0, 2, 1}[version]
	h.Layer = 4 - int(layer)
	row := h.Layer - 1
	if h.Low() {
		row = min(h.Layer+2, 4)
	}
	h.Kbps = kbps[row][bits]
	h.Rate = [3]int{44100, 48000, 32000}[rate] >> (h.Version - 1)
	h.Channels = 2
	if b[3]>>6 == 3 {
		h.Channels = 1
	}
	pad := int(b[2] >> 1 & 1)
	switch {
	case h.Layer == 1:
		h.Samples = 384
		h.Size = (12*h.Kbps*1000/h.Rate + pad) * 4
	case h.Layer == 3 && h.Low():
		h.Samples = 576
		h.Size = 72*h.Kbps*1000/h.Rate + pad
	default:
		h.Samples = 1152
		h.Size = 144*h.Kbps*1000/h.Rate + pad
	}
	return h, h.Size >= smallest
}
