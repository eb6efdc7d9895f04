package tags

import (
	"bytes"
	"encoding/binary"

	"segue/internal/pcm"
)

const (
	oggTail = window    // bytes at the end in which the last page is looked for first
	maxTail = 256 << 10 // and at last: four pages of the longest kind
)

// oggLength finds the length: the last granule position, less what was counted
// before the first frame, less skip. b is the comment packet if it is not at its end.
func (p *parser) oggLength(o *oggPages, b *body, start, skip int64) error {
	if b != nil {
		if err := b.end(); err != nil {
			return err
		}
	}
	sound := o.next
	origin, exact := p.oggOrigin(o)
	last, same, err := p.oggLast(o.serial, start)
	if err != nil || last < 0 {
		p.warn("ogg: no length: the last page is not there")
		return nil
	}
	switch {
	case !same:
		if n, ok := p.oggChain(start); ok {
			p.t.Frames = n
			break
		}
		p.warn("ogg: several streams one behind the other: the length is the last one's or more")
		p.t.Duration = pcm.Format{Rate: p.t.Audio.Rate}.Duration(max(last-skip, 0))
	case exact && p.t.Audio.Codec != "Speex": // whose decoders differ in what they leave out
		p.t.Frames = max(last-origin-skip, 0)
	default:
		p.t.Duration = pcm.Format{Rate: p.t.Audio.Rate}.Duration(max(last-origin-skip, 0))
	}
	p.bitrate(p.src.size - sound)
	return nil
}

// oggOrigin is the granule position before the first frame. It is 0 but in
// streams that were cut out of longer ones, and there it is exact for Opus only.
func (p *parser) oggOrigin(o *oggPages) (origin int64, exact bool) {
	for range 64 {
		if err := o.load(); err != nil {
			return 0, true
		}
		if o.grain > 0 {
			break
		}
	}
	if p.t.Audio.Codec == "Opus" {
		return max(o.grain-p.opusFrames(o), 0), true
	}
	packets := int64(0)
	for _, l := range o.lace[:o.n] {
		if l < 255 {
			packets++
		}
	}
	if longest := packets * 8192; p.t.Audio.Codec == "Vorbis" && o.grain > longest {
		return o.grain - longest/8, false
	}
	return 0, true
}

// opusFrames is how many frames the packets that end on the page hold.
func (p *parser) opusFrames(o *oggPages) int64 {
	sum := int64(0)
	for {
		off, n, more := o.run()
		if n > 0 {
			toc, err := p.src.upTo(off, int(min(n, 2)))
			if err != nil {
				return sum
			}
			if !more {
				sum += opusPacket(toc)
			}
		}
		if more || o.i >= o.n {
			return sum
		}
	}
}

// opusPacket is the number of frames at 48 kHz of a packet, by its first bytes (RFC 6716, 3.1).
func opusPacket(b []byte) int64 {
	if len(b) == 0 {
		return 0
	}
	var each int64
	switch c := b[0] >> 3; {
	case c < 12: // SILK: 10, 20, 40, 60 ms
		each = [4]int64{480, 960, 1920, 2880}[c&3]
	case c < 16: // hybrid: 10, 20 ms
		each = 480 << (c & 1)
	default: // CELT: 2.5, 5, 10, 20 ms
		each = 120 << (c & 3)
	}
	switch b[0] & 3 {
	case 0:
		return each
	case 1, 2:
		return 2 * each
	}
	if len(b) < 2 {
		return 0
	}
	return int64(b[1]&63) * each
}

// oggLast is the granule position of the last page of the stream, or of another
// stream where that follows behind it.
func (p *parser) oggLast(serial uint32, start int64) (grain int64, same bool, err error) {
	for n := int64(oggTail); ; n = maxTail {
		from := max(start, p.src.size-n)
		b, err := p.src.at(from, int(p.src.size-from))
		if err != nil {
			return -1, false, err
		}
		grain, same = lastPage(b, serial)
		if grain >= 0 || n == maxTail || from == start {
			return grain, same, nil
		}
	}
}

// lastPage looks for the last page of the stream that ends a packet in b. Where
// another stream begins behind it, it is that one's.
func lastPage(b []byte, serial uint32) (grain int64, same bool) {
	grain = -1
	for end := len(b); ; {
		i := bytes.LastIndex(b[:end], []byte("OggS\x00"))
		if i < 0 {
			return grain, false
		}
		end = i
		if len(b)-i < oggHead {
			continue
		}
		g := int64(binary.LittleEndian.Uint64(b[i+6:])) //nolint:gosec // -1 is meant
		own, begins := binary.LittleEndian.Uint32(b[i+14:]) == serial, b[i+5]&2 != 0
		switch {
		case begins && !own && grain >= 0:
			return grain, false
		case g < 0 || g > 1<<50:
		case own:
			return g, true
		default:
			grain = max(grain, g)
		}
	}
}
