package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"segue/internal/pause"
)

// loaded says what to measure while it runs.
type loaded struct {
	label      string
	pid        int
	beside     int // add what this process uses
	screen     bool
	until      string // wait for this text first
	keys, then string // type this, and wait for that text
	warm, span time.Duration
	wakes      bool // print the number of switches in the window instead of a rate
}

// load measures CPU, context switches and memory of a program that is started, or of
// the process -pid, over a window.
func load(ctx context.Context, args []string, out io.Writer) error {
	var l loaded
	command, err := flags("load", args, func(f *flag.FlagSet) {
		f.StringVar(&l.label, "label", "", "first cell of the row")
		f.IntVar(&l.pid, "pid", 0, "measure this process")
		f.IntVar(&l.beside, "beside", 0, "add what this process uses: a server behind the screen that is started")
		f.BoolVar(&l.screen, "screen", false, "start the command in a terminal of 200x60")
		f.StringVar(&l.until, "until", "", "wait until the screen shows this")
		f.StringVar(&l.keys, "keys", "", "then type this")
		f.StringVar(&l.then, "then", "", "and wait for this")
		f.DurationVar(&l.warm, "warm", 5*time.Second, "wait before measuring")
		f.DurationVar(&l.span, "for", 30*time.Second, "measure over this")
		f.BoolVar(&l.wakes, "wakes", false, "context switches in the whole window, not in a second")
	})
	if err != nil {
		return err
	}
	pid, end, err := l.start(ctx, command)
	if err != nil {
		return err
	}
	defer end()
	if err := pause.For(ctx, l.warm); err != nil {
		return err
	}
	was := machine()
	pids := []int{pid}
	if l.beside != 0 {
		pids = append(pids, l.beside)
	}
	a, b, err := window(ctx, pids, l.span)
	if err != nil {
		return err
	}
	span := b.at.Sub(a.at).Seconds()
	cpu := (b.cpu - a.cpu).Seconds()
	others := machine().share(was)*2*span - cpu
	switches := fmt.Sprintf("%.0f", float64(b.switches-a.switches)/span)
	if l.wakes {
		switches = fmt.Sprint(b.switches - a.switches)
	}
	return row(out, l.label, "%.1f | %s | %.1f | %.1f | %d | %.2f", cpu/span*3600, switches,
		float64(b.rss)/(1<<20), float64(b.pss)/(1<<20), b.threads, max(others/span, 0))
}

// start gives the process to measure, in the state to measure it in, and how to end it.
func (l loaded) start(ctx context.Context, command []string) (int, func(), error) {
	switch {
	case l.pid != 0:
		return l.pid, func() {}, nil
	case len(command) == 0:
		return 0, nil, errors.New("no command")
	case l.screen:
		return l.inTerminal(ctx, command)
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	var said strings.Builder
	cmd.Env, cmd.Stderr = os.Environ(), &said
	if err := cmd.Start(); err != nil {
		return 0, nil, fmt.Errorf("start %s: %w", command[0], err)
	}
	return cmd.Process.Pid, func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // gone already, if the music was too short
		_ = cmd.Wait()                          // ended by us
	}, nil
}

func (l loaded) inTerminal(ctx context.Context, command []string) (int, func(), error) {
	t, err := open(ctx, command)
	if err != nil {
		return 0, nil, err
	}
	if err := l.prepare(ctx, t); err != nil {
		t.close()
		return 0, nil, err
	}
	return t.cmd.Process.Pid, t.close, nil
}

func (l loaded) prepare(ctx context.Context, t *terminal) error {
	if l.until != "" {
		if _, err := t.until(ctx, l.until); err != nil {
			return err
		}
	}
	if l.keys == "" {
		return nil
	}
	if err := pause.For(ctx, time.Second); err != nil { // it plays by then
		return err
	}
	t.forget()
	if err := t.keys(l.keys); err != nil {
		return err
	}
	if l.then == "" {
		return nil
	}
	_, err := t.until(ctx, l.then)
	return err
}
