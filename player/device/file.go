package device

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"

	"segue/internal/pcm"
)

// ErrReaderGone is what a pipe or stdout ends with when nobody reads it any more.
var ErrReaderGone = errors.New("the reader has gone away")

// ErrOther says that a file is there already that is not of the kind to be written.
var ErrOther = errors.New("there is another kind of file already")

// ErrWritten says that a WAV file is finished: starting again would wipe it out.
var ErrWritten = errors.New("was already written")

const (
	fileBlock = 4096                  // frames asked of the reader at once
	fileRetry = 5 * time.Millisecond  // after a reader that had nothing
	pipeRetry = 50 * time.Millisecond // while nobody has opened the pipe for reading
)

// WAV writes a WAV file, as fast as fill gives. The file is made when the stream
// starts, in place of a WAV that is there (nothing else is overwritten), and its header is right whenever the stream has
// ended, by an error too. Where the path cannot seek (/dev/stdout, a FIFO) the header's
// sizes say "until the end". A device writes its file once: ErrWritten.
func WAV(path string, s SampleFormat) pcm.Device {
	return &file{name: "wav:" + path, sample: s, wav: true, open: func(<-chan struct{}) (io.Writer, error) {
		return openWAV(path)
	}}
}

// openWAV takes care that a slip of the keys (wav:song.flac) costs nobody his music.
func openWAV(path string) (io.Writer, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ENXIO) {
		return os.OpenFile(path, os.O_WRONLY, 0) // such as /dev/stdout
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return f, err
	}
	head := make([]byte, 4)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(err, f.Close())
	}
	if n > 0 && string(head) != "RIFF" {
		return nil, errors.Join(ErrOther, f.Close())
	}
	if err := f.Truncate(0); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// WAVStream writes a WAV to w, with sizes that say "until the end". It never closes w.
func WAVStream(w io.Writer, s SampleFormat) pcm.Device {
	return &file{name: "wav:-", sample: s, wav: true, borrowed: true, open: func(<-chan struct{}) (io.Writer, error) { return w, nil }}
}

// Stdout writes bare samples to w, as fast as w takes them. It never closes w.
func Stdout(w io.Writer, s SampleFormat) pcm.Device {
	return &file{name: "-", sample: s, borrowed: true, open: func(<-chan struct{}) (io.Writer, error) { return w, nil }}
}

// Pipe writes bare samples to a named pipe, as fast as its reader takes them, and waits for
// one to come. A path that is not there becomes a pipe, and is removed at the end; a file
// that holds something is left alone.
func Pipe(path string, s SampleFormat) pcm.Device {
	return &file{name: "pipe:" + path, sample: s, open: func(done <-chan struct{}) (io.Writer, error) {
		return openPipe(path, done)
	}}
}

// file is a Recorder: what it is given, and nothing else, is written.
type file struct {
	name     string
	sample   SampleFormat
	wav      bool
	borrowed bool                                          // the writer is not ours to close
	open     func(done <-chan struct{}) (io.Writer, error) // waits at most until done

	mu      sync.Mutex
	written bool // a WAV with frames in it
}

func (d *file) Name() string { return d.name }

// Start writes all of dst for every fill that returns true, and nothing of the one that
// returns false.
func (d *file) Start(f pcm.Format, fill func(dst []float32) bool) (pcm.Stream, error) {
	return d.Record(f, func(dst []float32) (int, bool) {
		if !fill(dst) {
			return 0, false
		}
		return len(dst), true
	})
}

func (d *file) Record(f pcm.Format, read func(dst []float32) (int, bool)) (pcm.Stream, error) {
	if f.Rate <= 0 || f.Channels <= 0 || f.Channels > 255 {
		return nil, fmt.Errorf("device: %s: impossible format %d Hz, %d channels", d.name, f.Rate, f.Channels)
	}
	s := &fileStream{ending: newEnding(), device: d, format: f, read: read, closing: make(chan struct{})}
	s.turn.L = &s.mu
	if d.wav {
		// A file that cannot be made is an error of Start. A pipe waits for its reader.
		if err := s.begin(); err != nil {
			return nil, err
		}
	}
	go s.run()
	return s, nil
}

// fileStream is one run of a file device.
type fileStream struct {
	*ending
	device *file
	format pcm.Format
	read   func(dst []float32) (int, bool)

	out    io.Writer // run's, from begin on; set under mu, for Close
	size   int64     // run's: bytes of samples written
	buffer []byte    // run's

	closing   chan struct{} // closed by Close
	closeOnce sync.Once

	mu     sync.Mutex // guards what follows, and is never held around read or a write
	turn   sync.Cond
	paused bool
	closed bool
}

