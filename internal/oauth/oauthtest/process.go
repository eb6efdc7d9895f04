package oauthtest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"segue/internal/need"
	"segue/internal/said"
)

// running is the one process that has all servers of these tests: to start node takes most
// of a second of a CPU, and to start a server in it takes none. It ends with the tests,
// however these end: its standard input does.
var running shared

// shared is a process that is started when somebody first needs it.
type shared struct {
	mu sync.Mutex
	p  *process
}

func (s *shared) process(t testing.TB) *process {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.p == nil {
		s.p = startProcess(t)
	}
	return s.p
}

// process is node with server.mjs.
type process struct {
	said said.Buffer

	mu    sync.Mutex // an order at a time
	in    io.Writer
	lines *bufio.Scanner
}

func startProcess(t testing.TB) *process {
	t.Helper()
	tools := os.Getenv("SEGUE_TOOLS")
	if tools == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		tools = filepath.Join(base, "segue-tools")
	}
	modules := need.File(t, filepath.Join(tools, "oauth", "node_modules"))
	node := filepath.Join(tools, "oauth", "node") // is there where the machine's own is too old
	if _, err := os.Stat(node); err != nil {
		node = "node"
	}
	need.Programs(t, node)
	cmd := exec.Command(node, script(t), modules) //nolint:noctx // it ends when its input does
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{in: in, lines: bufio.NewScanner(out)}
	cmd.Stderr = &p.said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// order gives an order, and what is behind the first word of its answer.
func (p *process) order(t testing.TB, answer string, words ...string) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := fmt.Fprintln(p.in, strings.Join(words, " ")); err != nil {
		t.Fatalf("the OAuth servers: %v\n%s", err, p.said.String())
	}
	for p.lines.Scan() {
		if rest, ok := strings.CutPrefix(p.lines.Text(), answer); ok {
			return rest
		}
	}
	t.Fatalf("the OAuth servers have ended:\n%s", p.said.String())
	return ""
}

// script finds server.mjs from the folder of any package of the project.
func script(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		p := filepath.Join(dir, "scripts", "oauth", "server.mjs")
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	t.Fatal("scripts/oauth/server.mjs is not above this folder")
	return ""
}
