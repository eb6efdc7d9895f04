package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The pages are written here and not by cobra/doc: that brings Markdown, YAML and
// text/template into the program, and for the last one the linker keeps every method
// of every type: a tenth of the file, all of which stands in memory, and
// half a millisecond of each start.

func manCommand(*global) *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Short: "Write the manual pages into a folder", Args: cobra.ExactArgs(1), Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return fmt.Errorf("man: %w", err)
			}
			return writeManuals(args[0], c.Root())
		},
	}
}

// writeManuals writes the page of a command and those of all below it that are not hidden.
func writeManuals(dir string, c *cobra.Command) error {
	c.InitDefaultHelpFlag()
	file := filepath.Join(dir, manName(c)+".1")
	if err := os.WriteFile(file, []byte(manual(c)), 0o644); err != nil {
		return fmt.Errorf("man: %w", err)
	}
	for _, sub := range c.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		if err := writeManuals(dir, sub); err != nil {
			return err
		}
	}
	return nil
}

func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manual is a command's page in the man macros.
func manual(c *cobra.Command) string {
	var b strings.Builder
	write := func(format string, args ...any) { _, _ = fmt.Fprintf(&b, format+"\n", args...) }
	write(`.TH "%s" "1" "" "Segue %s"`, strings.ToUpper(manName(c)), Version)
	write(".SH NAME\n%s \\- %s", roff(manName(c)), roff(c.Short))
	write(".SH SYNOPSIS\n.B %s", roff(c.UseLine()))
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	write(".SH DESCRIPTION\n%s", roff(text))
	manFlags(&b, "OPTIONS", c.NonInheritedFlags())
	manFlags(&b, "OPTIONS OF ALL COMMANDS", c.InheritedFlags())
	if c.Example != "" {
		write(".SH EXAMPLES\n.nf\n%s\n.fi", roff(c.Example))
	}
	write(".SH SEE ALSO\n%s", strings.Join(manOthers(c), " ,\n"))
	return b.String()
}

// manFlags are the flags of a set, a paragraph each.
func manFlags(b *strings.Builder, title string, set *pflag.FlagSet) {
	if !set.HasAvailableFlags() {
		return
	}
	_, _ = fmt.Fprintf(b, ".SH %s\n", title)
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		names := "--" + f.Name
		if f.Shorthand != "" {
			names = "-" + f.Shorthand + ", " + names
		}
		if value != "" {
			names += " " + value
		}
		_, _ = fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(names), roff(usage))
	})
}

// manOthers are the pages above and below.
func manOthers(c *cobra.Command) []string {
	var others []string
	page := func(c *cobra.Command) { others = append(others, fmt.Sprintf(`.BR %s (1)`, roff(manName(c)))) }
	if c.HasParent() {
		page(c.Parent())
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			page(sub)
		}
	}
	return others
}

// roff makes text literal: a hyphen is one that can be copied, no line is a command.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		switch {
		case l == "":
			lines[i] = ".PP"
		case l[0] == '.' || l[0] == '\'':
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
