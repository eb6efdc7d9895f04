package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	tea "charm.land/bubbletea/v2"
)

// Run shows the screen until it is quit or ctx ends; the terminal is restored
// whichever way it ends. A cancelled ctx is no error. The view's state has been
// handed to the session when Run returns after a quit. The way out is opt.Out, never
// an option of Bubble Tea's.
func Run(ctx context.Context, opt Options, more ...tea.ProgramOption) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if opt.Out == nil {
		opt.Out = os.Stdout //nolint:forbidigo // this is the terminal
	}
	m := New(opt)
	m.ctx = ctx
	painter := newPainter(opt.Out)
	var out io.Writer = painter
	if f, ok := opt.Out.(*os.File); ok {
		out = screenFile{painter, f}
	}
	p := tea.NewProgram(m, append([]tea.ProgramOption{tea.WithContext(ctx), tea.WithOutput(out)}, more...)...)
	if m.idle = newIdler(p); m.idle != nil {
		var pace sync.WaitGroup
		pace.Go(func() { m.idle.Run(ctx) })
		pace.Go(func() { painter.Run(ctx) })
		m.paint, m.settled = painter, m.idle.settled
		defer pace.Wait()
		defer cancel()
	}
	_, err := p.Run()
	if !m.quitting {
		m.save()
	}
	switch {
	case err == nil, ctx.Err() != nil && errors.Is(err, tea.ErrProgramKilled), errors.Is(err, tea.ErrInterrupted):
		return nil
	}
	return fmt.Errorf("ui: %w", err)
}
