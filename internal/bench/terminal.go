package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// patience is how long a program may take to show what is waited for.
const patience = 60 * time.Second

// terminal is a program in a terminal of 200x60 that draws nothing and answers
// nothing: it keeps what the program wrote and wakes those who wait for a text.
type terminal struct {
	cmd     *exec.Cmd
	pty     *os.File
	started time.Time
	ended   chan struct{}

	mu      sync.Mutex // guards what follows
	text    []byte     // what was written
	changed chan struct{}
}

// open starts the program.
func open(ctx context.Context, command []string) (*terminal, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor")
	t := &terminal{cmd: cmd, ended: make(chan struct{}), changed: make(chan struct{}), started: time.Now()}
	var err error
	if t.pty, err = pty.StartWithSize(cmd, &pty.Winsize{Cols: 200, Rows: 60}); err != nil {
		return nil, fmt.Errorf("start %s: %w", command[0], err)
	}
	go t.keep()
	return t, nil
}

// keep takes what the program writes until it ends.
func (t *terminal) keep() {
	defer close(t.ended)
	buf := make([]byte, 64<<10)
	for {
		n, err := t.pty.Read(buf)
		t.mu.Lock()
		t.text = append(t.text, buf[:n]...)
		close(t.changed)
		t.changed = make(chan struct{})
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// until waits for a text that the program writes from now on, or has written since
// the last forget, and tells when it came.
func (t *terminal) until(ctx context.Context, text string) (time.Time, error) {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		t.mu.Lock()
		// A title that the program gives the window counts too: it is between escapes.
		found := bytes.Contains(t.text, []byte(text)) || strings.Contains(ansi.Strip(string(t.text)), text)
		changed := t.changed
		t.mu.Unlock()
		if found {
			return time.Now(), nil
		}
		select {
		case <-changed:
		case <-t.ended:
			return time.Time{}, fmt.Errorf("%s ended before it showed %q: %.300q", t.cmd.Path, text, t.seen())
		case <-limit.C:
			return time.Time{}, fmt.Errorf("%s did not show %q: %.300q", t.cmd.Path, text, t.seen())
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

func (t *terminal) seen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(strings.Fields(ansi.Strip(string(t.text))), " ")
}

// forget drops what was written, so that until waits for something new.
func (t *terminal) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = t.text[:0]
}

// keys types.
func (t *terminal) keys(s string) error {
	_, err := t.pty.WriteString(s)
	return err
}

// close ends the program as a closed window does, and waits for its end.
func (t *terminal) close() {
	_ = t.cmd.Process.Signal(syscall.SIGTERM) // gone already, if it quit by itself
	end := time.AfterFunc(5*time.Second, func() { _ = t.cmd.Process.Kill() })
	_ = t.cmd.Wait() // how it ended is not what is measured
	end.Stop()
	_ = t.pty.Close()
}
