package device

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

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
	case <-time.After(25 * time.Second):
		return errors.New("the stream lives on")
	}
	took := time.Since(began)
	time.Sleep(2 * time.Second)
	s.say("after %v: %v; %v CPU since", took.Round(time.Millisecond), s.stream.Err(), spent()-cpu)
	if took > 10*time.Second || s.stream.Err() == nil || spent()-cpu > time.Second {
		return errors.New("too late, no error, or busy with it")
	}
	began = time.Now()
	if err := s.start(); err == nil || !strings.HasPrefix(err.Error(), "device: no sound device") {
		return fmt.Errorf("started without a server: %w", err)
	} else {
		s.say("without a server, after %v: %v", time.Since(began).Round(time.Millisecond), err)
	}
	if time.Since(began) > 10*time.Second {
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
		if took := time.Since(began); took > prompt {
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
	if err := s.await(15*time.Second, func() bool { return s.given.Load() > given+44100 }); err != nil {
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
	case <-time.After(25 * time.Second):
		return errors.New("hangs, and nobody says so")
	}
	s.say("after %v: %v; %v CPU", time.Since(began).Round(time.Millisecond), s.stream.Err(), spent()-cpu)
	if err := commands(s); err != nil {
		return err
	}
	began = time.Now()
	if err := s.stream.Close(); err != nil || time.Since(began) > 2*prompt {
		return fmt.Errorf("Close took %v: %w", time.Since(began), err)
	}
	began = time.Now()
	err := s.start()
	s.say("a start meanwhile, after %v: %v", time.Since(began).Round(time.Millisecond), err)
	if err == nil || time.Since(began) > 30*time.Second {
		return errors.New("that was no answer")
	}
	if err := theServer(syscall.SIGCONT); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	return playsAgain(s)
}
