package tags

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// Flags of frames.
const (
	flag3Compressed = 0x80
	flag3Encrypted  = 0x40
	flag3Grouped    = 0x20
	flag4Grouped    = 0x40
	flag4Compressed = 0x08
	flag4Encrypted  = 0x04
	flag4Unsync     = 0x02
	flag4Length     = 0x01
)

// id3Frame takes one frame, as far as it is of interest.
func (p *parser) id3Frame(t *id3Tag, f id3Frame) error {
	id := frameID(f.id, t.version)
	switch {
	case string(id[:]) == "APIC":
		return p.id3Picture(t, f)
	case p.wantCover || !wanted(id) || f.n < 1:
		return nil
	case f.n > 2*maxLong:
		return fmt.Errorf("%d KiB left out", f.n>>10)
	}
	b, err := t.src.at(f.off, int(f.n))
	if err != nil {
		return err
	}
	if b, err = t.content(f, b); err != nil || len(b) == 0 {
		return err
	}
	p.id3Value(id, b, t.version)
	return nil
}

// content undoes what the frame's flags say was done to its bytes.
func (t *id3Tag) content(f id3Frame, b []byte) ([]byte, error) {
	grouped := t.version == 3 && f.flags&flag3Grouped != 0 || t.version == 4 && f.flags&flag4Grouped != 0
	packed := t.version == 3 && f.flags&flag3Compressed != 0 || t.version == 4 && f.flags&flag4Compressed != 0
	secret := t.version == 3 && f.flags&flag3Encrypted != 0 || t.version == 4 && f.flags&flag4Encrypted != 0
	if secret {
		return nil, errors.New("it is encrypted")
	}
	skip := 0
	if grouped {
		skip++
	}
	if t.version == 3 && packed || t.version == 4 && f.flags&flag4Length != 0 {
		skip += 4
	}
	if skip > len(b) {
		return nil, errShort
	}
	b = b[skip:]
	if t.version == 4 && (f.flags&flag4Unsync != 0 || t.unsync) {
		b = resync(b)
	}
	if !packed {
		return b, nil
	}
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(z, 2*maxLong))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return out, nil
}

// id3Picture notes the picture of a frame. It is only read where pictures are wanted.
func (p *parser) id3Picture(t *id3Tag, f id3Frame) error {
	if !p.wantCover {
		p.t.HasCover = p.t.HasCover || f.n > 8
		return nil
	}
	if f.flags&0xff != 0 || t.unsync {
		data, err := t.src.picture(f.off, f.n)
		if err != nil {
			return err
		}
		if data, err = t.content(f, data); err != nil {
			return err
		}
		kind, mime, at, err := apicHead(data, t.version)
		if err == nil {
			p.offerBytes(kind, mime, data[at:])
		}
		return err
	}
	head, err := t.src.upTo(f.off, int(min(f.n, 4096)))
	if err != nil {
		return err
	}
	kind, mime, at, err := apicHead(head, t.version)
	if err != nil {
		return err
	}
	p.offer(kind, mime, f.off+int64(at), f.n-int64(at))
	return nil
}

// apicHead reads what stands before the data of a picture.
func apicHead(b []byte, version int) (kind int, mime string, at int, err error) {
	if len(b) < 6 {
		return 0, "", 0, errShort
	}
	enc := b[0]
	at = 1
	if version == 2 {
		mime, at = string(b[1:4]), 4
	} else {
		n := bytes.IndexByte(b[at:], 0)
		if n < 0 {
			return 0, "", 0, errShort
		}
		mime, at = string(b[at:at+min(n, 64)]), at+n+1
	}
	if at >= len(b) {
		return 0, "", 0, errShort
	}
	kind = int(b[at])
	at++
	_, rest, ok := cutText(enc, b[at:])
	if !ok {
		return 0, "", 0, errShort
	}
	return kind, mime, len(b) - len(rest), nil
}

// cutText divides b behind the first NUL of the encoding.
func cutText(enc byte, b []byte) (head, rest []byte, ok bool) {
	if enc != encUTF16 && enc != encUTF16BE {
		return bytes.Cut(b, []byte{0})
	}
	for i := 0; i+1 < len(b); i += 2 {
		if b[i] == 0 && b[i+1] == 0 {
			return b[:i], b[i+2:], true
		}
	}
	return b, nil, false
}

// frameID is the frame's name in version 2.3 or 2.4.
func frameID(id [4]byte, version int) [4]byte {
	if version != 2 {
		return id
	}
	switch string(id[:3]) {
	case "TT2":
		return [4]byte{'T', 'I', 'T', '2'}
	case "TP1":
		return [4]byte{'T', 'P', 'E', '1'}
	case "TP2":
		return [4]byte{'T', 'P', 'E', '2'}
	case "TAL":
		return [4]byte{'T', 'A', 'L', 'B'}
	case "TCM":
		return [4]byte{'T', 'C', 'O', 'M'}
	case "TCO":
		return [4]byte{'T', 'C', 'O', 'N'}
	case "TRK":
		return [4]byte{'T', 'R', 'C', 'K'}
	case "TPA":
		return [4]byte{'T', 'P', 'O', 'S'}
	case "TYE":
		return [4]byte{'T', 'Y', 'E', 'R'}
	case "TDA":
		return [4]byte{'T', 'D', 'A', 'T'}
	case "TOR":
		return [4]byte{'T', 'O', 'R', 'Y'}
	case "TBP":
		return [4]byte{'T', 'B', 'P', 'M'}
	case "TXX":
		return [4]byte{'T', 'X', 'X', 'X'}
	case "COM":
		return [4]byte{'C', 'O', 'M', 'M'}
	case "ULT":
		return [4]byte{'U', 'S', 'L', 'T'}
	case "SLT":
		return [4]byte{'S', 'Y', 'L', 'T'}
	case "PIC":
		return [4]byte{'A', 'P', 'I', 'C'}
	case "UFI":
		return [4]byte{'U', 'F', 'I', 'D'}
	case "TCP":
		return [4]byte{'T', 'C', 'M', 'P'}
	case "TST":
		return [4]byte{'T', 'S', 'O', 'T'}
	case "TSA":
		return [4]byte{'T', 'S', 'O', 'A'}
	case "TSP":
		return [4]byte{'T', 'S', 'O', 'P'}
	case "TS2":
		return [4]byte{'T', 'S', 'O', '2'}
	}
	return [4]byte{}
}
