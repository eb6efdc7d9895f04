//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// window is a terminal with the program in it.
type window struct {
	t    *testing.T
	cmd  *exec.Cmd
	pty  *os.File // the terminal's side
	tty  *os.File // the program's side, kept open so that it can be looked at afterwards
	was  unix.Termios
	ends chan error

	mu      sync.Mutex // around the emulator, which is not safe
	em      *vt.Emulator
	raw     []byte
	changed chan struct{} // closed by the next output
	gone    bool
}

// open starts the program in a terminal of its own.
func (c call) open(t *testing.T) *window {
	t.Helper()
	if c.w == 0 {
		c.w, c.h = 120, 36
	}
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	w := &window{t: t, pty: ptmx, tty: tty, ends: make(chan error, 1), em: vt.NewEmulator(c.w, c.h), changed: make(chan struct{})}
	w.setSize(c.w, c.h)
	w.was = w.termios()
	w.cmd = c.command(t.Context())
	w.cmd.Stdin, w.cmd.Stdout, w.cmd.Stderr = tty, tty, tty
	w.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go w.show()
	go w.answer()
	go func() { w.ends <- w.cmd.Wait() }()
	t.Cleanup(func() {
		w.close()
		if log, err := os.ReadFile(filepath.Join(c.home, ".local/state/segue/segue.log")); err == nil && t.Failed() {
			t.Logf("segue.log ends:\n%s", log[max(len(log)-4000, 0):])
		}
	})
	return w
}

func (w *window) close() {
	_ = w.cmd.Process.Kill() // gone already, if all went well
	_ = w.tty.Close()
	_ = w.pty.Close()
	_ = w.em.Close()
}

