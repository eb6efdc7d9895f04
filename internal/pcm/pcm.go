// Package pcm holds the words that decoders, the player and its outputs share:
// formats, sources of frames and devices that play them.
//
// A frame is one sample for each channel; samples are float32 in [-1, 1],
// interleaved. Lengths of sample slices are always a multiple of the channels.
package pcm

import (
	"errors"
	"time"
)

// Format of a stream of frames.
type Format struct {
	Rate     int // frames a second
	Channels int // 1 or 2 behind a decoder's downmix; a Source may have up to 8
}

// Frames is how many whole frames make up d, rounded to the nearest.
func (f Format) Frames(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	s := int64(d / time.Second)
	ns := int64(d % time.Second)
	return s*int64(f.Rate) + (ns*int64(f.Rate)+int64(time.Second)/2)/int64(time.Second)
}

// Duration is how long n frames last, rounded to the nearest nanosecond, so
// that Frames(Duration(n)) == n.
func (f Format) Duration(n int64) time.Duration {
	if f.Rate <= 0 {
		return 0
	}
	r := int64(f.Rate)
	s, rest := n/r, n%r
	return time.Duration(s)*time.Second + time.Duration((rest*int64(time.Second)+r/2)/r)
}

// Source gives the frames of one track, in order. It is used by one goroutine at a time.
type Source interface {
	Format() Format
	// Read fills dst with up to len(dst) samples and returns how many it wrote.
	// At the end it returns io.EOF, with or without the last samples. Any other
	// error ends the source; what was read before stays good.
	Read(dst []float32) (int, error)
	// Seek moves to the frame nearest to the given time from the start, exactly,
	// and returns where it is. Beyond the end it goes to the end. A source that
	// cannot seek returns ErrNoSeek and stays where it is.
	Seek(to time.Duration) (time.Duration, error)
	Close() error
}

// Info is what a decoder knows of its stream beyond the format. Sources may
// implement Informed.
type Info struct {
	Codec  string // "FLAC", "MP3", "Vorbis", "Opus", "WAV", "AIFF", "AAC" …
	Bits   int    // bits a sample where the codec has such a thing, else 0
	Frames int64  // length, -1 = unknown
	Kbps   int    // average or nominal bit rate, 0 = unknown
}

// Informed is implemented by sources that know their Info.
type Informed interface{ Info() Info }

// ErrNoSeek says that a source only goes forward.
var ErrNoSeek = errors.New("this stream cannot seek")

// Device is a way out for frames: a sound card, a silent clock, a file.
type Device interface {
	// Name is for people: "oto (ALSA default)", "silent", "wav:out.wav".
	Name() string
	// Start opens the device for frames of format f, or of the format it needs
	// instead (Stream.Format tells), and begins to call fill whenever it wants more.
	//
	// fill must write all of dst and never blocks; it is called by one goroutine
	// at a time. It returns false when nothing will ever follow (the queue has
	// ended): devices that are files end then, others go on with the silence that
	// dst holds.
	Start(f Format, fill func(dst []float32) bool) (Stream, error)
}

// Stream is a device at work. Its methods may be called from any goroutine and
// return within milliseconds even when the hardware hangs.
type Stream interface {
	Format() Format
	// Pause stops calling fill and silences the device at once, keeping what it
	// has buffered where it can; Resume goes on.
	Pause()
	Resume()
	// Flush throws away what the device has buffered but not yet played.
	// It returns the number of frames thrown away, so that the caller knows what was not heard.
	Flush() int64
	// Latency is how long a frame that fill has just written takes until it is
	// heard: all buffers behind fill.
	Latency() time.Duration
	// SetVolume sets the linear gain (0 to 1, never above) that is applied as late
	// as the device can, with a ramp of about 20 ms. A file device ignores it.
	SetVolume(v float64)
	// Err is closed over a device that died: nil while it works.
	Err() error
	// Done is closed when the stream has ended, by Close, by an error or (files)
	// because fill returned false and everything was written.
	Done() <-chan struct{}
	Close() error
}

// Deep is implemented by Streams that can be held empty: paused, flushed and resumed, they
// ask for nothing in between and begin with the frame that comes next. Depth is how much
// they take at once then, before they ask by the clock; 0 = unknown.
type Deep interface{ Depth() time.Duration }

// Tiring is implemented by Streams that cost something while they are paused: a client library
// that looks around every second, a card that nobody else can have. Whoever has paused one for
// long closes it, and starts the device again.
type Tiring interface{ Tires() bool }

// Recorder is a Device that keeps every frame (a file, a pipe, stdout), for which
// a block that is silent at its end, or while the decoder is behind, would be wrong
// sound rather than a gap in time. Whoever finds a Recorder uses Record, not Start.
type Recorder interface {
	Device
	// Record is Start with a reader that says how many samples of dst it gave (whole
	// frames). It may wait until there is something, and may give none and be asked
	// again shortly; more is false when nothing will follow what was given with it.
	Record(f Format, read func(dst []float32) (n int, more bool)) (Stream, error)
}
