package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Example is the text of config.toml.example: every key with its default, and one
// line on what it does.
func Example() string {
	var b strings.Builder
	b.WriteString("# Segue's settings. Copy this file to ~/.config/segue/config.toml (`segue config init` does it)\n" +
		"# and change what you like; every key may be left out. Each can also be set by a variable,\n" +
		"# such as SEGUE_PLAYER_GAIN for player.gain.\n")
	section := ""
	for _, k := range table() {
		s, name, _ := strings.Cut(k.name, ".")
		if s != section {
			section = s
			fmt.Fprintf(&b, "\n[%s]\n", s)
		}
		fmt.Fprintf(&b, "# %s\n%s = %s\n", k.doc, name, literal(k.def))
	}
	b.WriteString("\n# Accounts beside the files on this machine, one section each. `segue login` adds accounts, too,\n" +
		"# and asks for the password, which never stands here.\n" +
		"# [[account]]\n# name = \"home\"\n# service = \"subsonic\"\n# server = \"https://music.example.org\"\n# user = \"alice\"\n" +
		"# A Subsonic server may also have: auth = \"token\", \"password\" or \"apikey\" (the best it takes); ca_file =\n" +
		"# \"/path/ca.pem\" (an authority of one's own); fingerprint = \"…\" (SHA-256 of its certificate); allow_http = \"HOST\"\n" +
		"# (no encryption to this host); format = \"opus\" (what a bit rate below the original is asked for in).\n" +
		"# A Spotify account needs no section: `segue login spotify` adds it. One that has service = \"spotify\" may also have\n" +
		"# client_id, redirect_uri, playback and device of its own, over those under [spotify].\n")
	b.WriteString("\n# Keys of your own, over the preset: action = keys. `segue keys` lists the actions.\n" +
		"[keys]\n# next = [\">\", \"n\"]\n")
	return b.String()
}

func literal(v any) string {
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("%q", v)
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = literal(x)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case float64:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprint(v)
}

// Setting is a key with its value and where that came from.
type Setting struct {
	Key    string `json:"key"`
	Value  any    `json:"value"`
	Source string `json:"source"`
}

// Settings lists every key, in the order of the example, then the keys' overrides.
func (c *Config) Settings() []Setting {
	var out []Setting
	for _, k := range table() {
		out = append(out, Setting{k.name, k.get(c), c.Sources[k.name]})
	}
	for _, a := range c.Accounts {
		out = append(out, Setting{"account." + a.Name, strings.TrimSpace(a.Service + " " + a.Server + " " + a.User), a.Where})
	}
	for _, action := range slices.Sorted(maps.Keys(c.Keys)) {
		out = append(out, Setting{"keys." + action, c.Keys[action], c.Sources["keys."+action]})
	}
	return out
}

// Doc says what a setting does, in a sentence or two; "" for one that is not in the table.
func Doc(name string) string {
	k, _ := find(name)
	return k.doc
}
