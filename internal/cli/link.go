package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/music"
	"segue/session"
)

// linkAnswer is what link --json prints.
type linkAnswer struct {
	Type    string  `json:"type"`
	URI     string  `json:"uri,omitempty"`
	URL     string  `json:"url,omitempty"`
	Seconds float64 `json:"offset,omitempty"` // into the track
	Ref     string  `json:"ref,omitempty"`    // what an account has for it
	Item    *row    `json:"item,omitempty"`
	User    string  `json:"user,omitempty"`
	Fault   string  `json:"fault,omitempty"` // why no account has it
	Why     string  `json:"why,omitempty"`
}

func linkCommand(g *global) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "link LINK",
		Short: "Say what a link is, and what the accounts have for it",
		Long: "Say what a link is, and what the accounts have for it: spotify: links and open.spotify.com, segue: references,\n" +
			"files, file:// and streams. Exit 2 where it is no link, 5 where a file is not there.",
		Example: "  segue link spotify:track:6rqhFgbbKwnb9MLmUQDhG6\n  segue link 'spotify:local:Bach:Goldberg:Aria:113#0:42' --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.service(cmd.Context(), func(ctx context.Context, h *app.House) error { return g.link(ctx, h, args[0], asJSON) })
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func (g *global) link(ctx context.Context, h *app.House, text string, asJSON bool) error {
	l, err := h.ExplainLink(ctx, text)
	var f *session.Fault
	if errors.As(err, &f) && f.Kind == session.InvalidArgument {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	a := linkAnswer{Type: string(l.Link.Type), URI: l.Link.URI(), URL: l.Link.URL(), Seconds: l.Link.Offset.Seconds()}
	if l.Own.Type != "" {
		a.URI, a.URL = l.Own.URI(), l.Own.URL()
	}
	if l.Ask.Of.Kind != "" {
		a.Ref = l.Ask.Of.String()
	}
	if l.Item != nil {
		r := rowOf(l.Item)
		a.Item = &r
	}
	if l.User != nil {
		a.User = l.User.Name
	}
	if l.Fault != nil {
		a.Fault, a.Why = l.Fault.Kind.String(), l.Fault.Error()
	}
	if asJSON {
		err = g.writeJSON(a)
	} else {
		err = g.tellLink(a)
	}
	if err == nil && l.Fault != nil && l.Link.Type == music.LinkFile {
		return fmt.Errorf("%w: %w", app.ErrNothing, l.Fault)
	}
	return err
}

// tellLink writes an answer for people, a fact to a line.
func (g *global) tellLink(a linkAnswer) error {
	name := ""
	if a.Item != nil {
		name = a.Item.Title
		if len(a.Item.Artists) > 0 {
			name = a.Item.Artists[0] + " - " + name
		}
	}
	offset := ""
	if a.Seconds > 0 {
		offset = fmt.Sprintf("%g s into it", a.Seconds)
	}
	for _, l := range [][2]string{{"type", a.Type}, {"uri", a.URI}, {"url", a.URL}, {"from", offset}, {"is", name}, {"user", a.User}, {"ref", a.Ref}, {"note", a.Why}} {
		if l[1] == "" {
			continue
		}
		if err := g.printf("%-5s %s\n", l[0], l[1]); err != nil {
			return err
		}
	}
	return nil
}
