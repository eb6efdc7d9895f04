//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

func TestAPasswordThatIsGivenUpLeavesTheTerminalAsItWas(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	w := in(t.TempDir(), "login", "subsonic", "--server", s.url(), "--user", "alice").open(t)
	w.sees("assword")
	w.keys("alice")
	w.keys(ctrlC)
	if code := w.exits(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	w.restored()
}

func TestLeavingAnAccountThatIsAwayOrHasNothingIsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	s, home := startServer(t), t.TempDir()
	s.login(home)
	c := in(home, "login", "home", "--password-stdin")
	c.in = strings.NewReader("hunter2\n")
	c.run(t).wants(t, 4, "wrong user name or password")
	s.stop()
	in(home, "logout", "home").run(t).wants(t, 0)
	in(home, "logout", "home").run(t).wants(t, 0) // it is out already
	in(home, "forget", "home").run(t).wants(t, 0)
	r := in(home, "forget", "home").run(t)
	r.wants(t, 0)
	if want := "nothing is remembered of home\n"; r.out != want {
		t.Errorf("it says %q, not %q", r.out, want)
	}
	if out := in(home, "accounts").run(t).out; strings.Contains(out, "remembered in") {
		t.Errorf("accounts lists %q", out)
	}
	in(home, "forget", "home", "--remove").run(t).wants(t, 0)
	if out := in(home, "accounts").run(t).out; strings.Contains(out, "home") {
		t.Errorf("accounts lists %q", out)
	}
}
