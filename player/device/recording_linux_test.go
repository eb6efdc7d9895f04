package device

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

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
	in := bufio.NewReaderSize(r.out, 1<<16)
	float := func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
	for {
		if _, err := io.ReadFull(in, frame); err != nil {
			return
		}
		if n := number(float(frame), float(frame[4:])); n >= 0 {
			r.mu.Lock()
			r.seen = append(r.seen, n)
			r.mu.Unlock()
		}
	}
}

func (r *recording) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.seen)
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

// nearby is how far from a pause a jump is not its doing: there a busy machine has kept the
// server or the recorder waiting.
const nearby = 44100 / 10

// errMissed is what a server or a recorder may do that a busy machine keeps waiting. It counts
// when it happens each time.
var errMissed = errors.New("a busy machine may do this")

func missed(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errMissed}, args...)...)
}

// pulseDoubt is how wrong PulseAudio may be about the frame that a flush stops at: it has
// rendered a block that it does not take back, and reckons by its clock where that is.
// (PipeWire lets us take back what it has not got, and is exact.)
const pulseDoubt = 44100 * 30 / 1000

// prompt is how long a command may take; what is promised is a fifth of that, on a machine that
// has nothing else to do.
const prompt = 250 * time.Millisecond

func pausesAndFlushes(s *stage) error {
	var err error
	for range 4 {
		if err = pausesAndFlushesOnce(s); !errors.Is(err, errMissed) {
			return err
		}
		s.say("again: %v", err)
		if err := s.stream.Close(); err != nil {
			return err
		}
	}
	return err
}

func pausesAndFlushesOnce(s *stage) error {
	r, err := listenTo(os.Getenv(serverVar))
	if err != nil {
		return err
	}
	defer func() { _ = r.cmd.Process.Kill(); _ = r.cmd.Wait() }()
	time.Sleep(500 * time.Millisecond)
	s.base.Store(0)
	if err := s.start(); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	var pauses []int64
	for range 3 {
		at, err := pauseOnce(s, r)
		if err != nil {
			return err
		}
		pauses = append(pauses, at)
		time.Sleep(700 * time.Millisecond)
	}
	time.Sleep(300 * time.Millisecond)
	seen := r.take()
	if len(seen) < 44100 {
		return missed("only %d frames heard", len(seen))
	}
	if err := unbroken(s, seen, pauses); err != nil {
		return err
	}
	return flushes(s, r, seen[len(seen)-1])
}

// pauseOnce pauses for a while, in which nothing is asked for and nothing heard, and returns
// the frame where that was.
func pauseOnce(s *stage, r *recording) (int64, error) {
	began := time.Now()
	s.stream.Pause()
	took := time.Since(began)
	given := s.given.Load()
	time.Sleep(300 * time.Millisecond) // what was on its way to the recorder
	before := r.count()
	time.Sleep(300 * time.Millisecond)
	more := r.count() - before
	s.say("Pause took %v, latency kept %v", took, s.stream.Latency())
	if s.given.Load() != given {
		return 0, fmt.Errorf("while paused %d frames were asked for", s.given.Load()-given)
	}
	if took > prompt || more > 0 {
		return 0, missed("pause took %v, then %d frames were heard", took, more)
	}
	at := s.heard()
	s.stream.Resume()
	return at, nil
}

// unbroken checks that at the pauses nothing is lost, and nothing comes twice.
func unbroken(s *stage, seen, pauses []int64) error {
	for _, i := range jumps(seen) {
		s.say("after %d came %d", seen[i-1], seen[i])
		from, to := min(seen[i-1], seen[i])-nearby, max(seen[i-1], seen[i])+nearby
		if slices.ContainsFunc(pauses, func(p int64) bool { return from < p && p < to }) {
			return missed("frames were lost, or came twice; the pauses were at %d", pauses)
		}
	}
	return nil
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
	at := slices.IndexFunc(seen, func(n int64) bool { return n >= apart })
	if at <= 0 {
		return missed("nothing new in %d frames from %d on, %d lost", len(seen), seen[0], lost)
	}
	old, young := seen[at-1], seen[at]
	s.say("Flush took %v, lost %d; heard up to %d, then %d; %d were given", took, lost, old, young-apart, given)
	if took > prompt {
		return missed("too slow")
	}
	if i := slices.IndexFunc(seen[at:], func(n int64) bool { return n < apart }); i >= 0 {
		return missed("%d was heard late", seen[at+i])
	}
	doubt := int64(0)
	if !strings.Contains(os.Getenv(serverVar), "pipewire") {
		doubt = pulseDoubt
	}
	if off := (young - apart - lost) - (old + 1); max(off, -off) > doubt {
		return missed("the flush miscounted by %d frames", off)
	}
	return s.stream.Close()
}
