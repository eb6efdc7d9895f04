package tags

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"segue/internal/pcm"
)

const (
	maxDepth = 12     // atoms inside atoms
	maxAtoms = 20_000 // atoms of a file
)

// atom is a box of an MP4 file.
type atom struct {
	id  [4]byte
	off int64 // of its content
	end int64
}

// mp4File is what is gathered while an MP4 file is read.
type mp4File struct {
	p      *parser
	atoms  int
	scale  int64 // ticks a second of the movie
	length int64 // of the movie, in its ticks
	frags  int64 // of the segments of an index, in their ticks
	fScale int64
	track  mp4Track // that is being read
	sound  mp4Track // the first that is sound
	media  int64    // bytes of sound
	smpb   [3]int64 // delay, padding and frames that iTunes wrote
	frag   mp4Fragments
}

// mp4Track is a track.
type mp4Track struct {
	id      uint32
	kind    string // "soun" for sound
	codec   string
	rate    int
	chans   int
	bits    int
	scale   int64
	length  int64
	start   int64 // first tick that is to be heard
	edit    int64 // length of the edit in the movie's ticks, 0 = none
	edits   int
	bitrate int
}

// mp4 reads an MP4 or QuickTime file.
func (p *parser) mp4(start int64) error {
	m := &mp4File{p: p}
	err := m.walk(start, p.src.size, 0, m.top)
	if err == nil && !p.wantCover {
		err = m.finish()
	}
	return errAt("mp4", err)
}

// walk gives the atoms between off and end, one after the other.
func (m *mp4File) walk(off, end int64, depth int, do func(atom, int) error) error {
	if depth > maxDepth {
		return fmt.Errorf("atoms %d deep", depth)
	}
	for end-off >= 8 {
		if m.atoms++; m.atoms > maxAtoms {
			return fmt.Errorf("more than %d atoms", maxAtoms)
		}
		h, err := m.p.src.upTo(off, 16)
		if err != nil {
			return err
		}
		n, head := int64(binary.BigEndian.Uint32(h)), int64(8)
		var a atom
		copy(a.id[:], h[4:])
		switch {
		case n == 1 && len(h) == 16:
			n, head = int64(binary.BigEndian.Uint64(h[8:])&(1<<62-1)), 16
		case n == 0:
			n = end - off
		}
		if n < head {
			return fmt.Errorf("atom %q claims %d bytes", line(a.id[:]), n)
		}
		a.off, a.end = off+head, off+n
		if a.end > end {
			if string(a.id[:]) != "mdat" || depth > 0 {
				return fmt.Errorf("atom %q at %d goes beyond the end", line(a.id[:]), off)
			}
			m.p.warn("mp4: cut off: the sound claims %d bytes, %d are there", n, end-off)
			a.end = end
		}
		if err := do(a, depth); err != nil {
			return err
		}
		off = a.end
	}
	return nil
}

// top takes the atoms that are not inside a track.
func (m *mp4File) top(a atom, depth int) error {
	switch string(a.id[:]) {
	case "moov", "udta", "mvex":
		return m.walk(a.off, a.end, depth+1, m.top)
	case "trak":
		m.track = mp4Track{}
		if m.p.wantCover {
			return nil
		}
		if err := m.walk(a.off, a.end, depth+1, m.inTrack); err != nil {
			return err
		}
		if m.track.kind == "soun" && m.sound.kind == "" {
			m.sound = m.track
		}
	case "mvhd":
		m.scale, m.length = m.times(a)
	case "mehd":
		m.fragments(a)
	case "trex":
		m.frag.defaults(&m.p.src, a)
	case "moof":
		return m.fragment(a, depth)
	case "sidx":
		return m.segments(a)
	case "meta":
		return m.meta(a, depth)
	case "ilst":
		return m.walk(a.off, a.end, depth+1, m.item)
	case "mdat":
		m.media += a.end - a.off
	}
	return nil
}

// meta steps over the four bytes that MP4, unlike QuickTime, has before what is inside.
func (m *mp4File) meta(a atom, depth int) error {
	b, err := m.p.src.upTo(a.off, 8)
	if err != nil || len(b) < 8 || a.end-a.off < 8 {
		return nil //nolint:nilerr // an empty one is allowed
	}
	if string(b[4:8]) != "hdlr" {
		a.off += 4
	}
	return m.walk(a.off, a.end, depth+1, m.top)
}

