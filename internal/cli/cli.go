// Package cli is the command line: commands, flags and exit codes over package app.
//
// Data goes to IO.Out and nothing else does; talk goes to IO.Err. Every error is one
// line that says what to do.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"segue/internal/app"
	"segue/internal/music"
)

// Exit codes, as the README lists them.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitNotRunning  = 3
	exitLoggedOut   = 4
	exitNothing     = 5
	exitInterrupted = 130
)

// IO is where a command reads and writes.
type IO struct{ In, Out, Err *os.File }

// usageError is a mistake in the words of the call.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// Main runs the command line and returns the exit code. A signal (INT, TERM, HUP)
// ends whatever runs in order, with everything saved.
func Main(args []string, io IO) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	root := newRoot(io)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	code := codeOf(ctx, err)
	if err == nil {
		return code
	}
	if code != exitInterrupted {
		_, _ = fmt.Fprintln(io.Err, "segue: "+oneLine(err)) // nowhere else to say it
	}
	return code
}

func codeOf(ctx context.Context, err error) int {
	var u usageError
	switch {
	case errors.As(err, &u):
		return exitUsage
	case errors.As(err, &notIn{}):
		return exitLoggedOut
	case errors.Is(err, app.ErrNothing):
		return exitNothing
	case ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)):
		return exitInterrupted
	case err != nil:
		return exitFailed
	}
	return exitOK
}

// oneLine is what went wrong, in one line that no terminal obeys.
func oneLine(err error) string {
	text := strings.ReplaceAll(strings.TrimSpace(music.WithoutEscapes(err.Error())), "\n", "; ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// valueName is how a flag's text names its value: as `NAME`, in brackets where the sentence
// does without it.
var valueName = regexp.MustCompile(` ?\(` + "`([A-Z]+)`" + `(,\.\.\.)?\)|` + "`([^`]+)`")

// named is a flag's value that says what it is called in the help.
type named struct {
	pflag.Value
	name string
}

func (n named) Type() string { return n.name }

// nameValues takes the names of values out of the texts of flags: help, manual and the
// completions of shells show the sentence as it is.
func nameValues(c *cobra.Command) {
	name := func(f *pflag.Flag) {
		m := valueName.FindStringSubmatch(f.Usage)
		if m == nil {
			return
		}
		f.Value = named{f.Value, cmp.Or(m[1]+m[2], m[3])}
		f.Usage = valueName.ReplaceAllString(f.Usage, "$3")
	}
	c.PersistentFlags().VisitAll(name)
	c.Flags().VisitAll(name)
	for _, below := range c.Commands() {
		nameValues(below)
	}
}

// newRoot builds the tree of commands.
func newRoot(io IO) *cobra.Command {
	g := &global{io: io}
	root := &cobra.Command{
		Use:   "segue [PATH|LINK...]",
		Short: "One terminal music player for your files, your server and Spotify",
		Long: "Segue plays music in the terminal. Without a command it opens the player;\n" +
			"with files, folders, playlists or links it opens and plays them.",
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          g.open,
	}
	root.SuggestionsMinimumDistance = 2
	root.SetOut(io.Out)
	root.SetErr(io.Err)
	root.SetIn(io.In)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see segue --help", err)}
	})
	f := root.PersistentFlags()
	f.StringVar(&g.configFile, "config", "", "read this `FILE` instead of config.toml in the config folder")
	f.StringVarP(&g.output, "output", "o", "", "where the sound goes: auto, oto, null, wav:FILE, pipe:FILE, - (`OUT`)")
	f.StringVar(&g.logLevel, "log-level", "", "error, warn, info or debug (`LEVEL`)")
	root.Flags().BoolVarP(&g.version, "version", "v", false, "version for segue")
	root.Flags().BoolVar(&g.plain, "plain", false, "no screen: lines in, lines out (for screen readers and scripts)")
	root.AddCommand(playCommand(g), scanCommand(g), searchCommand(g), toplistCommand(g), playlistsCommand(g), playlistCommand(g), devicesCommand(g), offlineCommand(g),
		accountsCommand(g), loginCommand(g), logoutCommand(g), forgetCommand(g), linkCommand(g),
		keysCommand(g), configCommand(g), doctorCommand(g), versionCommand(g), manCommand(g))
	for _, c := range root.Commands() {
		wantWords(c)
	}
	nameValues(root)
	return root
}

// wantWords turns cobra's complaints about arguments into usage errors.
func wantWords(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usageError{fmt.Errorf("%s: %w; see segue %s --help", c.Name(), err, c.Name())}
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		wantWords(sub)
	}
}
