package device

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
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
	return s.await(5*time.Second, func() bool { return s.heard() > 1000 })
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
	began, from := time.Now(), s.heard()
	time.Sleep(4 * time.Second)
	want, got := 44100*time.Since(began).Seconds(), float64(s.heard()-from)
	s.say("rate %.4f of the true one, latency %v", got/want, s.stream.Latency())
	if math.Abs(got/want-1) > 0.02 {
		return errors.New("too far off")
	}
	return s.stream.Close()
}

// recording is what the server's null sink played.
type recording struct {
	cmd  *exec.Cmd
	out  io.ReadCloser
	mu   sync.Mutex
	seen []int64 // numbers, without the silence
}

func listenTo(server string) (*recording, error) {
	args := []string{"parec", "--raw", "--format=float32le", "--rate=44100", "--channels=2", "--device=nul.monitor", "--latency-msec=20"}
	if strings.Contains(server, "pipewire") {
		args = []string{"pw-record", "-P", "{ stream.capture.sink = true }", "--format=f32", "--rate=44100", "--channels=2", "-"}
	}
	r := &recording{cmd: exec.CommandContext(context.Background(), args[0], args[1:]...)}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	r.out = out
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	go r.read()
	return r, nil
}

func (r *recording) read() {
	frame := make([]byte, 8)
	float := func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
	for {
		if _, err := io.ReadFull(r.out, frame); err != nil {
			return
		}
		if n := number(float(frame), float(frame[4:])); n >= 0 {
			r.mu.Lock()
			r.seen = append(r.seen, n)
			r.mu.Unlock()
		}
	}
}

func (r *recording) take() []int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.seen
	r.seen = nil
	return seen
}

// jumps are the places where the numbers do not go on by one.
func jumps(seen []int64) (at []int) {
	for i := 1; i < len(seen); i++ {
		if seen[i] != seen[i-1]+1 {
			at = append(at, i)
		}
	}
	return at
}

func pausesAndFlushes(s *stage) error {
	r, err := listenTo(os.Getenv(serverVar))
	if err != nil {
		return err
	}
	defer func() { _ = r.cmd.Process.Kill(); _ = r.cmd.Wait() }()
	time.Sleep(500 * time.Millisecond)
	if err := s.start(); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	for range 3 {
		began := time.Now()
		s.stream.Pause()
		took := time.Since(began)
		given := s.given.Load()
		time.Sleep(300 * time.Millisecond) // what was on its way to the recorder
		r.mu.Lock()
		before := len(r.seen)
		r.mu.Unlock()
		time.Sleep(300 * time.Millisecond)
		r.mu.Lock()
		after := len(r.seen)
		r.mu.Unlock()
		s.say("Pause took %v, latency kept %v", took, s.stream.Latency())
		if took > 50*time.Millisecond || after != before || s.given.Load() != given {
			return fmt.Errorf("Pause took %v, then %d frames were heard and %d asked for", took, after-before, s.given.Load()-given)
		}
		s.stream.Resume()
		time.Sleep(700 * time.Millisecond)
	}
	time.Sleep(300 * time.Millisecond)
	seen := r.take()
	if len(seen) < 2*44100 || seen[0] != 0 {
		return fmt.Errorf("%d frames heard, from %d on", len(seen), seen[0])
	}
	for _, i := range jumps(seen) {
		s.say("after %d came %d", seen[i-1], seen[i])
		// Twice is allowed for a few milliseconds, where the server cannot pause exactly.
		exact := !strings.Contains(os.Getenv(serverVar), "pipewire")
		if exact || seen[i] > seen[i-1] || seen[i] < seen[i-1]-44100*6/100 {
			return errors.New("frames were lost, or came twice")
		}
	}
	return flushes(s, r, seen[len(seen)-1])
}

