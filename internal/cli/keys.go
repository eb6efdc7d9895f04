package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/keymap"
)

func keysCommand(g *global) *cobra.Command {
	var lint, markdown, asJSON bool
	var name string
	c := &cobra.Command{
		Use:   "keys",
		Short: "Show the key table, your own keys included",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, _, err := g.load()
			if err != nil {
				return err
			}
			if name != "" {
				if err := cfg.Set("screen.keymap", name, "--keymap"); err != nil {
					return usageError{err}
				}
			}
			m, notes := app.Keymap(cfg)
			switch {
			case lint:
				return g.lint(m, notes)
			case markdown:
				return g.printf("%s", m.Markdown())
			case asJSON:
				return g.writeJSON(keyRows(m))
			}
			return g.keyTable(m)
		},
	}
	c.Flags().BoolVar(&lint, "lint", false, "check for conflicts, unknown actions and keys that cannot be reached; exit 1 if there are any")
	c.Flags().BoolVar(&markdown, "markdown", false, "as a Markdown table")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	c.Flags().StringVar(&name, "keymap", "", "the preset to show: "+strings.Join(keymap.Presets(), ", ")+" (`NAME`)")
	return c
}

func (g *global) lint(m keymap.Map, notes []string) error {
	for _, e := range m.Lint() { // what the user's own keys did is in the notes already
		if line := e.Error(); !slices.Contains(notes, line) {
			notes = append(notes, line)
		}
	}
	if len(notes) == 0 {
		return g.printf("keymap %s: no conflicts\n", m.Name())
	}
	return g.mistakes("keys", notes)
}

// keyRow is a row of keys --json.
type keyRow struct {
	Action  string   `json:"action"`
	Title   string   `json:"title"`
	Context string   `json:"context"`
	Group   string   `json:"group"`
	Keys    []string `json:"keys"`
}

func keyRows(m keymap.Map) []keyRow {
	rows := []keyRow{}
	for _, d := range m.Defs() {
		rows = append(rows, keyRow{string(d.Name), d.Title, string(d.Context), d.Group, m.Keys(d.Name)})
	}
	return rows
}

func (g *global) keyTable(m keymap.Map) error {
	group := ""
	for _, r := range keyRows(m) {
		if r.Group != group {
			group = r.Group
			if err := g.printf("\n%s\n", group); err != nil {
				return err
			}
		}
		if err := g.printf("  %-24s %-22s %s\n", strings.Join(r.Keys, "  "), r.Action, r.Title); err != nil {
			return err
		}
	}
	return nil
}
