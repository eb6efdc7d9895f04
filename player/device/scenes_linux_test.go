package device

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"segue/internal/pcm"
)

// playScene plays a scene in this process and returns its exit code.
func playScene(name string, out io.Writer) int {
	play, ok := map[string]func(*stage) error{
		"keeps time":                       keepsTime,
		"pauses and flushes to the sample": pausesAndFlushes,
		"sleeps while paused":              sleepsWhilePaused,
		"server is killed":                 serverIsKilled,
		"server hangs":                     serverHangs,
		"no device":                        noDevice,
		"no clock":                         noClock,
		"silence sleeps while paused":      func(s *stage) error { s.device = Silent(); return sleepsWhilePaused(s) },
		"costs":                            costs,
		"probes":                           probes,
		"silence costs":                    func(s *stage) error { s.device = Silent(); return costs(s) },
	}[name]
	if !ok {
		_, _ = fmt.Fprintln(out, "no such scene")
		return 2
	}
	st := &stage{out: out, device: Oto(OtoOptions{})}
	if err := play(st); err != nil {
		st.say("FAILED: %v", err)
		return 1
	}
	return 0
}

// stage is a device that plays the numbers of its frames.
type stage struct {
	device pcm.Device
	stream pcm.Stream
	out    io.Writer // read by the parent
	given  atomic.Int64
	base   atomic.Int64 // added to the numbers, to tell what came after a flush
}

func (s *stage) say(format string, args ...any) { _, _ = fmt.Fprintf(s.out, format+"\n", args...) }

// mark writes frame number n where no volume, and no 16 bits, can hide it.
func mark(dst []float32, n int64) {
	dst[0] = float32(n/4096%4096+1) / 8192
	dst[1] = float32(n%4096+1) / 8192
}

// number is the inverse of mark; -1 is silence.
func number(left, right float32) int64 {
	if left == 0 && right == 0 {
		return -1
	}
	return (int64(math.Round(float64(left)*8192))-1)*4096 + int64(math.Round(float64(right)*8192)) - 1
}

func (s *stage) fill(dst []float32) bool {
	n := s.given.Load()
	for i := 0; i < len(dst); i += 2 {
		mark(dst[i:], s.base.Load()+n)
		n++
	}
	s.given.Store(n)
	return true
}

func (s *stage) start() error {
	s.given.Store(0)
	began := time.Now()
	stream, err := s.device.Start(pcm.Format{Rate: 44100, Channels: 2}, s.fill)
	if err != nil {
		return err
	}
	s.stream = stream
	s.say("opened in %v", time.Since(began).Round(time.Millisecond))
	return s.await(15*time.Second, func() bool { return s.heard() > 1000 })
}

// inTime wants the frames to be heard as fast as they should, give or take a part, for a while.
// Servers may break off, and our own writer be late, on a busy machine: one while of three must do.
func (s *stage) inTime(while time.Duration, part float64) error {
	for range 3 {
		rate := s.rate(while)
		s.say("rate %.4f of the true one, latency %v", rate, s.stream.Latency())
		if math.Abs(rate-1) <= part {
			return nil
		}
	}
	return errors.New("too far off")
}

// rate is how fast frames are heard over a while, 1 = as they should.
func (s *stage) rate(while time.Duration) float64 {
	began, from := s.moment()
	time.Sleep(while)
	ended, to := s.moment()
	return float64(to-from) / (44100 * ended.Sub(began).Seconds())
}

// moment is what is heard when: on a busy machine there may be a while between two questions.
func (s *stage) moment() (when time.Time, heard int64) {
	for range 1000 {
		when = time.Now()
		if heard = s.heard(); time.Since(when) < 2*time.Millisecond {
			break
		}
	}
	return when, heard
}

func (s *stage) heard() int64 { return s.given.Load() - s.stream.Format().Frames(s.stream.Latency()) }

