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

func toplistCommand(g *global) *cobra.Command {
	var ask session.ToplistAsk
	var account string
	var asJSON bool
	c := &cobra.Command{
		Use:   "toplist",
		Short: "What was heard most: by you, by somebody, in a country, everywhere",
		Long: "What was heard most. Your own plays are counted here; toplists of others come from ListenBrainz, those\n" +
			"of countries from Apple Music, and their rows are matched with what your accounts can play.",
		Example: "  segue toplist --type albums --period month\n  segue toplist --region de --limit 20\n  segue toplist --user rob --region user",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if ask.Limit < 1 {
				return usagef("--limit %d: wants 1 or more", ask.Limit)
			}
			checked, err := ask.Check()
			if err != nil {
				return usageError{err}
			}
			own := checked.Region == session.RegionUser && checked.User == ""
			if own && account == "" {
				account = string(music.Local) // the plays of all accounts are counted there
			}
			return g.reaching(cmd.Context(), account, func(ctx context.Context, h *app.House, ids []music.AccountID) error {
				return g.toplist(ctx, h, checked, ids, asJSON)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&ask.Type, "type", "tracks", "tracks, albums or artists (`TYPE`)")
	f.StringVar(&ask.Region, "region", session.RegionUser, "user, everywhere, or two letters of a country (`REGION`)")
	f.StringVar(&ask.User, "user", "", "whose toplist (`NAME` at ListenBrainz); without it, yours")
	f.StringVar(&ask.Period, "period", "", "day, week, month, year or all (`PERIOD`); without it, what the source has")
	f.StringVar(&account, "account", "", "the account to match with first (`NAME`)")
	f.IntVar(&ask.Limit, "limit", 100, "at most `N` rows")
	f.BoolVar(&ask.Fresh, "fresh", false, "fetch it anew, however young the last answer is")
	f.BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func (g *global) toplist(ctx context.Context, h *app.House, ask session.ToplistAsk, ids []music.AccountID, asJSON bool) error {
	var page music.Page
	err := h.During(ctx, func(ctx context.Context) (err error) {
		page, err = h.Session.Toplist(ctx, ask, ids[0])
		return err
	})
	if err != nil && len(page.Items) == 0 {
		return err
	}
	if page.Note != "" {
		g.talk("%s", page.Note)
	}
	if len(page.Items) == 0 && !asJSON {
		return fmt.Errorf("%w: the toplist is empty", app.ErrNothing)
	}
	return g.writeRows(page.Items, asJSON)
}

func playlistsCommand(g *global) *cobra.Command {
	var account string
	var asJSON bool
	c := &cobra.Command{
		Use: "playlists", Short: "List the playlists", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return g.reaching(cmd.Context(), account, func(ctx context.Context, h *app.House, ids []music.AccountID) error {
				items, err := playlistsOf(ctx, h, ids)
				if err != nil {
					return err
				}
				return g.writeRows(items, asJSON)
			})
		},
	}
	c.Flags().StringVar(&account, "account", "", "of one account (`NAME`); all accounts without it")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// playlistsOf lists all playlists of accounts.
func playlistsOf(ctx context.Context, h *app.House, ids []music.AccountID) ([]music.Item, error) {
	var all []music.Item
	for _, id := range ids {
		items, err := playlistsBelow(ctx, h, music.Section(id, music.SectionPlaylists), 0)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
	}
	return all, nil
}

// playlistsBelow lists all playlists of a folder and the folders in it.
func playlistsBelow(ctx context.Context, h *app.House, of music.Ref, depth int) ([]music.Item, error) {
	if depth > 20 {
		return nil, errors.New("folders of playlists nest too deep")
	}
	items, _, err := allOf(ctx, h, music.Ask{Of: of}, 0)
	if err != nil {
		return nil, err
	}
	var out []music.Item
	for _, it := range items {
		switch it := it.(type) {
		case music.Playlist:
			out = append(out, it)
		case music.Folder:
			below, err := playlistsBelow(ctx, h, it.Ref, depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, below...)
		case music.Track, music.Album, music.Artist, music.Chart:
		}
	}
	return out, nil
}
