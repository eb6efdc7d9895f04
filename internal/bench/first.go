package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"segue/internal/pause"
)

// times is a series of measurements of one thing.
type times []time.Duration

// cells are the median, the least and the most, in milliseconds.
func (t times) cells() string {
	s := slices.Sorted(slices.Values(t))
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("%.1f | %.1f | %.1f", ms(s[len(s)/2]), ms(s[0]), ms(s[len(s)-1]))
}

// first measures the time from exec to a text on the screen.
func first(ctx context.Context, args []string, out io.Writer) error {
	var label, text string
	var runs int
	command, err := flags("first", args, func(f *flag.FlagSet) {
		f.StringVar(&label, "label", "", "first cell of the row")
		f.StringVar(&text, "until", "", "the text to wait for")
		f.IntVar(&runs, "runs", 11, "how often")
	})
	if err != nil {
		return err
	}
	if len(command) == 0 || text == "" || runs < 1 {
		return errors.New("first: no command, text or runs")
	}
	var all times
	for i := range runs + 1 {
		t, err := open(ctx, command)
		if err != nil {
			return err
		}
		at, err := t.until(ctx, text)
		t.close()
		if err != nil {
			return err
		}
		if i > 0 { // the first is to warm up
			all = append(all, at.Sub(t.started))
		}
	}
	return row(out, label, "%s", all.cells())
}

// shown measures the time from a key to a text on the screen.
func shown(ctx context.Context, args []string, out io.Writer) error {
	var label, until, before, keys, then string
	var runs int
	command, err := flags("shown", args, func(f *flag.FlagSet) {
		f.StringVar(&label, "label", "", "first cell of the row")
		f.StringVar(&until, "until", "", "wait until the screen shows this")
		f.StringVar(&before, "before", "", "then type this, some time before it counts")
		f.StringVar(&keys, "keys", "\r", "the key that is to show something")
		f.StringVar(&then, "then", "", "the text that it shows")
		f.IntVar(&runs, "runs", 11, "how often")
	})
	if err != nil {
		return err
	}
	if len(command) == 0 || then == "" || runs < 1 {
		return errors.New("shown: no command, text or runs")
	}
	var all times
	for range runs {
		d, err := shownAfter(ctx, command, until, before, keys, then)
		if err != nil {
			return err
		}
		all = append(all, d)
	}
	return row(out, label, "%s", all.cells())
}

func shownAfter(ctx context.Context, command []string, until, before, keys, then string) (time.Duration, error) {
	t, err := ready(ctx, command, until, before)
	if err != nil {
		return 0, err
	}
	defer t.close()
	t.forget()
	begin := time.Now()
	if err := t.keys(keys); err != nil {
		return 0, err
	}
	at, err := t.until(ctx, then)
	return at.Sub(begin), err
}

// ready is a program on whose screen a text has come, and where keys were typed since.
func ready(ctx context.Context, command []string, until, before string) (*terminal, error) {
	t, err := open(ctx, command)
	if err != nil {
		return nil, err
	}
	if _, err := t.until(ctx, until); err != nil {
		t.close()
		return nil, err
	}
	for _, k := range before {
		if err := pause.For(ctx, 300*time.Millisecond); err != nil {
			t.close()
			return nil, err
		}
		if err := t.keys(string(k)); err != nil {
			t.close()
			return nil, err
		}
	}
	if err := pause.For(ctx, time.Second); err != nil { // what the keys began is over
		t.close()
		return nil, err
	}
	return t, nil
}

