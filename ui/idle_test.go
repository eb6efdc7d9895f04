package ui

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

// TestTheRenderersTickerIsWhereItIsLookedFor fails when a new version of
// Bubble Tea moves the field: then the program wakes 60 times a second for ever.
func TestTheRenderersTickerIsWhereItIsLookedFor(t *testing.T) {
	term := newTerminal(20, 5)
	term.drain(t)
	p := tea.NewProgram(frames{}, tea.WithInput(nil), tea.WithOutput(term), tea.WithWindowSize(20, 5), tea.WithoutSignals())
	i := newIdler(p)
	if i == nil {
		t.Fatal("tea.Program has no field ticker of type *time.Ticker any more")
	}
	done := make(chan error, 1)
	go func() { _, err := p.Run(); done <- err }()
	p.Send(frameMsg("hello")) // taken by the loop, which runs after the renderer was started
	for range 2 {
		select {
		case i.ticks <- time.Now():
		case <-time.After(patience):
			t.Fatal("the renderer does not wait for our ticks")
		}
	}
	p.Quit()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if newIdler(nil) != nil {
		t.Error("no program has a ticker")
	}
}

// TestTheTickerSurvivesThatTheTerminalIsGivenAway: Bubble Tea resets it then.
func TestTheTickerSurvivesThatTheTerminalIsGivenAway(t *testing.T) {
	term := newTerminal(20, 5)
	term.drain(t)
	p := tea.NewProgram(frames{}, tea.WithInput(nil), tea.WithOutput(term), tea.WithWindowSize(20, 5), tea.WithoutSignals())
	i := newIdler(p)
	done := make(chan error, 1)
	go func() { _, err := p.Run(); done <- err }()
	p.Send(frameMsg("hello"))
	if err := p.ReleaseTerminal(); err != nil {
		t.Fatal(err)
	}
	if err := p.RestoreTerminal(); err != nil {
		t.Fatal(err)
	}
	select {
	case i.ticks <- time.Now():
	case <-time.After(patience):
		t.Error("the renderer does not wait for our ticks")
	}
	p.Quit()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// slow is a model that lets time pass between the making of a View and its way to the renderer,
// as a machine does that has other things to do.
type slow struct {
	idle  *idler
	text  string
	fresh bool // it is not viewed yet
}

func (m *slow) Init() tea.Cmd { return nil }
func (m *slow) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case frameMsg:
		m.text, m.fresh = string(msg), true
	case handedMsg:
		m.idle.handed()
	}
	return m, nil
}

func (m *slow) View() tea.View {
	if m.fresh {
		m.fresh = false
		m.idle.awake()
		time.Sleep(4 * again)
	}
	return tea.View{Content: m.text, AltScreen: true}
}

// TestAViewThatReachesTheRendererLateIsDrawn: it was seen on a busy machine that the rows of
// a list stayed away for minutes, until a key was pressed.
func TestAViewThatReachesTheRendererLateIsDrawn(t *testing.T) {
	term := newTerminal(20, 5)
	term.drain(t)
	m := &slow{}
	p := tea.NewProgram(m, tea.WithInput(nil), tea.WithOutput(term), tea.WithWindowSize(20, 5), tea.WithoutSignals())
	m.idle = newIdler(p)
	ctx, cancel := context.WithCancel(t.Context())
	idle, done := make(chan struct{}), make(chan error, 1)
	go func() { m.idle.Run(ctx); close(idle) }()
	go func() { _, err := p.Run(); done <- err }()
	p.Send(frameMsg("hello"))
	for end := time.Now().Add(patience); !strings.Contains(term.text(), "hello"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Error("it is not drawn")
			break
		}
	}
	p.Quit()
	if err := <-done; err != nil {
		t.Error(err)
	}
	cancel()
	<-idle
}

// drawer is a renderer: it takes ticks and draws for a while at each.
type drawer struct {
	began time.Time
	takes time.Duration
	drawn []time.Duration // when drawings began
}

