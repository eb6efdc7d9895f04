// Package ui is the screen: the root model of the Bubble Tea program, its
// layout, keys, popups and mouse. Pages, widgets, styles and text are in the
// packages below it.
//
// Everything in it belongs to the one loop of Bubble Tea. News from the session
// comes through one Cmd that takes all waiting events; commands go out by
// Session.Send, which never blocks. Update does no I/O and never waits.
package ui

import (
	"context"
	"io"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// Session takes commands; *session.Session is one. Send must not block.
type Session interface {
	Send(session.Command)
}

// Events gives news from the session: Take waits until there is some and takes
// all of it; false = there will be no more.
type Events interface {
	Take(ctx context.Context) ([]session.Event, bool)
}

// Options of the screen. Session and Events are needed, all else may be zero.
type Options struct {
	Session Session
	Events  Events
	// Keymap; the zero Map is the default one.
	Keymap keymap.Map
	// Keymaps gives the key map of another preset, the user's own keys over it; nil = the
	// presets as they come.
	Keymaps func(preset string) (keymap.Map, error)
	// Theme is a theme's name; empty = the default. ThemeDir holds the user's own.
	Theme    string
	ThemeDir string
	// Dark says what the background is, whatever the terminal answers; nil = ask.
	Dark *bool
	// ASCII draws with ASCII characters only.
	ASCII bool
	// NoColor says with weight what else is said with colour.
	NoColor bool
	// Mouse takes clicks and the wheel.
	Mouse bool
	// InitialView is opened when no view was saved; empty = the library.
	InitialView page.View
	// Pictures says how covers are drawn; empty = PicturesAuto.
	Pictures Pictures
	// Multiplexer answers for tmux; nil = pictures do not go through it.
	Multiplexer Multiplexer
	// CellSize is the size of the terminal's cells in pixels, 0 where it is not known; it
	// is asked anew with every size of the screen, outside of the loop. nil = never known.
	CellSize func() (w, h int)
	// CoverAccent takes the accent colour from the cover of what plays.
	CoverAccent bool
	// Spectrum fills dst with the loudness, 0 to 1, of bands of what is heard now, from
	// low to high, and tells how many it filled: none when nothing is heard. It may be
	// called from any goroutine; nil = there is no visualizer.
	Spectrum func(dst []float32) int
	// PageOf is where a thing is on the web, "" = nowhere. It must return at once; nil = nobody
	// knows.
	PageOf func(music.Ref) string
	// Settings are the values of the config and where they came from, ConfigPath its file.
	Settings   []page.Setting
	ConfigPath string
	// Home is the user's folder: "~" in what is said. Empty = paths are written whole.
	Home string
	// LogFile is shown in the log view; empty = there is none.
	LogFile string
	// Country is whose toplist is offered first: two letters, or none.
	Country string
	// Services are those that accounts can be added of.
	Services []Service
	// Notes are shown as warnings at the start: what was wrong in the config.
	Notes []string
	// Out is the terminal; nil = os.Stdout.
	Out io.Writer
	// Clock gives the time; nil = time.Now.
	Clock func() time.Time
}
