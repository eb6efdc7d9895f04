package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"segue/session"
	"segue/ui/screen"
)

// TestHintsKeepAwayFromTheNews sets messages of every length beside the hints.
func TestHintsKeepAwayFromTheNews(t *testing.T) {
	for _, w := range []int{40, 60, 80, 100, 200} {
		r := newRig(t, w, 24)
		r.keys("enter")
		for n := 1; n < w+10; n++ {
			news := strings.Repeat("N", n)
			r.m.say(session.Info, news)
			line := r.lines()[23]
			if screen.Width(line) != w {
				t.Fatalf("%d columns, news of %d: the line has %d", w, n, screen.Width(line))
			}
			at := strings.Index(line, "N")
			if at < 0 || strings.TrimSpace(line[:at]) != "" && !strings.HasSuffix(line[:at], "   ") {
				t.Fatalf("%d columns, news of %d: %q", w, n, line)
			}
			if n < w-6 && !strings.Contains(line, news) {
				t.Fatalf("%d columns, news of %d is cut: %q", w, n, line)
			}
		}
	}
}

func TestTheTwoKindsOfTabsOfTheToplistsStandApart(t *testing.T) {
	for _, w := range []int{40, 60, 70, 80, 100, 120, 200} {
		r := newRig(t, w, 24)
		r.keys("6")
		r.keys("(")
		line := r.screen()
		line = line[strings.Index(line, "Tracks   Albums"):]
		line, _, _ = strings.Cut(line, "\n")
		if !strings.Contains(line, "Artists    │  Day") && !strings.Contains(line, "Artists  │  Day") {
			t.Errorf("%d columns: %q", w, line)
		}
	}
}

func TestTheSpinnerTurnsOnlyWhileAJobRunsAndIsSeen(t *testing.T) {
	r := newRig(t, 120, 36)
	if r.m.turn() != nil {
		t.Fatal("it turns without a job")
	}
	r.send(eventsMsg{session.Progress{Job: 1, Title: "reading", Done: 12, Total: 1200}})
	r.want("reading 12/1,200")
	r.m.turning = false
	before := r.lines()[35]
	r.send(r.m.busy.Tick())
	if now := r.lines()[35]; now == before {
		t.Errorf("it does not turn: %q", now)
	}
	r.m.turning = false
	r.send(tea.BlurMsg{})
	if r.m.turn() != nil {
		t.Error("it turns though nobody looks")
	}
	r.send(eventsMsg{session.Progress{Job: 1, Finished: true}})
	r.send(tea.FocusMsg{})
	if r.m.turn() != nil {
		t.Error("it turns when the job is done")
	}
}
