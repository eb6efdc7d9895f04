package decode

import (
	"encoding/binary"
	"errors"
	"io"
)

// mp4Sound is what an MP4's index says of its first sound track. ffmpeg cuts at the end of the
// edit list, which counts in milliseconds as a rule; the track itself counts in samples.
type mp4Sound struct {
	scale    int64 // ticks a second of the track
	length   int64 // of the track, in its ticks, the encoder's delay included
	from     int64 // where the edit list begins in it
	edit     int64 // length of the edit list, in ticks of the movie, 0 = none
	edits    int   // entries that show something
	movie    int64 // ticks a second of the movie
	isSound  bool
	complete bool
}

// frames is the exact length in ticks of the track, 0 = not known.
func (m *mp4Sound) frames() int64 {
	n := m.length - m.from
	if !m.complete || n <= 0 || m.edits > 1 {
		return 0
	}
	if m.edit == 0 || m.movie == 0 || m.scale == 0 {
		return n
	}
	tick := m.scale/m.movie + 1 // what the edit list's rounding may take or give
	if d := n - m.edit*m.scale/m.movie; d < -tick || d > tick {
		return 0 // a real cut: ffmpeg knows it to its own rounding
	}
	return n
}

// box is one box of an MP4: its name and where its body lies.
type box struct {
	name     string
	body     int64
	end      int64
	unsealed bool // it goes up to the end of the file
}

// errFound ends a walk early.
var errFound = errors.New("found")

// walk calls f for the boxes between two offsets, at most a few thousand.
func walk(s *stream, at, end int64, f func(box) error) error {
	var b [16]byte
	for range 4096 {
		if end >= 0 && at+8 > end {
			return nil
		}
		n, err := s.readFull(at, b[:])
		if n < 8 {
			return err
		}
		size, head := int64(binary.BigEndian.Uint32(b[:])), int64(8)
		if size == 1 && n == 16 {
			size, head = int64(binary.BigEndian.Uint64(b[8:])&(1<<62-1)), 16
		}
		x := box{name: string(b[4:8]), body: at + head, end: at + size, unsealed: size == 0}
		if size != 0 && size < head {
			return errHeader
		}
		if err := f(x); err != nil {
			return err
		}
		if x.unsealed {
			return nil
		}
		at = x.end
	}
	return errHeader
}

// indexLast: does the sound come before the index? What cannot seek is looked at only as far
// as it is known already; ffmpeg tells then.
func indexLast(s *stream) bool {
	last := false
	_ = walk(s, 0, s.known(), func(x box) error { // a damaged file is ffmpeg's to tell of
		switch x.name {
		case "moov", "moof":
			return errFound
		case "mdat":
			last = true
			return errFound
		}
		return nil
	})
	return last
}

// known is up to where s can be read without going forward for good.
func (s *stream) known() int64 {
	if s.seeker != nil {
		return s.size
	}
	return max(s.headAt+int64(len(s.head))-s.skip-16, 0)
}

// readMP4 reads the index of an MP4, as far as lengths go.
func readMP4(s *stream) mp4Sound {
	var m mp4Sound
	if s.seeker == nil {
		return m
	}
	_ = walk(s, 0, s.size, func(x box) error { // what is damaged stays unknown
		if x.name != "moov" {
			return nil
		}
		return walk(s, x.body, x.end, func(x box) error { return m.moov(s, x) })
	})
	return m
}

func (m *mp4Sound) moov(s *stream, x box) error {
	switch x.name {
	case "mvhd":
		scale, _, err := mp4Times(s, x)
		m.movie = scale
		return err
	case "trak":
		t := mp4Sound{movie: m.movie}
		if err := t.trak(s, x); err != nil {
			return err
		}
		if t.isSound {
			t.complete = true
			*m = t
			return errFound
		}
	}
	return nil
}

func (m *mp4Sound) trak(s *stream, x box) error {
	return walk(s, x.body, x.end, func(x box) error {
		switch x.name {
		case "edts", "mdia":
			return m.trak(s, x)
		case "hdlr":
			var b [12]byte
			if _, err := io.ReadFull(&cursor{s, x.body}, b[:]); err != nil {
				return err
			}
			m.isSound = string(b[8:]) == "soun"
		case "mdhd":
			var err error
			m.scale, m.length, err = mp4Times(s, x)
			return err
		case "elst":
			return m.elst(s, x)
		}
		return nil
	})
}

// mp4Times reads what mvhd and mdhd begin with.
func mp4Times(s *stream, x box) (scale, length int64, err error) {
	var b [32]byte
	if _, err := io.ReadFull(&cursor{s, x.body}, b[:]); err != nil {
		return 0, 0, err
	}
	be := binary.BigEndian
	if b[0] == 1 {
		return int64(be.Uint32(b[20:])), int64(be.Uint64(b[24:]) & (1<<62 - 1)), nil
	}
	return int64(be.Uint32(b[12:])), int64(be.Uint32(b[16:])), nil
}

func (m *mp4Sound) elst(s *stream, x box) error {
	c := &cursor{s, x.body}
	var b [20]byte
	if _, err := io.ReadFull(c, b[:8]); err != nil {
		return err
	}
	be := binary.BigEndian
	long := b[0] == 1
	for n := min(be.Uint32(b[4:8]), 8); n > 0; n-- {
		size := 12
		if long {
			size = 20
		}
		if _, err := io.ReadFull(c, b[:size]); err != nil {
			return err
		}
		length, from := int64(be.Uint32(b[:])), int64(int32(be.Uint32(b[4:])))
		if long {
			length, from = int64(be.Uint64(b[:])&(1<<62-1)), int64(be.Uint64(b[8:]))
		}
		if from >= 0 {
			m.edit, m.from = length, from
			m.edits++
		} else {
			m.edits = 2 // silence in front: not for us
		}
	}
	return nil
}