// sound measures the time from a key, or from mpd's command, to the first frames in
// the pipe that the program plays to.
func sound(ctx context.Context, args []string, out io.Writer) error {
	var label, until, before, keys, pipe, mpd string
	var runs int
	command, err := flags("sound", args, func(f *flag.FlagSet) {
		f.StringVar(&label, "label", "", "first cell of the row")
		f.StringVar(&pipe, "pipe", "", "the pipe that the program plays to")
		f.StringVar(&until, "until", "", "wait until the screen shows this")
		f.StringVar(&before, "before", "", "then type this, some time before it counts")
		f.StringVar(&keys, "keys", "\r", "the key that is to sound")
		f.StringVar(&mpd, "mpd", "", "the socket of an mpd whose first track is to sound, instead of a command")
		f.IntVar(&runs, "runs", 11, "how often")
	})
	if err != nil {
		return err
	}
	if err := unix.Mkfifo(pipe, 0o600); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("sound: make the pipe %s: %w", pipe, err)
	}
	var all times
	for range runs {
		var d time.Duration
		if mpd != "" {
			d, err = soundOfMPD(mpd, pipe)
		} else {
			d, err = soundOfKey(ctx, command, pipe, until, before, keys)
		}
		if err != nil {
			return err
		}
		all = append(all, d)
	}
	return row(out, label, "%s", all.cells())
}

func soundOfKey(ctx context.Context, command []string, pipe, until, before, keys string) (time.Duration, error) {
	t, err := ready(ctx, command, until, before)
	if err != nil {
		return 0, err
	}
	defer t.close()
	r, err := listen(pipe)
	if err != nil {
		return 0, err
	}
	defer func() { _ = r.Close() }() // nothing was written
	begin := time.Now()
	if err := t.keys(keys); err != nil {
		return 0, err
	}
	return heard(r, begin)
}

func soundOfMPD(socket, pipe string) (time.Duration, error) {
	c, err := dial(socket)
	if err != nil {
		return 0, err
	}
	defer c.close()
	if err := c.ask("stop"); err != nil {
		return 0, err
	}
	r, err := listen(pipe)
	if err != nil {
		return 0, err
	}
	defer func() { _ = r.Close() }() // nothing was written
	begin := time.Now()
	if err := c.ask("play 0"); err != nil {
		return 0, err
	}
	d, err := heard(r, begin)
	if err != nil {
		return 0, err
	}
	return d, c.ask("stop")
}

// listen opens a pipe for reading, without waiting for a writer, and empties it.
func listen(pipe string) (*os.File, error) {
	r, err := os.OpenFile(filepath.Clean(pipe), os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("open the pipe: %w", err)
	}
	buf := make([]byte, 64<<10)
	for {
		if err := r.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
			return nil, errors.Join(err, r.Close())
		}
		if _, err := r.Read(buf); err != nil {
			return r, nil //nolint:nilerr // it is empty
		}
	}
}

// heard waits for the first bytes.
func heard(r *os.File, begin time.Time) (time.Duration, error) {
	if err := r.SetReadDeadline(begin.Add(20 * time.Second)); err != nil {
		return 0, err
	}
	if _, err := r.Read(make([]byte, 4096)); err != nil {
		return 0, fmt.Errorf("nothing sounds: %w", err)
	}
	return time.Since(begin), nil
}

// clock measures how long a command takes, what CPU and what memory, once in each run.
func clock(ctx context.Context, args []string, out io.Writer) error {
	var label string
	command, err := flags("time", args, func(f *flag.FlagSet) {
		f.StringVar(&label, "label", "", "first cell of the row")
	})
	if err != nil {
		return err
	}
	if len(command) == 0 {
		return errors.New("time: no command")
	}
	was := machine()
	begin := time.Now()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", command[0], err)
	}
	took := time.Since(begin).Seconds()
	s := cmd.ProcessState
	cpu := (s.UserTime() + s.SystemTime()).Seconds()
	memory := 0.0
	if r, ok := s.SysUsage().(*syscall.Rusage); ok {
		memory = float64(r.Maxrss) / 1024
	}
	others := machine().share(was)*2 - cpu/took
	return row(out, label, "%.2f | %.2f | %.1f | %.2f", took, cpu, memory, max(others, 0))
}
