package ui

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// terminal is an emulator that can be looked at while a program draws on it.
type terminal struct {
	mu sync.Mutex
	em *vt.Emulator
	n  int // bytes written to it
	// past counts the writes that went past the renderer.
	past int
}

func newTerminal(w, h int) *terminal {
	t := &terminal{em: vt.NewEmulator(w, h)}
	_, _ = t.em.WriteString("\x1b[20h") // a newline returns too: there is no tty that does it
	return t
}

// drain throws the emulator's answers away, for programs without input.
func (t *terminal) drain(tb testing.TB) {
	go func() { _, _ = io.Copy(io.Discard, t.em) }()
	tb.Cleanup(func() { // not Close, which races with the reading
		if c, ok := t.em.InputPipe().(io.Closer); ok {
			_ = c.Close()
		}
	})
}

func (t *terminal) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n += len(b)
	if bytes.HasPrefix(b, []byte("\x1b7")) {
		t.past++
	}
	return t.em.Write(b)
}

func (t *terminal) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(t.em.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \r")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func (t *terminal) written() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n
}

// patience is how long a screen may take to come up on a machine that does much else.
const patience = 2 * time.Minute

// stage runs the real program on an emulator.
type realRun struct {
	t    *testing.T
	term *terminal
	f    *fake
	done chan error
	stop context.CancelFunc
}

func startReal(t *testing.T, w, h int, change ...func(*fake, *Options)) *realRun {
	t.Helper()
	f := newFake()
	opt := Options{Session: f, Events: f, Mouse: true, Clock: func() time.Time { return f.now }}
	for _, c := range change {
		c(f, &opt)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &realRun{t: t, term: newTerminal(w, h), f: f, done: make(chan error, 1), stop: cancel}
	opt.Out = r.term
	_, _ = r.term.em.WriteString(ansi.SetModeUnicodeCore) // it draws grapheme clusters, and says so
	f.start()
	go func() {
		r.done <- Run(ctx, opt, tea.WithInput(r.term.em), tea.WithWindowSize(w, h), tea.WithoutSignals(),
			tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-r.done:
		case <-time.After(patience):
			t.Error("the program does not end")
		}
	})
	return r
}

func (r *realRun) wait(text string) {
	r.t.Helper()
	deadline := time.Now().Add(patience)
	for !strings.Contains(r.term.text(), text) {
		if time.Now().After(deadline) {
			r.t.Fatalf("%q does not come up:\n%s", text, r.term.text())
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// still waits until nothing is drawn any more. It orders things for the eye and for
// counts; no test may need it to be right, for a busy machine can pause for longer.
func (r *realRun) still() { r.stillFor(60 * time.Millisecond) }

func (r *realRun) stillFor(d time.Duration) {
	n := -1
	for r.term.written() != n {
		n = r.term.written()
		time.Sleep(d)
	}
}

func (r *realRun) typed(s string) { r.term.em.SendText(s) }

var update = flag.Bool("update", false, "write the golden screens anew")

// golden waits until the screen is as the file says; drawing may take a while
// on a busy machine.
func (r *realRun) golden(name string) {
	t := r.t
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		r.stillFor(2 * time.Second) // a cover may be on its way yet
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(r.term.text()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file) //nolint:gosec // a file of ours
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if got = r.term.text() + "\n"; got == string(want) {
			return
		}
	}
	t.Errorf("%s is not as it was:\n--- now\n%s\n--- before\n%s", name, got, want)
}

func TestScreensOfTheRealProgram(t *testing.T) {
	for _, size := range []struct {
		name string
		w, h int
	}{{"40x10", 40, 10}, {"80x24", 80, 24}, {"120x36", 120, 36}, {"200x50", 200, 50}} {
		t.Run(size.name, func(t *testing.T) {
			t.Parallel()
			r := startReal(t, size.w, size.h)
			r.wait("春の海")
			r.still() // what the program asks the terminal at the start is answered
			r.typed("jj\r")
			r.wait("Lent et grave")
			r.typed("\x7f") // back; a lone Esc could meet an answer of the emulator
			r.wait("Nocturnes")
			r.typed("k\r") // an album of wide characters and a very long title
			r.wait("さくら変奏曲")
			r.typed("j\r")
			r.wait("水の変態")
			r.wait("1") // the position
			r.golden("album-" + size.name)
			r.typed("4")
			r.wait("10:14")
			r.golden("queue-" + size.name)
			r.typed("?")
			r.wait("Help")
			r.golden("help-" + size.name)
		})
	}
}
