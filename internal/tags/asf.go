package tags

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The objects of an ASF file (WMA) that say something, by their first eight bytes.
const (
	asfHeader   = "\x30\x26\xb2\x75\x8e\x66\xcf\x11"
	asfFile     = "\xa1\xdc\xab\x8c\x47\xa9\xcf\x11"
	asfStream   = "\x91\x07\xdc\xb7\xb7\xa9\xcf\x11"
	asfMore     = "\xb5\x03\xbf\x5f\x2e\xa9\xcf\x11" // objects inside
	asfWords    = "\x33\x26\xb2\x75\x8e\x66\xcf\x11" // title, author and so on
	asfFields   = "\x40\xa4\xd0\xd2\x07\xe3\xd2\x11"
	asfMetadata = "\xea\xcb\xf8\xc5\xaf\x5b\x77\x48"
	asfLibrary  = "\x94\x1c\x23\x44\x98\x94\xd1\x49"
	asfAudio    = "\x40\x9e\x69\xf8\x4d\x5b\xcf\x11" // kind of a stream
)

// maxObjects is how many objects or fields one ASF header may have.
const maxObjects = 10_000

var errASF = errors.New("an object that does not fit")

// asf reads a file of Windows Media, whose header is at start.
func (p *parser) asf(start int64) error {
	b, err := p.src.at(start, 30)
	if err != nil {
		return errAt("asf", err)
	}
	end := start + min(int64(binary.LittleEndian.Uint64(b[16:])&(1<<62-1)), p.src.size-start)
	p.t.Audio.Codec = "WMA"
	err = p.asfObjects(start+30, end, p.asfOuter)
	if a := &p.t.Audio; err == nil && !p.wantCover && (a.Rate == 0 || a.Channels == 0) {
		err = errHead
	}
	if p.t.Audio.Bitrate == 0 {
		p.bitrate(p.src.size - end)
	}
	return errAt("asf", err)
}

// asfObjects gives the objects between off and end.
func (p *parser) asfObjects(off, end int64, do func(id string, off, end int64) error) error {
	for range maxObjects {
		if end-off < 24 {
			return nil
		}
		b, err := p.src.at(off, 24)
		if err != nil {
			return err
		}
		id, n := string(b[:8]), int64(binary.LittleEndian.Uint64(b[16:])&(1<<62-1))
		if n < 24 || n > end-off {
			return errASF
		}
		if err := do(id, off+24, off+n); err != nil {
			return err
		}
		off += n
	}
	return fmt.Errorf("more than %d objects", maxObjects)
}

// asfOuter is asfObject for those that may have others inside. Those have none: a file of
// nothing but such would be read on an endless stack.
func (p *parser) asfOuter(id string, off, end int64) error {
	if id != asfMore {
		return p.asfObject(id, off, end)
	}
	if end-off < 22 {
		return errASF
	}
	return p.asfObjects(off+22, end, p.asfObject)
}

func (p *parser) asfObject(id string, off, end int64) error {
	switch id {
	case asfFile:
		b, err := p.src.at(off, 64)
		if err != nil {
			return err
		}
		le := binary.LittleEndian
		// in 100 ns; what is loaded before the sound begins, in ms, is counted too
		long, before := le.Uint64(b[40:])/10_000, le.Uint64(b[56:])
		if long > before && long < 1000*maxSeconds {
			p.t.Duration = time.Duration(long-before) * time.Millisecond //nolint:gosec // of 400 days at the most
		}
	case asfStream:
		return p.asfStream(off, end)
	case asfWords:
		return p.asfWords(off, end)
	case asfFields, asfMetadata, asfLibrary:
		return p.asfFields(off, end, id != asfFields)
	}
	return nil
}

// asfStream takes the first stream of sound.
func (p *parser) asfStream(off, end int64) error {
	b, err := p.src.upTo(off, int(min(end-off, 72)))
	if err != nil {
		return err
	}
	a := &p.t.Audio
	if len(b) < 70 || string(b[:8]) != asfAudio || a.Rate != 0 {
		return nil
	}
	le := binary.LittleEndian
	a.Channels, a.Rate, a.Bitrate = int(le.Uint16(b[56:])), int(le.Uint32(b[58:])&0x7fffffff), int(le.Uint32(b[62:])/125)
	if lossless := uint16(0x163); le.Uint16(b[54:]) == lossless {
		a.Bits = int(le.Uint16(b[68:]) & 0xff)
	}
	return nil
}

