package ui

import (
	"context"
	"path/filepath"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/internal/watch"
	"segue/session"
	"segue/ui/style"
)

// settled is how long the folder of themes must be still before one is read
// again: editors write a file in several steps.
const settled = 60 * time.Millisecond

// changedMsg says that files in the folder of themes have changed.
type changedMsg struct{ files map[string]bool }

// watchThemes waits for a change of a theme in dir. Like the wait for news it is
// one Cmd that blocks, always the only one of its kind; it sleeps in the kernel
// and ends with ctx. Without such a folder it ends at once.
func watchThemes(ctx context.Context, dir string) tea.Cmd {
	return func() tea.Msg {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		events, _, err := watch.Folder(ctx, dir)
		if err != nil {
			return nil
		}
		var files map[string]bool
		var still <-chan time.Time
		for {
			select {
			case e, ok := <-events:
				if !ok {
					return nil
				}
				if files == nil {
					files = map[string]bool{}
				}
				files[filepath.Base(e.Path)] = true
				still = time.After(settled)
			case <-still:
				return changedMsg{files}
			}
		}
	}
}

// watch begins to watch the folder of themes, if it is not watched already.
func (m *Model) watch() tea.Cmd {
	if m.watching || m.opt.ThemeDir == "" {
		return nil
	}
	m.watching = true
	cmd := watchThemes(m.ctx, m.opt.ThemeDir)
	return func() tea.Msg {
		if msg := cmd(); msg != nil {
			return msg
		}
		return changedMsg{}
	}
}

// changed reads the theme in use anew when its file has changed, and watches on.
// Without a folder nothing is watched until a theme is chosen again.
func (m *Model) changed(msg changedMsg) tea.Cmd {
	m.watching = false
	if msg.files == nil {
		return nil
	}
	if !msg.files[m.themeName+".toml"] {
		return m.watch()
	}
	return tea.Batch(m.watch(), m.loadTheme(m.themeName))
}

// loadTheme reads a theme outside of the loop.
func (m *Model) loadTheme(name string) tea.Cmd {
	dir := m.opt.ThemeDir
	return func() tea.Msg {
		t, err := style.Load(dir, name)
		return themeMsg{t, err}
	}
}

// themed takes a theme that was read; one with a mistake changes nothing.
func (m *Model) themed(msg themeMsg) tea.Cmd {
	if msg.err != nil {
		m.say(session.Warning, msg.err.Error())
		return m.watch()
	}
	m.theme, m.themeName = msg.theme, msg.theme.Name
	m.restyle()
	m.say(session.Info, "theme "+msg.theme.Name)
	return m.watch()
}
