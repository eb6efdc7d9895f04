package ui

import (
	"bytes"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/player"
	"segue/session"
)

// settledRig has a painter and a renderer that is always at rest.
func settledRig(t *testing.T) (*rig, *bytes.Buffer) {
	r := newRig(t, 120, 36)
	out := &bytes.Buffer{}
	r.m.paint, r.m.settled = newPainter(out), func() bool { return true }
	playing(r)
	return r, out
}

func TestASecondOfPlayingPaintsItsLineAndNothingElse(t *testing.T) {
	r, out := settledRig(t)
	before := r.m.View()
	r.f.now = r.f.now.Add(time.Second)
	r.send(tickMsg(r.m.tickID))
	if after := r.m.View(); after.Content != before.Content {
		t.Fatal("the View changed with the second")
	}
	r.m.paint.write()
	if s := out.String(); !strings.HasPrefix(s, "\x1b7\x1b[33;1H") || !strings.Contains(s, "1:04") || !strings.Contains(s, "\x1b8") {
		t.Fatalf("painted %q", s)
	}
	n := out.Len()
	r.m.View()
	r.m.paint.write()
	if out.Len() != n {
		t.Errorf("the same second is painted twice: %q", out.String()[n:])
	}
}

func TestTheRendererFindsItsLineAsItLeftIt(t *testing.T) {
	r, out := settledRig(t)
	r.m.View()
	r.f.now = r.f.now.Add(time.Second)
	r.send(tickMsg(r.m.tickID))
	r.m.View()
	r.m.paint.write()
	out.Reset()
	if n, err := r.m.paint.Write([]byte("frame")); n != 5 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if s := out.String(); !strings.Contains(s, "1:03") || !strings.HasSuffix(s, "frame") {
		t.Errorf("written %q", s)
	}
	out.Reset()
	r.m.paint.paint("never", "")
	if _, err := r.m.paint.Write([]byte("frame")); err != nil {
		t.Error(err)
	}
	r.m.paint.write()
	if s := out.String(); s != "frame" {
		t.Errorf("what was painted for an older frame is written: %q", s)
	}
}

func TestAnythingElseThatIsNewIsAFrame(t *testing.T) {
	for name, act := range map[string]func(*rig){
		"the cursor":   func(r *rig) { r.keys("j") },
		"the queue":    func(r *rig) { r.keys("4") },
		"a popup":      func(r *rig) { r.keys("?") },
		"a pause":      func(r *rig) { r.keys("space") },
		"a prompt":     func(r *rig) { r.keys(":") },
		"a message":    func(r *rig) { r.m.say(session.Info, "hello") },
		"another size": func(r *rig) { r.send(tea.WindowSizeMsg{Width: 121, Height: 36}) },
	} {
		r, _ := settledRig(t)
		before := r.m.View()
		r.f.now = r.f.now.Add(time.Second)
		act(r)
		if after := r.m.View(); after.Content == before.Content {
			t.Errorf("%s is not drawn", name)
		}
	}
}

// TestTheScreenIsRightWhereLinesArePainted plays on a terminal for some seconds and
// compares the screen, after a jump back, with one that is painted anew.
func TestTheScreenIsRightWhereLinesArePainted(t *testing.T) {
	r := startReal(t, 120, 36, func(f *fake, o *Options) {
		f.now, o.Clock = time.Now(), time.Now
		f.queue, f.ids = f.tracks[:3], []session.EntryID{1, 2, 3}
		f.playAt(2, 63*time.Second)
	})
	r.wait("1:0")
	painted := func() int {
		r.term.mu.Lock()
		defer r.term.mu.Unlock()
		return r.term.past
	}
	for deadline := time.Now().Add(patience); painted() < 3; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d lines were painted past the renderer", painted())
		}
	}
	r.f.mu.Lock()
	r.f.play.State, r.f.play.Position = player.Paused, session.Anchor{Position: 20 * time.Second}
	r.f.publish()
	r.f.mu.Unlock()
	r.wait("0:20")
	r.still()
	seen := r.term.text()
	r.typed("\x0c")
	r.still()
	if anew := r.term.text(); anew != seen {
		t.Errorf("--- seen\n%s\n--- painted anew\n%s", seen, anew)
	}
}
