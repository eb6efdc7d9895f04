package decode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
	"unicode"
)

// process is an ffmpeg at work. One goroutine waits for it and, where it reads no
// file, another feeds it; stop ends both, except that a feeder that hangs in its
// reader ends when that does (closing the source closes it).
type process struct {
	pid  int
	out  *os.File // what it writes
	kill context.CancelFunc
	done chan struct{} // closed when it has ended and was waited for
	err  error         // how it ended; read after done
	said lastLines
	fed  chan struct{} // closed when the feeding is over, nil = there is none
	bad  error         // what the reader failed with; read after fed
}

func startProcess(bin string, args []string, feed *stream) (*process, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	ctx, kill := context.WithCancel(context.Background())
	p := &process{out: r, kill: kill, done: make(chan struct{})}
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Stdout, cmd.Stderr = w, &p.said
	cmd.WaitDelay = time.Second
	dieWithUs(cmd)
	var in io.WriteCloser
	if feed != nil {
		if in, err = cmd.StdinPipe(); err != nil {
			kill()
			return nil, errors.Join(err, r.Close(), w.Close())
		}
	}
	started := make(chan error)
	go p.run(cmd, started)
	err = <-started
	_ = w.Close() // the process has its own
	if err != nil {
		kill()
		_ = r.Close()
		return nil, fmt.Errorf("ffmpeg does not start: %w", err)
	}
	if feed != nil {
		p.fed = make(chan struct{})
		go func() {
			defer close(p.fed)
			p.bad = pump(in, feed)
		}()
	}
	return p, nil
}

// run starts and awaits the process on one thread: the kernel's promise to kill the child
// with its parent is bound to the thread that made it.
func (p *process) run(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.done)
	err := cmd.Start()
	if err == nil {
		p.pid = cmd.Process.Pid
	}
	started <- err
	if err == nil {
		p.err = cmd.Wait()
	}
}

// pump gives the process its input and returns the reader's error, if it had one.
func pump(to io.WriteCloser, from *stream) error {
	_, _ = io.Copy(to, &cursor{s: from}) // a process that has had enough is no error
	_ = to.Close()
	return from.err
}

// stop kills the process and waits until it is gone.
func (p *process) stop() {
	p.kill()
	<-p.done
	_ = p.out.Close()
}

// failure is why the process ended badly, in its own last words; it waits for the end.
func (p *process) failure() error {
	<-p.done
	if p.err == nil {
		return nil
	}
	what := p.said.last()
	switch {
	case strings.Contains(string(p.said.b), "matches no streams"):
		return fmt.Errorf("no sound in it: %w", ErrNotAudio)
	case what == "":
		return fmt.Errorf("ffmpeg: %w", p.err)
	}
	return fmt.Errorf("ffmpeg: %s", what)
}

// feedError is what the reader behind the feeder failed with.
func (p *process) feedError() error {
	select {
	case <-p.fed:
		return p.bad
	default:
		return nil
	}
}

// lastLines keeps the end of what a process says.
type lastLines struct{ b []byte }

// Write keeps at most the last 4 KB; it never fails.
func (l *lastLines) Write(p []byte) (int, error) {
	l.b = append(l.b, p...)
	if over := len(l.b) - 4096; over > 0 {
		l.b = append(l.b[:0], l.b[over:]...)
	}
	return len(p), nil
}

// last is the last line that tells something, without addresses and control characters.
func (l *lastLines) last() string {
	lines := strings.Split(strings.TrimSpace(string(l.b)), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		line := lines[i]
		if strings.HasPrefix(line, "[") {
			if _, rest, ok := strings.Cut(line, "] "); ok {
				line = rest
			}
		}
		line = strings.TrimSpace(strings.Map(printable, line))
		if name, rest, ok := strings.Cut(line, ": "); ok && (strings.HasPrefix(name, "file:") || name == "pipe:0") {
			line = rest
		}
		// It says less than the line before it.
		if strings.HasPrefix(line, "Invalid data found when processing input") && i > 0 {
			continue
		}
		if line != "" {
			return line
		}
	}
	return ""
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return -1
}
