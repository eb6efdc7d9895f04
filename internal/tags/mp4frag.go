package tags

import (
	"encoding/binary"
	"time"

	"segue/internal/pcm"
)

// maxFragments is how many fragments are looked into; the others are taken to be as dense.
const maxFragments = 256

// mp4Fragments adds up the lengths of a movie in fragments, which says them nowhere else.
type mp4Fragments struct {
	each   uint32 // ticks of a sample, by default
	own    uint32 // and in the fragment that is being read
	skip   bool   // the fragment is another track's
	ticks  int64
	n      int
	media  int64 // bytes of sound before the fragment that was one too many
	capped bool
}

// defaults reads trex.
func (f *mp4Fragments) defaults(src *source, a atom) {
	if b, err := src.upTo(a.off, 16); err == nil && len(b) == 16 {
		f.each = binary.BigEndian.Uint32(b[12:])
	}
}

// fragment reads one moof.
func (m *mp4File) fragment(a atom, depth int) error {
	f := &m.frag
	if m.p.wantCover || f.capped {
		return nil
	}
	if f.n++; f.n > maxFragments {
		f.capped, f.media = true, m.media
		return nil
	}
	return m.walk(a.off, a.end, depth+1, m.inFragment)
}

func (m *mp4File) inFragment(a atom, depth int) error {
	f := &m.frag
	switch string(a.id[:]) {
	case "traf":
		return m.walk(a.off, a.end, depth+1, m.inFragment)
	case "tfhd":
		b, err := m.p.src.upTo(a.off, int(min(a.end-a.off, 24)))
		if err != nil || len(b) < 8 {
			return err
		}
		f.head(b, m.sound.id)
	case "trun":
		b, err := m.p.src.upTo(a.off, int(min(a.end-a.off, 1<<20)))
		if err != nil || len(b) < 8 {
			return err
		}
		f.run(b)
	}
	return nil
}

// head reads tfhd: whose samples these are, and how long they are by default.
func (f *mp4Fragments) head(b []byte, sound uint32) {
	flags, at := binary.BigEndian.Uint32(b), 8
	f.own, f.skip = f.each, sound != binary.BigEndian.Uint32(b[4:])
	if flags&1 != 0 {
		at += 8
	}
	if flags&2 != 0 {
		at += 4
	}
	if flags&8 != 0 && at+4 <= len(b) {
		f.own = binary.BigEndian.Uint32(b[at:])
	}
}

// run reads trun: a number of samples, with their lengths if they differ.
func (f *mp4Fragments) run(b []byte) {
	if f.skip {
		return
	}
	flags, n, at := binary.BigEndian.Uint32(b), int64(binary.BigEndian.Uint32(b[4:])), 8
	if flags&1 != 0 {
		at += 4
	}
	if flags&4 != 0 {
		at += 4
	}
	if flags&0x100 == 0 {
		f.ticks += min(n, 1<<20) * int64(f.own)
		return
	}
	size := 0
	for bit := uint32(0x100); bit <= 0x800; bit <<= 1 {
		if flags&bit != 0 {
			size += 4
		}
	}
	for ; n > 0 && at+size <= len(b); n-- {
		f.ticks += int64(binary.BigEndian.Uint32(b[at:]))
		at += size
	}
}

// length is the length of all fragments, those that were not looked into by their bytes.
func (f *mp4Fragments) length(scale, media int64) time.Duration {
	ticks := f.ticks
	if f.capped && f.media > 0 {
		ticks = int64(float64(ticks) * float64(media) / float64(f.media))
	}
	if ticks > 1<<50 {
		return 0
	}
	return pcm.Format{Rate: int(scale)}.Duration(ticks)
}
