// Package cachetest runs the real places where tokens are kept, for tests: redis-server,
// memcached, a private session bus and gnome-keyring. Each ends with the test that started
// it, and is reached by a socket or at 127.0.0.1 only. Only tests import it.
package cachetest

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/said"
)

// Patience is for programs that start on a machine with other things to do.
const Patience = 60 * time.Second

// Until waits for what another process does, or fails.
func Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(Patience); !ok(); time.Sleep(5 * time.Millisecond) { // another process
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// Tell says a line to a server that speaks in lines, and gives the first line of its answer;
// "" = nobody answers.
func Tell(network, addr, line string) string {
	c, err := (&net.Dialer{Timeout: time.Second}).Dial(network, addr) //nolint:noctx // it has a time limit
	if err != nil {
		return ""
	}
	defer func() { _ = c.Close() }() // it was for one line
	_ = c.SetDeadline(time.Now().Add(time.Second))
	_, _ = fmt.Fprintf(c, "%s\r\n", line) // no answer tells it
	answer, _ := bufio.NewReader(c).ReadString('\n')
	return strings.TrimSpace(answer)
}

// ShortDir is a folder whose path leaves room for a socket's name (108 bytes).
func ShortDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// FreePort is a port of 127.0.0.1 that was free a moment ago.
func FreePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // on this machine
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // nobody has come
	a, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		t.Fatal(l.Addr())
	}
	return a.Port
}

// program runs until the test ends or stop is called.
type program struct {
	cmd  *exec.Cmd
	out  said.Buffer
	once sync.Once
}

func start(t testing.TB, stdin, name string, args ...string) *program {
	t.Helper()
	p := &program{cmd: exec.Command(name, args...)} //nolint:noctx // stop ends it
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = strings.NewReader(stdin), &p.out, &p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return p
}

func (p *program) stop() {
	p.once.Do(func() {
		_ = p.cmd.Process.Kill() // what it says of that is no matter
		_ = p.cmd.Wait()
	})
}
