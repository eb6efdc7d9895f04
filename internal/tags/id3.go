package tags

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// Flags of ID3v2 headers.
const (
	id3Unsync   = 0x80
	id3Extended = 0x40
	id3Footer   = 0x10
)

const maxFrames = 20_000 // frames of one tag

// id3Tag is an ID3v2 tag: where it is, and how to read its frames.
type id3Tag struct {
	version int   // 2, 3, 4
	off     int64 // of the next frame
	end     int64 // behind the last
	unsync  bool  // of the tag (2.2, 2.3) or of a frame (2.4)
	src     *source
}

// syncsafe is a number of four times 7 bits.
func syncsafe(b []byte) int64 {
	return int64(b[0]&0x7f)<<21 | int64(b[1]&0x7f)<<14 | int64(b[2]&0x7f)<<7 | int64(b[3]&0x7f)
}

// id3v2 reads the tag at off and gives the place behind it, also where it is damaged.
func (p *parser) id3v2(off int64) (end int64, err error) {
	h, err := p.src.at(off, 10)
	if err != nil {
		return p.src.size, err
	}
	if string(h[:3]) != "ID3" {
		return off, errors.New("no tag")
	}
	flags := h[5]
	t := id3Tag{version: int(h[3]), off: off + 10, end: off + 10 + syncsafe(h[6:]), unsync: flags&id3Unsync != 0, src: &p.src}
	end = t.end
	if flags&id3Footer != 0 && t.version == 4 {
		end += 10
	}
	if t.end > p.src.size {
		p.warn("id3: the tag claims %d bytes, the file has %d", t.end-off, p.src.size-off)
		t.end, end = p.src.size, p.src.size
	}
	if t.version < 2 || t.version > 4 {
		return end, fmt.Errorf("version 2.%d is not known", t.version)
	}
	before, artists, albumArtists := p.t, p.artists, p.albumArtists
	err = p.id3Content(t, flags)
	if p.undecided && p.legacy != legacyUnknown {
		// A later text told the encoding that an earlier one was too short to tell: once more.
		p.t, p.artists, p.albumArtists = before, artists, albumArtists
		err = p.id3Content(t, flags)
	}
	return end, err
}

// id3Content reads what is behind the head of a tag.
func (p *parser) id3Content(t id3Tag, flags byte) error {
	if t.unsync && t.version < 4 {
		return p.id3Synced(t, flags)
	}
	if flags&id3Extended != 0 {
		t.skipExtended()
	}
	return p.id3Frames(&t)
}

// id3Synced undoes the unsynchronisation of a whole tag and reads that.
func (p *parser) id3Synced(t id3Tag, flags byte) error {
	b, err := p.src.at(t.off, int(t.end-t.off))
	if err != nil {
		return err
	}
	flat := resync(b)
	was := p.src
	defer func() { p.src.free(); p.src = was }()
	p.src = source{}
	p.src.open(bytes.NewReader(flat), int64(len(flat)))
	t.off, t.end, t.unsync, t.src = 0, int64(len(flat)), false, &p.src
	if flags&id3Extended != 0 {
		t.skipExtended()
	}
	return p.id3Frames(&t)
}

// resync takes the NULs out that unsynchronisation put behind 0xff.
func resync(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		out = append(out, b[i])
		if b[i] == 0xff && i+1 < len(b) && b[i+1] == 0 {
			i++
		}
	}
	return out
}

// skipExtended steps over the extended header.
func (t *id3Tag) skipExtended() {
	b, err := t.src.at(t.off, 4)
	if err != nil {
		return
	}
	n := int64(binary.BigEndian.Uint32(b)) + 4
	if t.version == 4 {
		n = syncsafe(b)
	}
	if n >= 4 && n < t.end-t.off {
		t.off += n
	}
}

// id3Frame is one frame: its name, and where its content lies.
type id3Frame struct {
	id    [4]byte // three letters and a NUL in version 2.2
	flags uint16
	off   int64
	n     int64
}

func (p *parser) id3Frames(t *id3Tag) error {
	for range maxFrames {
		f, err := t.frame()
		if err != nil {
			return err
		}
		if f.id[0] == 0 {
			return nil
		}
		if err := p.id3Frame(t, f); err != nil {
			if errors.Is(err, errBudget) || errors.Is(err, errReads) {
				return err
			}
			p.warn("id3: frame %s: %v", label(f.id), err)
		}
		t.off = f.off + f.n
	}
	return fmt.Errorf("more than %d frames", maxFrames)
}

// frame reads the head of the next frame; an id of NULs means that there is none.
func (t *id3Tag) frame() (id3Frame, error) {
	var f id3Frame
	size := int64(10)
	if t.version == 2 {
		size = 6
	}
	if t.end-t.off < size {
		return f, nil
	}
	h, err := t.src.at(t.off, int(size))
	if err != nil {
		return f, err
	}
	if h[0] == 0 {
		return f, nil
	}
	f.off = t.off + size
	switch t.version {
	case 2:
		copy(f.id[:3], h)
		f.n = int64(h[3])<<16 | int64(h[4])<<8 | int64(h[5])
	case 3:
		copy(f.id[:], h)
		f.n, f.flags = int64(binary.BigEndian.Uint32(h[4:])), binary.BigEndian.Uint16(h[8:])
	case 4:
		copy(f.id[:], h)
		plain := int64(binary.BigEndian.Uint32(h[4:]))
		f.n, f.flags = syncsafe(h[4:]), binary.BigEndian.Uint16(h[8:])
		if plain != f.n && t.plainSize(f.off, plain, f.n, h[4:]) {
			f.n = plain
		}
	}
	if !frameName(f.id[:], t.version) {
		return id3Frame{}, nil // padding of another kind, or rubbish
	}
	if f.n > t.end-f.off {
		return id3Frame{}, fmt.Errorf("frame %s claims %d bytes, the tag has %d", label(f.id), f.n, t.end-f.off)
	}
	return f, nil
}

// plainSize decides whether a size was written as a plain number, as old
// versions of iTunes do in version 2.4: if that and only that leads to another frame.
func (t *id3Tag) plainSize(off, plain, safe int64, raw []byte) bool {
	for _, c := range raw[:4] {
		if c&0x80 != 0 {
			return true // no syncsafe number has such a byte
		}
	}
	return !t.frameAt(off+safe) && t.frameAt(off+plain)
}

func (t *id3Tag) frameAt(off int64) bool {
	if off >= t.end-10 {
		return off == t.end
	}
	b, err := t.src.at(off, 4)
	return err == nil && (frameName(b, 4) || string(b) == "\x00\x00\x00\x00")
}

func frameName(b []byte, version int) bool {
	n := 4
	if version == 2 {
		n = 3
	}
	for _, c := range b[:n] {
		if (c < 'A' || c > 'Z') && !isDigit(c) {
			return false
		}
	}
	return true
}

// label is a frame's name in a message.
func label(id [4]byte) string { return strings.TrimRight(string(id[:]), "\x00") }
