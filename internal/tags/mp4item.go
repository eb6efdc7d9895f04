package tags

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// item takes one entry of the list of tags.
func (m *mp4File) item(a atom, depth int) error {
	p := m.p
	id := string(a.id[:])
	switch {
	case id == "covr":
		return m.walk(a.off, a.end, depth+1, m.coverData)
	case p.wantCover:
		return nil
	case id == "----":
		return m.freeItem(a, depth)
	}
	key := itemKey(id)
	if key == "" {
		return nil
	}
	return m.walk(a.off, a.end, depth+1, func(d atom, _ int) error {
		if string(d.id[:]) != "data" {
			return nil
		}
		kind, val, err := m.data(d)
		if err == nil && len(val) > 0 {
			m.value(id, key, kind, val)
		}
		return err
	})
}

// data reads the content of an atom "data": its kind (0 bytes, 1 UTF-8, 2 UTF-16,
// 21 a number) and its value.
func (m *mp4File) data(d atom) (kind uint32, val []byte, err error) {
	n := d.end - d.off
	if n < 8 {
		return 0, nil, nil
	}
	if n > maxLong {
		m.p.warn("mp4: a tag of %d KiB left out", n>>10)
		return 0, nil, nil
	}
	b, err := m.p.src.at(d.off, int(n))
	if err != nil {
		return 0, nil, err
	}
	return binary.BigEndian.Uint32(b) & 0xffffff, b[8:], nil
}

// value takes one value of the list.
func (m *mp4File) value(id, key string, kind uint32, val []byte) {
	p := m.p
	switch id {
	case "trkn", "disk":
		if len(val) < 4 {
			return
		}
		n, total := int(binary.BigEndian.Uint16(val[2:])), 0
		if len(val) >= 6 {
			total = int(binary.BigEndian.Uint16(val[4:]))
		}
		if id == "trkn" {
			fillInt(&p.t.Number, n)
			fillInt(&p.t.Numbers, total)
			return
		}
		fillInt(&p.t.Disc, n)
		fillInt(&p.t.Discs, total)
	case "gnre":
		if len(val) >= 2 {
			if g := genre(int(binary.BigEndian.Uint16(val)) - 1); g != "" {
				p.field([]byte(key), []byte(g))
			}
		}
	case "cpil", "tmpo":
		p.field([]byte(key), strconv.AppendInt(nil, bigEndian(val), 10))
	case "\xa9ART", "aART", "\xa9wrt":
		p.field([]byte(key), divide(itemText(kind, val)))
	default:
		p.field([]byte(key), itemText(kind, val))
	}
}

func itemText(kind uint32, val []byte) []byte {
	if kind == 2 {
		return fromUTF16(val, true)
	}
	return val
}

// bigEndian is a whole number of 1 to 8 bytes.
func bigEndian(b []byte) int64 {
	var n int64
	for _, c := range b[:min(len(b), 8)] {
		n = n<<8 | int64(c)
	}
	return n
}

// itemKey is the field that an entry stands for.
func itemKey(id string) string {
	switch id {
	case "\xa9nam":
		return "TITLE"
	case "\xa9ART":
		return "ARTIST"
	case "\xa9alb":
		return "ALBUM"
	case "aART":
		return "ALBUMARTIST"
	case "\xa9wrt":
		return "COMPOSER"
	case "\xa9gen", "gnre":
		return "GENRE"
	case "\xa9day":
		return "DATE"
	case "\xa9cmt":
		return "COMMENT"
	case "\xa9lyr":
		return "LYRICS"
	case "trkn":
		return "TRACKNUMBER"
	case "disk":
		return "DISCNUMBER"
	case "cpil":
		return "COMPILATION"
	case "tmpo":
		return "BPM"
	case "sonm":
		return "TITLESORT"
	case "soal":
		return "ALBUMSORT"
	case "soar":
		return "ARTISTSORT"
	case "soaa":
		return "ALBUMARTISTSORT"
	}
	return ""
}

// freeItem takes an entry that brings its own name.
func (m *mp4File) freeItem(a atom, depth int) error {
	var key [64]byte
	n := 0
	return m.walk(a.off, a.end, depth+1, func(d atom, _ int) error {
		switch string(d.id[:]) {
		case "name":
			if d.end-d.off > 4+int64(len(key)) {
				return nil
			}
			b, err := m.p.src.at(d.off, int(d.end-d.off))
			if err == nil && len(b) > 4 {
				n = copy(key[:], b[4:])
			}
			return err
		case "data":
			if n == 0 {
				return nil
			}
			kind, val, err := m.data(d)
			if err != nil || len(val) == 0 {
				return err
			}
			m.freeValue(key[:n], itemText(kind, val))
		}
		return nil
	})
}

func (m *mp4File) freeValue(key, val []byte) {
	switch {
	case bytes.Equal(key, []byte("iTunSMPB")):
		m.smpbField(val)
	case !privateField(key):
		m.p.userText(key, val)
	}
}

// coverData notes a picture. The first is the front cover.
func (m *mp4File) coverData(d atom, _ int) error {
	n := d.end - d.off
	if string(d.id[:]) == "data" && n > 8 {
		m.p.offer(kindFront, "", d.off+8, n-8)
	}
	return nil
}
