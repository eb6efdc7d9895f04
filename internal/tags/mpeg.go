package tags

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"segue/internal/mpegaudio"
	"segue/internal/pcm"
)

// mpegFrame reads the head of a frame. One with the reserved emphasis is taken for chance.
func mpegFrame(b []byte) (mpegaudio.Header, bool) {
	h, ok := mpegaudio.Parse(b)
	return h, ok && b[3]&3 != 2
}

// mpeg reads an MP3 (or AAC without a container) whose sound begins about start,
// and the tags behind it.
func (p *parser) mpeg(start int64) error {
	first, h, err := p.firstFrame(start, p.src.size)
	if err != nil && start > 0 { // the tag may have lied about its size
		first, h, err = p.firstFrame(10, p.src.size)
	}
	info := err == nil && h.Layer == 3 && !p.wantCover && p.infoFrame(first, h)
	end := p.tail()
	if p.wantCover || err != nil {
		return err
	}
	if h.Layer == 0 {
		p.adts(first, end)
		return nil
	}
	a := &p.t.Audio
	a.Codec, a.Rate, a.Channels = fmt.Sprintf("MP%d", h.Layer), h.Rate, h.Channels
	if g := &p.t.Gain; !g.HasTrack && p.lame != 0 {
		g.TrackDB, g.HasTrack = p.lame, true
	}
	if info {
		first += int64(h.Size)
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
func (p *parser) firstFrame(start, end int64) (int64, mpegaudio.Header, error) {
	limit := min(end, start+maxRubbish)
	for off := start; off < limit; {
		b, err := p.src.upTo(off, window)
		if err != nil {
			return 0, mpegaudio.Header{}, err
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
	return 0, mpegaudio.Header{}, ErrNotAudio
}

// frameIn looks for a frame in b, which lies at off.
func (p *parser) frameIn(b []byte, off, end int64) (int, mpegaudio.Header, bool) {
	for i := 0; i+4 <= len(b); i++ {
		j := bytes.IndexByte(b[i:len(b)-3], 0xff)
		if j < 0 {
			break
		}
		i += j
		if adtsSize(b[i:]) > 0 && p.adtsFollows(b, i, off, end) {
			return i, mpegaudio.Header{}, true
		}
		h, ok := mpegFrame(b[i:])
		if !ok {
			continue
		}
		next := i + h.Size
		switch {
		case off+int64(next) >= end-4: // the only frame
			if i == 0 && off+int64(next) <= end {
				return i, h, true
			}
		case next+4 <= len(b):
			if o, ok := mpegFrame(b[next:]); ok && h.Like(o) {
				return i, h, true
			}
		}
	}
	return 0, mpegaudio.Header{}, false
}

// infoFrame reads the first frame where it is no sound but a head (Xing, Info, VBRI).
func (p *parser) infoFrame(off int64, h mpegaudio.Header) bool {
	b, err := p.src.upTo(off, h.Size)
	if err != nil || len(b) < 4 {
		return false
	}
	has := p.src.size - off
	if len(b) > 36+18 && string(b[36:40]) == "VBRI" {
		p.setCount(int64(binary.BigEndian.Uint32(b[36+14:])), int64(binary.BigEndian.Uint32(b[36+10:])), 0, has, h)
		return true
	}
	side := 4 + h.Side()
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
func (p *parser) xingHead(b []byte, has int64, h mpegaudio.Header) {
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
func (p *parser) setCount(frames, said int64, added int, has int64, h mpegaudio.Header) {
	if frames <= 0 {
		return
	}
	n := frames * int64(h.Samples)
	if n > int64(added) {
		n -= int64(added)
	}
	if said > 0 && has < said-said/50-4096 {
		p.warn("mp3: cut off: %d of %d bytes are there", has, said)
		p.t.Duration = pcm.Format{Rate: h.Rate}.Duration(int64(float64(n) * float64(has) / float64(said)))
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
func (p *parser) guessLength(first, end int64, h mpegaudio.Header) {
	size, samples, same := p.sample(first, end, h)
	if size == 0 {
		size, samples, same = int64(h.Size), int64(h.Samples), true
	}
	for i := int64(1); i < 16 && !same; i++ {
		s, n, _ := p.sample(first+(end-first)*i/16, end, h)
		size, samples = size+s, samples+n
	}
	sec := float64(end-first) / float64(size) * float64(samples) / float64(h.Rate)
	if same && h.Kbps > 0 { // frames are padded to the byte: the bit rate is the better measure
		sec = float64(end-first) * 8 / float64(h.Kbps*1000)
	}
	if sec < maxSeconds {
		p.t.Duration = time.Duration(sec * float64(time.Second))
	}
}

// sample adds up the frames in one window at off.
func (p *parser) sample(off, end int64, like mpegaudio.Header) (size, samples int64, same bool) {
	b, err := p.src.upTo(off, int(min(window, max(end-off, 0))))
	if err != nil {
		return 0, 0, true
	}
	i, _, ok := p.frameIn(b, off, end)
	same = true
	for ok && i+4 <= len(b) {
		var h mpegaudio.Header
		if h, ok = mpegFrame(b[i:]); !ok || !h.Like(like) {
			break
		}
		same = same && h.Kbps == like.Kbps
		size, samples = size+int64(h.Size), samples+int64(h.Samples)
		i += h.Size
	}
	return size, samples, same
}