// await looks every 5 ms until ok, or the stream has died, or it is too late.
func (s *stage) await(patience time.Duration, ok func() bool) error {
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("nothing came of it in %v; heard %d", patience, s.heard())
		}
		if err := s.stream.Err(); err != nil {
			return err
		}
	}
	return nil
}

func keepsTime(s *stage) error {
	if err := s.start(); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	if err := s.inTime(4*time.Second, 0.04); err != nil {
		return err
	}
	return s.stream.Close()
}

// sleepsWhilePaused leaves the counting to the parent: whoever looks is awake.
func sleepsWhilePaused(s *stage) error {
	if err := s.start(); err != nil {
		return err
	}
	time.Sleep(time.Second)
	s.stream.Pause()
	time.Sleep(time.Second)
	s.say(lookNow)
	if _, err := os.Stdin.Read(make([]byte, 1)); err != nil { //nolint:forbidigo // a child of the test waits for its parent
		return err
	}
	s.stream.Resume()
	given := s.given.Load()
	if err := s.await(15*time.Second, func() bool { return s.given.Load() > given+44100 }); err != nil {
		return err
	}
	return s.stream.Close()
}

func noDevice(s *stage) error {
	if r := Probe(OtoOptions{}); r.Err == nil || r.Advice == "" || r.Device != "" {
		return fmt.Errorf("probed %+v", r)
	}
	for range 2 {
		began := time.Now()
		err := s.start()
		s.say("after %v: %v", time.Since(began).Round(time.Millisecond), err)
		if err == nil || !strings.HasPrefix(err.Error(), "device: no sound device: ") || time.Since(began) > 10*time.Second {
			return errors.New("no clear error, or not at once")
		}
	}
	return nil
}

func noClock(s *stage) error {
	cpu := spent()
	if err := s.start(); err != nil {
		return err
	}
	time.Sleep(time.Second)
	// Without our clock it is hundreds of times too fast; with it, only a late writer is off.
	if err := s.inTime(2*time.Second, 0.25); err != nil {
		return err
	}
	if cpu = spent() - cpu; cpu > time.Second { // without our clock it is three at least
		return fmt.Errorf("busy: %v CPU", cpu)
	}
	s.stream.Pause()
	time.Sleep(500 * time.Millisecond) // a busy machine may let the writer stop late
	given, latency := s.given.Load(), s.stream.Latency()
	time.Sleep(500 * time.Millisecond)
	if s.given.Load() != given || s.stream.Latency() != latency {
		return errors.New("went on while paused")
	}
	s.stream.Resume()
	if err := s.await(15*time.Second, func() bool { return s.given.Load() > given+22050 }); err != nil {
		return err
	}
	return commands(s)
}

// bufferVar is the device's buffer in the scene "costs".
const bufferVar = "SEGUE_SOUND_BUFFER"

// costs prints the CPU seconds that an hour of music would take, with a fill that copies.
func costs(s *stage) error {
	if d, err := time.ParseDuration(os.Getenv(bufferVar)); err == nil && d > 0 {
		s.device = Oto(OtoOptions{Buffer: d})
	}
	music := make([]float32, 4*44100)
	var at int
	stream, err := s.device.Start(pcm.Format{Rate: 44100, Channels: 2}, func(dst []float32) bool {
		for len(dst) > 0 {
			n := copy(dst, music[at:])
			dst, at = dst[n:], (at+n)%len(music)
		}
		return true
	})
	if err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	cpu, began := spent(), time.Now()
	time.Sleep(20 * time.Second)
	s.say("%.2f CPU s/h", 3600*(spent()-cpu).Seconds()/time.Since(began).Seconds())
	return stream.Close()
}

func probes(s *stage) error {
	r := Probe(OtoOptions{})
	s.say("%+v", r)
	if r.Device != "PulseAudio" && r.Device != "PipeWire" || r.Err != nil || r.Playing == 0 || r.Advice != "" || len(r.Servers) != 1 {
		return errors.New("want PulseAudio or PipeWire, and no advice")
	}
	return nil
}
