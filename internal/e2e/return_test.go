//go:build e2e

package e2e

import (
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var clock = regexp.MustCompile(`(?m)^ +(\d+):(\d\d) [━●─]`)

// position is what the player bar says, once it says something.
func (w *window) position() time.Duration {
	w.t.Helper()
	m := clock.FindStringSubmatch(w.until("a position", clock.MatchString))
	min, err1 := strconv.Atoi(m[1])
	sec, err2 := strconv.Atoi(m[2])
	if err1 != nil || err2 != nil {
		w.t.Fatal(err1, err2)
	}
	return time.Duration(min)*time.Minute + time.Duration(sec)*time.Second
}

func TestAfterQuittingEverythingIsAsItWasAndPaused(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	w := in(home).open(t)
	w.sees("Segue Sampler")
	w.keys(enter)
	w.sees("Greensleeves")
	w.keys("j" + enter)
	w.row(playing("Greensleeves"))
	w.keys(right + right + right + right) // 20 s; the rest of the minute is for slow machines
	w.row(`0:[2-5]\d [━●]`)
	w.keys("---") // 70 to 55
	w.sees(" 55")
	w.keys("s")
	w.sees("shuffle on")
	w.keys("r")
	w.sees("repeat all")
	at := w.position()
	w.keys(ctrlC)
	if code := w.exits(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	w.restored()

	w = in(home).open(t)
	w.sees("Queue 7", " 55", "shuffle on", "repeat all", "Greensleeves")
	w.row(`^ +0:[2-5]\d [━●]`)
	if now := w.position(); now < at || now > at+8*time.Second { // it plays on until the keys are read
		t.Errorf("it was left at %s and is at %s", at, now)
	}
	w.row(`‖ Greensleeves`)
	w.keys(" ")
	w.row(`▶ Greensleeves`)
	w.row(`0:(2[3-9]|[3-5]\d) [━●]`)
}

func TestAKillCostsAtMostFiveSecondsOfPosition(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	w := in(home).open(t)
	w.sees("Segue Sampler")
	w.keys(enter)
	w.sees("Greensleeves")
	w.keys("jj" + enter)
	w.row(playing("Canon in D"))
	w.keys("+")
	w.sees(" 75")
	w.row(`0:(0[6-9]|[1-5]\d) [━●]`) // longer than one save
	at := w.position()
	if err := w.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-w.ends

	w = in(home).open(t)
	w.sees("Queue 7", "‖ Canon in D", " 75")
	if now := w.position(); now < at-5*time.Second || now > at+5*time.Second {
		t.Errorf("it was killed at %s and is at %s", at, now)
	}
}

func TestASecondSegueSaysThatOneRunsAlready(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	w := in(home).open(t)
	w.sees("Segue Sampler")
	second := in(home).open(t)
	if code := second.exits(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	second.restored()
	if said := second.text(); strings.Count(said, "\n") > 1 || !strings.Contains(said, "already running") {
		t.Errorf("it says:\n%s", said)
	}
	w.keys(enter) // the first one is as well as before
	w.sees("Greensleeves")
}
