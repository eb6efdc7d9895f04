package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/config"
	"segue/internal/music"
	"segue/player/device"
	"segue/session"
)

// global is what all commands share: the streams and the flags that stand anywhere.
type global struct {
	io         IO
	configFile string
	output     string
	logLevel   string
	plain      bool
	version    bool
}

// load finds the folders and reads the config with the flags over it. A config named
// by flag must be there.
func (g *global) load() (*config.Config, app.Folders, error) {
	folders := app.FindFolders()
	path := g.configFile
	if path == "" {
		path = folders.ConfigFile()
	} else if _, err := os.Stat(path); err != nil {
		return nil, folders, usagef("--config: %w", err)
	}
	c := config.Load(path, os.Environ())
	for _, s := range []struct{ key, value, flag string }{
		{"player.output", g.output, "--output"}, {"log.level", g.logLevel, "--log-level"},
	} {
		if s.value == "" {
			continue
		}
		if err := c.Set(s.key, s.value, s.flag); err != nil {
			return nil, folders, usageError{err}
		}
	}
	return c, folders, nil
}

// options are the app's, with the output made from the config's words.
func (g *global) options(sample device.SampleFormat) (app.Options, error) {
	c, folders, err := g.load()
	if err != nil {
		return app.Options{}, err
	}
	o := app.Options{Config: c, Folders: folders, Version: Version}
	spec := c.Player.Output
	o.Device, err = device.Parse(spec, device.Options{Sample: sample, Stdout: g.io.Out})
	if err != nil {
		return o, usageError{err}
	}
	switch spec {
	case "auto":
		o.Fallback = device.Silent()
	case "oto", "null":
	default:
		o.Unpaced = true
	}
	return o, nil
}

// complain writes what is wrong in the config to stderr, for commands without a screen.
func (g *global) complain(h *app.House) {
	for _, n := range slices.Concat(h.Notes, h.Unmade) {
		_, _ = fmt.Fprintln(g.io.Err, "segue: "+n)
	}
}

// open is segue without a command: the player, with a screen where there is a terminal.
func (g *global) open(cmd *cobra.Command, args []string) error {
	if g.version {
		return g.printf("segue %s\n", Version)
	}
	o, err := g.options(device.S16)
	if err != nil {
		return err
	}
	if o.Unpaced && g.output == "-" {
		return usagef("--output - is for segue play: the screen and the sound cannot share stdout")
	}
	h, err := app.Build(o)
	if err != nil {
		return explainRunning(err)
	}
	run := func() error {
		asks, err := h.Resolve(cmd.Context(), args)
		if err != nil {
			return unknownWord(cmd, args, err)
		}
		signal.Ignore(syscall.SIGPIPE) // a terminal or reader that goes away is an error of its write
		if g.plain || !g.hasTerminal() {
			return h.Run(cmd.Context(), h.Plain(o, g.io.In, g.io.Out, asks))
		}
		return h.Run(cmd.Context(), h.Screen(o, asks))
	}
	return errors.Join(run(), h.Close())
}

func (g *global) hasTerminal() bool {
	return term.IsTerminal(g.io.In.Fd()) && term.IsTerminal(g.io.Out.Fd()) && os.Getenv("TERM") != "dumb"
}

// unknownWord adds the command that was perhaps meant to "no such file".
func unknownWord(cmd *cobra.Command, args []string, err error) error {
	if !errors.Is(err, app.ErrNothing) || len(args) == 0 {
		return err
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return usagef("there is no command or file %s; did you mean %s?", args[0], near[0])
	}
	return err
}

func explainRunning(err error) error {
	if errors.Is(err, app.ErrRunning) {
		return fmt.Errorf("%w; quit it first, or use segue play for a second sound", err)
	}
	return err
}

// service runs do with a house that plays nothing, for commands that only ask.
func (g *global) service(ctx context.Context, do func(ctx context.Context, h *app.House) error) error {
	o, err := g.options(device.S16)
	if err != nil {
		return err
	}
	o.Passing = true
	h, err := app.Build(o)
	if err != nil {
		return err
	}
	g.complain(h)
	return errors.Join(do(ctx, h), h.Close())
}

// asking is service for commands that ask accounts: those sign in first, as far as they
// can in a few seconds.
func (g *global) asking(ctx context.Context, do func(ctx context.Context, h *app.House, known []session.AccountInfo) error) error {
	return g.service(ctx, func(ctx context.Context, h *app.House) error {
		return h.Run(ctx, h.Settled(signInPatience, func(ctx context.Context, known []session.AccountInfo) error { return do(ctx, h, known) }))
	})
}

