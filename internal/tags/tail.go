package tags

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
)

// tail reads the tags at the end of a file (ID3v1, APEv2 and an appended
// ID3v2.4; Lyrics3 is stepped over) and gives the place where the sound ends.
func (p *parser) tail() (end int64) {
	end = p.src.size
	v1 := end - 128
	if b, err := p.src.at(max(end-160, 0), int(min(end, 160))); err == nil && len(b) >= 128 {
		if string(b[len(b)-128:len(b)-125]) == "TAG" {
			end = v1
		}
	}
	end = p.lyrics3(end)
	if at, err := p.apeEnd(end); err != nil {
		p.warn("%v", err)
	} else if at < end {
		end = at
	}
	if b, err := p.src.at(end-10, 10); err == nil && string(b[:3]) == "3DI" {
		at := end - 20 - syncsafe(b[6:])
		if err := p.lesser(func() error { _, err := p.id3v2(at); return err }); err == nil {
			end = at
		}
	}
	if v1 >= end || v1 >= 0 && end < p.src.size {
		if err := p.lesser(func() error { return p.id3v1(v1) }); err != nil {
			p.warn("id3v1: %v", err)
		}
	}
	return end
}

// lyrics3 is where a tag of Lyrics3 version 2 that ends at end begins, else end.
func (p *parser) lyrics3(end int64) int64 {
	b, err := p.src.at(end-15, 15)
	if err != nil || string(b[6:]) != "LYRICS200" {
		return end
	}
	n, err := strconv.ParseInt(string(b[:6]), 10, 64)
	if err != nil || n+15 > end {
		return end
	}
	return end - 15 - n
}

// id3v1 reads the 128 bytes of an ID3v1 or 1.1 tag at off.
func (p *parser) id3v1(off int64) error {
	b, err := p.src.at(off, 128)
	if err != nil || string(b[:3]) != "TAG" || p.wantCover {
		return err
	}
	if p.legacy == legacyUnknown {
		p.legacy = guess(bytes.ReplaceAll(b[3:93], []byte{0}, nil))
	}
	field := func(from, to int) []byte {
		v, _, _ := bytes.Cut(b[from:to], []byte{0})
		return p.fromLatin1(bytes.TrimRight(v, " "))
	}
	first(&p.t.Title, field(3, 33))
	add(&p.t.Artists, field(33, 63))
	first(&p.t.Album, field(63, 93))
	day(&p.t.Date, field(93, 97))
	comment := 127
	if b[125] == 0 && b[126] != 0 {
		p.t.Number, comment = int(b[126]), 125
	}
	p.t.Comment = text(field(97, comment), maxText)
	if g := genre(int(b[127])); g != "" {
		p.t.Genres = []string{g}
	}
	return nil
}

const maxItems = 10_000 // items of an APE tag

// apeEnd reads the APE tag that ends at end, and gives its begin; end where there is none.
func (p *parser) apeEnd(end int64) (int64, error) {
	foot, err := p.src.at(end-32, 32)
	if err != nil || string(foot[:8]) != "APETAGEX" {
		return end, nil //nolint:nilerr // no room for a tag is no tag
	}
	le := binary.LittleEndian
	size, items, flags := int64(le.Uint32(foot[12:])), le.Uint32(foot[16:]), le.Uint32(foot[20:])
	begin := end - size
	if size < 32 || begin < 0 {
		return end, fmt.Errorf("ape: the tag claims %d bytes", size)
	}
	err = p.lesser(func() error { return p.apeItems(begin, end-32, items) })
	if flags&0x80000000 != 0 && begin >= 32 {
		begin -= 32 // the tag has a head too
	}
	return begin, errAt("ape", err)
}

func (p *parser) apeItems(off, end int64, items uint32) error {
	for i := uint32(0); i < items && off+9 < end; i++ {
		if i == maxItems {
			return fmt.Errorf("%d items", items)
		}
		b, err := p.src.upTo(off, int(min(end-off, 8+256)))
		if err != nil {
			return err
		}
		n, flags := int64(binary.LittleEndian.Uint32(b)), binary.LittleEndian.Uint32(b[4:])
		key, _, ok := bytes.Cut(b[8:], []byte{0})
		if !ok || n > end-off-9-int64(len(key)) {
			return fmt.Errorf("item %d claims %d bytes", i+1, n)
		}
		name := string(key)
		off += 9 + int64(len(key))
		if err := p.apeItem(name, flags>>1&3, off, n); err != nil {
			return err
		}
		off += n
	}
	return nil
}

// apeItem takes one item: text is kind 0, bytes 1, a link 2.
func (p *parser) apeItem(key string, kind uint32, off, n int64) error {
	if kind == 1 || len(key) > 9 && bytes.EqualFold([]byte(key[:9]), []byte("Cover Art")) {
		return p.apePicture(key, off, n)
	}
	if p.wantCover || kind != 0 || n > maxLong || n == 0 {
		return nil
	}
	b, err := p.src.at(off, int(n))
	if err != nil {
		return err
	}
	switch low := bytes.ToLower([]byte(key)); string(low) {
	case "mp3gain_minmax", "mp3gain_undo", "mp3gain_album_minmax":
	default:
		p.field(low, b)
	}
	return nil
}

// apePicture notes a picture: the name of its file, NUL, its bytes.
func (p *parser) apePicture(key string, off, n int64) error {
	const prefix = "Cover Art"
	if len(key) < len(prefix) || !bytes.EqualFold([]byte(key[:len(prefix)]), []byte(prefix)) || n < 16 {
		return nil
	}
	if !p.wantCover {
		p.t.HasCover = true
		return nil
	}
	b, err := p.src.upTo(off, int(min(n, 1024)))
	if err != nil {
		return err
	}
	i := int64(bytes.IndexByte(b, 0)) + 1
	kind := kindOther + 1
	if bytes.EqualFold([]byte(key), []byte("Cover Art (Front)")) {
		kind = kindFront
	}
	p.offer(kind, "", off+i, n-i)
	return nil
}
