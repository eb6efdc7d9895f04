package keymap

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// named are the keys that have a name, with the name that people see.
var named = map[string]string{
	"space": "Space", "enter": "Enter", "esc": "Esc", "tab": "Tab", "backspace": "Backspace",
	"up": "↑", "down": "↓", "left": "←", "right": "→", "home": "Home", "end": "End",
	"pgup": "PgUp", "pgdown": "PgDn", "insert": "Ins", "delete": "Del",
	"mediaplaypause": "media play/pause", "mediaplay": "media play", "mediapause": "media pause",
	"mediastop": "media stop", "medianext": "media next", "mediaprev": "media previous",
	"raisevolume": "media louder", "lowervolume": "media softer", "mute": "media mute",
	"f1": "F1", "f2": "F2", "f3": "F3", "f4": "F4", "f5": "F5", "f6": "F6",
	"f7": "F7", "f8": "F8", "f9": "F9", "f10": "F10", "f11": "F11", "f12": "F12",
}

var synonyms = map[string]string{
	"return": "enter", "escape": "esc", "pageup": "pgup", "pagedown": "pgdown", "pgdn": "pgdown",
	"del": "delete", "ins": "insert", "bs": "backspace", "spc": "space",
	"↑": "up", "↓": "down", "←": "left", "→": "right",
}

// neverAlone are keys that a terminal cannot tell from others, or does not send.
var neverAlone = map[string]string{
	"ctrl+i": "is Tab in a terminal", "ctrl+m": "is Enter in a terminal", "ctrl+h": "is Backspace in many terminals",
	"ctrl+[": "is Esc in a terminal", "ctrl+enter": "is Enter in many terminals", "shift+enter": "is Enter in many terminals",
}

// Parse reads a key or a chord as people write it, "gg", "C-d", "ctrl+d",
// "S-left", "g *", "Space", and gives the keys in the terminal's spelling.
func Parse(s string) ([]string, error) {
	if s == "" {
		return nil, fmt.Errorf("keymap: an empty key")
	}
	if strings.ContainsAny(s, " \t") && strings.TrimSpace(s) != "" {
		var keys []string
		for _, f := range strings.Fields(s) {
			k, err := parseOne(f)
			if err != nil {
				return nil, err
			}
			keys = append(keys, k)
		}
		return keys, nil
	}
	if s == " " {
		return []string{"space"}, nil
	}
	if k, err := parseOne(s); err == nil {
		return []string{k}, nil
	}
	if n := utf8.RuneCountInString(s); n <= 3 && !strings.ContainsAny(s, "+-") {
		var keys []string
		for _, r := range s {
			keys = append(keys, string(r))
		}
		return keys, nil
	}
	return nil, fmt.Errorf("keymap: %q is no key", s)
}

// parseOne reads one key with its modifiers.
func parseOne(s string) (string, error) {
	if utf8.RuneCountInString(s) == 1 {
		if w, ok := synonyms[s]; ok {
			return w, nil
		}
		return Normal(s), nil
	}
	var ctrl, alt, shift bool
	rest := s
	for {
		l := strings.ToLower(rest)
		switch {
		case hasMod(l, "c-", "ctrl+", "ctrl-"):
			ctrl = true
		case hasMod(l, "m-", "a-", "alt+", "alt-"):
			alt = true
		case hasMod(l, "s-", "shift+", "shift-"):
			shift = true
		default:
			return withMods(s, rest, ctrl, alt, shift)
		}
		rest = rest[strings.IndexAny(rest, "+-")+1:]
	}
}

func hasMod(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) && len(s) > len(p) {
			return true
		}
	}
	return false
}

func withMods(whole, base string, ctrl, alt, shift bool) (string, error) {
	one := utf8.RuneCountInString(base) == 1
	if !one {
		base = strings.ToLower(base)
		if w, ok := synonyms[base]; ok {
			base = w
		}
		if _, ok := named[base]; !ok {
			return "", fmt.Errorf("keymap: %q is no key", whole)
		}
	} else if w, ok := synonyms[base]; ok {
		base, one = w, false
	}
	if one && base >= "A" && base <= "Z" && (ctrl || alt) {
		shift, base = shift || !ctrl, strings.ToLower(base)
	}
	if one && shift && !ctrl && !alt {
		return strings.ToUpper(base), nil
	}
	var b strings.Builder
	for _, m := range []struct {
		on   bool
		name string
	}{{ctrl, "ctrl+"}, {alt, "alt+"}, {shift, "shift+"}} {
		if m.on {
			b.WriteString(m.name)
		}
	}
	return b.String() + base, nil
}

// Normal gives the key that k counts as: full-width punctuation, as input
// methods for Chinese and Japanese type it, counts as its ASCII twin.
func Normal(k string) string {
	r, n := utf8.DecodeRuneInString(k)
	if n != len(k) {
		return k
	}
	switch {
	case r >= '！' && r <= '～':
		return string(r - 0xFEE0)
	case r == '。' || r == '．':
		return "."
	case r == '、':
		return ","
	case r == '　' || r == ' ':
		return "space"
	case r == '“' || r == '”':
		return `"`
	case r == '《':
		return "<"
	case r == '》':
		return ">"
	}
	return k
}

// Show gives a key or chord (keys divided by spaces) as people read it: "C-d", "gg", "S-←".
func Show(chord string) string {
	var b strings.Builder
	for _, k := range strings.Fields(chord) {
		b.WriteString(showOne(k))
	}
	return b.String()
}

func showOne(k string) string {
	var mods string
	for _, m := range [][2]string{{"ctrl+", "C-"}, {"alt+", "M-"}, {"shift+", "S-"}} {
		if rest, ok := strings.CutPrefix(k, m[0]); ok && rest != "" {
			mods, k = mods+m[1], rest
		}
	}
	if n, ok := named[k]; ok {
		k = n
	}
	return mods + k
}
