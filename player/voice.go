package player

import (
	"errors"
	"fmt"
	"io"
	"time"

	"segue/internal/pcm"
)

const (
	block      = 4096 // frames read from a source at once
	maxIdle    = 100  // reads in a row that may give nothing
	rampLength = 20 * time.Millisecond
)

// voice is a track in the decode loop's hands.
type voice struct {
	*track
	mix    matrix // nil: the source is stereo
	gain   level
	soft   bool
	read   int64 // frames of the source read so far, from its start
	dirty  bool  // it was read, or sought
	placed bool  // it stands where it shall begin
	over   bool  // it has no more frames
	asked  bool  // what follows was asked for
	broken bool  // it could never be played
	err    error // why it broke off

	begun bool  // its first frame since the last seek is on its way into the ring
	first int64 // the item's frame, at the ring's rate, that it began with
	sent  int64 // frames sent on since then
	mixed bool  // and its end was mixed into what follows
}

func newVoice(t *track) *voice {
	v := &voice{track: t}
	defer func() { v.broken = v.err != nil }()
	switch n := t.format.Channels; {
	case t.item.Source == nil:
		v.fail(errors.New("player: the item has no source"))
	case t.format.Rate <= 0 || n <= 0:
		v.fail(fmt.Errorf("player: a source of %d Hz and %d channels cannot be played", t.format.Rate, n))
	case n != 2:
		if v.mix = downmix(n); v.mix == nil {
			v.fail(fmt.Errorf("player: a source of %d channels cannot be played", n))
		}
	}
	return v
}

func (v *voice) fail(err error) {
	v.over, v.placed = true, true
	if v.err == nil {
		v.err = err
	}
}

// seek moves the source; ErrNoSeek leaves everything as it was.
func (v *voice) seek(to time.Duration) (at time.Duration, err error) {
	if v.broken {
		return 0, pcm.ErrNoSeek
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("player: the source broke while it sought: %v", r)
		}
	}()
	at, err = v.item.Source.Seek(to)
	if errors.Is(err, pcm.ErrNoSeek) {
		return 0, pcm.ErrNoSeek
	}
	v.dirty, v.placed, v.over, v.begun, v.sent, v.err = true, true, false, false, 0, nil
	v.mixed = false
	if err != nil {
		v.fail(err)
		return to, err
	}
	v.read = v.format.Frames(at)
	return at, nil
}

// next reads one block as stereo frames with gain, into raw and out, which hold
// block frames of the source's channels and of two.
func (v *voice) next(raw, out []float32) []float32 {
	n := v.format.Channels
	into := out[:2*block]
	if v.mix != nil {
		into = raw[:n*block]
	}
	got := 0
	for idle := 0; got == 0 && !v.over; idle++ {
		k, err := v.pull(into)
		got = k - k%n
		switch {
		case errors.Is(err, io.EOF):
			v.over = true
		case err != nil:
			v.fail(err)
		case idle == maxIdle:
			v.fail(io.ErrNoProgress)
		}
	}
	v.dirty = true
	v.read += int64(got / n)
	if v.mix != nil {
		v.mix.stereo(out, into[:got])
	}
	frames := out[:2*(got/n)]
	v.gain.apply(frames)
	return frames
}

// pull is Read, with a panic of the source turned into an error.
func (v *voice) pull(dst []float32) (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			n, err = 0, fmt.Errorf("player: the source broke: %v", r)
		}
	}()
	return v.item.Source.Read(dst)
}

// left is how long the rest of the source is, as far as it is known.
func (v *voice) left() (time.Duration, bool) {
	if v.frames <= 0 {
		return 0, false
	}
	return v.format.Duration(max(v.frames-v.read, 0)), true
}
