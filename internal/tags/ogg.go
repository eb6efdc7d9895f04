package tags

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	maxPages = 4096 // pages that the headers of a stream may take
	oggHead  = 27   // bytes of a page before its lacing values
)

// oggPages walks over the pages of one logical stream (RFC 3533).
type oggPages struct {
	src    *source
	serial uint32
	next   int64 // where the next page begins
	data   int64 // where the bytes of the next packet on this page begin
	lace   [255]byte
	n, i   int // lacing values of the page, and how many were used
	grain  int64
	first  bool // the page begins a stream
	loads  int
}

var errPage = errors.New("no Ogg page where one must be")

// load goes to the next page of the stream.
func (o *oggPages) load() error {
	for {
		serial, err := o.any()
		if err != nil {
			return err
		}
		if serial == o.serial {
			return nil
		}
	}
}

// any goes to the next page of whatever stream.
func (o *oggPages) any() (serial uint32, err error) {
	if o.loads++; o.loads > maxPages {
		return 0, fmt.Errorf("headers on more than %d pages", maxPages)
	}
	h, err := o.src.upTo(o.next, oggHead+255)
	if err != nil || len(h) < oggHead {
		return 0, errShort
	}
	if string(h[:4]) != "OggS" || h[4] != 0 {
		return 0, errPage
	}
	o.n, o.i = int(h[26]), 0
	if len(h) < oggHead+o.n {
		return 0, errShort
	}
	o.data = o.next + oggHead + int64(o.n)
	o.next = o.data
	for i, l := range h[oggHead : oggHead+o.n] {
		o.lace[i] = l
		o.next += int64(l)
	}
	o.grain = int64(binary.LittleEndian.Uint64(h[6:])) //nolint:gosec // -1 is meant
	o.first = h[5]&2 != 0
	return binary.LittleEndian.Uint32(h[14:]), nil
}

// run gives the packet's bytes on this page, and whether it goes on on the next.
func (o *oggPages) run() (off, n int64, more bool) {
	off = o.data
	for o.i < o.n {
		l := o.lace[o.i]
		o.i++
		n += int64(l)
		if l < 255 {
			o.data += n
			return off, n, false
		}
	}
	o.data += n
	return off, n, true
}

// packet begins the next packet of the stream.
func (o *oggPages) packet() (*body, error) {
	for o.i >= o.n {
		if err := o.load(); err != nil {
			return nil, err
		}
	}
	b := &body{src: o.src, pages: o}
	b.off, b.left, b.more = o.run()
	return b, nil
}

// ogg reads an Ogg file that begins at start.
func (p *parser) ogg(start int64) error {
	o := &oggPages{src: &p.src, next: start}
	for range 16 { // streams that begin side by side: take the first that is sound
		serial, err := o.any()
		if err != nil {
			return errAt("ogg", err)
		}
		if !o.first {
			break
		}
		o.serial = serial
		off, n, _ := o.run()
		head, err := p.src.upTo(off, int(min(n, 256)))
		if err != nil {
			return errAt("ogg", err)
		}
		if read := p.oggStream(head); read != nil {
			return errAt("ogg", read(o, start))
		}
	}
	return errors.New("ogg: no Vorbis, Opus, FLAC or Speex in it")
}

// oggStream tells by a stream's first packet how to read the rest, and takes the
// format from it.
func (p *parser) oggStream(head []byte) func(*oggPages, int64) error {
	a := &p.t.Audio
	le := binary.LittleEndian
	switch {
	case bytes.HasPrefix(head, []byte("\x01vorbis")) && len(head) >= 30:
		a.Codec, a.Channels, a.Rate = "Vorbis", int(head[11]), int(le.Uint32(head[12:])&0x7fffffff)
		return func(o *oggPages, start int64) error { return p.oggTagged(o, start, 7, 0) }
	case bytes.HasPrefix(head, []byte("OpusHead")) && len(head) >= 19:
		a.Codec, a.Channels, a.Rate = "Opus", int(head[9]), 48000
		p.opus = true
		skip := int64(le.Uint16(head[10:]))
		return func(o *oggPages, start int64) error { return p.oggTagged(o, start, 8, skip) }
	case bytes.HasPrefix(head, []byte("Speex   ")) && len(head) >= 68:
		a.Codec, a.Channels, a.Rate = "Speex", int(le.Uint32(head[48:])&15), int(le.Uint32(head[36:])&0xfffff)
		return func(o *oggPages, start int64) error { return p.oggTagged(o, start, 0, 0) }
	case bytes.HasPrefix(head, []byte("\x7fFLAC")) && len(head) >= 51:
		p.streamInfo(head[17:])
		return p.oggFLAC
	}
	return nil
}

// oggTagged reads the comment packet, whose comments begin after magic bytes,
// and the length: the last granule position less skip.
func (p *parser) oggTagged(o *oggPages, start int64, magic int, skip int64) error {
	b, err := o.packet()
	if err != nil {
		return err
	}
	if _, err = b.next(magic); err == nil {
		err = p.vorbisComments(b)
	}
	if p.wantCover {
		return err
	}
	if endErr := p.oggLength(o, b, start, skip); err == nil {
		err = endErr
	}
	return err
}

// oggFLAC reads the metadata blocks of FLAC in Ogg, each a packet.
func (p *parser) oggFLAC(o *oggPages, start int64) error {
	known := p.t.Frames
	for range maxBlocks {
		b, err := o.packet()
		if err != nil {
			return err
		}
		h, err := b.next(4)
		if err != nil {
			return err
		}
		kind, last := int(h[0]&0x7f), h[0]&0x80 != 0
		if h[0] == 0xff { // a frame of sound: the header lied about the last block
			break
		}
		switch kind {
		case blockComments:
			err = p.vorbisComments(b)
		case blockPicture:
			err = p.oggPicture(b, int64(binary.BigEndian.Uint32(h)&0xffffff))
		}
		if err == nil {
			err = b.end()
		}
		if err != nil {
			return err
		}
		if last {
			break
		}
	}
	if p.wantCover {
		return nil
	}
	err := p.oggLength(o, nil, start, 0)
	if known > 0 {
		p.t.Frames = known
	}
	return err
}

func (p *parser) oggPicture(b *body, n int64) error {
	p.t.HasCover = true
	if !p.wantCover {
		return nil
	}
	b.src.budget = max(b.src.budget, n+window)
	data, err := b.next(int(n))
	if err != nil {
		return err
	}
	kind, mime, at, size, err := pictureHead(data)
	if err != nil || int64(at)+size > int64(len(data)) {
		return errShort
	}
	p.offerBytes(kind, mime, data[at:int64(at)+size])
	return nil
}