// reaching runs do with the accounts that a command is about: the one that is named, or
// all that are signed in. Where there is only this machine, nothing is started.
func (g *global) reaching(ctx context.Context, account string, do func(ctx context.Context, h *app.House, ids []music.AccountID) error) error {
	return g.among(ctx, account, g.signedIn, do)
}

// picker chooses the accounts that a command is about: of all, or of the one that is named.
type picker func(known []session.AccountInfo, named music.AccountID) ([]music.AccountID, error)

// among runs do with the accounts that pick chooses.
func (g *global) among(ctx context.Context, account string, pick picker, do func(ctx context.Context, h *app.House, ids []music.AccountID) error) error {
	return g.service(ctx, func(ctx context.Context, h *app.House) error {
		id := music.AccountID(account)
		if account != "" && !h.HasAccount(id) {
			return usagef("--account %s: there is no such account; segue accounts lists them", account)
		}
		if id == music.Local || account == "" && h.LocalOnly() {
			return do(ctx, h, []music.AccountID{music.Local})
		}
		return h.Run(ctx, h.Settled(signInPatience, func(ctx context.Context, known []session.AccountInfo) error {
			ids, err := pick(known, id)
			if err != nil {
				return err
			}
			return do(ctx, h, ids)
		}))
	})
}

// remembered are the accounts that somebody is signed in to, or would be if its server
// answered: what is on this machine of theirs is there without it.
func (g *global) remembered(known []session.AccountInfo, named music.AccountID) ([]music.AccountID, error) {
	var ids []music.AccountID
	for _, a := range known {
		if named == "" && (a.Remembered != "" || a.State == session.ConnLoggedIn) || a.ID == named {
			ids = append(ids, a.ID)
		}
	}
	return ids, nil
}

// noteOf is why an account is not connected, without its name, which stands beside it.
func noteOf(a session.AccountInfo) string { return strings.TrimPrefix(a.Note, string(a.ID)+": ") }

// hinted reports whether a note says what to do already, as a Fault's last clause: where a
// sign-in is not what helps, another one must not be advised.
func hinted(note string) bool { return strings.Contains(note, "; ") }

// signedIn are the accounts that can be asked; without a name, those that cannot are told of.
func (g *global) signedIn(known []session.AccountInfo, named music.AccountID) ([]music.AccountID, error) {
	return g.in(known, named, session.ConnLoggedIn)
}

// orAway are those of signedIn and those whose server is away: they remember what was seen of it.
func (g *global) orAway(known []session.AccountInfo, named music.AccountID) ([]music.AccountID, error) {
	return g.in(known, named, session.ConnLoggedIn, session.ConnOffline, session.ConnDisconnected)
}

// in are the accounts in one of these states; without a name, the others are told of.
func (g *global) in(known []session.AccountInfo, named music.AccountID, states ...session.ConnState) ([]music.AccountID, error) {
	var ids []music.AccountID
	for _, a := range known {
		why := cmp.Or(noteOf(a), string(a.State))
		switch {
		case named != "" && a.ID != named:
		case slices.Contains(states, a.State):
			ids = append(ids, a.ID)
		case named != "":
			if !hinted(why) {
				why += "; segue login " + string(a.ID)
			}
			return nil, notIn{fmt.Errorf("%s: %s", a.ID, why)}
		default:
			g.talk("%s: %s", a.ID, why)
		}
	}
	return ids, nil
}

// talk writes a line for people.
func (g *global) talk(format string, args ...any) {
	_, _ = fmt.Fprintf(g.io.Err, "segue: "+format+"\n", args...) // nowhere else to say it
}

// changing runs do beside a session whose changes of accounts are kept.
func (g *global) changing(ctx context.Context, do func(ctx context.Context, h *app.House) error) error {
	o, err := g.options(device.S16)
	if err != nil {
		return err
	}
	o.Passing, o.Accounts = true, true
	h, err := app.Build(o)
	if errors.Is(err, app.ErrRunning) {
		return fmt.Errorf("%w; use its Accounts view, or quit it first", err)
	}
	if err != nil {
		return err
	}
	g.complain(h)
	return errors.Join(h.Run(ctx, func(ctx context.Context) error { return do(ctx, h) }), h.Close())
}

// writeJSON writes v as data.
func (g *global) writeJSON(v any) error {
	e := json.NewEncoder(g.io.Out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// printf writes data for people.
func (g *global) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(g.io.Out, format, args...)
	return err
}
