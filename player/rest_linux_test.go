package player_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/pcm"
	"segue/player"
	"segue/player/device"
)

// A pause for long with real sound servers: the child's threads sleep, all of them, and what
// was not heard before is heard behind it.

const (
	resting   = "rest:" // in serverVar, before the kind of server
	lookNow   = "look now"
	restAfter = 700 * time.Millisecond
)

func TestALongPauseWakesNoThreadAndLosesNothingOnRealServers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, kind := range []string{"pulse", "pipewire"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			restingChild(t, kind, startServer(t, kind))
		})
	}
}

func restingChild(t *testing.T, kind string, env []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	c := kid(ctx)
	c.Env = append(append(os.Environ(), env...), serverVar+"="+resting+kind)
	var complaints bytes.Buffer
	c.Stderr = &complaints
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		t.Log(lines.Text())
		if lines.Text() == lookNow {
			sleeps(t, c.Process.Pid)
			if _, err := io.WriteString(in, "\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := c.Wait(); err != nil || complaints.Len() > 0 {
		t.Errorf("%v; on stderr: %q", err, complaints.String())
	}
}

// sleeps waits for 4 s, longer than any library's look around, in which no thread wakes.
func sleeps(t *testing.T, pid int) {
	t.Helper()
	for try := 0; ; try++ {
		time.Sleep(time.Second)
		before := switches(t, pid)
		time.Sleep(4 * time.Second)
		after := switches(t, pid)
		if before == after {
			return
		}
		t.Logf("threads woke:\n%sthen\n%s", before, after)
		if try == 3 {
			t.Error("it never sleeps")
			return
		}
	}
}

// switches is how often each thread of a process gave up the processor.
func switches(t *testing.T, pid int) string {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(tasks) == 0 {
		t.Fatal("no threads", err)
	}
	var all strings.Builder
	for _, name := range tasks {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "Name:") || strings.HasPrefix(line, "voluntary") {
				all.WriteString(line)
			}
		}
	}
	return all.String()
}

// counter is music whose frames tell their numbers.
type counter struct{ at int64 }

func (*counter) Format() pcm.Format { return pcm.Format{Rate: 44100, Channels: 2} }
func (*counter) Close() error       { return nil }

func (c *counter) Seek(to time.Duration) (time.Duration, error) {
	c.at = c.Format().Frames(to)
	return to, nil
}

func (c *counter) Read(dst []float32) (int, error) {
	for i := 0; i < len(dst); i += 2 {
		dst[i], dst[i+1] = float32(c.at/4096+1)/8192, float32(c.at%4096+1)/8192
		c.at++
	}
	return len(dst), nil
}

// numbers takes the numbers out of a recording, without the silence.
type numbers struct {
	mu   sync.Mutex
	seen []int64
}

func (n *numbers) read(in io.Reader) {
	frame, from := make([]byte, 8), bufio.NewReaderSize(in, 1<<16)
	value := func(b []byte) int64 {
		return int64(math.Round(float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))*8192)) - 1
	}
	for {
		if _, err := io.ReadFull(from, frame); err != nil {
			return
		}
		if left, right := value(frame), value(frame[4:]); left >= 0 && right >= 0 {
			n.mu.Lock()
			n.seen = append(n.seen, left*4096+right)
			n.mu.Unlock()
		}
	}
}

// rests is the child. A busy machine may keep the server or the recorder waiting, but not each time.
func rests(kind string, out io.Writer) int {
	for range 3 {
		err := restOnce(kind, out)
		if err == nil {
			return 0
		}
		_, _ = fmt.Fprintln(out, "FAILED:", err)
	}
	return 1
}

func restOnce(kind string, out io.Writer) error {
	p := player.New(player.Config{RestAfter: restAfter}, device.Oto(device.OtoOptions{}))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	n, hush, err := record(kind)
	if err != nil {
		return err
	}
	defer hush()
	time.Sleep(500 * time.Millisecond)
	p.Load(item(1, &counter{}), true)
	time.Sleep(2 * time.Second)
	p.Pause()
	time.Sleep(restAfter + 2*time.Second)
	at := pcm.Format{Rate: 44100}.Frames(p.Anchor().Position)
	n.mu.Lock()
	before := len(n.seen)
	n.mu.Unlock()
	hush() // its pipe would wake us
	_, _ = fmt.Fprintln(out, lookNow)
	if _, err := os.Stdin.Read(make([]byte, 1)); err != nil { //nolint:forbidigo // a child of the test waits for its parent
		return err
	}
	if before < 44100 {
		return fmt.Errorf("%d frames recorded", before)
	}
	m, hush, err := record(kind)
	if err != nil {
		return err
	}
	defer hush()
	time.Sleep(500 * time.Millisecond)
	p.Play()
	time.Sleep(2 * time.Second)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.seen) < 22050 {
		return errors.New("nothing was heard after the pause")
	}
	last, first := n.seen[before-1], m.seen[0]
	_, _ = fmt.Fprintf(out, "heard up to %d, paused at %d, and went on with %d\n", last, at, first)
	twice := int64(0)
	if kind == "pulse" {
		twice = 44100 * 30 / 1000 // it has rendered a block ahead
	}
	if first > last+1 || first < last+1-twice || first-at > 1 || at-first > 1 {
		return errors.New("frames were lost, or came twice")
	}
	return nil
}

func record(kind string) (*numbers, func(), error) {
	n := &numbers{}
	stop, err := capture(kind, n.read)
	return n, stop, err
}