// begin opens the way out and writes the header.
func (s *fileStream) begin() error {
	d := s.device
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.written && !d.borrowed {
		return fmt.Errorf("device: %s %w", d.name, ErrWritten)
	}
	out, err := d.open(s.closing)
	if err != nil {
		return s.fault("open", err)
	}
	s.mu.Lock()
	s.out = out
	s.mu.Unlock()
	if !d.wav {
		return nil
	}
	if _, err := out.Write(wavHeader(s.format, d.sample, -1)); err != nil {
		return errors.Join(s.fault("write", err), s.release())
	}
	return nil
}

func (s *fileStream) run() {
	err := s.copy()
	if s.out != nil {
		err = errors.Join(err, s.mend(), s.release())
	}
	s.end(err)
}

// copy moves frames until the reader ends, the stream is closed or writing fails.
func (s *fileStream) copy() error {
	if s.out == nil {
		if err := s.begin(); err != nil {
			if errors.Is(err, errGivenUp) {
				return nil
			}
			return err
		}
	}
	dst := make([]float32, fileBlock*s.format.Channels)
	for s.mayRead() {
		n, more := s.read(dst)
		if s.isClosed() {
			return nil
		}
		if err := s.write(dst[:n-n%s.format.Channels]); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				return nil // Close waits no longer
			}
			return err
		}
		if !more {
			return nil
		}
		if n == 0 {
			s.rest()
		}
	}
	return nil
}

func (s *fileStream) write(samples []float32) error {
	if len(samples) == 0 {
		return nil
	}
	s.buffer = s.device.sample.encode(s.buffer[:0], samples)
	n, err := s.out.Write(s.buffer)
	s.size += int64(n)
	if err != nil {
		return s.fault("write", err)
	}
	s.device.mu.Lock()
	s.device.written = s.device.wav
	s.device.mu.Unlock()
	return nil
}

// rest waits a moment for a reader that had nothing.
func (s *fileStream) rest() {
	select {
	case <-s.closing:
	case <-time.After(fileRetry):
	}
}

// mayRead waits while the stream is paused; false when it was closed.
func (s *fileStream) mayRead() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.paused && !s.closed {
		s.turn.Wait()
	}
	return !s.closed
}

func (s *fileStream) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// mend writes the true sizes into the header of a file that can seek.
func (s *fileStream) mend() error {
	f, ok := s.out.(*os.File)
	if !ok || !s.device.wav || s.device.borrowed {
		return nil
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil // it stays a stream
	}
	if s.size%2 == 1 {
		if _, err := f.Write([]byte{0}); err != nil {
			return s.fault("write", err)
		}
	}
	if _, err := f.WriteAt(wavHeader(s.format, s.device.sample, s.size), 0); err != nil {
		return s.fault("write the header", err)
	}
	return nil
}

func (s *fileStream) release() error {
	c, ok := s.out.(io.Closer)
	if !ok || s.device.borrowed {
		return nil
	}
	if err := c.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return s.fault("close", err)
	}
	return nil
}

// fault puts an error in words: a reader that has gone is no fault of ours.
func (s *fileStream) fault(step string, err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return fmt.Errorf("device: %s: %w", s.device.name, ErrReaderGone)
	}
	return fmt.Errorf("device: %s: %s: %w", s.device.name, step, err)
}

func (s *fileStream) Format() pcm.Format { return s.format }

// Pause holds the stream up before its next block.
func (s *fileStream) Pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = true
}

func (s *fileStream) Resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = false
	s.turn.Broadcast()
}

// Flush finds nothing: what was given is in the file.
func (s *fileStream) Flush() int64 { return 0 }

// Latency is none: frames count as heard when they are written.
func (s *fileStream) Latency() time.Duration { return 0 }

// SetVolume does nothing: files are exact.
func (s *fileStream) SetVolume(float64) {}

// Close ends the stream and gives its writer a moment to finish the file; a reader
// that does not read is not waited for.
func (s *fileStream) Close() error {
	s.closeOnce.Do(func() {
		close(s.closing)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.closed = true
		s.turn.Broadcast()
		if f, ok := s.out.(interface{ SetWriteDeadline(time.Time) error }); ok && !s.device.borrowed {
			_ = f.SetWriteDeadline(time.Now().Add(fileGrace)) // plain files have none, and need none
		}
	})
	select {
	case <-s.done:
	case <-time.After(2 * fileGrace):
		s.end(nil)
	}
	return s.Err()
}

// fileGrace is how long Close waits for the last block and the header.
const fileGrace = 20 * time.Millisecond
