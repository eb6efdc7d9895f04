package ui

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// row clicks on a line of the list, counted from its top.
func (r *rig) clickRow(line int) {
	r.send(clickAt(r.m.lay.main.X+5, r.m.lay.main.Y+line))
	r.settle()
}

func TestAClickEndsAChordAndACount(t *testing.T) {
	vim, err := keymap.Preset("vim")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, 120, 36, func(_ *fake, o *Options) { o.Keymap = vim })
	r.keys("enter", "g")
	r.send(whichMsg(r.m.chord.id))
	r.want("g …")
	r.clickRow(6)
	r.wantNot("g …")
	at := r.m.current().Place().Cursor
	r.keys("j")
	if now := r.m.current().Place().Cursor; now != at+1 {
		t.Errorf("the key after the click went from row %d to %d", at, now)
	}
	r.keys("5")
	r.clickRow(5)
	at = r.m.current().Place().Cursor
	r.keys("j")
	if now := r.m.current().Place().Cursor; now != at+1 {
		t.Errorf("the count of before the click still counts: from row %d to %d", at, now)
	}
}

func TestAPopupThatComesByItselfEndsAChord(t *testing.T) {
	r := newRig(t, 120, 36, withAccounts)
	r.keys("g")
	r.send(whichMsg(r.m.chord.id))
	r.want("g …")
	r.f.box.Put(session.LoginNeeded{Account: "spotify", ID: 1, Question: session.Question{What: session.QuestionYesNo, Text: "Trust it?"}})
	r.settle()
	r.wantNot("g …")
	r.keys("y", "esc", "g")
	if r.m.view != page.Library || len(r.m.chord.keys) != 1 {
		t.Errorf("the chord went on after the popup: %s, %v", r.m.view, r.m.chord.keys)
	}
}

func TestNoClickGivesASignInUpByAccident(t *testing.T) {
	for _, b := range []tea.MouseButton{tea.MouseLeft, tea.MouseRight, tea.MouseMiddle, tea.MouseBackward} {
		r := newRig(t, 120, 36, withAccounts)
		r.f.box.Put(session.LoginNeeded{Account: "spotify", ID: 1, Question: session.Question{What: session.QuestionPassword, Text: "Your password"}})
		r.settle()
		r.send(tea.MouseClickMsg{X: 1, Y: 1, Button: b})
		r.want("Your password")
	}
}

func TestOtherButtonsCloseAMenu(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter", "m")
	r.want("Queue at the end")
	r.send(tea.MouseClickMsg{X: 60, Y: 15, Button: tea.MouseRight})
	r.wantNot("Queue at the end")
}

func TestASecondClickOnAMenuPlaysNothingBelowIt(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter")
	x, y := r.m.lay.main.X+10, r.m.lay.main.Y+6
	r.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseRight})
	p, ok := r.m.topPopup().(*pick)
	if !ok {
		t.Fatal("no menu")
	}
	r.screen()
	click := clickAt(p.at.X+3, p.at.Y+2) // Queue at the end, or what stands there
	r.send(click)
	r.send(click)
	if n := len(commands[session.PlayContext](r.f)); n > 0 {
		t.Errorf("the second click played something: %d", n)
	}
	if len(r.m.popups) > 0 {
		t.Error("the menu is still there")
	}
}

func TestASecondClickOnASectionPlaysNothingOfIt(t *testing.T) {
	r := newRig(t, 80, 24)
	r.keys("B")
	r.want("Tracks")
	y := 0
	for i, row := range r.m.side.rows {
		if row.section.Ref.ID == "tracks" {
			y = r.m.lay.side.Y + i - r.m.side.top
		}
	}
	r.send(clickAt(10, y))
	r.settle()
	r.send(clickAt(10, y))
	r.settle()
	if n := len(commands[session.PlayContext](r.f)); n != 0 {
		t.Errorf("the second click played a row of the section that the first had opened")
	}
}

func TestADoubleClickCountsOnlyOnTheSameRow(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter")
	r.clickRow(6)
	r.f.tracks = r.f.tracks[1:] // the rows move up between the clicks
	r.f.box.Put(session.ContainerChanged{Of: r.f.albums[0].Ref})
	r.settle()
	r.clickRow(6)
	if n := len(commands[session.PlayContext](r.f)); n != 0 {
		t.Error("a row was played that had come under the mouse between two clicks")
	}
	r.clickRow(6)
	if n := len(commands[session.PlayContext](r.f)); n != 1 {
		t.Errorf("the double click played %d", n)
	}
}

func TestADragEndsWithTheButtonTheFocusOrTheTrack(t *testing.T) {
	for name, end := range map[string]func(r *rig){
		"released":       func(r *rig) { r.send(tea.MouseReleaseMsg{}) },
		"another window": func(r *rig) { r.send(tea.BlurMsg{}) },
		"pressed anew": func(r *rig) { // the release was outside of the window
			r.send(clickAt(r.m.lay.main.X+5, r.m.lay.main.Y+5))
		},
		"another track": func(r *rig) {
			r.f.mu.Lock()
			r.f.playAt(3, 0)
			r.f.mu.Unlock()
			r.settle()
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 120, 36)
			playing(r)
			bar := r.m.bar()
			r.send(clickAt(bar.X+20, bar.Y))
			r.send(tea.MouseMotionMsg{X: bar.X + 30, Y: bar.Y, Button: tea.MouseLeft})
			if n := len(commands[session.SeekTo](r.f)); n != 2 {
				t.Fatalf("%d seeks while dragged", n)
			}
			end(r)
			r.send(tea.MouseMotionMsg{X: bar.X + 60, Y: bar.Y, Button: tea.MouseLeft})
			if n := len(commands[session.SeekTo](r.f)); n != 2 {
				t.Error("the mouse still drags")
			}
		})
	}
}

func TestALineThatFindsGoesWithItsList(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("enter", "/", "t:can")
	spans := r.m.viewSpans()
	r.send(clickAt(spans[3]+1, 0)) // the queue
	r.settle()
	if r.m.view != page.Queue {
		t.Fatalf("on %s", r.m.view)
	}
	r.keys("t:x")
	if f := r.m.current().Place().Filter; f != "" {
		t.Errorf("the queue is filtered by %q", f)
	}
}
