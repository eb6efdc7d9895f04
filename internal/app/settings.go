package app

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"segue/internal/config"
	"segue/keymap"
	"segue/ui"
	"segue/ui/page"
)

// settingRows are the values of the config as the screen shows them, with what is wrong
// in it beside the value that holds instead. What has no value of its own, such as a key
// that nobody knows, stands before them; so do mistakes in the user's keys.
func settingRows(c *config.Config, keys []string) []page.Setting {
	var rows []page.Setting
	wrong := map[string]string{}
	for _, p := range c.Problems {
		if key, _, _ := strings.Cut(p.Msg, " "); c.Sources[key] != "" {
			wrong[key] = p.Error()
			continue
		}
		rows = append(rows, page.Setting{Key: p.Where, Value: p.Msg, Source: p.Where, Fault: p.Error()})
	}
	for _, k := range keys {
		rows = append(rows, page.Setting{Key: "keys", Value: strings.TrimPrefix(k, "keymap: "), Source: filepath.Base(c.Path), Fault: k})
	}
	for _, s := range c.Settings() {
		r := page.Setting{Key: s.Key, Value: written(s.Value), Source: s.Source, Doc: config.Doc(s.Key), Fault: wrong[s.Key]}
		switch s.Key {
		case "screen.theme":
			r.Action = keymap.Theme
		case "screen.keymap":
			r.Action = keymap.Keys
		}
		rows = append(rows, r)
	}
	return rows
}

// userHome is the user's folder, "" where nobody knows.
func userHome() string {
	dir, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return dir
}

// tilde writes a path below the home folder as people do.
func tilde(path string) string {
	dir := userHome()
	if rest, below := strings.CutPrefix(path, dir+"/"); dir != "" && below {
		return "~/" + rest
	}
	return path
}

// written is a value as people write it.
func written(v any) string {
	s := fmt.Sprint(v)
	if list, ok := v.([]string); ok {
		s = strings.Join(list, ", ")
	}
	return cmp.Or(s, "–")
}

// addable are the kinds of accounts that can be added on the screen. What is not
// asked here a service asks for itself while it signs in.
func addable() []ui.Service {
	var all []ui.Service
	for _, name := range ServiceNames() {
		s := ui.Service{Name: name, Title: name}
		switch name {
		case "subsonic":
			s = ui.Service{Name: name, Title: "OpenSubsonic: Navidrome, Gonic, Airsonic …", Server: true, User: true}
		case "spotify":
			s.Title = "Spotify"
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b ui.Service) int { return strings.Compare(a.Title, b.Title) })
	return all
}
