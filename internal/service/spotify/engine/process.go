package engine

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	termPatience = 3 * time.Second // between SIGTERM and SIGKILL
	lineMost     = 64 << 10        // of stderr; what is longer is cut
)

// process is one life of the program.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{} // closed when it has ended and all it said was heard
	err   error         // how it ended, once ended is closed
	once  sync.Once
	over  chan struct{} // closed when it is told to end
}

// spawn starts the program on a folder. hear is told each line of its stderr, by one
// goroutine, which never stops to listen.
func spawn(path, dir string, hear func(line string)) (*process, error) {
	p := &process{ended: make(chan struct{}), over: make(chan struct{})}
	p.cmd = exec.Command(path, "--config_dir", dir) //nolint:noctx // it is ended by SIGTERM first
	p.cmd.Dir = dir
	p.cmd.Env = os.Environ()
	p.cmd.WaitDelay = time.Second
	dieWithUs(p.cmd)
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("engine: start: %w", err)
	}
	p.cmd.Stderr, p.cmd.Stdout = w, w
	heard := make(chan struct{})
	started := make(chan error, 1)
	go func() {
		defer close(heard)
		listen(r, hear)
	}()
	go p.live(w, r, started, heard)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("engine: start %s: %w", path, err)
	}
	return p, nil
}

// live starts the program and waits for its end, on one thread: when that thread ended,
// the kernel would take it for our death.
func (p *process) live(w, r *os.File, started chan<- error, heard <-chan struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	_ = w.Close() // the program's end of the pipe is its own now
	started <- err
	if err == nil {
		p.err = p.cmd.Wait()
	}
	t := time.AfterFunc(time.Second, func() { _ = r.Close() }) // a child of its own may hold it
	<-heard
	t.Stop()
	_ = r.Close()
	close(p.ended)
}

// listen reads lines to the end, the longest cut.
func listen(r io.Reader, hear func(line string)) {
	in := bufio.NewReaderSize(r, lineMost)
	for {
		line, err := in.ReadSlice('\n')
		text := strings.ToValidUTF8(strings.TrimRight(string(line), "\r\n"), "?")
		for err == bufio.ErrBufferFull { //nolint:errorlint // it comes as it is
			_, err = in.ReadSlice('\n')
		}
		if text != "" {
			hear(text)
		}
		if err != nil {
			return
		}
	}
}

// stop ends the program: SIGTERM, after 3 s SIGKILL; it returns when it has ended.
func (p *process) stop() {
	p.once.Do(func() {
		close(p.over)
		_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	})
	t := time.NewTimer(termPatience)
	defer t.Stop()
	select {
	case <-p.ended:
		return
	case <-t.C:
	}
	_ = p.cmd.Process.Kill()
	<-p.ended
}
