package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// programName is what the program is called in PATH.
const programName = "go-librespot"

// versionPatience is how long the program may take to say which it is.
const versionPatience = 5 * time.Second

// known is a version, and the program it is of.
type known struct {
	path    string
	size    int64
	changed time.Time
	version string
}

// find looks for the program. It is not brought along, and never fetched.
func (e *Engine) find() (string, error) {
	if p := e.cfg.Path; p != "" {
		path, err := exec.LookPath(p)
		if err != nil {
			return "", fmt.Errorf("%w: %s is no program", ErrMissing, p)
		}
		return filepath.Abs(path)
	}
	path, err := exec.LookPath(programName)
	if err != nil {
		return "", fmt.Errorf("%w: it is not in PATH", ErrMissing)
	}
	return filepath.Abs(path)
}

// Version finds the program and asks it which it is: there is no other way than to start
// it for a moment, on a folder of its own, and to read the first thing that it says. The
// answer is kept until the program is another file.
func (e *Engine) Version(ctx context.Context) (string, error) {
	path, err := e.find()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrMissing, err)
	}
	now := known{path: path, size: info.Size(), changed: info.ModTime()}
	e.mu.Lock()
	last := e.version
	e.mu.Unlock()
	if now.version = last.version; now == last {
		return last.version, nil
	}
	if now.version, err = e.probe(ctx, path); err != nil {
		return "", err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.version.path != path || e.version.changed != now.changed {
		e.oldAuth = false
	}
	e.version = now
	return now.version, nil
}

// probe starts the program until it has said which it is.
func (e *Engine) probe(ctx context.Context, path string) (string, error) {
	if err := makeFolder(e.cfg.Dir); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(e.cfg.Dir, probeName)
	if err != nil {
		return "", fmt.Errorf("engine: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // nothing of it is needed
	if err := writeConfig(dir, config(dir, e.cfg.Device, byBrowser, settings{})); err != nil {
		return "", err
	}
	first := make(chan string, 1)
	p, err := spawn(path, dir, func(line string) {
		select {
		case first <- line:
		default:
		}
	})
	if err != nil {
		return "", err
	}
	defer func() {
		_ = p.cmd.Process.Kill() // it may have ended by itself
		<-p.ended
	}()
	within, cancel := context.WithTimeout(ctx, versionPatience)
	defer cancel()
	select {
	case line := <-first:
		if s := understand(line); s.what == saysVersion && s.text != "" {
			return s.text, nil
		}
		return "", fmt.Errorf("%s is no go-librespot: it says %q", path, scrub(line))
	case <-p.ended:
		return "", fmt.Errorf("%s is no go-librespot: it says nothing", path)
	case <-within.Done():
		if err := ctx.Err(); err != nil {
			return "", err
		}
		return "", errors.New("go-librespot does not say which version it is")
	}
}

// SignsInByCode reports whether a version can be signed in with a code on any device, and
// needs no browser here that reaches it: those newer than 0.9.0. A version that says no
// number is taken to be new.
func SignsInByCode(version string) bool {
	words := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	var n [3]int
	for i := range words {
		digits := words[i]
		if j := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); j >= 0 {
			digits = digits[:j]
		}
		var err error
		if n[i], err = strconv.Atoi(digits); err != nil {
			return true
		}
	}
	return len(words) == 1 || n[0] > 0 || n[1] > 9 || n[1] == 9 && n[2] > 0
}

// auth is how to sign in with the program that is there. Its callback listens on all of
// the machine's addresses, so that the code is preferred.
func (e *Engine) auth(ctx context.Context) string {
	version, err := e.Version(ctx)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.oldAuth || err == nil && !SignsInByCode(version) {
		return byBrowser
	}
	return byDevice
}
