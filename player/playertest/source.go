// Package playertest holds what tests of the player and of its callers need:
// sources with known contents and a device that collects what it is given, on
// real time or on the fake time of testing/synctest. Only tests import it.
package playertest

import (
	"errors"
	"io"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"segue/internal/pcm"
)

// Source plays frames from memory. Set the fields before it is used.
type Source struct {
	Fmt    pcm.Format
	Frames []float32 // interleaved
	Codec  string
	// Unknown hides the length, NoSeek makes it go forward only.
	Unknown, NoSeek bool
	// FailAt ends it with Err after so many frames, when Err is set.
	FailAt int64
	Err    error
	// Step is the most frames that a Read gives, 0 = all that fit.
	Step int
	// Delay is how long each Read takes.
	Delay time.Duration
	// Hang, when not nil, makes every Read wait until it is closed.
	Hang chan struct{}
	// HangSeek does the same for Seek.
	HangSeek chan struct{}

	at     int64
	closed atomic.Int32
	seeks  atomic.Int32
	inUse  atomic.Bool
	misuse atomic.Bool
}

// ErrBroken is a ready-made Err.
var ErrBroken = errors.New("the file is cut off")

// Format is Fmt.
func (s *Source) Format() pcm.Format { return s.Fmt }

// Info tells codec and length.
func (s *Source) Info() pcm.Info {
	n := int64(len(s.Frames) / max(s.Fmt.Channels, 1))
	if s.Unknown {
		n = -1
	}
	return pcm.Info{Codec: s.Codec, Frames: n}
}

func (s *Source) enter() func() {
	if s.inUse.Swap(true) || s.closed.Load() > 0 {
		s.misuse.Store(true)
	}
	return func() { s.inUse.Store(false) }
}

// Read gives the next frames.
func (s *Source) Read(dst []float32) (int, error) {
	defer s.enter()()
	if s.Hang != nil {
		<-s.Hang
	}
	if s.Delay > 0 {
		time.Sleep(s.Delay)
	}
	ch := int64(s.Fmt.Channels)
	end := int64(len(s.Frames)) / ch
	if s.Err != nil {
		end = min(end, s.FailAt)
	}
	n := min(int64(len(dst))/ch, end-s.at)
	if s.Step > 0 {
		n = min(n, int64(s.Step))
	}
	if n <= 0 {
		if s.Err != nil {
			return 0, s.Err
		}
		return 0, io.EOF
	}
	k := copy(dst, s.Frames[s.at*ch:(s.at+n)*ch])
	s.at += n
	return k, nil
}

// Seek goes to the nearest frame.
func (s *Source) Seek(to time.Duration) (time.Duration, error) {
	defer s.enter()()
	if s.HangSeek != nil {
		<-s.HangSeek
	}
	if s.NoSeek {
		return 0, pcm.ErrNoSeek
	}
	s.seeks.Add(1)
	s.at = min(s.Fmt.Frames(to), int64(len(s.Frames)/s.Fmt.Channels))
	return s.Fmt.Duration(s.at), nil
}

// Close counts.
func (s *Source) Close() error {
	defer s.inUse.Store(false)
	if s.inUse.Swap(true) {
		s.misuse.Store(true)
	}
	s.closed.Add(1)
	return nil
}

// Closed is how often it was closed.
func (s *Source) Closed() int { return int(s.closed.Load()) }

// Seeks is how often it was sought.
func (s *Source) Seeks() int { return int(s.seeks.Load()) }

// Misused reports whether two goroutines used it at once, or somebody after Close.
func (s *Source) Misused() bool { return s.misuse.Load() }

// Numbered is a stereo source of n frames whose samples all differ, so that one lost,
// doubled or moved frame shows: frame i of source id holds Sample(id, i) left and
// its negative right.
func Numbered(rate, n, id int) *Source {
	f := make([]float32, 2*n)
	for i := range n {
		f[2*i] = Sample(id, i)
		f[2*i+1] = -f[2*i]
	}
	return &Source{Fmt: pcm.Format{Rate: rate, Channels: 2}, Frames: f, Codec: "TEST"}
}

// Sample is the left sample of frame i of Numbered source id: never 0, below 1.
func Sample(id, i int) float32 {
	return float32((id*7919+i)%(1<<22)+1) / (1 << 23)
}

// Tone is a sine of hz at a level of 0 to 1.
func Tone(rate, n int, hz, level float64) *Source {
	s := Numbered(rate, n, 0)
	for i := range n {
		x := float32(level * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
		s.Frames[2*i], s.Frames[2*i+1] = x, x
	}
	return s
}

// once makes Done channels closable twice.
type ending struct {
	once sync.Once
	c    chan struct{}
}

func (e *ending) end() { e.once.Do(func() { close(e.c) }) }
