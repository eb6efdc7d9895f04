// Command bench is what scripts/bench.sh measures with: the CPU and memory of a
// program while it plays, in a terminal or without, the time from exec to a painted
// text, from a key to the first sound, and searches inside this process beside mpd's.
//
// Each measurement is printed as one row of a Markdown table. It starts programs in
// terminals of its own, ends all that it started, and listens nowhere.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"segue/internal/genlib"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: bench library DIR N | load|first|shown|sound|time|search|standin [flags] [-- COMMAND...]")

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	rest := args[1:]
	switch args[0] {
	case "library":
		return library(rest)
	case "load":
		return load(ctx, rest, out)
	case "first":
		return first(ctx, rest, out)
	case "shown":
		return shown(ctx, rest, out)
	case "standin":
		return standin(ctx, rest, out)
	case "sound":
		return sound(ctx, rest, out)
	case "time":
		return clock(ctx, rest, out)
	case "search":
		return search(ctx, rest, out)
	}
	return errUsage
}

// library writes N tracks below DIR; those that are there stay.
func library(args []string) error {
	if len(args) != 2 {
		return errUsage
	}
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return errUsage
	}
	return genlib.Write(args[0], 0, n)
}

// flags parses the words of one measurement; what is behind "--" is the command.
func flags(name string, args []string, declare func(*flag.FlagSet)) ([]string, error) {
	f := flag.NewFlagSet("bench "+name, flag.ContinueOnError)
	declare(f)
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	return f.Args(), nil
}

// row prints one line of a table.
func row(out io.Writer, label, format string, args ...any) error {
	_, err := fmt.Fprintf(out, "| "+label+" | "+format+" |\n", args...)
	return err
}
