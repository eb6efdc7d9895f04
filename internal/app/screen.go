package app

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/internal/config"
	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui"
	"segue/ui/plain"
	"segue/ui/style"
)

// Keymap is the preset with the user's keys over it; what is wrong with those comes
// as lines, and the keymap without them is good all the same.
func Keymap(c *config.Config) (keymap.Map, []string) {
	m, err := keymapOf(c, c.Screen.Keymap)
	switch {
	case err == nil:
		return m, nil
	case m.Name() == "":
		m = keymap.Default()
	}
	return m, strings.Split(err.Error(), "\n")
}

// keymapOf is a preset with the user's keys over it. An error about those comes with a
// map that is good without them; one about the preset with none.
func keymapOf(c *config.Config, preset string) (keymap.Map, error) {
	m, err := keymap.Preset(preset)
	if err != nil {
		return keymap.Map{}, err
	}
	return m.With(c.Keys)
}

// CheckTheme says what is wrong with the theme that the config names.
func CheckTheme(c *config.Config) error {
	dir := ""
	if f := FindFolders(); f.Config != "" {
		dir = filepath.Join(f.Config, "themes")
	}
	_, err := style.Load(dir, c.Screen.Theme)
	return err
}

// firstFrame is how long the screen has the machine for itself: the first frame and the
// rows on it come before the library is walked through.
const firstFrame = 250 * time.Millisecond

// Screen is the front with a screen. What play names is played at the start.
func (h *House) Screen(o Options, play []music.Ask) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		sub := h.Subscribe("screen")
		defer sub.Close()
		keys, notes := Keymap(o.Config)
		if len(play) > 0 {
			h.Session.Send(session.PlayContext{Ask: play[0], More: play[1:]})
		}
		defer time.AfterFunc(firstFrame, h.scan).Stop()
		s := o.Config.Screen
		opt := ui.Options{
			Session: h.Session, Events: sub, Keymap: keys, Theme: s.Theme, Mouse: s.Mouse,
			Keymaps: func(preset string) (keymap.Map, error) { return keymapOf(o.Config, preset) },
			ASCII:   ASCII(s.ASCII), NoColor: os.Getenv("NO_COLOR") != "", Notes: append(h.Notes, notes...),
			PageOf: h.pageOf, Spectrum: h.player.Spectrum, Settings: settingRows(o.Config, notes), ConfigPath: tilde(o.Config.Path), Home: userHome(), Services: addable(), Country: country(o.Config.Charts.Country, os.Getenv),
			Pictures: ui.Pictures(s.Pictures), Multiplexer: tmux, CellSize: cellSize, CoverAccent: s.Accent == "cover", LogFile: o.logFile(),
		}
		if o.Folders.Config != "" {
			opt.ThemeDir = filepath.Join(o.Folders.Config, "themes")
		}
		if s.Background != "auto" {
			dark := s.Background == "dark"
			opt.Dark = &dark
		}
		// Signals end ctx; a second handler in Bubble Tea would wait for a loop that has ended.
		return ui.Run(ctx, opt, tea.WithoutSignalHandler())
	}
}

// logFile is where the log is written, "" = nowhere.
func (o Options) logFile() string {
	if o.Folders.State == "" {
		return ""
	}
	return filepath.Join(o.Folders.State, logName)
}

// Plain is the front without a screen: commands come as lines from in, changes go as
// lines to out. It ends with its input, or with the music that play names.
func (h *House) Plain(o Options, in io.Reader, out io.Writer, play []music.Ask) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		sub := h.Subscribe("plain")
		defer sub.Close()
		keys, notes := Keymap(o.Config)
		if len(play) > 0 {
			h.Session.Send(session.PlayContext{Ask: play[0], More: play[1:]})
		}
		h.scan()
		return plain.Run(ctx, plain.Options{
			Session: h.Session, Events: sub, Keymap: keys, In: in, Out: out,
			EndWithMusic: len(play) > 0, Notes: append(h.Notes, notes...),
			PageOf: h.pageOf, Settings: settingRows(o.Config, notes), ConfigPath: tilde(o.Config.Path), Services: addable(), LogFile: o.logFile(),
		})
	}
}

// scan brings the library up to date, where there is one.
func (h *House) scan() {
	if len(h.Local.Roots()) > 0 {
		h.Session.Send(session.Scan{Account: music.Local})
	}
}

// ASCII decides whether to draw with ASCII only: as told, or by the locale.
func ASCII(setting string) bool {
	switch setting {
	case "on":
		return true
	case "off":
		return false
	}
	return !UTF8Locale()
}

// UTF8Locale reports whether the environment asks for UTF-8.
func UTF8Locale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(name); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}