func (d *drawer) run(ctx context.Context, i *idler) {
	for {
		select {
		case <-i.ticks:
		case <-ctx.Done():
			return
		}
		d.drawn = append(d.drawn, time.Since(d.began))
		time.Sleep(d.takes)
	}
}

// drawing runs an idler and a drawer while act acts, and gives when things were drawn.
func drawing(t *testing.T, takes time.Duration, act func(i *idler)) (drawn []time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		i := &idler{dirty: make(chan struct{}, 1), ticks: make(chan time.Time), over: make(chan struct{}, 1)}
		i.ask = i.handed
		d := &drawer{began: time.Now(), takes: takes}
		go i.Run(ctx)
		go d.run(ctx, i)
		act(i)
		synctest.Wait()
		cancel()
		time.Sleep(takes)
		synctest.Wait()
		drawn = d.drawn
	})
	return drawn
}

func TestAfterARestAFrameIsDrawnAtOnceAndThenNothing(t *testing.T) {
	drawn := drawing(t, time.Millisecond, func(i *idler) {
		i.awake()
		time.Sleep(time.Hour)
	})
	if len(drawn) != 2 || drawn[0] > 3*time.Millisecond || drawn[1] > 100*time.Millisecond {
		t.Errorf("drawn at %v, want at once, once more for safety, and no more in an hour", drawn)
	}
}

func TestManyChangesAreDrawnAtThePaceOfFramesAndTheLastIsNotMissed(t *testing.T) {
	drawn := drawing(t, time.Millisecond, func(i *idler) {
		i.awake()
		time.Sleep(time.Hour)
		for range 1000 {
			i.awake()
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
	})
	if len(drawn) < 50 || len(drawn) > 66 {
		t.Errorf("%d frames in a second of changes", len(drawn))
	}
	if last := drawn[len(drawn)-1]; last < time.Hour+999*time.Millisecond {
		t.Errorf("the last frame was drawn at %v, before the last change", last)
	}
}

func TestTheFirstFramesAreDrawnAsTheyCome(t *testing.T) {
	drawn := drawing(t, 7*time.Millisecond, func(i *idler) {
		i.awake()
		time.Sleep(time.Millisecond)
		i.awake() // the rows
		time.Sleep(time.Second)
	})
	if len(drawn) != 3 || drawn[0] != 0 || drawn[1] != 7*time.Millisecond {
		t.Errorf("drawn at %v, want at once and right after", drawn)
	}
}

// The terminal may be slow: a change that comes while a frame is being written, however
// long that takes, is drawn after it.
func TestAChangeDuringALongDrawingIsDrawnAfterIt(t *testing.T) {
	const slow = 10 * time.Second
	drawn := drawing(t, slow, func(i *idler) {
		i.awake()
		time.Sleep(slow / 2)
		i.awake()
		time.Sleep(10 * slow)
	})
	if len(drawn) < 2 || drawn[1] < slow {
		t.Errorf("drawn at %v, want once more after %v", drawn, slow)
	}
}

// TestNothingIsDrawnAndNothingTicksWhileNothingChanges watches the idler itself.
func TestNothingIsDrawnAndNothingTicksWhileNothingChanges(t *testing.T) {
	r := startReal(t, 80, 24)
	r.wait("Goldberg")
	r.still()
	// The best of a few: what ticks would tick in each, and a busy machine is not busy in all.
	written := 0
	for range 5 {
		n := r.term.written()
		time.Sleep(300 * time.Millisecond)
		if written = r.term.written() - n; written == 0 {
			break
		}
	}
	if written > 0 {
		t.Errorf("%d bytes were written in 300 ms of rest", written)
	}
	best := time.Hour
	for _, key := range []struct{ typed, shows string }{{"j", "2/5"}, {"j", "3/5"}, {"k", "2/5"}} {
		before := time.Now()
		r.typed(key.typed)
		r.wait(key.shows)
		best = min(best, time.Since(before))
		r.still()
	}
	if best > time.Second {
		t.Errorf("after a rest a key took %v to the screen", best)
	}
}
