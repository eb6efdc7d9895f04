package tags

import (
	"encoding/binary"
	"fmt"
	"strings"
)

const maxBlocks = 4096 // metadata blocks of a FLAC file

// Kinds of FLAC metadata blocks (RFC 9639, 8.1).
const (
	blockInfo     = 0
	blockComments = 4
	blockCue      = 5
	blockPicture  = 6
)

// flac reads a native FLAC file whose "fLaC" is at start.
func (p *parser) flac(start int64) error {
	if start > 0 { // an ID3v2 tag before it, which the format does not know: it may only fill gaps
		id3 := p.t
		p.t = Tags{Frames: -1, Warnings: id3.Warnings}
		defer func() { p.t.fill(&id3) }()
	}
	off := start + 4
	for range maxBlocks {
		h, err := p.src.at(off, 4)
		if err != nil {
			return errAt("flac: metadata", err)
		}
		kind, last := int(h[0]&0x7f), h[0]&0x80 != 0
		n := int64(binary.BigEndian.Uint32(h) & 0xffffff)
		off += 4
		if kind == 127 || n > p.src.size-off && kind != blockPicture {
			return fmt.Errorf("flac: metadata block of %d bytes at %d goes beyond the end", n, off)
		}
		if err := p.flacBlock(kind, off, n); err != nil {
			return errAt("flac", err)
		}
		off += n
		if last {
			return p.flacSound(off)
		}
	}
	return fmt.Errorf("flac: more than %d metadata blocks", maxBlocks)
}

func (p *parser) flacBlock(kind int, off, n int64) error {
	switch kind {
	case blockInfo:
		b, err := p.src.at(off, 34)
		if err != nil {
			return err
		}
		p.streamInfo(b)
	case blockComments:
		return p.vorbisComments(&body{src: &p.src, off: off, left: n})
	case blockPicture:
		p.pictureBlock(off, n)
	case blockCue:
		p.cueBlock(off, n)
	}
	return nil
}

// streamInfo reads the block of that name.
func (p *parser) streamInfo(b []byte) {
	p.block = int64(binary.BigEndian.Uint16(b))
	v := binary.BigEndian.Uint64(b[10:])
	a := &p.t.Audio
	a.Codec = "FLAC"
	a.Rate = int(v >> 44)
	a.Channels = int(v>>41&7) + 1
	a.Bits = int(v>>36&31) + 1
	if n := int64(v & (1<<36 - 1)); n > 0 {
		p.t.Frames = n
	}
}

// flacSound sees whether sound follows the metadata, and how dense it is.
func (p *parser) flacSound(off int64) error {
	if p.t.Audio.Rate == 0 {
		return fmt.Errorf("flac: no stream info")
	}
	if p.t.Frames < 0 {
		p.flacCount(off)
	}
	if off >= p.src.size && p.t.Frames > 0 {
		p.warn("flac: no sound behind the metadata")
	}
	p.bitrate(p.src.size - off)
	return nil
}

// pictureBlock notes a picture block of n bytes at off.
func (p *parser) pictureBlock(off, n int64) {
	if !p.wantCover {
		p.t.HasCover = p.t.HasCover || n > 32
		return
	}
	b, err := p.src.upTo(off, int(min(n, window)))
	if err != nil {
		p.warn("flac: picture: %v", err)
		return
	}
	kind, mime, at, size, err := pictureHead(b)
	if err != nil {
		p.warn("flac: picture: %v", err)
		return
	}
	// A picture above 16 MiB does not fit the block's length: its own is to be believed.
	p.offer(kind, mime, off+int64(at), size)
}

// cueBlock turns a CUESHEET block into the text of a cue sheet. Its offsets are
// frames of the file; a sheet's are 1/75 s, which is exact for CDs.
func (p *parser) cueBlock(off, n int64) {
	b, err := p.src.upTo(off, int(min(n, 64<<10)))
	if p.wantCover || err != nil || len(b) < 396 || p.t.Audio.Rate == 0 || p.t.CueSheet != "" {
		return
	}
	var w strings.Builder
	w.WriteString("FILE \"\" WAVE\n")
	tracks, b := int(b[395]), b[396:]
	for range tracks {
		if len(b) < 36 {
			break
		}
		at, number, points := binary.BigEndian.Uint64(b), b[8], int(b[35])
		sound := b[21]&0x80 == 0
		b = b[36:]
		if len(b) < points*12 {
			break
		}
		if number != 170 && number != 255 && sound && at < 1<<40 {
			fmt.Fprintf(&w, "  TRACK %02d AUDIO\n", number)
			for i := range points {
				o := binary.BigEndian.Uint64(b[i*12:])
				p.cueIndex(&w, int(b[i*12+8]), at+o%(1<<40))
			}
		}
		b = b[points*12:]
	}
	p.t.CueSheet = w.String()
}

func (p *parser) cueIndex(w *strings.Builder, number int, frame uint64) {
	rate := uint64(p.t.Audio.Rate) //nolint:gosec // above zero
	f := (frame*75 + rate/2) / rate
	fmt.Fprintf(w, "    INDEX %02d %02d:%02d:%02d\n", number, f/75/60, f/75%60, f%75)
}
