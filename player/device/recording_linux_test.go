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

// errMissed says that the server or the recorder was too slow for this machine, and so
// nothing was found out.
var errMissed = errors.New("frames were missed where nothing was done")

func pausesAndFlushes(s *stage) error {
	var err error
	for range 3 {
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
	if len(seen) < 2*44100 {
		return fmt.Errorf("only %d frames heard", len(seen))
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
	if took > 50*time.Millisecond || more > 0 || s.given.Load() != given {
		return 0, fmt.Errorf("pause took %v, then %d frames were heard and %d asked for", took, more, s.given.Load()-given)
	}
	at := s.heard()
	s.stream.Resume()
	return at, nil
}

// unbroken checks that nothing is lost at the pauses. Twice is allowed for a few
// milliseconds where the server cannot pause exactly.
func unbroken(s *stage, seen, pauses []int64) error {
	exact := !strings.Contains(os.Getenv(serverVar), "pipewire")
	for _, i := range jumps(seen) {
		s.say("after %d came %d", seen[i-1], seen[i])
		ours := slices.ContainsFunc(pauses, func(p int64) bool { return max(p-seen[i-1], seen[i-1]-p) < 44100/8 })
		switch {
		case !ours:
			return errMissed
		case exact, seen[i] > seen[i-1], seen[i] < seen[i-1]-44100*6/100:
			return errors.New("frames were lost, or came twice")
		}
	}
	if seen[0] != 0 {
		return errMissed
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