// show draws what the program writes.
func (w *window) show() {
	buf := make([]byte, 64<<10)
	for {
		n, err := w.pty.Read(buf)
		w.mu.Lock()
		if n > 0 {
			w.raw = append(w.raw, buf[:n]...)
			_, _ = w.em.Write(buf[:n])
		}
		close(w.changed)
		w.changed = make(chan struct{})
		w.gone = err != nil
		w.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// answer sends what a terminal answers to questions.
func (w *window) answer() {
	buf := make([]byte, 1024)
	for {
		n, err := w.em.Read(buf)
		if err != nil {
			return
		}
		if _, err := w.pty.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (w *window) termios() unix.Termios {
	w.t.Helper()
	conn, err := w.tty.SyscallConn()
	if err != nil {
		w.t.Fatal(err)
	}
	var state *unix.Termios
	err2 := conn.Control(func(fd uintptr) { state, err = unix.IoctlGetTermios(int(fd), unix.TCGETS) })
	if err != nil || err2 != nil {
		w.t.Fatal(err, err2)
	}
	return *state
}

func (w *window) setSize(cols, rows int) {
	w.t.Helper()
	if err := pty.Setsize(w.pty, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}); err != nil {
		w.t.Fatal(err)
	}
}

// resize makes the window larger or smaller, as a person does.
func (w *window) resize(cols, rows int) {
	w.t.Helper()
	w.mu.Lock()
	w.em.Resize(cols, rows)
	w.mu.Unlock()
	w.setSize(cols, rows)
}

// keys types.
func (w *window) keys(s string) {
	w.t.Helper()
	if _, err := w.pty.WriteString(s); err != nil {
		w.t.Fatal(err)
	}
}

// text is the screen without colours, lines cut at their last character.
func (w *window) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.textLocked()
}

func (w *window) textLocked() string {
	lines := strings.Split(w.em.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \r")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// wrote reports whether the program has sent these bytes to the terminal.
func (w *window) wrote(s string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Contains(string(w.raw), s)
}

// until waits for a screen that is as wanted, and gives it.
func (w *window) until(what string, is func(screen string) bool) string {
	w.t.Helper()
	return w.within(patience, what, is)
}

// within is until with another patience: for what the program itself waits to do.
func (w *window) within(most time.Duration, what string, is func(screen string) bool) string {
	w.t.Helper()
	deadline := time.After(most)
	for {
		w.mu.Lock()
		now, changed, gone := w.textLocked(), w.changed, w.gone
		w.mu.Unlock()
		if is(now) {
			return now
		}
		if gone {
			w.t.Fatalf("waiting for %s, the terminal was closed:\n%s", what, now)
		}
		select {
		case <-changed:
		case <-deadline:
			w.t.Fatalf("waited for %s, but this is the screen:\n%s", what, w.text())
		}
	}
}

// sees waits until all the texts are on the screen at once.
func (w *window) sees(texts ...string) string {
	w.t.Helper()
	return w.until(strings.Join(texts, " and "), func(s string) bool {
		for _, x := range texts {
			if !strings.Contains(s, x) {
				return false
			}
		}
		return true
	})
}

// loses waits until a text is on the screen no more.
func (w *window) loses(text string) string {
	w.t.Helper()
	return w.until("no "+text, func(s string) bool { return !strings.Contains(s, text) })
}

// row waits for a line that matches.
func (w *window) row(pattern string) string {
	w.t.Helper()
	re := regexp.MustCompile("(?m)" + pattern)
	return w.until("a line like "+pattern, re.MatchString)
}

// places finds a text on the screen, the lowest if it is there more than once: column
// and row of its first cell, from 0.
func (w *window) places(text string) (x, y int) {
	w.t.Helper()
	lines := strings.Split(w.sees(text), "\n")
	for y := len(lines) - 1; y >= 0; y-- {
		if before, _, found := strings.Cut(lines[y], text); found {
			return ansi.StringWidth(before), y
		}
	}
	w.t.Fatalf("%q moved", text)
	return 0, 0
}

// exits waits for the end of the program and gives its exit code.
func (w *window) exits() int {
	w.t.Helper()
	select {
	case err := <-w.ends:
		return exitCode(w.t, err)
	case <-time.After(patience):
		screen := w.text()
		w.mu.Lock()
		before := len(w.raw)
		w.mu.Unlock()
		_ = w.cmd.Process.Signal(syscall.SIGQUIT) // where does it hang?
		<-w.ends
		w.mu.Lock()
		defer w.mu.Unlock()
		w.t.Fatalf("the program does not end:\n%s\n%s", screen, w.raw[before:])
		return -1
	}
}

// restored checks that the terminal is left as it was found, after the end.
func (w *window) restored() {
	w.t.Helper()
	// What was written last may still be on its way through the pty: a mark of our own is behind it.
	if _, err := w.tty.WriteString("\x1b]0;end of test\x07"); err != nil {
		w.t.Fatal(err)
	}
	w.until("the end of output", func(string) bool { return w.wrote("end of test") })
	w.mu.Lock()
	left, alt := modesLeft(w.raw), w.em.IsAltScreen()
	w.mu.Unlock()
	if len(left) > 0 || alt {
		w.t.Errorf("the terminal is not restored: %s; alternate screen %v", strings.Join(left, ", "), alt)
	}
	if now := w.termios(); now != w.was {
		w.t.Errorf("the terminal's line settings were %+v and are %+v", w.was, now)
	}
}

var (
	private = regexp.MustCompile(`\x1b\[\?([0-9;]+)([hl])`)
	pushed  = regexp.MustCompile(`\x1b\[([>=<])[0-9;]*u`)
)

// modesLeft names what output has switched on and not off again.
func modesLeft(output []byte) []string {
	modes := map[string]string{"25": "h"}
	for _, m := range private.FindAllSubmatch(output, -1) {
		for _, n := range strings.Split(string(m[1]), ";") {
			modes[n] = string(m[2])
		}
	}
	var left []string
	for n, state := range modes {
		switch {
		case n == "25" && state == "l":
			left = append(left, "the cursor is hidden")
		case n == "7", n == "25": // wrapping and the cursor are on by themselves
		case state == "h":
			left = append(left, "mode "+n+" is on")
		}
	}
	depth := 0
	for _, m := range pushed.FindAllSubmatch(output, -1) {
		switch string(m[1]) {
		case ">":
			depth++
		case "<":
			depth--
		}
	}
	if depth > 0 {
		left = append(left, "the keyboard's mode was not given back")
	}
	return left
}
