package config

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"segue/internal/match"
)

// maxSize is far above any config a person writes: a file that is larger is not one.
const maxSize = 1 << 20

// Load reads the file at path, if it is there, and the environment over it. It
// always gives a usable Config; what was wrong stands in Problems. The environment is
// given as os.Environ gives it.
func Load(path string, environ []string) *Config {
	c := Default()
	c.Path = path
	c.readForeign(environ)
	c.readFile(path)
	c.readEnv(environ)
	return c
}

func (c *Config) problem(where, format string, args ...any) {
	c.Problems = append(c.Problems, Problem{Where: where, Msg: fmt.Sprintf(format, args...)})
}

func (c *Config) readFile(path string) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	if err == nil && info.Size() > maxSize {
		err = fmt.Errorf("%d bytes are no config", info.Size())
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		c.problem(path, "cannot be read (%v); the defaults hold", err)
		return
	}
	c.read(name, data)
}

// read takes over what is good in the text of a config file.
func (c *Config) read(name string, data []byte) {
	values := c.parse(name, data)
	lines := keyLines(data)
	where := func(key string) string {
		if n := lines[key]; n > 0 {
			return name + ":" + strconv.Itoa(n)
		}
		return name
	}
	for _, section := range slices.Sorted(maps.Keys(values)) {
		if list, ok := values[section].([]any); ok && section == "account" {
			c.readAccounts(list, name, data)
			continue
		}
		sub, ok := values[section].(map[string]any)
		if !ok {
			c.problem(where(section), "%s stands outside a section%s; it is ignored", section, suggest(section))
			continue
		}
		if section == "account" {
			c.problem(where(section), "an account is written as [[account]], with two brackets; it is ignored")
			continue
		}
		if section == "keys" {
			c.readKeys(sub, where)
			continue
		}
		for _, k := range slices.Sorted(maps.Keys(sub)) {
			c.take(section+"."+k, sub[k], where(section+"."+k))
		}
	}
}

// parse reads TOML; a line that is none is reported and left out, so that one slip
// does not take the other settings with it.
func (c *Config) parse(name string, data []byte) map[string]any {
	data = bytes.TrimPrefix(slices.Clone(data), []byte("\xef\xbb\xbf"))
	for range 20 {
		values := map[string]any{}
		err := toml.Unmarshal(data, &values)
		if err == nil {
			return values
		}
		var de *toml.DecodeError
		if !errors.As(err, &de) {
			c.problem(name, "%v; the defaults hold", err)
			return nil
		}
		row, _ := de.Position()
		c.problem(fmt.Sprintf("%s:%d", name, row), "%s; this line is ignored", strings.TrimPrefix(de.Error(), "toml: "))
		if !blank(data, row) {
			return nil
		}
	}
	c.problem(name, "too many mistakes; the defaults hold")
	return nil
}

// blank writes spaces over line row, counted from 1; false if it was blank already.
func blank(data []byte, row int) bool {
	start := 0
	for range row - 1 {
		i := bytes.IndexByte(data[start:], '\n')
		if i < 0 {
			return false
		}
		start += i + 1
	}
	changed := false
	for i := start; i < len(data) && data[i] != '\n'; i++ {
		changed = changed || data[i] != ' '
		data[i] = ' '
	}
	return changed
}

func (c *Config) take(name string, v any, where string) {
	k, ok := find(name)
	if !ok {
		c.problem(where, "there is no key %s%s; it is ignored", name, suggest(name))
		return
	}
	if err := k.set(c, v); err != nil {
		c.problem(where, "%s %v; %s holds", name, err, show(k.def))
		return
	}
	c.Sources[name] = where
}

func (c *Config) readKeys(sub map[string]any, where func(string) string) {
	for _, action := range slices.Sorted(maps.Keys(sub)) {
		var keys []string
		err := list(func(*Config) *[]string { return &keys }).set(c, sub[action])
		if err != nil {
			c.problem(where("keys."+action), "keys.%s %v; its keys stay as they were", action, err)
			continue
		}
		c.Keys[action] = keys
		c.Sources["keys."+action] = where("keys." + action)
	}
}

// readEnv takes SEGUE_SECTION_KEY for every key.
func (c *Config) readEnv(environ []string) {
	for _, k := range table() {
		name := EnvName(k.name)
		for _, e := range environ {
			v, ok := strings.CutPrefix(e, name+"=")
			if !ok || v == "" {
				continue
			}
			if err := k.set(c, fromText(k.def, v)); err != nil {
				c.problem(name, "%v; %s holds", err, c.Sources[k.name])
				continue
			}
			c.Sources[k.name] = name
		}
	}
}

// Set takes a value over everything else, as a flag does; from names the flag.
func (c *Config) Set(name, value, from string) error {
	k, ok := find(name)
	if !ok {
		return fmt.Errorf("config: there is no key %s%s", name, suggest(name))
	}
	if err := k.set(c, fromText(k.def, value)); err != nil {
		return fmt.Errorf("%s: %s %w", from, name, err)
	}
	c.Sources[name] = from
	return nil
}

// EnvName is the variable that sets a key: SEGUE_PLAYER_GAIN for player.gain.
func EnvName(key string) string {
	return "SEGUE_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// fromText makes of a variable's text a value of the kind that the default has.
func fromText(def any, s string) any {
	switch def.(type) {
	case bool:
		if b, err := strconv.ParseBool(s); err == nil {
			return b
		}
	case int64:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n
		}
	case float64:
		if x, err := strconv.ParseFloat(s, 64); err == nil {
			return x
		}
	case []any:
		var items []any
		for _, p := range filepath.SplitList(s) {
			items = append(items, p)
		}
		return items
	}
	return s
}

// suggest names the key that was probably meant.
func suggest(name string) string {
	best, least := "", 4
	_, last, _ := strings.Cut(name, ".")
	for _, k := range table() {
		_, klast, _ := strings.Cut(k.name, ".")
		d := match.Distance(name, k.name, least)
		if last == klast || name == klast { // the right key in the wrong section, or in none
			d = 1
		}
		if d < least {
			best, least = k.name, d
		}
	}
	if best == "" {
		return ""
	}
	return ", did you mean " + best + "?"
}

// keyLines finds the line of each key, "section.key", and of each section.
func keyLines(data []byte) map[string]int {
	lines := map[string]int{}
	var p unstable.Parser
	p.Reset(data)
	section := ""
	for p.NextExpression() {
		e := p.Expression()
		var parts []string
		line := 0
		for it := e.Key(); it.Next(); {
			if line == 0 {
				line = p.Shape(it.Node().Raw).Start.Line
			}
			parts = append(parts, string(it.Node().Data))
		}
		name := strings.Join(parts, ".")
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			section = name
		case unstable.KeyValue:
			if section != "" {
				name = section + "." + name
			}
		default:
			continue
		}
		if _, known := lines[name]; !known {
			lines[name] = line
		}
	}
	return lines
}
