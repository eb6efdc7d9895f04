package tags

import "time"

// adtsRates are the sampling rates of AAC by their number.
var adtsRates = [13]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

// adtsSize is the length of the AAC frame whose head is at b, 0 where there is none.
func adtsSize(b []byte) int {
	if len(b) < 7 || b[0] != 0xff || b[1]&0xf6 != 0xf0 || b[2]>>2&15 > 12 {
		return 0
	}
	n := int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5
	if n < 8 {
		return 0
	}
	return n
}

// adtsFollows reports whether more frames of AAC follow the one at i of b.
func (p *parser) adtsFollows(b []byte, i int, off, end int64) bool {
	for range 3 {
		i += adtsSize(b[i:])
		if off+int64(i) == end {
			return true
		}
		if i+7 > len(b) || adtsSize(b[i:]) == 0 {
			return false
		}
	}
	return true
}

// adts reads AAC without a container. There is no count of its frames: the
// length is a guess by those in the first window.
func (p *parser) adts(first, end int64) {
	b, err := p.src.upTo(first, int(min(window, end-first)))
	if err != nil || len(b) < 7 {
		return
	}
	a := &p.t.Audio
	a.Codec, a.Rate, a.Channels = "AAC", adtsRates[b[2]>>2&15], int(b[2]&1)<<2|int(b[3])>>6
	bytes, frames := 0, 0
	for bytes+7 <= len(b) {
		n := adtsSize(b[bytes:])
		if n == 0 {
			break
		}
		bytes, frames = bytes+n, frames+1
	}
	sec := float64(end-first) / float64(max(bytes, 1)) * float64(frames) * 1024 / float64(a.Rate)
	if sec < maxSeconds {
		p.t.Duration = time.Duration(sec * float64(time.Second))
	}
	p.bitrate(end - first)
}
