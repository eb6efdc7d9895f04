//go:build !linux

package device

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ebitengine/oto/v3"

	"segue/internal/pcm"
)

// Oto is the sound card, in float32 stereo. oto has one context for the process, made at
// the first Start and kept: on this system a context that died stays dead.
func Oto(o OtoOptions) pcm.Device { return &plain{options: o.withDefaults()} }

// plainAhead is what oto's mixer holds before the device.
const plainAhead = 200 * time.Millisecond

// plain is oto as it is, with one everlasting player that reads from whatever stream is
// the current one.
type plain struct {
	options OtoOptions
	current atomic.Pointer[plainStream]

	mu     sync.Mutex
	ctx    *oto.Context
	player *oto.Player
}

func (d *plain) Name() string { return "oto" }

func (d *plain) format() pcm.Format { return pcm.Format{Rate: d.options.Rate, Channels: 2} }

func (d *plain) Start(_ pcm.Format, fill func(dst []float32) bool) (pcm.Stream, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return nil, err
	}
	s := &plainStream{ending: newEnding(), device: d, fill: fill}
	if old := d.current.Swap(s); old != nil {
		old.end(nil)
	}
	d.player.Play()
	return s, nil
}

func (d *plain) open() error {
	if d.ctx != nil {
		return d.fault()
	}
	ctx, ready, err := oto.NewContext(&oto.NewContextOptions{
		SampleRate: d.options.Rate, ChannelCount: 2, Format: oto.FormatFloat32LE, BufferSize: d.options.Buffer,
	})
	if err != nil {
		return fmt.Errorf("device: no sound device: %w", err)
	}
	d.ctx = ctx
	select {
	case <-ready:
	case <-time.After(openPatience):
		return errors.New("device: no sound device: it does not answer")
	}
	if err := d.fault(); err != nil {
		return err
	}
	d.player = ctx.NewPlayer(d)
	d.player.SetBufferSize(int(d.format().Frames(plainAhead)) * 8)
	return nil
}

// fault is the context's error, and that of a context that never became ready.
func (d *plain) fault() error {
	if err := d.ctx.Err(); err != nil {
		return fmt.Errorf("device: no sound device: %w", err)
	}
	return nil
}

// Read is the everlasting source of oto's player: the stream's frames or silence, and
// never an end.
func (d *plain) Read(p []byte) (int, error) {
	n := len(p) / 8 * 8
	if s := d.current.Load(); s != nil {
		s.read(p[:n])
	} else {
		clear(p[:n])
	}
	return n, nil
}

// Seek lets oto's player throw its buffer away.
func (d *plain) Seek(int64, int) (int64, error) { return 0, nil }

// plainStream is one Start.
type plainStream struct {
	*ending
	device *plain
	fill   func(dst []float32) bool

	mu     sync.Mutex // held around fill
	dst    []float32
	paused bool
	closed bool
}

func (s *plainStream) read(p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.paused {
		clear(p)
		return
	}
	if len(s.dst) < len(p)/4 {
		s.dst = make([]float32, len(p)/4)
	}
	dst := s.dst[:len(p)/4]
	s.fill(dst)
	for i, v := range dst {
		binary.LittleEndian.PutUint32(p[4*i:], math.Float32bits(v))
	}
}

func (s *plainStream) Format() pcm.Format { return s.device.format() }

func (s *plainStream) Pause() {
	s.device.player.Pause()
	s.mu.Lock()
	s.paused = true
	s.mu.Unlock()
	_ = s.device.ctx.Suspend() // its error is Err's
}

func (s *plainStream) Resume() {
	s.mu.Lock()
	s.paused = false
	s.mu.Unlock()
	_ = s.device.ctx.Resume() // its error is Err's
	s.device.player.Play()
}

func (s *plainStream) Flush() int64 {
	n := s.device.player.BufferedSize() / 8
	_, _ = s.device.player.Seek(0, 0) // our Seek has no error
	return int64(n)
}

func (s *plainStream) Latency() time.Duration {
	n := s.device.player.BufferedSize() / 8
	return s.Format().Duration(int64(n)) + s.device.options.Buffer
}

func (s *plainStream) SetVolume(v float64) { s.device.player.SetVolume(min(max(v, 0), 1)) }

// Err is also what oto's context died of.
func (s *plainStream) Err() error {
	if err := s.device.fault(); err != nil {
		s.end(err)
	}
	return s.ending.Err()
}

func (s *plainStream) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.device.current.CompareAndSwap(s, nil)
	s.end(nil)
	return nil
}