// asfWords takes the five texts that every file has a place for.
func (p *parser) asfWords(off, end int64) error {
	b, err := p.src.upTo(off, int(min(end-off, 10)))
	if err != nil || len(b) < 10 {
		return errASF
	}
	var sizes [5]int64
	for i := range sizes {
		sizes[i] = int64(binary.LittleEndian.Uint16(b[2*i:]))
	}
	off += 10
	for i, key := range []string{"TITLE", "ARTIST", "", "COMMENT", ""} { // copyright and rating are not kept
		if sizes[i] > end-off {
			return errASF
		}
		if key != "" {
			b, err := p.src.at(off, int(sizes[i]))
			if err != nil {
				return err
			}
			p.field([]byte(key), fromUTF16(b, false))
		}
		off += sizes[i]
	}
	return nil
}

// asfFields takes named values; those of the newer lists belong to a stream each, and may be long.
func (p *parser) asfFields(off, end int64, newer bool) error {
	le := binary.LittleEndian
	b, err := p.src.at(off, 2)
	if err != nil {
		return err
	}
	off += 2
	for range min(int(le.Uint16(b)), maxObjects) {
		var name, kind, n int64
		head := int64(2)
		if newer {
			head = 12
		}
		b, err := p.src.at(off, int(head))
		if err != nil {
			return err
		}
		if newer {
			name, kind, n = int64(le.Uint16(b[4:])), int64(le.Uint16(b[6:])), int64(le.Uint32(b[8:]))
		} else {
			name = int64(le.Uint16(b))
		}
		off += head
		if b, err = p.src.at(off, int(name)); err != nil {
			return err
		}
		key := strings.TrimRight(string(fromUTF16(b, false)), "\x00")
		off += name
		if !newer {
			if b, err = p.src.at(off, 4); err != nil {
				return err
			}
			kind, n = int64(le.Uint16(b)), int64(le.Uint16(b[2:]))
			off += 4
		}
		if n > end-off {
			return errASF
		}
		if err := p.asfValue(key, kind, off, n); err != nil {
			return err
		}
		off += n
	}
	return nil
}

// asfValue takes one value: kind 0 is text, 1 bytes, 2 yes or no, 3 to 5 numbers.
func (p *parser) asfValue(key string, kind, off, n int64) error {
	if kind == 1 && strings.EqualFold(key, "WM/Picture") {
		return p.asfPicture(off, n)
	}
	if kind == 1 || kind > 5 || n > 2*maxLong || n == 0 || p.wantCover {
		return nil
	}
	b, err := p.src.at(off, int(n))
	if err != nil {
		return err
	}
	var val []byte
	if kind == 0 {
		val = fromUTF16(b, false)
	} else {
		var number [8]byte
		copy(number[:], b)
		val = strconv.AppendUint(nil, binary.LittleEndian.Uint64(number[:]), 10)
	}
	p.field([]byte(asfKey(key)), val)
	return nil
}

// asfPicture notes a picture: its kind, its length, its type and a text, its bytes.
func (p *parser) asfPicture(off, n int64) error {
	b, err := p.src.upTo(off, int(min(n, 4096)))
	if err != nil || len(b) < 9 {
		return errASF
	}
	kind, size := int(b[0]), int64(binary.LittleEndian.Uint32(b[1:]))
	at, mime := 5, ""
	for text := range 2 {
		from := at
		for ; ; at += 2 {
			if at+2 > len(b) {
				return errASF
			}
			if b[at] == 0 && b[at+1] == 0 {
				break
			}
		}
		if text == 0 {
			mime = string(fromUTF16(b[from:at], false))
		}
		at += 2
	}
	p.offer(kind, mime, off+int64(at), min(size, n-int64(at)))
	return nil
}

// asfKey is the field that a name of Microsoft's stands for; others stand for themselves.
func asfKey(name string) string {
	switch low := strings.ToLower(name); low {
	case "title", "wm/title":
		return "TITLE"
	case "author":
		return "ARTIST"
	case "description", "wm/comments":
		return "COMMENT"
	case "wm/albumtitle":
		return "ALBUM"
	case "wm/albumartist":
		return "ALBUMARTIST"
	case "wm/year":
		return "DATE"
	case "wm/originalreleaseyear", "wm/originalreleasetime":
		return "ORIGINALDATE"
	case "wm/partofset":
		return "DISCNUMBER"
	case "wm/beatsperminute":
		return "BPM"
	case "wm/iscompilation":
		return "COMPILATION"
	case "wm/titlesortorder":
		return "TITLESORT"
	case "wm/albumsortorder":
		return "ALBUMSORT"
	case "wm/artistsortorder":
		return "ARTISTSORT"
	case "wm/albumartistsortorder":
		return "ALBUMARTISTSORT"
	case "wm/lyrics", "wm/genre", "wm/composer", "wm/tracknumber", "wm/artists":
		return low[len("wm/"):]
	}
	return strings.ReplaceAll(name, "/", "") // MusicBrainz/Album Id
}
