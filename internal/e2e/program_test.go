//go:build e2e

package e2e

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience is how long anything may take that takes milliseconds on an idle machine.
const patience = 45 * time.Second

// program is the path of the program under test; TestMain builds it.
var program string

func TestMain(m *testing.M) {
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (int, error) {
	if program = os.Getenv("SEGUE_E2E_BINARY"); program != "" {
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "segue-e2e-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "segue")
	build := exec.Command("go", "build", "-o", program, "segue")
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build: %w: %s", err, out)
	}
	return m.Run(), nil
}

// call is one start of the program: what is typed after its name, where it lives.
type call struct {
	args []string
	home string   // empty = no HOME at all
	env  []string // over the plain environment; "NAME=" takes NAME away
	dir  string   // working folder; empty = home, or /
	exe  string   // another program than the one under test, which then has the name SEGUE
	in   io.Reader
	w, h int // size of the terminal, 120x36 when zero
}

// in is a start with a home of its own, silent but keeping time.
func in(home string, args ...string) call {
	return call{args: args, home: home, env: []string{"SEGUE_PLAYER_OUTPUT=null", "SEGUE_LOG_LEVEL=debug"}}
}

func (c call) with(env ...string) call {
	c.env = append(append([]string(nil), c.env...), env...)
	return c
}

func (c call) at(w, h int) call {
	c.w, c.h = w, h
	return c
}

// environment is all that the program sees of this machine.
func (c call) environment() []string {
	vars := map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": c.home, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8",
	}
	for _, e := range c.env {
		name, value, _ := strings.Cut(e, "=")
		vars[name] = value
	}
	var env []string
	for name, value := range vars {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func (c call) command(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, cmp.Or(c.exe, program), c.args...)
	cmd.Env = append(c.environment(), "SEGUE="+program)
	cmd.Dir = c.dir
	if cmd.Dir == "" {
		cmd.Dir = c.home
	}
	if cmd.Dir == "" {
		cmd.Dir = "/"
	}
	return cmd
}

// result of a call without a terminal.
type result struct {
	out, talk string
	code      int
}

// run calls the program without a terminal and waits for its end.
func (c call) run(t *testing.T) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := c.command(ctx)
	var out, talk bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.in, &out, &talk
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("segue %s does not end\nstdout: %.2000s\nstderr: %s", strings.Join(c.args, " "), out.String(), talk.String())
	}
	return result{out.String(), talk.String(), exitCode(t, err)}
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var e *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return e.ExitCode()
	}
	t.Fatal(err)
	return -1
}

// wants checks the exit code, and that every text is in what was said to people.
func (r result) wants(t *testing.T, code int, said ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d\nstdout: %.2000s\nstderr: %s", r.code, code, r.out, r.talk)
	}
	for _, s := range said {
		if !strings.Contains(r.talk, s) {
			t.Errorf("stderr says nothing of %q:\n%s", s, r.talk)
		}
	}
}

// oneLine checks that what was said is one line, and no panic.
func (r result) oneLine(t *testing.T) {
	t.Helper()
	if strings.Count(strings.TrimRight(r.talk, "\n"), "\n") > 0 || strings.Contains(r.talk, "goroutine ") {
		t.Errorf("stderr is not one line:\n%s", r.talk)
	}
}

// write makes a file of a test and its folders, and gives its path.
func write(t *testing.T, path string, data []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
