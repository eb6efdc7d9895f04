// Package need says what a test needs of the machine: programs, files, a folder
// of the project's workshop. Where it is missing, the test is skipped with a line
// that names it; under SEGUE_CI=1, where everything was installed, it fails instead.
//
// Only tests import it.
package need

import (
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// Programs skips the test unless every program is in PATH.
func Programs(t testing.TB, names ...string) {
	t.Helper()
	for _, n := range names {
		if _, err := exec.LookPath(n); err != nil {
			missing(t, "program "+n+" is not installed")
		}
	}
}

// File skips the test unless the file or folder is there, and returns it.
func File(t testing.TB, path string) string {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		missing(t, path+" is not there")
	}
	return path
}

// Wesnoth is the folder of real Ogg Vorbis music that Debian's wesnoth-1.16-music installs.
func Wesnoth(t testing.TB) string {
	t.Helper()
	return File(t, "/usr/share/games/wesnoth/1.16/data/core/music")
}

// Shared is the folder shared/ beside the project, with specs and samples. Others who
// clone the project do not have it, and so it is skipped without failing, CI or not.
func Shared(t testing.TB, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		p := filepath.Join(dir, "shared", path)
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	t.Skipf("needs shared/%s beside the project", path)
	return ""
}

// Port is a port of 127.0.0.1 that is free, for a server that is told where to listen, or
// for nobody. It is below those that systems give away by themselves (Linux from 32768 on):
// what a test was given and gave back could be another program's a moment later.
func Port(t testing.TB) string {
	t.Helper()
	for range 1000 {
		port := strconv.Itoa(15_000 + rand.IntN(15_000))
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:"+port)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatal("needs: a free port of 127.0.0.1")
	return ""
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("SEGUE_CI") == "1" {
		t.Fatalf("needs: %s (and CI installs it: see scripts/)", what)
	}
	t.Skipf("needs: %s (make ci installs it)", what)
}
