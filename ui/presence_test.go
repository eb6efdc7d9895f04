package ui

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/session"
)

func TestWhoComesBackSeesHowTheDeviceStands(t *testing.T) {
	r := newRig(t, 80, 24, withConnect)
	now := time.Now()
	r.m.clock = func() time.Time { return now }
	looks := func(what string, want int) {
		t.Helper()
		if n := len(commands[session.LookAgain](r.f)); n != want {
			t.Errorf("%s: %d looks, want %d", what, n, want)
		}
	}
	r.send(tea.BlurMsg{})
	r.send(tea.FocusMsg{})
	looks("while music is heard here", 0)
	farAway(r)
	r.keys("j", "k")
	before := len(commands[session.LookAgain](r.f))
	r.keys("j", "k")
	looks("while somebody types", before)
	r.send(tea.FocusMsg{})
	looks("told of a focus that it has", before)
	r.send(tea.BlurMsg{})
	r.send(tea.FocusMsg{})
	looks("with the focus back", before+1)
	now = now.Add(3 * time.Minute)
	r.keys("j", "k")
	looks("with a key after minutes", before+2)
}
