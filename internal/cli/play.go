package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/music"
	"segue/internal/service/stdin"
	"segue/player"
	"segue/player/device"
	"segue/session"
)

// playFlags are those of segue play.
type playFlags struct {
	start   int
	shuffle bool
	format  string
	rate    int
	gain    string
	account string
}

func playCommand(g *global) *cobra.Command {
	var f playFlags
	c := &cobra.Command{
		Use:   "play PATH|LINK|QUERY...",
		Short: "Play without a screen; ends with the music",
		Long: "Play files, folders, playlists, links or what a search finds, in that order, without a screen.\n" +
			"- reads a stream of audio from standard input. With --output wav:FILE, pipe:FILE or - the\n" +
			"samples go there as fast as they are taken, without gain, exact to the sample.",
		Example: "  segue play ~/Music/Goldberg\n  segue play 'artist:bach year:1974'\n" +
			"  segue play album/ --output wav:album.wav\n  curl -s https://example.org/live.mp3 | segue play -",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("wants a path, a link, - or words to search for")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return g.play(cmd, args, f) },
	}
	c.Flags().IntVar(&f.start, "start", 1, "begin with track number `N` of what is found")
	c.Flags().BoolVar(&f.shuffle, "shuffle", false, "in random order")
	c.Flags().StringVar(&f.account, "account", "", "look for words in this account (`NAME`), not on this machine")
	c.Flags().StringVar(&f.format, "format", "s16", "samples of files, pipes and stdout: s16 or f32 (`FORMAT`)")
	c.Flags().IntVar(&f.rate, "rate", 0, "sample rate of files, pipes and stdout (`HZ`); 0: the first track's")
	c.Flags().StringVar(&f.gain, "gain", "", "off, track, album or auto (`MODE`); files, pipes and stdout have none unless it is given")
	return c
}

func (g *global) play(cmd *cobra.Command, args []string, f playFlags) error {
	sample, err := device.ParseSampleFormat(f.format)
	if err != nil {
		return usagef("--format: %w", err)
	}
	if f.rate != 0 && (f.rate < 8000 || f.rate > 384000) {
		return usagef("--rate %d: wants 8000 to 384000", f.rate)
	}
	o, err := g.options(sample)
	if err != nil {
		return err
	}
	if err := takeGain(&o, f.gain); err != nil {
		return err
	}
	o.Passing, o.Rate = true, f.rate
	in := stdin.New(g.io.In)
	o.More = []session.Account{{ID: stdin.Account, Kind: "stdin", Service: in}}
	h, err := app.Build(o)
	if err != nil {
		return err
	}
	g.complain(h)
	if f.account != "" && !h.HasAccount(music.AccountID(f.account)) {
		return errors.Join(usagef("--account %s: there is no such account; segue accounts lists them", f.account), h.Close())
	}
	signal.Ignore(syscall.SIGPIPE) // a reader that goes away is an error of its write
	front := func(ctx context.Context) error {
		asks, err := g.named(ctx, h, f.account, args)
		if errors.Is(err, app.ErrNothing) && f.account != string(music.Local) && !h.LocalOnly() {
			asks, err = g.elsewhere(ctx, h, f.account, args, err)
		}
		if err != nil {
			return err
		}
		p := &app.Play{Asks: asks, Start: f.start - 1, Shuffle: f.shuffle, Unpaced: o.Unpaced, Talk: g.io.Err, Live: term.IsTerminal(g.io.Err.Fd())}
		p.Writes = g.written(o.Config.Player.Output)
		err = p.Run(h)(ctx)
		if errors.Is(err, app.ErrOverwrites) {
			return usagef("--output: %w", err)
		}
		return err
	}
	if others(h, f.account, args) {
		started := front
		front = h.Settled(signInPatience, func(ctx context.Context, _ []session.AccountInfo) error { return started(ctx) })
	}
	return errors.Join(h.Run(cmd.Context(), front), h.Close())
}

// written is the file that an output writes to, nil where none is there.
func (g *global) written(output string) os.FileInfo {
	var info os.FileInfo
	var err error
	switch path, isWAV := strings.CutPrefix(output, "wav:"); {
	case output == "-", output == "wav:-", output == "pipe:-":
		info, err = g.io.Out.Stat()
	case isWAV:
		info, err = os.Stat(path)
	}
	if err != nil {
		return nil
	}
	return info
}

// others reports whether what is to be played may be elsewhere than on this machine, so
// that the accounts have to be signed in first.
func others(h *app.House, account string, args []string) bool {
	if h.LocalOnly() {
		return false
	}
	return account != "" && account != string(music.Local) || slices.ContainsFunc(args, func(a string) bool {
		return strings.HasPrefix(a, "segue:") || strings.HasPrefix(a, "spotify:") || strings.Contains(a, "://")
	})
}

// named makes asks of the arguments; "-" is the stream on standard input.
func (g *global) named(ctx context.Context, h *app.House, account string, args []string) ([]music.Ask, error) {
	var asks []music.Ask
	for _, a := range args {
		if a == "-" {
			asks = append(asks, music.Ask{Of: stdin.Track})
			continue
		}
		more, err := h.ResolveIn(ctx, music.AccountID(account), a)
		if err != nil {
			return nil, err
		}
		asks = append(asks, more...)
	}
	return asks, nil
}

// elsewhere is named for words that this machine holds nothing for: the other accounts, or
// the one that is named, are asked when they have signed in.
func (g *global) elsewhere(ctx context.Context, h *app.House, account string, args []string, nothing error) (asks []music.Ask, err error) {
	err = h.Settled(signInPatience, func(ctx context.Context, known []session.AccountInfo) error {
		if account != "" {
			known = slices.DeleteFunc(slices.Clone(known), func(a session.AccountInfo) bool { return string(a.ID) != account })
		}
		if !slices.ContainsFunc(known, func(a session.AccountInfo) bool { return a.Can.SignIn }) {
			return nothing
		}
		for _, a := range args {
			more, err := g.named(ctx, h, account, []string{a})
			if errors.Is(err, app.ErrNothing) {
				if looksLikeWhere(a) {
					return nothing
				}
				var ask music.Ask
				ask, err = h.Elsewhere(ctx, known, a)
				more = []music.Ask{ask}
			}
			if err != nil {
				return err
			}
			asks = append(asks, more...)
		}
		return nil
	})(ctx)
	return asks, err
}

// looksLikeWhere reports whether a text can mean nothing but a place.
func looksLikeWhere(s string) bool {
	return strings.Contains(s, "://") || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../") || strings.HasPrefix(s, "segue:")
}

// takeGain sets the gain: as the flag says, else none for files and the config's for sound cards.
func takeGain(o *app.Options, flag string) error {
	if flag == "" {
		if !o.Unpaced {
			return nil
		}
		flag = string(player.GainOff)
	}
	if err := o.Config.Set("player.gain", flag, "--gain"); err != nil {
		return usageError{err}
	}
	return nil
}
