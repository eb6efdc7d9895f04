package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/session"
	"segue/ui/page"
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

func TestALongWarningIsReadInOnePieceAndCoversNoRow(t *testing.T) {
	const text = "playing in silence: there is no sound card and no sound server here; segue doctor says more"
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 50}} {
		r := newRig(t, size[0], size[1], func(f *fake, _ *Options) { f.big = 1000 })
		r.m.openSection(r.m.side.sections[3])
		r.settle()
		before := r.lines()
		r.f.box.Put(session.Notice{Level: session.Warning, Text: text})
		r.settle()
		all := strings.Join(strings.Fields(r.screen()), " ")
		want := text
		if size[0] == 80 {
			want = text[:50] // no second line is free: the rest is in the log, as it says
			r.want("… g! shows all")
		}
		if !strings.Contains(all, want) {
			t.Errorf("%v: the warning is not in one piece:\n%s", size, r.screen())
		}
		for y, l := range r.lines()[:r.m.lay.progress.Y] {
			if l != before[y] {
				t.Errorf("%v: it covers row %d:\n%s", size, y, r.screen())
			}
		}
		r.keys("j")
		r.want("no sound card")
		r.f.now = r.f.now.Add(4 * time.Second)
		r.keys("j")
		r.wantNot("no sound card")
	}
}

func TestAMessageThatIsTooLongForItsLinesIsInTheLog(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 36}} {
		r := newRig(t, size[0], size[1])
		r.f.box.Put(session.Notice{Level: session.Failure, Text: strings.Repeat("a long story ", 40)})
		r.settle()
		r.want("g! shows all")
		for i, l := range r.lines() {
			if w := screen.Width(l); w > size[0] {
				t.Errorf("line %d is %d wide", i, w)
			}
		}
	}
}

func TestEscLeavesTheSearchField(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("2", "t:vari", "esc")
	if r.m.view != page.Search || r.m.current().(page.Typist).Typing() {
		t.Error("Esc did not go to the results")
	}
	for _, words := range []string{"t:zzz", "t:"} {
		r = newRig(t, 120, 36)
		r.keys("2", words, "esc")
		if r.m.view != page.Library {
			t.Errorf("after %q Esc leads to %s", words, r.m.view)
		}
	}
}

func TestGoToTheAlbumIsOfWhatPlays(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	r.keys("esc", "j", "enter", "g", "a")
	if of := r.m.current().Place().Of; of != r.m.env.Play.Track.AlbumRef {
		t.Errorf("ga opens %v", of)
	}
	r.keys("esc", "g", "r")
	if of := r.m.current().Place().Of; of == r.m.env.Play.Track.AlbumRef {
		t.Errorf("gr opens %v", of)
	}
}

func TestSeveralNotesAreAllToBeRead(t *testing.T) {
	r := newRig(t, 120, 36, func(_ *fake, o *Options) {
		o.Notes = []string{"config.toml:3: one", "config.toml:4: two", "config.toml:9: three"}
	})
	r.want("config.toml:3: one (and 2 more: g! lists them)")
	r.keys("g", "!")
	for _, n := range []string{"config.toml:4: two", "config.toml:9: three"} {
		r.want(n)
	}
}
