//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"segue/internal/genlib"
	"segue/internal/need"
)

// server is a supysonic over an album of two tracks.
type server struct {
	t          *testing.T
	dir, music string
	port       string
}

func (s *server) url() string { return "http://127.0.0.1:" + s.port }

// newServer is one that has no music and does not run yet.
func newServer(t *testing.T) *server {
	t.Helper()
	need.Programs(t, "supysonic-cli", "supysonic-daemon", "waitress-serve")
	return &server{t: t, dir: t.TempDir(), music: t.TempDir(), port: need.Port(t)}
}

func startServer(t *testing.T) *server {
	t.Helper()
	s := newServer(t)
	for i, title := range []string{"Northern Song", "Southern Song"} {
		tags := []string{"TITLE=" + title, "ARTIST=The Servants", "ALBUM=Far Away", fmt.Sprintf("TRACKNUMBER=%d", i+1), "DATE=1999"}
		write(t, filepath.Join(s.music, fmt.Sprintf("far/%02d.flac", i+1)), genlib.FLAC(tags, 60*44100/4096))
	}
	s.start()
	return s
}

func (s *server) start() {
	s.t.Helper()
	script := need.File(s.t, "../../scripts/supysonic.sh")
	if out, err := exec.CommandContext(s.t.Context(), "sh", script, "start", s.dir, s.music, s.port).CombinedOutput(); err != nil {
		s.t.Fatalf("supysonic: %v: %s", err, out)
	}
	s.t.Cleanup(s.stop)
}

func (s *server) stop() {
	_ = exec.CommandContext(context.WithoutCancel(s.t.Context()), "sh", "../../scripts/supysonic.sh", "stop", s.dir).Run() // gone, or never there
}

// login signs alice in on the command line.
func (s *server) login(home string) {
	s.t.Helper()
	s.loginAs(home, "home", "alice", "alicepw")
}

func (s *server) loginAs(home, name, user, password string) {
	s.t.Helper()
	c := in(home, "login", "subsonic", "--name", name, "--server", s.url(), "--user", user, "--password-stdin")
	c.in = strings.NewReader(password + "\n")
	r := c.run(s.t)
	r.wants(s.t, 0)
	if want := name + ": signed in as " + user + ", remembered in "; !strings.HasPrefix(r.out, want) {
		s.t.Errorf("it says %q, not %q", r.out, want)
	}
}

func TestASignInOnTheCommandLineIsRemembered(t *testing.T) {
	t.Parallel()
	s, home := startServer(t), t.TempDir()
	s.login(home)
	if r := in(home, "search", "--account", "home", "--type", "track", "northern").run(t); !strings.Contains(r.out, "Northern Song") {
		t.Errorf("search prints %q and says %q", r.out, r.talk)
	}
	w := in(home).open(t)
	w.sees("home ●")
	w.keys("2")
	w.keys("southern")
	w.row(`Southern Song +The Servants`)
	w.keys(enter + enter)
	w.row(`▶ Southern Song`)
	w.row(`0:0[1-9] [━●]`)
	w.keys(ctrlC)
	w.exits()
	in(home, "logout", "home").run(t).wants(t, 0)
	in(home, "search", "--account", "home", "northern").run(t).wants(t, 4, "segue login home")
	in(home, "login", "home").run(t).wants(t, 0) // it is remembered still
	in(home, "forget", "home").run(t).wants(t, 0)
	in(home, "login", "home").run(t).wants(t, 4) // nobody there to be asked for the password
}

func TestAWrongPasswordKeepsNothing(t *testing.T) {
	t.Parallel()
	s, home := startServer(t), t.TempDir()
	c := in(home, "login", "subsonic", "--server", s.url(), "--user", "alice", "--password-stdin")
	c.in = strings.NewReader("hunter2\n")
	r := c.run(t)
	r.wants(t, 4, "wrong user name or password")
	r.oneLine(t)
	if out := in(home, "accounts").run(t).out; strings.Contains(out, "subsonic") {
		t.Errorf("accounts lists %q", out)
	}
}

func TestSigningInOutAndForgettingByKeysAlone(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	w := in(t.TempDir()).open(t)
	w.sees("Segue Sampler")
	w.keys(":accounts\r")
	w.sees("Add an account")
	w.keys("G")
	w.keys(enter)
	w.sees("OpenSubsonic")
	w.keys(enter)
	w.sees("name of the account")
	w.keys(enter)
	for _, a := range [][2]string{{"server", s.url()}, {"user", "alice"}, {"password", "alicepw"}} {
		w.sees(a[0])
		w.keys(a[1])
		w.keys(enter)
	}
	w.sees("signed in since")
	w.loses("alicepw")
	w.keys(enter)
	w.sees("Sign out")
	w.chooses("Sign out")
	w.row(`signed out`)
	w.sees("subsonic ○")
	w.keys(enter)
	w.sees("Sign in as alice")
	w.chooses("Forget …")
	w.chooses("Forget what it signs in with")
	w.loses("Remembered: alice")
}

// chooses goes down a menu to a row and takes it.
func (w *window) chooses(label string) {
	w.t.Helper()
	w.sees(label)
	screen := w.text()
	lines := strings.Split(screen, "\n")
	at, top := -1, -1
	for y, l := range lines {
		if top < 0 && strings.Contains(l, "╭─") {
			top = y + 1
		}
		if strings.Contains(l, "  "+label) {
			at = y
		}
	}
	if at < 0 || top < 0 {
		w.t.Fatalf("no row %q in a menu:\n%s", label, screen)
	}
	w.keys(strings.Repeat("j", at-top) + enter)
}

func TestTheMusicSurvivesItsServer(t *testing.T) {
	t.Parallel()
	s, home := startServer(t), t.TempDir()
	s.login(home)
	w := in(home).open(t)
	w.sees("home ●")
	w.keys("2")
	w.keys("northern")
	w.row(`Northern Song +The Servants`)
	w.keys(enter + enter)
	w.row(`▶ Northern Song`)
	w.row(`0:0[2-9] [━●]`) // it has come whole by now: it is small
	s.stop()
	w.row(`0:1[0-9] [━●]`)
	w.row(`▶ Northern Song`)
	w.sees("home ◌ again at ")
	s.start()
	w.keys(":accounts\r")
	w.sees("Remembered: alice")
	w.keys(":relogin home\r")
	w.sees("home ●")
}
