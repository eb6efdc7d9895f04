package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"segue/internal/config"
	"segue/keymap"
	"segue/ui"
	"segue/ui/page"
)

// settingRows are the values of the config as the screen shows them.
func settingRows(c *config.Config) []page.Setting {
	var rows []page.Setting
	for _, s := range c.Settings() {
		r := page.Setting{Key: s.Key, Value: written(s.Value), Source: s.Source, Doc: config.Doc(s.Key)}
		if s.Key == "screen.theme" {
			r.Action = keymap.Theme
		}
		rows = append(rows, r)
	}
	return rows
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
