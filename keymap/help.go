package keymap

import "strings"

// Entry is a row of the help.
type Entry struct {
	Action Action
	Title  string
	Keys   []string // as people read them
	Arg    string
	Live   bool // its keys work in the context asked about
}

// Group is a heading of the help with its rows.
type Group struct {
	Name    string
	Entries []Entry
}

// Help lists all actions by group; Live says which work in ctx.
func (m Map) Help(ctx Context) []Group {
	var groups []Group
	for _, d := range m.defs {
		if len(groups) == 0 || groups[len(groups)-1].Name != d.Group {
			groups = append(groups, Group{Name: d.Group})
		}
		g := &groups[len(groups)-1]
		g.Entries = append(g.Entries, Entry{d.Name, d.Title, m.Keys(d.Name), d.Arg, inside(d.Context, ctx)})
	}
	return groups
}

// Names lists the names for the ':' line, in the order of the help.
func (m Map) Names() []string {
	var out []string
	for _, d := range m.defs {
		if d.Context != Popup && d.Context != Input {
			out = append(out, string(d.Name))
		}
	}
	return out
}

// Markdown is the key table for a README.
func (m Map) Markdown() string {
	var b strings.Builder
	for _, g := range m.Help(List) {
		b.WriteString("\n**" + g.Name + "**\n\n| keys | what it does | name |\n|---|---|---|\n")
		for _, e := range g.Entries {
			name := string(e.Action)
			if e.Arg != "" {
				name += " " + strings.ReplaceAll(e.Arg, "|", `\|`)
			}
			keys := make([]string, len(e.Keys))
			for i, k := range e.Keys {
				keys[i] = mdKey(k)
			}
			b.WriteString("| " + strings.Join(keys, " ") + " | " + e.Title + " | `:" + name + "` |\n")
		}
	}
	return strings.TrimPrefix(b.String(), "\n")
}

// mdKey quotes a key for a Markdown table.
func mdKey(k string) string {
	if strings.Contains(k, "`") {
		return "`` " + k + " ``"
	}
	return "`" + strings.ReplaceAll(k, "|", `\|`) + "`"
}
