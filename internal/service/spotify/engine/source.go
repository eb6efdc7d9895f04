package engine

import (
	"encoding/binary"
	"errors"
	"io"
	"time"

	"segue/internal/pcm"
	"segue/session"
)

// readPatience is how long a source waits for the next frame: longer than a track takes
// to load, and than it takes to start the program anew.
const readPatience = 45 * time.Second

// source is a track as the player reads it. It is used by one goroutine at a time, as all
// sources are.
type source struct {
	e *Engine
	t *track
}

var errTokenLost = errors.New("engine: it plays elsewhere")

// Format is CD sound.
func (s *source) Format() pcm.Format { return format }

// Info tells what is known without the sound. The length is the claimed one, and so no
// length of frames.
func (s *source) Info() pcm.Info {
	return pcm.Info{Codec: "Vorbis", Frames: -1, Kbps: s.e.bitrate()}
}

// Read waits for frames. The source that is read is the one that the program plays.
func (s *source) Read(dst []float32) (int, error) {
	d, t := s.e.deck, s.t
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.claim(t, false); err != nil {
		return 0, err
	}
	t.waiting++
	defer func() { t.waiting-- }()
	patience := time.NewTimer(readPatience)
	defer patience.Stop()
	for {
		if n := min(t.readable(d), int64(len(dst)/2)); n > 0 {
			d.give(t, dst[:2*n])
			return int(2 * n), nil
		}
		switch {
		case t.err != nil && t.have() == 0:
			return 0, s.e.sourceFault(t.err)
		case t.ended && t.have() == 0:
			return 0, io.EOF
		case d.want != t:
			if err := d.claim(t, false); err != nil {
				return 0, err
			}
		}
		if err := s.e.hopeless(); err != nil && t.have() == 0 {
			return 0, err
		}
		news := d.news
		d.mu.Unlock()
		late := false
		select {
		case <-news:
		case <-patience.C:
			late = true
		}
		d.mu.Lock()
		if late && t.readable(d) == 0 && !t.ended && t.err == nil {
			return 0, s.e.fault(session.NoStreamAvailable, ErrSlow, "")
		}
	}
}

// give writes the next frames of t to dst.
func (d *deck) give(t *track, dst []float32) {
	for i := range dst {
		dst[i] = float32(int16(binary.LittleEndian.Uint16(t.buf[2*i:]))) / 32768 //nolint:gosec // that is what it is
	}
	full := d.buffered() >= ahead
	t.buf = t.buf[2*len(dst):]
	t.pos += int64(len(dst) / 2)
	if len(t.buf) == 0 {
		t.buf = nil
	}
	if full {
		d.makeRoom()
	}
	if d.flow == resting || d.next == nil && t.near() {
		d.poke()
	}
}

// claim makes t the track that is wanted. Of two that are read, the one that was opened
// later is; a seek says that its track is, whatever its age. mu is held.
func (d *deck) claim(t *track, sought bool) error {
	t.begun = true
	w := d.want
	if w == t {
		return nil
	}
	busy := w != nil && w.begun && !w.closed && !w.ended && w.err == nil
	switch {
	case sought || !busy || w.serial < t.serial:
		if d.giveUp != nil && d.on == nil {
			d.giveUp() // it loads what is not wanted any more
		}
		d.want = t
		d.tell()
		d.poke()
	case t.have() == 0 && !t.ended && t.err == nil:
		return errSuperseded
	}
	return nil
}

// Seek moves to a frame; the program is told when it is read.
func (s *source) Seek(to time.Duration) (time.Duration, error) {
	d, t := s.e.deck, s.t
	d.mu.Lock()
	defer d.mu.Unlock()
	at := max(format.Frames(to), 0)
	if t.length > 0 && at >= t.length {
		at = t.length
	}
	switch {
	case at >= t.pos && at < t.end() && !t.moved: // it is here already
		t.buf = t.buf[(at-t.pos)*frameSize:]
		t.pos = at
	case at == t.pos && !t.begun:
	default:
		t.buf, t.pos, t.moved, t.ended = nil, at, true, false
		t.moves++
	}
	if t.length > 0 && at >= t.length {
		t.ended = true
	}
	if err := d.claim(t, true); err != nil {
		return 0, err
	}
	d.makeRoom()
	d.poke()
	return format.Duration(at), nil
}

// Close lets go of the track. The program plays on until something else is wanted of it
// or it is seen that nobody listens.
func (s *source) Close() error {
	d, t := s.e.deck, s.t
	d.mu.Lock()
	defer d.mu.Unlock()
	t.closed, t.buf = true, nil
	for i, o := range d.tracks {
		if o == t {
			d.tracks = append(d.tracks[:i:i], d.tracks[i+1:]...)
			break
		}
	}
	if d.want == t {
		d.want = nil
		if d.giveUp != nil && d.on == nil {
			d.giveUp()
		}
	}
	d.makeRoom()
	d.tell()
	d.poke()
	return nil
}

// look makes the first track that is open and has not come whole the one that is wanted,
// where none is that has not. mu is held.
func (d *deck) look() {
	d.poke()
	if w := d.want; w != nil && !w.closed && !w.ended && w.err == nil {
		return
	}
	for _, t := range d.tracks {
		if !t.ended && t.err == nil {
			d.want = t
			return
		}
	}
}

// open adds a track to the deck. A track that the program was told to play next, and that
// was closed again, is taken up where it is the same. Where nothing else is wanted of the
// program the track is loaded before it is read, so that what plays until then, a file
// perhaps, is followed without a wait.
func (d *deck) open(uri string, length int64) *track {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.serial++
	t := &track{uri: uri, serial: d.serial, length: length}
	d.tracks = append(d.tracks, t)
	if n := d.next; n != nil && n.closed && n.uri == uri && d.cut < 0 {
		d.next = t
	}
	d.look()
	return t
}
