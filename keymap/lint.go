package keymap

import (
	"fmt"
	"strings"
)

// Lint reports keys that hide a chord's beginning, keys that an inner context
// takes from an outer one without need, and keys that terminals cannot tell apart.
func (m Map) Lint() []error {
	var errs []error
	for _, d := range m.defs {
		for _, chord := range m.keys[d.Name] {
			if why, bad := neverAlone[chord]; bad {
				errs = append(errs, fmt.Errorf("keymap: %s on %s: %s", Show(chord), d.Name, why))
			}
			if list := m.begunBy(d.Context, chord); len(list) > 0 {
				errs = append(errs, fmt.Errorf("keymap: %s on %s hides the chords that begin with it: %s", Show(chord), d.Name, few(list)))
			}
			for c := d.Context.parent(); c != ""; c = c.parent() {
				if a, taken := m.byKey[c][chord]; taken && d.Context != Queue && d.Context != Playlist {
					errs = append(errs, fmt.Errorf("keymap: %s on %s hides %s", Show(chord), d.Name, a))
				}
			}
		}
	}
	return errs
}

// begunBy lists the chords that a key hides: the longer ones that begin with it, of its
// context and of those around it, with their actions.
func (m Map) begunBy(ctx Context, key string) []string {
	var list []string
	for _, d := range m.defs {
		if !inside(d.Context, ctx) {
			continue
		}
		for _, chord := range m.keys[d.Name] {
			if strings.HasPrefix(chord, key+" ") {
				list = append(list, Show(chord)+" ("+string(d.Name)+")")
			}
		}
	}
	return list
}

// few names the first of a long list.
func few(list []string) string {
	const most = 3
	if n := len(list); n > most+1 {
		return strings.Join(list[:most], ", ") + fmt.Sprintf(" and %d more", n-most)
	}
	return strings.Join(list, ", ")
}

// inside reports whether inner lies in outer (or is it).
func inside(outer, inner Context) bool {
	for c := inner; c != ""; c = c.parent() {
		if c == outer {
			return true
		}
	}
	return false
}

// suggest gives "; did you mean X?" for the nearest action name, or "".
func (m Map) suggest(name string) string {
	if n, ok := m.Nearest(name); ok {
		return fmt.Sprintf("; did you mean %q?", n)
	}
	return ""
}

// Nearest gives the action whose name is nearest to a mistyped one, or that other players
// call so.
func (m Map) Nearest(name string) (Action, bool) {
	if a, ok := elsewhere(name); ok {
		return a, true
	}
	best, dist := Action(""), len(name)/2+1
	for _, d := range m.defs {
		if n := distance(name, string(d.Name)); n < dist {
			best, dist = d.Name, n
		}
	}
	return best, best != ""
}

// distance counts the letters to change, add or drop between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diag, row[j] = row[j], min(diag+cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
