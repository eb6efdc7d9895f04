package decode

import (
	"errors"
	"fmt"
	"io"
	"time"

	"segue/internal/pcm"
)

// decoder is one codec at work. Calls come from one goroutine at a time.
type decoder interface {
	format() pcm.Format
	info() pcm.Info
	// read fills dst, which holds whole frames, and returns the frames written.
	// Fewer than asked for come only with an error; io.EOF is the end.
	read(dst []float32) (int, error)
	// seek moves to a frame within the known length, exactly, and returns where it is.
	seek(frame int64) (int64, error)
	// short is how many frames may be missing at the end before the file counts as cut.
	short() int64
	close()
}

// Limits of what we take for music; beyond them a header lies or nobody can play it.
const (
	maxChannels = 8
	maxRate     = 6_000_000 // 5.6 MHz is DSD128
)

// source makes a pcm.Source of a decoder: it counts, holds the error that ended it, and
// says where a file was cut.
type source struct {
	name string
	in   *stream
	dec  decoder
	f    pcm.Format
	inf  pcm.Info
	pos  int64 // frame that is read next
	end  error // why reading is over, nil = it is not
	shut bool
}

func newSource(name string, in *stream, dec decoder) (*source, error) {
	s := &source{name: name, in: in, dec: dec, f: dec.format(), inf: dec.info()}
	if err := checkFormat(s.f); err != nil {
		dec.close()
		return nil, err
	}
	if s.inf.Kbps == 0 && s.inf.Frames > 0 && in.size > 0 {
		s.inf.Kbps = int(float64(in.size) * 8 / 1000 / (float64(s.inf.Frames) / float64(s.f.Rate)))
	}
	return s, nil
}

func checkFormat(f pcm.Format) error {
	switch {
	case f.Channels < 1:
		return errors.New("damaged: it says that it has no channels")
	case f.Channels > maxChannels:
		return fmt.Errorf("it has %d channels, more than the %d that we play", f.Channels, maxChannels)
	case f.Rate < 1 || f.Rate > maxRate:
		return fmt.Errorf("damaged: a sample rate of %d Hz", f.Rate)
	}
	return nil
}

// Format is the rate and channels of the stream itself, nothing is converted.
func (s *source) Format() pcm.Format { return s.f }

// Info is what the headers tell.
func (s *source) Info() pcm.Info { return s.inf }

// Read fills dst as pcm.Source says. It blocks as long as the reader beneath does.
func (s *source) Read(dst []float32) (int, error) {
	if s.end != nil {
		return 0, s.end
	}
	dst = dst[:len(dst)-len(dst)%s.f.Channels]
	if len(dst) == 0 {
		return 0, nil
	}
	n, err := s.dec.read(dst)
	s.pos += int64(n)
	if err != nil {
		s.end = s.reason(err)
	}
	return n * s.f.Channels, s.end
}

// reason turns what a decoder says at its end into what the listener needs to know.
func (s *source) reason(err error) error {
	switch {
	case s.in.err != nil:
		return &fault{"read ", s.name, s.in.err.Error(), s.in.err}
	case errors.Is(err, io.EOF) && s.inf.Frames > s.pos+s.dec.short():
		return s.cut("cut short at %s of %s", s.pos, s.inf.Frames)
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF):
		return s.cut("cut short at %s", s.pos)
	}
	return &fault{"", s.name, "at " + clock(s.f.Duration(s.pos)) + ": " + err.Error(), err}
}

// cut is the error of a file that ends too early; the frames are told as times.
func (s *source) cut(format string, frames ...int64) error {
	times := make([]any, len(frames))
	for i, n := range frames {
		times[i] = clock(s.f.Duration(n))
	}
	return &fault{"", s.name, fmt.Sprintf(format, times...), io.ErrUnexpectedEOF}
}

// Seek moves as pcm.Source says.
func (s *source) Seek(to time.Duration) (time.Duration, error) {
	if s.in.seeker == nil || s.shut {
		return s.f.Duration(s.pos), pcm.ErrNoSeek
	}
	frame := s.f.Frames(to)
	if s.inf.Frames >= 0 && frame >= s.inf.Frames {
		frame = s.inf.Frames
	}
	s.in.err, s.in.late = nil, nil
	at, err := s.dec.seek(frame)
	if err == nil {
		s.pos, s.end = at, nil
		return s.f.Duration(at), nil
	}
	if errors.Is(err, pcm.ErrNoSeek) {
		return s.f.Duration(s.pos), err
	}
	if errors.Is(err, io.EOF) { // the file is shorter than it says
		s.pos = at
		s.end = s.missing()
		return s.f.Duration(at), nil
	}
	s.end = s.reason(err)
	return s.f.Duration(s.pos), s.end
}

// missing is why nothing is there to seek to at pos.
func (s *source) missing() error {
	if s.inf.Frames <= s.pos+s.dec.short() {
		return io.EOF
	}
	return s.cut("cut short before %s of %s", s.pos, s.inf.Frames)
}

// Close ends the decoder and closes the input. A second Close does nothing.
func (s *source) Close() error {
	if s.shut {
		return nil
	}
	s.shut, s.end = true, io.ErrClosedPipe
	s.dec.close()
	return s.in.close()
}

// clock writes a time as players do: 3:45, 1:02:03.
func clock(d time.Duration) string {
	s := int(d / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