// flushes sees that nothing old is heard after a flush, and that its number is right.
func flushes(s *stage, r *recording, last int64) error {
	const apart = 1 << 22
	s.base.Store(apart)
	began := time.Now()
	lost := s.stream.Flush()
	took := time.Since(began)
	given := s.given.Load()
	time.Sleep(time.Second)
	seen := append([]int64{last}, r.take()...)
	at := jumps(seen)
	if len(at) == 0 {
		return fmt.Errorf("no jump in %d frames from %d on, %d lost", len(seen), seen[0], lost)
	}
	old, young := seen[at[0]-1], seen[at[0]]
	s.say("Flush took %v, lost %d; heard up to %d, then %d; %d were given", took, lost, old, young-apart, given)
	if took > 50*time.Millisecond {
		return errors.New("too slow")
	}
	if young < apart {
		return fmt.Errorf("%d was heard twice, or late: %d jumps", young, len(at))
	}
	if off := (young - apart - lost) - (old + 1); off < -441*3 || off > 441*3 {
		return fmt.Errorf("the flush miscounted by %d frames", off)
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
	if _, err := os.Stdin.Read(make([]byte, 1)); err != nil { // until the parent has counted
		return err
	}
	s.stream.Resume()
	given := s.given.Load()
	if err := s.await(3*time.Second, func() bool { return s.given.Load() > given+44100 }); err != nil {
		return err
	}
	return s.stream.Close()
}

// theServer sends a signal to the server.
func theServer(sig syscall.Signal) error {
	dir := os.Getenv(dirVar)
	name := "pulse.pid"
	if strings.Contains(os.Getenv(serverVar), "pipewire") {
		name = "pipewire.pid"
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return err
	}
	return syscall.Kill(pid, sig)
}

// spent is the CPU time of this process.
func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func serverIsKilled(s *stage) error {
	if err := s.start(); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	cpu := spent()
	if err := theServer(syscall.SIGKILL); err != nil {
		return err
	}
	began := time.Now()
	select {
	case <-s.stream.Done():
	case <-time.After(5 * time.Second):
		return errors.New("the stream lives on")
	}
	took := time.Since(began)
	time.Sleep(2 * time.Second)
	s.say("after %v: %v; %v CPU since", took.Round(time.Millisecond), s.stream.Err(), spent()-cpu)
	if took > 2*time.Second || s.stream.Err() == nil || spent()-cpu > 200*time.Millisecond {
		return errors.New("too late, no error, or busy with it")
	}
	began = time.Now()
	if err := s.start(); err == nil || !strings.HasPrefix(err.Error(), "device: no sound device") {
		return fmt.Errorf("started without a server: %w", err)
	} else {
		s.say("without a server, after %v: %v", time.Since(began).Round(time.Millisecond), err)
	}
	if time.Since(began) > 2*time.Second {
		return errors.New("too slow")
	}
	return playsAgain(s)
}

// playsAgain starts the server anew and plays, in this same process.
func playsAgain(s *stage) error {
	for _, verb := range []string{"stop", "start"} {
		if out, err := exec.CommandContext(context.Background(), os.Getenv(serverVar), verb, os.Getenv(dirVar)).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", verb, err, out)
		}
	}
	for range 3 { // and again, and again
		if err := s.start(); err != nil {
			return fmt.Errorf("started again: %w", err)
		}
		if err := s.stream.Close(); err != nil {
			return err
		}
	}
	return nil
}

// commands calls every method, and wants each to be quick.
func commands(s *stage) error {
	for _, c := range []struct {
		name string
		call func()
	}{
		{"SetVolume", func() { s.stream.SetVolume(0.5) }},
		{"Latency", func() { s.stream.Latency() }},
		{"Flush", func() { s.stream.Flush() }},
		{"Pause", s.stream.Pause},
		{"Resume", s.stream.Resume},
	} {
		began := time.Now()
		c.call()
		if took := time.Since(began); took > 50*time.Millisecond {
			return fmt.Errorf("%s took %v", c.name, took)
		}
	}
	return nil
}

func serverHangs(s *stage) error {
	if err := s.start(); err != nil {
		return err
	}
	if err := theServer(syscall.SIGSTOP); err != nil {
		return err
	}
	time.Sleep(time.Second)
	if err := commands(s); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	if err := theServer(syscall.SIGCONT); err != nil {
		return err
	}
	given := s.given.Load()
	if err := s.await(5*time.Second, func() bool { return s.given.Load() > given+44100 }); err != nil {
		return fmt.Errorf("after a short stall: %w", err)
	}
	return hangsForGood(s)
}

func hangsForGood(s *stage) error {
	if err := theServer(syscall.SIGSTOP); err != nil {
		return err
	}
	began := time.Now()
	cpu := spent()
	select {
	case <-s.stream.Done():
	case <-time.After(5 * time.Second):
		return errors.New("hangs, and nobody says so")
	}
	s.say("after %v: %v; %v CPU", time.Since(began).Round(time.Millisecond), s.stream.Err(), spent()-cpu)
	if err := commands(s); err != nil {
		return err
	}
	began = time.Now()
	if err := s.stream.Close(); err != nil || time.Since(began) > 100*time.Millisecond {
		return fmt.Errorf("Close took %v: %w", time.Since(began), err)
	}
	began = time.Now()
	err := s.start()
	s.say("a start meanwhile, after %v: %v", time.Since(began).Round(time.Millisecond), err)
	if err == nil || time.Since(began) > 6*time.Second {
		return errors.New("that was no answer")
	}
	if err := theServer(syscall.SIGCONT); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	return playsAgain(s)
}

func noDevice(s *stage) error {
	if r := Probe(OtoOptions{}); r.Err == nil || r.Advice == "" || r.Device != "" {
		return fmt.Errorf("probed %+v", r)
	}
	for range 2 {
		began := time.Now()
		err := s.start()
		s.say("after %v: %v", time.Since(began).Round(time.Millisecond), err)
		if err == nil || !strings.HasPrefix(err.Error(), "device: no sound device: ") || time.Since(began) > 2*time.Second {
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
	began, from := time.Now(), s.heard()
	time.Sleep(2 * time.Second)
	want, got := 44100*time.Since(began).Seconds(), float64(s.heard()-from)
	s.say("rate %.4f of the true one; %v CPU", got/want, spent()-cpu)
	if math.Abs(got/want-1) > 0.02 || spent()-cpu > 400*time.Millisecond {
		return errors.New("too far off, or busy")
	}
	s.stream.Pause()
	given, latency := s.given.Load(), s.stream.Latency()
	time.Sleep(500 * time.Millisecond)
	if s.given.Load() != given || s.stream.Latency() != latency {
		return errors.New("went on while paused")
	}
	s.stream.Resume()
	if err := s.await(3*time.Second, func() bool { return s.given.Load() > given+22050 }); err != nil {
		return err
	}
	return commands(s)
}

// costs prints the CPU seconds that an hour of music would take, with a fill that copies.
func costs(s *stage) error {
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