// times reads the ticks a second and the length of mvhd and mdhd.
func (m *mp4File) times(a atom) (scale, length int64) {
	b, err := m.p.src.at(a.off, int(min(a.end-a.off, 32)))
	switch {
	case err != nil || len(b) < 20:
		return 0, 0
	case b[0] == 1 && len(b) >= 32:
		return int64(binary.BigEndian.Uint32(b[20:])), known(int64(binary.BigEndian.Uint64(b[24:])&(1<<63-1)), 1<<63-1)
	}
	return int64(binary.BigEndian.Uint32(b[12:])), known(int64(binary.BigEndian.Uint32(b[16:])), 1<<32-1)
}

// known is n, or 0 where it has the value that means "unknown".
func known(n, unknown int64) int64 {
	if n == unknown {
		return 0
	}
	return n
}

// fragments reads the length of a fragmented movie.
func (m *mp4File) fragments(a atom) {
	b, err := m.p.src.at(a.off, int(min(a.end-a.off, 12)))
	switch {
	case err != nil || len(b) < 8:
	case b[0] == 1 && len(b) == 12:
		m.length = int64(binary.BigEndian.Uint64(b[4:]) & (1<<62 - 1))
	default:
		m.length = int64(binary.BigEndian.Uint32(b[4:]))
	}
}

// segments adds up the lengths in an index of fragments.
func (m *mp4File) segments(a atom) error {
	b, err := m.p.src.at(a.off, int(min(a.end-a.off, 1<<20)))
	if err != nil || len(b) < 24 {
		return err
	}
	at := 20
	if b[0] != 0 {
		at = 28
	}
	m.fScale = int64(binary.BigEndian.Uint32(b[8:]))
	for at += 4; at+12 <= len(b); at += 12 {
		m.frags += int64(binary.BigEndian.Uint32(b[at+4:]))
	}
	return nil
}

// finish makes the length of what was gathered: what iTunes wrote, else the
// track's own less what its edit leaves out.
func (m *mp4File) finish() error {
	s, t := m.sound, &m.p.t
	if s.kind == "" {
		return errors.New("no sound in it")
	}
	t.Audio.Codec, t.Audio.Rate, t.Audio.Channels, t.Audio.Bits = s.codec, s.rate, s.chans, s.bits
	switch {
	case s.length > 0 && s.scale > 0:
		m.exact()
	case m.frags > 0 && m.fScale > 0:
		t.Duration = pcm.Format{Rate: int(m.fScale)}.Duration(m.frags)
	case m.frag.ticks > 0 && s.scale > 0:
		t.Duration = m.frag.length(s.scale, m.media)
	case m.length > 0 && m.scale > 0:
		t.Duration = pcm.Format{Rate: int(m.scale)}.Duration(m.length)
	}
	m.p.bitrate(m.media)
	if t.Audio.Bitrate == 0 {
		t.Audio.Bitrate = s.bitrate / 1000
	}
	return nil
}

func (m *mp4File) exact() {
	s, t := m.sound, &m.p.t
	ticks := s.length
	switch {
	case m.smpb[2] > 0 && m.smpb[2] <= ticks:
		ticks = m.smpb[2]
	case s.edits == 1 && s.start >= 0 && s.start < ticks:
		ticks -= s.start
		if m.scale > 0 && s.edit > 0 {
			ticks = m.shorter(ticks)
		}
	}
	if s.rate > 0 && ticks*int64(s.rate)%s.scale == 0 && ticks < 1<<40 && s.edits < 2 {
		t.Frames = ticks * int64(s.rate) / s.scale
		return
	}
	t.Duration = time.Duration(float64(ticks) / float64(s.scale) * float64(time.Second))
}

// shorter is ticks, or the length of the edit where that is less by more than
// the movie's coarser clock can tell.
func (m *mp4File) shorter(ticks int64) int64 {
	s := m.sound
	if s.edit > 1<<40 || m.scale == 0 {
		return ticks
	}
	edit := (s.edit*s.scale + m.scale/2) / m.scale
	if slack := s.scale/m.scale + 1; edit > 0 && edit < ticks-slack {
		return edit
	}
	return ticks
}

// smpbField reads iTunSMPB: " 00000000 DELAY PADDING FRAMES …", in hex.
func (m *mp4File) smpbField(val []byte) {
	f := strings.Fields(string(val[:min(len(val), 256)]))
	for i := range m.smpb {
		if i+1 < len(f) {
			n, err := strconv.ParseUint(f[i+1], 16, 62)
			if err == nil {
				m.smpb[i] = int64(n) //nolint:gosec // 62 bits
			}
		}
	}
}

// privateField reports whether a free field is one that is not for people.
func privateField(key []byte) bool {
	return bytes.HasPrefix(key, []byte("iTun")) && !bytes.EqualFold(key, []byte("iTunesCompilation"))
}
