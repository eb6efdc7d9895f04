package config

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// key is one setting: its name in the file ("player.gain"), its default as the file
// would hold it, what it does, and how it is checked and stored.
type key struct {
	name string
	def  any
	doc  string
	set  func(*Config, any) error
}

// table lists every key in the order of the example file.
func table() []key {
	return []key{
		{"library.folders", []any{}, `Music folders. Empty: the desktop's music folder (XDG_MUSIC_DIR), if it is there.`,
			list(func(c *Config) *[]string { return &c.Library.Folders })},
		{"library.watch", true, `Notice new, changed and removed files while Segue runs.`,
			boolean(func(c *Config) *bool { return &c.Library.Watch })},
		{"player.output", "auto", `Where the sound goes: auto, oto (the sound card), null (silent), wav:FILE, pipe:FILE.`,
			output(func(c *Config) *string { return &c.Player.Output })},
		{"player.gain", "auto", `Loudness by ReplayGain or R128 tags: off, track, album, auto (album while an album plays in order).`,
			oneOf(func(c *Config) *string { return &c.Player.Gain }, "off", "track", "album", "auto")},
		{"player.preamp_db", 0.0, `Added to the tags' gain, in decibels, -15 to 15. It never makes the sound clip.`,
			number(func(c *Config) *float64 { return &c.Player.PreampDB }, -15, 15)},
		{"player.crossfade", "0s", `Crossfade between tracks, up to 12s; never inside an album. 0s is off: gapless.`,
			duration(func(c *Config) *time.Duration { return &c.Player.Crossfade }, 12*time.Second)},
		{"player.on_device_loss", "pause", `When headphones are unplugged: pause, or follow the sound to what is left.`,
			oneOf(func(c *Config) *string { return &c.Player.OnDeviceLoss }, "pause", "follow")},
		{"player.volume", int64(70), `Volume of the very first start, 0 to 100; after that the last one is kept.`,
			integer(func(c *Config) *int { return &c.Player.Volume }, 0, 100)},
		{"screen.theme", "ember", `Colours: a theme that ships with Segue or a file of yours in themes/.`,
			text(func(c *Config) *string { return &c.Screen.Theme })},
		{"screen.background", "auto", `What the terminal's background is: auto (ask it), dark, light.`,
			oneOf(func(c *Config) *string { return &c.Screen.Background }, "auto", "dark", "light")},
		{"screen.ascii", "auto", `Draw with ASCII characters only: auto (when the locale is not UTF-8), on, off.`,
			oneOf(func(c *Config) *string { return &c.Screen.ASCII }, "auto", "on", "off")},
		{"screen.mouse", true, `Use the mouse. Most terminals still select text while Shift is held.`,
			boolean(func(c *Config) *bool { return &c.Screen.Mouse })},
		{"screen.keymap", "default", `Keys to start from: default, vim, spotify-player, ncspot, cmus.`,
			oneOf(func(c *Config) *string { return &c.Screen.Keymap }, "default", "vim", "spotify-player", "ncspot", "cmus")},
		{"log.level", "info", `What goes to segue.log: error, warn, info, debug (every event).`,
			oneOf(func(c *Config) *string { return &c.Log.Level }, "error", "warn", "info", "debug")},
	}
}

func find(name string) (key, bool) {
	for _, k := range table() {
		if k.name == name {
			return k, true
		}
	}
	return key{}, false
}

func text(at func(*Config) *string) func(*Config, any) error {
	return func(c *Config, v any) error {
		s, ok := v.(string)
		if !ok {
			return fmt.Errorf("wants a text in quotes, not %v", v)
		}
		*at(c) = s
		return nil
	}
}

func oneOf(at func(*Config) *string, allowed ...string) func(*Config, any) error {
	return func(c *Config, v any) error {
		s, ok := v.(string)
		if !ok || !slices.Contains(allowed, s) {
			return fmt.Errorf("is %v, but can be %s", show(v), strings.Join(allowed, ", "))
		}
		*at(c) = s
		return nil
	}
}

// output checks the shape only; the file or the device is tried when music plays.
func output(at func(*Config) *string) func(*Config, any) error {
	return func(c *Config, v any) error {
		s, ok := v.(string)
		kind, file, hasFile := strings.Cut(s, ":")
		switch {
		case ok && slices.Contains([]string{"auto", "oto", "null", "-"}, s):
		case ok && hasFile && file != "" && (kind == "wav" || kind == "pipe"):
		default:
			return fmt.Errorf("is %v, but can be auto, oto, null, wav:FILE, pipe:FILE", show(v))
		}
		*at(c) = s
		return nil
	}
}

func boolean(at func(*Config) *bool) func(*Config, any) error {
	return func(c *Config, v any) error {
		b, ok := v.(bool)
		if !ok {
			return fmt.Errorf("is %v, but can be true or false", show(v))
		}
		*at(c) = b
		return nil
	}
}

func integer(at func(*Config) *int, low, high int64) func(*Config, any) error {
	return func(c *Config, v any) error {
		n, ok := v.(int64)
		if !ok || n < low || n > high {
			return fmt.Errorf("is %v, but goes from %d to %d", show(v), low, high)
		}
		*at(c) = int(n)
		return nil
	}
}

func number(at func(*Config) *float64, low, high float64) func(*Config, any) error {
	return func(c *Config, v any) error {
		var x float64
		switch v := v.(type) {
		case float64:
			x = v
		case int64:
			x = float64(v)
		default:
			x = math.NaN()
		}
		if math.IsNaN(x) || x < low || x > high {
			return fmt.Errorf("is %v, but goes from %g to %g", show(v), low, high)
		}
		*at(c) = x
		return nil
	}
}

func duration(at func(*Config) *time.Duration, high time.Duration) func(*Config, any) error {
	return func(c *Config, v any) error {
		s, ok := v.(string)
		d, err := time.ParseDuration(s)
		if !ok || err != nil || d < 0 || d > high {
			return fmt.Errorf(`is %v, but goes from "0s" to %q, as in "4s" or "1.5s"`, show(v), high)
		}
		*at(c) = d
		return nil
	}
}

func list(at func(*Config) *[]string) func(*Config, any) error {
	return func(c *Config, v any) error {
		items, ok := v.([]any)
		if s, single := v.(string); single {
			items, ok = []any{s}, true
		}
		out := make([]string, 0, len(items))
		for _, it := range items {
			s, isText := it.(string)
			ok = ok && isText
			out = append(out, s)
		}
		if !ok {
			return fmt.Errorf(`is %v, but wants a list of texts, as in ["/music", "/mnt/more"]`, show(v))
		}
		*at(c) = out
		return nil
	}
}

func show(v any) string {
	if s, ok := v.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(v)
}
