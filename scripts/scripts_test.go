// Package scripts holds the test of the script that Makefile's targets install what is
// missing with, against programs that only pretend.
package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// machine is a system made of programs that tell what they are called with.
type machine struct {
	t   *testing.T
	bin string
}

// newMachine has what every system has, and the programs that are given with their scripts.
func newMachine(t *testing.T, programs map[string]string) machine {
	t.Helper()
	m := machine{t, t.TempDir()}
	for _, p := range []string{"sh", "sed", "grep", "env", "dirname", "true"} {
		real, err := exec.LookPath(p)
		if err != nil {
			t.Skipf("needs %s", p)
		}
		if err := os.Symlink(real, filepath.Join(m.bin, p)); err != nil {
			t.Fatal(err)
		}
	}
	for name, script := range programs {
		text := "#!/bin/sh\n" + script + "\n"
		if err := os.WriteFile(filepath.Join(m.bin, name), []byte(text), 0o755); err != nil { //nolint:gosec // it is a program
			t.Fatal(err)
		}
	}
	return m
}

// deps runs deps.sh there.
func (m machine) deps(what string) (code int, said, called string) {
	m.t.Helper()
	c := exec.CommandContext(m.t.Context(), filepath.Join(m.bin, "sh"), "deps.sh", what)
	c.Env = []string{"PATH=" + m.bin, "CALLS=" + filepath.Join(m.bin, "calls"), "THERE=" + filepath.Join(m.bin, "there")}
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		m.t.Fatal(err)
	}
	calls, err := os.ReadFile(filepath.Join(m.bin, "calls"))
	if err != nil && !os.IsNotExist(err) {
		m.t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(out), string(calls)
}

const (
	newGo   = `echo "go version go1.26.8 linux/amd64"`
	linux   = `echo Linux`
	mac     = `echo Darwin`
	missing = `[ -e "$THERE" ]`                                                      // a pkg-config of a machine where nothing is installed yet
	aptGet  = `echo "apt-get $*" >>"$CALLS"; case $* in install*) : >"$THERE"; esac` // from then on it is
	sudo    = `echo "sudo $1" >>"$CALLS"; shift; exec "$@"`
)

func TestWhatIsMissingIsInstalledOrNamedInALine(t *testing.T) {
	base := map[string]string{"go": newGo, "uname": linux, "gcc": "", "pkg-config": missing, "id": "echo 1000"}
	for name, c := range map[string]struct {
		with   map[string]string
		code   int
		says   string // of one line
		called []string
	}{
		"nothing is missing":         {map[string]string{"pkg-config": ""}, 0, "", nil},
		"Debian, as root":            {map[string]string{"apt-get": aptGet, "dpkg-query": "exit 1", "id": "echo 0"}, 0, "installing gcc pkg-config libasound2-dev", []string{"apt-get update", "apt-get install -y"}},
		"Debian, with sudo":          {map[string]string{"apt-get": aptGet, "dpkg-query": "exit 1", "sudo": sudo}, 0, "installing gcc", []string{"sudo -n", "apt-get install -y"}},
		"Debian, sudo says no":       {map[string]string{"apt-get": aptGet, "dpkg-query": "exit 1", "sudo": "exit 1"}, 1, "run: sudo apt-get install gcc pkg-config", nil},
		"Debian, without sudo":       {map[string]string{"apt-get": aptGet, "dpkg-query": "exit 1"}, 1, "run as root: apt-get install gcc pkg-config", nil},
		"gcc without the C library":  {map[string]string{"gcc": "exit 1", "pkg-config": "", "dpkg-query": "exit 1", "apt-get": aptGet}, 1, "libc6-dev", nil},
		"Fedora":                     {map[string]string{"dnf": ""}, 1, "run: sudo dnf install gcc pkgconf alsa-lib-devel", nil},
		"Arch":                       {map[string]string{"pacman": ""}, 1, "run: sudo pacman -S gcc pkgconf alsa-lib", nil},
		"macOS":                      {map[string]string{"uname": mac}, 1, "run: brew install pkgconf flac", nil},
		"macOS, which needs no ALSA": {map[string]string{"uname": mac, "pkg-config": `case $* in *alsa*) exit 1; esac`}, 0, "", nil},
		"a Go that is too old":       {map[string]string{"go": `echo "go version go1.19.8 linux/amd64"`}, 1, "Go 1.26 or newer is needed: https://go.dev/dl (this is 1.19)", nil},
	} {
		t.Run(name, func(t *testing.T) {
			programs := map[string]string{}
			for _, from := range []map[string]string{base, c.with} {
				for p, script := range from {
					programs[p] = script
				}
			}
			code, said, called := newMachine(t, programs).deps("build")
			if code != c.code || !strings.Contains(said, c.says) || c.says == "" && said != "" || strings.Count(said, "\n") > 1 {
				t.Errorf("exit %d, %q", code, said)
			}
			for _, want := range c.called {
				if !strings.Contains(called, want) {
					t.Errorf("%q was not called: %q", want, called)
				}
			}
			if len(c.called) == 0 && called != "" {
				t.Errorf("called: %q", called)
			}
		})
	}
}

func TestWithoutGoOrAKnownSystemTheWayIsNamed(t *testing.T) {
	code, said, _ := newMachine(t, map[string]string{"uname": linux}).deps("build")
	if code != 1 || said != "segue: Go 1.26 or newer is needed: https://go.dev/dl\n" {
		t.Errorf("exit %d, %q", code, said)
	}
	code, said, _ = newMachine(t, map[string]string{"uname": linux, "go": newGo}).deps("build")
	for _, want := range []string{"Debian, Ubuntu: sudo apt-get install", "Fedora: sudo dnf install", "Arch: sudo pacman -S", "macOS: brew install"} {
		if code != 1 || !strings.Contains(said, want) {
			t.Errorf("exit %d, %q", code, said)
		}
	}
}

func TestAnInstallationThatFailsSaysWhatToDo(t *testing.T) {
	code, said, _ := newMachine(t, map[string]string{
		"go": newGo, "uname": linux, "gcc": "", "pkg-config": missing, "id": "echo 0", "dpkg-query": "exit 1",
		"apt-get": `echo "E: no network" >&2; exit 100`,
	}).deps("build")
	if code != 1 || !strings.Contains(said, "E: no network\n") || !strings.Contains(said, "then run: sudo apt-get install gcc") {
		t.Errorf("exit %d, %q", code, said)
	}
}
