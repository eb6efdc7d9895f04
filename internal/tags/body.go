package tags

import "encoding/binary"

// body reads a run of bytes from first to last: a block of a file, or a packet
// that lies in pieces on the pages of an Ogg stream.
type body struct {
	src     *source
	off     int64 // of the next byte in the file
	left    int64 // bytes until the end of this piece
	pages   *oggPages
	more    bool // the packet goes on on the next page
	scratch []byte
}

// next gives the next n bytes, good until the next call.
func (b *body) next(n int) ([]byte, error) {
	if n < 0 {
		return nil, errShort
	}
	if int64(n) <= b.left {
		v, err := b.src.at(b.off, n)
		b.off += int64(n)
		b.left -= int64(n)
		return v, err
	}
	if b.pages == nil || int64(n) > b.src.size {
		return nil, errShort
	}
	b.scratch = b.scratch[:0]
	for len(b.scratch) < n {
		if b.left == 0 {
			if err := b.piece(); err != nil {
				return nil, err
			}
			continue
		}
		m := min(int64(n-len(b.scratch)), b.left)
		v, err := b.src.at(b.off, int(m))
		if err != nil {
			return nil, err
		}
		b.scratch = append(b.scratch, v...)
		b.off += m
		b.left -= m
	}
	return b.scratch, nil
}

// skip steps over n bytes without reading them.
func (b *body) skip(n int64) error {
	for {
		m := min(n, b.left)
		b.off += m
		b.left -= m
		n -= m
		if n == 0 {
			return nil
		}
		if err := b.piece(); err != nil {
			return err
		}
	}
}

// piece goes on to the packet's part on the next page.
func (b *body) piece() error {
	if b.pages == nil || !b.more {
		return errShort
	}
	if err := b.pages.load(); err != nil {
		return err
	}
	b.off, b.left, b.more = b.pages.run()
	return nil
}

// end steps over what is left of a packet.
func (b *body) end() error {
	for b.more {
		if err := b.piece(); err != nil {
			return err
		}
	}
	return nil
}

func (b *body) le32() (uint32, error) {
	v, err := b.next(4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(v), nil
}
