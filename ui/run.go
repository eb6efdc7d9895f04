package ui

import (
	"context"
	"errors"
	"fmt"
	"sync"

	tea "charm.land/bubbletea/v2"
)

// Run shows the screen until it is quit or ctx ends; the terminal is restored
// whichever way it ends. A cancelled ctx is no error. The view's state has been
// handed to the session when Run returns after a quit.
func Run(ctx context.Context, opt Options, more ...tea.ProgramOption) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := New(opt)
	m.ctx = ctx
	p := tea.NewProgram(m, append([]tea.ProgramOption{tea.WithContext(ctx)}, more...)...)
	if m.idle = newIdler(p); m.idle != nil {
		var pace sync.WaitGroup
		pace.Go(func() { m.idle.Run(ctx) })
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
