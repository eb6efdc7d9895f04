package keymap

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Map is a set of actions with the keys they are on.
type Map struct {
	name   string
	counts bool
	defs   []Def
	keys   map[Action][]string           // chords: keys divided by spaces
	byKey  map[Context]map[string]Action // chord -> action
	prefix map[Context]map[string]bool   // chords that begin a longer one
	index  map[Action]int
}

// Default is the map of the default preset.
func Default() Map {
	m, _ := Preset("default")
	return m
}

// build makes a map of the table with the keys given; the errors name every
// key that cannot be read.
func build(name string, counts bool, keys map[Action][]string) (Map, []error) {
	m := Map{name: name, counts: counts, defs: table(), keys: map[Action][]string{},
		byKey: map[Context]map[string]Action{}, prefix: map[Context]map[string]bool{}, index: map[Action]int{}}
	var errs []error
	for i, d := range m.defs {
		m.index[d.Name] = i
		list, ok := keys[d.Name]
		if !ok {
			list = d.Keys
		}
		for _, s := range list {
			seq, err := Parse(s)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", d.Name, err))
				continue
			}
			m.keys[d.Name] = append(m.keys[d.Name], strings.Join(seq, " "))
		}
	}
	return m, append(errs, m.link()...)
}

// link fills the look-up tables and reports conflicts.
func (m *Map) link() []error {
	var errs []error
	for _, d := range m.defs {
		for _, chord := range m.keys[d.Name] {
			if m.byKey[d.Context] == nil {
				m.byKey[d.Context], m.prefix[d.Context] = map[string]Action{}, map[string]bool{}
			}
			if was, taken := m.byKey[d.Context][chord]; taken && was != d.Name {
				errs = append(errs, fmt.Errorf("keymap: %s is on both %s and %s", Show(chord), was, d.Name))
				continue
			}
			m.byKey[d.Context][chord] = d.Name
			seq := strings.Fields(chord)
			for i := 1; i < len(seq); i++ {
				m.prefix[d.Context][strings.Join(seq[:i], " ")] = true
			}
		}
	}
	return errs
}

// Name is the preset's name.
func (m Map) Name() string { return m.name }

// Counts reports whether digits before an action repeat it.
func (m Map) Counts() bool { return m.counts }

// Defs lists the actions in the order of the help.
func (m Map) Defs() []Def { return slices.Clone(m.defs) }

// Def gives the row of an action.
func (m Map) Def(a Action) (Def, bool) {
	i, ok := m.index[a]
	if !ok {
		return Def{}, false
	}
	return m.defs[i], true
}

// Keys gives the keys of an action as people read them.
func (m Map) Keys(a Action) []string {
	var out []string
	for _, c := range m.keys[a] {
		out = append(out, Show(c))
	}
	return out
}

// Key gives the first key of an action as people read it, or "" for none.
func (m Map) Key(a Action) string {
	if c := m.keys[a]; len(c) > 0 {
		return Show(c[0])
	}
	return ""
}

// Begins reports whether a key, in the terminal's spelling, is one of an action's or the
// first of a chord of it.
func (m Map) Begins(a Action, key string) bool {
	key = Normal(key)
	return slices.ContainsFunc(m.keys[a], func(chord string) bool {
		first, _, _ := strings.Cut(chord, " ")
		return first == key
	})
}

// Resolve finds what a key means in a context. pending are the keys of a chord
// already typed. It gives the action when there is one; else, when the key
// begins or continues a chord, the keys to remember; ok is false when the
// chord leads nowhere (then nothing is pending).
func (m Map) Resolve(ctx Context, pending []string, key string) (a Action, rest []string, ok bool) {
	if ctx != Input {
		key = Normal(key)
	}
	seq := append(slices.Clone(pending), key)
	chord := strings.Join(seq, " ")
	for c := ctx; c != ""; c = c.parent() {
		if a, found := m.byKey[c][chord]; found {
			return a, nil, true
		}
		if m.prefix[c][chord] {
			return "", seq, true
		}
	}
	return "", nil, false
}

// Follow is one key that may come next in a chord.
type Follow struct {
	Key   string // as people read it
	Title string
}

// Following lists what may follow the pending keys, for the which-key line.
func (m Map) Following(ctx Context, pending []string) []Follow {
	start := strings.Join(pending, " ") + " "
	var out []Follow
	seen := map[string]bool{}
	for c := ctx; c != ""; c = c.parent() {
		for _, d := range m.defs {
			if d.Context != c {
				continue
			}
			for _, chord := range m.keys[d.Name] {
				rest, ok := strings.CutPrefix(chord, start)
				if !ok || seen[rest] {
					continue
				}
				seen[rest] = true
				out = append(out, Follow{Show(rest), d.Title})
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}

// With gives the map with other keys on the actions named: the keys listed
// replace those of before, an empty list takes them away. Everything that is
// wrong is reported at once; what is right is in force all the same.
func (m Map) With(overrides map[string][]string) (Map, error) {
	keys := map[Action][]string{}
	for a, k := range m.keys {
		keys[a] = k
	}
	for _, d := range m.defs {
		if _, ok := keys[d.Name]; !ok {
			keys[d.Name] = nil
		}
	}
	var errs []error
	for _, name := range sortedNames(overrides) {
		a := Action(name)
		if _, known := m.index[a]; !known {
			errs = append(errs, fmt.Errorf("keymap: no action is named %q%s", name, m.mistaken(name, overrides[name])))
			continue
		}
		keys[a] = overrides[name]
		m.release(keys, a, overrides)
	}
	out, more := build(m.name, m.counts, keys)
	errs = append(errs, more...)
	errs = append(errs, out.Lint()...)
	return out, errors.Join(errs...)
}

// mistaken says what was meant by a name that is no action: keys that stand where the
// action belongs, or the nearest name.
func (m Map) mistaken(name string, values []string) string {
	for _, v := range values {
		if _, is := m.index[Action(v)]; is {
			return fmt.Sprintf("; the action comes first: %s = [%q]", v, name)
		}
	}
	return m.suggest(name)
}

// release takes keys that a user gave to action a away from the actions that
// had them by default; two that the user gave stay in conflict and are reported.
func (m Map) release(keys map[Action][]string, a Action, overrides map[string][]string) {
	ctx := m.defs[m.index[a]].Context
	for _, s := range keys[a] {
		seq, err := Parse(s)
		if err != nil {
			continue
		}
		chord := strings.Join(seq, " ")
		for _, d := range m.defs {
			if _, given := overrides[string(d.Name)]; given || d.Name == a || d.Context != ctx {
				continue
			}
			keys[d.Name] = slices.DeleteFunc(slices.Clone(keys[d.Name]), func(k string) bool { return k == chord })
		}
	}
}

func sortedNames(m map[string][]string) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
