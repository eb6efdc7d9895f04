package tags

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
)

const (
	maxFields = 50_000 // comments of one file
	peek      = 64     // bytes of a long comment that tell what it is
)

// vorbisComments reads the comments that FLAC, Vorbis, Opus and Speex share
// (https://xiph.org/vorbis/doc/v-comment.html). Pictures are stepped over.
func (p *parser) vorbisComments(b *body) error {
	n, err := b.le32()
	if err != nil {
		return errAt("comments", err)
	}
	if err := b.skip(int64(n)); err != nil { // the encoder's name
		return errAt("comments", err)
	}
	fields, err := b.le32()
	if err != nil {
		return errAt("comments", err)
	}
	for i := range fields {
		if i == maxFields {
			return fmt.Errorf("comments: %d of them", fields)
		}
		if err := p.vorbisComment(b); err != nil {
			return fmt.Errorf("comment %d of %d: %w", i+1, fields, err)
		}
	}
	return nil
}

func (p *parser) vorbisComment(b *body) error {
	n, err := b.le32()
	if err != nil {
		return err
	}
	if n > 1024 {
		return p.longComment(b, int64(n))
	}
	c, err := b.next(int(n))
	if err != nil {
		return err
	}
	p.comment(c)
	return nil
}

// comment takes a whole "KEY=value".
func (p *parser) comment(c []byte) {
	key, val, ok := bytes.Cut(c, []byte{'='})
	if !ok {
		return
	}
	switch pictureKey(key) {
	case pictureBlock:
		p.pictureText(val, true)
	case picturePlain:
		p.pictureText(val, false)
	case noPicture:
		p.field(key, val)
	}
}

// longComment reads a comment of n bytes only when it is one that is wanted.
func (p *parser) longComment(b *body, n int64) error {
	var head [peek]byte
	c, err := b.next(peek)
	if err != nil {
		return err
	}
	copy(head[:], c)
	n -= peek
	key, _, _ := bytes.Cut(head[:], []byte{'='})
	limit := int64(maxLong)
	if pictureKey(key) != noPicture {
		p.t.HasCover = true
		limit = maxCover / 3 * 4
		if !p.wantCover {
			return b.skip(n)
		}
		b.src.budget = max(b.src.budget, n+window) // the one picture is beside the budget
	}
	if n > limit {
		p.warn("comment %.40q of %d KiB left out", line(key), n>>10)
		return b.skip(n)
	}
	rest, err := b.next(int(n))
	if err != nil {
		return err
	}
	p.comment(append(head[:], rest...))
	return nil
}

// How a comment holds a picture.
const (
	noPicture    = iota
	pictureBlock // a FLAC picture block in base64
	picturePlain // the old COVERART: nothing but the picture in base64
)

func pictureKey(key []byte) int {
	switch {
	case bytes.EqualFold(key, []byte("METADATA_BLOCK_PICTURE")):
		return pictureBlock
	case bytes.EqualFold(key, []byte("COVERART")):
		return picturePlain
	}
	return noPicture
}

func (p *parser) pictureText(val []byte, block bool) {
	if !p.wantCover {
		p.t.HasCover = true
		return
	}
	val = bytes.TrimRight(val, "=\r\n \x00")
	data := make([]byte, base64.RawStdEncoding.DecodedLen(len(val)))
	n, err := base64.RawStdEncoding.Decode(data, val)
	if err != nil {
		p.warn("picture: %v", err)
	}
	data = data[:n]
	if !block {
		p.offerBytes(kindOther, "", data)
		return
	}
	kind, mime, at, size, err := pictureHead(data)
	if err != nil || int64(at)+size > int64(len(data)) {
		p.warn("picture: %v", errShort)
		return
	}
	p.offerBytes(kind, mime, data[at:int64(at)+size])
}

// pictureHead reads what stands before the data of a FLAC picture block: where
// the data begin in b and how many there are.
func pictureHead(b []byte) (kind int, mime string, at int, size int64, err error) {
	if len(b) < 8 {
		return 0, "", 0, 0, errShort
	}
	kind = int(binary.BigEndian.Uint32(b))
	at = 4
	for i := range 2 { // the type of the picture, then its description
		if at+4 > len(b) {
			return 0, "", 0, 0, errShort
		}
		n := int64(binary.BigEndian.Uint32(b[at:]))
		at += 4
		if n > int64(len(b)-at) {
			return 0, "", 0, 0, errShort
		}
		if i == 0 {
			mime = string(b[at : at+int(min(n, 64))])
		}
		at += int(n)
	}
	if at+20 > len(b) {
		return 0, "", 0, 0, errShort
	}
	size = int64(binary.BigEndian.Uint32(b[at+16:]))
	return kind, mime, at + 20, size, nil
}
