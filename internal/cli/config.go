package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/config"
)

func configCommand(g *global) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Show, check or begin the config file",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return g.showConfig(false) },
	}
	var asJSON bool
	show := &cobra.Command{
		Use: "show", Short: "Every value and where it came from", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return g.showConfig(asJSON) },
	}
	show.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	c.AddCommand(show,
		&cobra.Command{Use: "path", Short: "Where the config file is looked for", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				cfg, _, err := g.load()
				if err != nil {
					return err
				}
				return g.printf("%s\n", cfg.Path)
			}},
		&cobra.Command{Use: "init", Short: "Write a config file with every default", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error { return g.initConfig() }},
		&cobra.Command{Use: "check", Short: "Say what is wrong in the config; exit 1 if anything is", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error { return g.checkConfig() }})
	return c
}

func (g *global) showConfig(asJSON bool) error {
	cfg, _, err := g.load()
	if err != nil {
		return err
	}
	if asJSON {
		return g.writeJSON(cfg.Settings())
	}
	for _, s := range cfg.Settings() {
		if err := g.printf("%-24s %-24s %s\n", s.Key, fmt.Sprint(s.Value), s.Source); err != nil {
			return err
		}
	}
	return nil
}

func (g *global) initConfig() error {
	path := g.configFile
	if path == "" {
		path = app.FindFolders().ConfigFile()
	}
	if path == "" {
		return errors.New("config: there is no home folder; name a file with --config FILE")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("config: init: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("config: %s is there already; it was left as it is", path)
	}
	if err != nil {
		return fmt.Errorf("config: init: %w", err)
	}
	_, err = f.WriteString(config.Example())
	if err := errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(path) // half a file would stand in the way of the next try
		return fmt.Errorf("config: init: %w", err)
	}
	return g.printf("%s\n", path)
}

func (g *global) checkConfig() error {
	cfg, _, err := g.load()
	if err != nil {
		return err
	}
	var problems []string
	for _, p := range cfg.Problems {
		problems = append(problems, p.Error())
	}
	if err := app.CheckTheme(cfg); err != nil {
		problems = append(problems, cfg.Sources["screen.theme"]+": "+err.Error())
	}
	_, notes := app.Keymap(cfg)
	problems = append(problems, notes...)
	if notes, err = app.CheckAccounts(cfg); err != nil {
		return err
	}
	problems = append(problems, notes...)
	if len(problems) > 0 {
		return g.mistakes("config", problems)
	}
	if _, err := os.Stat(cfg.Path); err != nil {
		return g.printf("no config file at %s: the defaults hold\n", cfg.Path)
	}
	return g.printf("%s: no mistakes\n", cfg.Path)
}

// mistakes writes them, a line each; the error says how many there are.
func (g *global) mistakes(of string, lines []string) error {
	for _, l := range lines {
		if err := g.printf("%s\n", l); err != nil {
			return err
		}
	}
	if len(lines) == 1 {
		return fmt.Errorf("%s: 1 mistake", of)
	}
	return fmt.Errorf("%s: %d mistakes", of, len(lines))
}
