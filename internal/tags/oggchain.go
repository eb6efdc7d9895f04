package tags

import "bytes"

const maxLinks = 64 // streams one behind the other whose lengths are added up

// oggChain adds up the lengths of streams that stand one behind the other, as
// recordings of radio have them. It finds where each ends by halving what is left
// of the file. Streams of different codecs or rates have no common length.
func (p *parser) oggChain(start int64) (frames int64, ok bool) {
	for off, i := start, 0; off < p.src.size; i++ {
		if i == maxLinks {
			return 0, false
		}
		n, end, ok := p.oggLink(off)
		if !ok || end <= off {
			return 0, false
		}
		frames, off = frames+n, end
	}
	return frames, true
}

// oggLink is the length of the stream that begins at off, and where the next begins.
func (p *parser) oggLink(off int64) (frames, end int64, ok bool) {
	o := &oggPages{src: &p.src, next: off}
	serial, err := o.any()
	if err != nil || !o.first {
		return 0, 0, false
	}
	o.serial = serial
	at, n, _ := o.run()
	head, err := p.src.upTo(at, int(min(n, 256)))
	if err != nil {
		return 0, 0, false
	}
	audio, known := p.t.Audio, p.t.Frames
	read := p.oggStream(head)
	alike := read != nil && p.t.Audio.Codec == audio.Codec && p.t.Audio.Rate == audio.Rate
	p.t.Audio, p.t.Frames = audio, known
	if !alike || audio.Codec == "Speex" {
		return 0, 0, false
	}
	skip := int64(0)
	if audio.Codec == "Opus" {
		skip = int64(head[10]) | int64(head[11])<<8
	}
	origin, exact := p.oggOrigin(o)
	last, end := p.oggLinkEnd(serial, off)
	return max(last-origin-skip, 0), end, exact && last >= 0
}

// oggLinkEnd is the last granule position of the stream that begins at off, and
// where its last page ends.
func (p *parser) oggLinkEnd(serial uint32, off int64) (grain, end int64) {
	lo, hi := off, p.src.size
	for hi-lo > 2*window {
		mid := lo + (hi-lo)/2
		at, s := p.oggPageAfter(mid, hi)
		if at < 0 || s != serial {
			hi = mid
			continue
		}
		lo = at
	}
	grain = -1
	o := &oggPages{src: &p.src, next: lo}
	for o.next < p.src.size {
		at := o.next
		s, err := o.any()
		if err != nil {
			return -1, at
		}
		if s != serial {
			return grain, at
		}
		if o.grain >= 0 {
			grain = o.grain
		}
	}
	return grain, o.next
}

// oggPageAfter finds the first page at or behind off and before hi, or -1.
func (p *parser) oggPageAfter(off, hi int64) (at int64, serial uint32) {
	for end := min(off+65536, hi); off < end; off += window - oggHead {
		b, err := p.src.upTo(off, window)
		if err != nil {
			return -1, 0
		}
		for i := 0; ; i++ {
			j := bytes.Index(b[i:], []byte("OggS\x00"))
			if j < 0 || off+int64(i+j) >= end {
				break
			}
			i += j
			o := &oggPages{src: &p.src, next: off + int64(i)}
			if s, err := o.any(); err == nil {
				return off + int64(i), s
			}
			if b, err = p.src.upTo(off, window); err != nil { // the look moved the window
				return -1, 0
			}
		}
	}
	return -1, 0
}
