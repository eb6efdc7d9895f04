package tags

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"segue/internal/pcm"
)

// mpegHeader is the head of a frame of MPEG audio.
type mpegHeader struct {
	version  int // 1, 2, or 3 for 2.5
	layer    int // 1 to 3
	kbps     int
	rate     int
	channels int
	size     int // bytes of the frame
	samples  int // frames of sound in it
}

// mpegKbps are the bit rates of MPEG 1 layer 1 to 3, MPEG 2 layer 1, MPEG 2 layer 2 and 3.
var mpegKbps = [5][15]int{
	{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

// mpegFrame reads the head of a frame; free formats are not taken.
func mpegFrame(b []byte) (h mpegHeader, ok bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return h, false
	}
	bits, rate := int(b[2]>>4), int(b[2]>>2&3)
	h.layer = 4 - int(b[1]>>1&3)
	switch b[1] >> 3 & 3 {
	case 0:
		h.version = 3
	case 2:
		h.version = 2
	case 3:
		h.version = 1
	}
	if h.version == 0 || h.layer == 4 || bits == 0 || bits == 15 || rate == 3 || b[3]&3 == 2 {
		return h, false
	}
	row := h.layer - 1
	if h.version > 1 {
		row = min(h.layer+2, 4)
	}
	h.kbps = mpegKbps[row][bits]
	h.rate = [3]int{44100, 48000, 32000}[rate] >> (h.version - 1)
	h.channels = 2
	if b[3]>>6 == 3 {
		h.channels = 1
	}
	pad := int(b[2] >> 1 & 1)
	switch {
	case h.layer == 1:
		h.samples = 384
		h.size = (12*h.kbps*1000/h.rate + pad) * 4
		return h, true
	case h.layer == 3 && h.version > 1:
		h.samples = 576
	default:
		h.samples = 1152
	}
	h.size = h.samples/8*h.kbps*1000/h.rate + pad
	return h, true
}

// like reports whether two frames can belong to one stream.
func (h mpegHeader) like(o mpegHeader) bool {
	return h.version == o.version && h.layer == o.layer && h.rate == o.rate
}

// mpeg reads an MP3 (or AAC without a container) whose sound begins about start,
// and the tags behind it.
func (p *parser) mpeg(start int64) error {
	first, h, err := p.firstFrame(start, p.src.size)
	if err != nil && start > 0 { // the tag may have lied about its size
		first, h, err = p.firstFrame(10, p.src.size)
	}
	info := err == nil && h.layer == 3 && !p.wantCover && p.infoFrame(first, h)
	end := p.tail()
	if p.wantCover || err != nil {
		return err
	}
	if h.layer == 0 {
		p.adts(first, end)
		return nil
	}
	a := &p.t.Audio
	a.Codec, a.Rate, a.Channels = fmt.Sprintf("MP%d", h.layer), h.rate, h.channels
	if g := &p.t.Gain; !g.HasTrack && p.lame != 0 {
		g.TrackDB, g.HasTrack = p.lame, true
	}
	if info {
		first += int64(h.size)
	}
	if p.t.Frames < 0 && p.t.Duration == 0 {
		p.guessLength(first, end, h)
	}
	p.bitrate(end - first)
	return nil
}

// maxRubbish is how far behind the tags the first frame is looked for.
const maxRubbish = 256 << 10

// firstFrame finds the first frame that another one follows.
func (p *parser) firstFrame(start, end int64) (int64, mpegHeader, error) {
	limit := min(end, start+maxRubbish)
	for off := start; off < limit; {
		b, err := p.src.upTo(off, window)
		if err != nil {
			return 0, mpegHeader{}, err
		}
		if off+int64(len(b)) > end {
			b = b[:end-off]
		}
		if i, h, ok := p.frameIn(b, off, end); ok {
			return off + int64(i), h, nil
		}
		if len(b) < window {
			break
		}
		off += window - 4096 // a frame and the head of the next fit into what is looked at again
	}
	return 0, mpegHeader{}, ErrNotAudio
}

// frameIn looks for a frame in b, which lies at off.
func (p *parser) frameIn(b []byte, off, end int64) (int, mpegHeader, bool) {
	for i := 0; i+4 <= len(b); i++ {
		j := bytes.IndexByte(b[i:len(b)-3], 0xff)
		if j < 0 {
			break
		}
		i += j
		if adtsSize(b[i:]) > 0 && p.adtsFollows(b, i, off, end) {
			return i, mpegHeader{}, true
		}
		h, ok := mpegFrame(b[i:])
		if !ok {
			continue
		}
		next := i + h.size
		switch {
		case off+int64(next) >= end-4: // the only frame
			if i == 0 && off+int64(next) <= end {
				return i, h, true
			}
		case next+4 <= len(b):
			if o, ok := mpegFrame(b[next:]); ok && h.like(o) {
				return i, h, true
			}
		}
	}
	return 0, mpegHeader{}, false
}

// infoFrame reads the first frame where it is no sound but a head (Xing, Info, VBRI).
func (p *parser) infoFrame(off int64, h mpegHeader) bool {
	b, err := p.src.upTo(off, h.size)
	if err != nil || len(b) < 4 {
		return false
	}
	has := p.src.size - off
	if len(b) > 36+18 && string(b[36:40]) == "VBRI" {
		p.setCount(int64(binary.BigEndian.Uint32(b[36+14:])), int64(binary.BigEndian.Uint32(b[36+10:])), 0, has, h)
		return true
	}
	side := 4 + 32
	switch {
	case h.version == 1 && h.channels == 1, h.version > 1 && h.channels == 2:
		side = 4 + 17
	case h.version > 1:
		side = 4 + 9
	}
	if b[1]&1 == 0 && len(b) > side+6 && !xing(b[side:]) { // some count the checksum, some do not
		side += 2
	}
	if len(b) < side+8 || !xing(b[side:]) {
		return false
	}
	p.xingHead(b[side:], has, h)
	return true
}

func xing(b []byte) bool {
	return bytes.HasPrefix(b, []byte("Xing")) || bytes.HasPrefix(b, []byte("Info"))
}

// xingHead reads the head of Xing with LAME's extension. has is how many bytes
// the file has from this frame on.
func (p *parser) xingHead(b []byte, has int64, h mpegHeader) {
	flags, at := binary.BigEndian.Uint32(b[4:]), 8
	var frames, bytes int64
	read := func(flag uint32, n int) []byte {
		if flags&flag == 0 || at+n > len(b) {
			return nil
		}
		at += n
		return b[at-n : at]
	}
	if v := read(1, 4); v != nil {
		frames = int64(binary.BigEndian.Uint32(v))
	}
	if v := read(2, 4); v != nil {
		bytes = int64(binary.BigEndian.Uint32(v))
	}
	read(4, 100)
	read(8, 4)
	lame := b[at:]
	delay, padding := 0, 0
	if len(lame) >= 24 && lame[0] >= ' ' {
		delay = int(lame[21])<<4 | int(lame[22])>>4
		padding = int(lame[22]&15)<<8 | int(lame[23])
		p.lameGain(lame)
	}
	p.setCount(frames, bytes, delay+padding, has, h)
}

// setCount takes the number of frames that a head gives, less what the encoder
// added, unless the file is shorter than the head says.
func (p *parser) setCount(frames, said int64, added int, has int64, h mpegHeader) {
	if frames <= 0 {
		return
	}
	n := frames * int64(h.samples)
	if n > int64(added) {
		n -= int64(added)
	}
	if said > 0 && has < said-said/50-4096 {
		p.warn("mp3: cut off: %d of %d bytes are there", has, said)
		p.t.Duration = pcm.Format{Rate: h.rate}.Duration(int64(float64(n) * float64(has) / float64(said)))
		return
	}
	p.t.Frames = n
}

// lameGain takes the loudness that LAME measured, which any tag of ReplayGain beats.
func (p *parser) lameGain(lame []byte) {
	v := binary.BigEndian.Uint16(lame[15:])
	if v>>13 != 1 || v>>10&7 == 0 || string(lame[:4]) != "LAME" {
		return
	}
	p.lame = float64(v&0x1ff) / 10
	if v&0x200 != 0 {
		p.lame = -p.lame
	}
}

// guessLength measures some frames at the begin and, where their bit rates
// differ, in other places, and takes the mean for all.
func (p *parser) guessLength(first, end int64, h mpegHeader) {
	size, samples, same := p.sample(first, end, h)
	if size == 0 {
		size, samples, same = int64(h.size), int64(h.samples), true
	}
	for i := int64(1); i < 16 && !same; i++ {
		s, n, _ := p.sample(first+(end-first)*i/16, end, h)
		size, samples = size+s, samples+n
	}
	sec := float64(end-first) / float64(size) * float64(samples) / float64(h.rate)
	if same && h.kbps > 0 { // frames are padded to the byte: the bit rate is the better measure
		sec = float64(end-first) * 8 / float64(h.kbps*1000)
	}
	if sec < maxSeconds {
		p.t.Duration = time.Duration(sec * float64(time.Second))
	}
}

// sample adds up the frames in one window at off.
func (p *parser) sample(off, end int64, like mpegHeader) (size, samples int64, same bool) {
	b, err := p.src.upTo(off, int(min(window, max(end-off, 0))))
	if err != nil {
		return 0, 0, true
	}
	i, _, ok := p.frameIn(b, off, end)
	same = true
	for ok && i+4 <= len(b) {
		var h mpegHeader
		if h, ok = mpegFrame(b[i:]); !ok || !h.like(like) {
			break
		}
		same = same && h.kbps == like.kbps
		size, samples = size+int64(h.size), samples+int64(h.samples)
		i += h.size
	}
	return size, samples, same
}
