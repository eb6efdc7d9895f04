package ui

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// TestTheRenderersTickerIsWhereItIsLookedFor fails when a new version of
// Bubble Tea moves the field: then the program wakes 60 times a second for ever.
func TestTheRenderersTickerIsWhereItIsLookedFor(t *testing.T) {
	term := newTerminal(20, 5)
	term.drain(t)
	p := tea.NewProgram(frames{}, tea.WithInput(nil), tea.WithOutput(term), tea.WithWindowSize(20, 5), tea.WithoutSignals())
	done := make(chan error, 1)
	go func() { _, err := p.Run(); done <- err }()
	p.Send(frameMsg("hello")) // taken by the loop, which runs after the renderer was started
	if tickerOf(p) == nil {
		t.Error("tea.Program has no field ticker of type *time.Ticker any more")
	}
	p.Quit()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if tickerOf(nil) != nil {
		t.Error("no program has a ticker")
	}
}

// TestNothingIsDrawnAndNothingTicksWhileNothingChanges watches the idler itself.
func TestNothingIsDrawnAndNothingTicksWhileNothingChanges(t *testing.T) {
	r := startReal(t, 80, 24)
	r.wait("Goldberg")
	r.still()
	n := r.term.written()
	time.Sleep(300 * time.Millisecond)
	if now := r.term.written(); now != n {
		t.Errorf("%d bytes were written in 300 ms of rest", now-n)
	}
	before := time.Now()
	r.typed("j")
	r.wait("2/5")
	if d := time.Since(before); d > time.Second {
		t.Errorf("after a rest a key took %v to the screen", d)
	}
}
