package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/music"
	"segue/internal/query"
)

func scanCommand(g *global) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "scan [PATH...]",
		Short: "Bring the library's index to what is on disk",
		Long:  "Read the music folders, or only the PATHs in them: what is new or changed is read, the rest is left.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.service(cmd.Context(), func(ctx context.Context, h *app.House) error {
				sum, err := h.Local.ScanResult(ctx, args, g.progress())
				if err != nil {
					return err
				}
				if asJSON {
					return g.writeJSON(sum)
				}
				return g.printf("%d files, %d of them read anew: %d tracks on %d albums by %d artists, %d unreadable, in %.1f s\n",
					sum.Files, sum.Read, sum.Tracks, sum.Albums, sum.Artists, sum.Errors, sum.Seconds)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "a summary as JSON")
	return c
}

// progress shows numbers on a terminal's stderr, ten times a second at most.
func (g *global) progress() func(done, total int, what string) {
	if !term.IsTerminal(g.io.Err.Fd()) {
		return func(int, int, string) {}
	}
	last := make(chan time.Time, 1)
	last <- time.Time{}
	return func(done, total int, _ string) {
		at := <-last
		if time.Since(at) > 100*time.Millisecond || done == total {
			at = time.Now()
			_, _ = fmt.Fprintf(g.io.Err, "\r\x1b[K%d of %d", done, total) // talk
		}
		last <- at
	}
}

// kinds maps what --type takes to the sections of a search.
var kinds = []string{"track", "album", "artist", "playlist"}

func searchCommand(g *global) *cobra.Command {
	var types, account string
	var limit int
	var asJSON bool
	c := &cobra.Command{
		Use:     "search QUERY",
		Short:   "Search the library",
		Long:    "Search the library. The query language is that of the screen: words, artist:, album:, title:, genre:,\nyear:1970-79, time:>5m, plays:>5, rating:>=4, added:<30d, starred, -not, a | b, \"side by side\".",
		Example: "  segue search bach goldberg\n  segue search --type album --json 'year:1970-79 genre:jazz'",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text := strings.Join(args, " ")
			if _, err := query.Parse(text); err != nil {
				return usageError{err}
			}
			if limit < 1 || limit > 10000 {
				return usagef("--limit %d: wants 1 to 10000", limit)
			}
			wanted, err := typesOf(types)
			if err != nil {
				return err
			}
			return g.service(cmd.Context(), func(ctx context.Context, h *app.House) error {
				return g.search(ctx, h, text, wanted, music.AccountID(account), limit, asJSON)
			})
		},
	}
	c.Flags().StringVar(&types, "type", "track,album,artist,playlist", "what to look for (`LIST`)")
	c.Flags().StringVar(&account, "account", string(music.Local), "where to look (`NAME`)")
	c.Flags().IntVar(&limit, "limit", 20, "at most `N` of each type")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func typesOf(list string) ([]string, error) {
	var out []string
	for _, t := range strings.Split(list, ",") {
		t = strings.TrimSuffix(strings.TrimSpace(t), "s")
		if !slices.Contains(kinds, t) {
			return nil, usagef("--type %s: can be %s", t, strings.Join(kinds, ", "))
		}
		out = append(out, t)
	}
	return out, nil
}

// searchAnswer is what search --json prints for each type.
type searchAnswer struct {
	Total int    `json:"total"`
	Note  string `json:"note,omitempty"`
	Items []row  `json:"items"`
}

func (g *global) search(ctx context.Context, h *app.House, text string, types []string, account music.AccountID, limit int, asJSON bool) error {
	if !h.HasAccount(account) {
		return usagef("--account %s: there is no such account", account)
	}
	answers := map[string]searchAnswer{}
	found := 0
	for _, t := range types {
		ask := music.Ask{Of: music.Section(account, music.SectionSearch+"/"+t+"s"), Filter: text, Limit: limit}
		items, page, err := allOf(ctx, h, ask, limit)
		if err != nil {
			return err
		}
		found += len(items)
		answers[t+"s"] = searchAnswer{Total: page.Total, Note: page.Note, Items: rowsOf(items)}
		if asJSON || len(items) == 0 {
			continue
		}
		if err := g.printf("%ss (%d)\n", t, page.Total); err != nil {
			return err
		}
		if err := g.writeRows(items, false); err != nil {
			return err
		}
	}
	if asJSON {
		if err := g.writeJSON(answers); err != nil {
			return err
		}
	}
	if found == 0 {
		return fmt.Errorf("%w: the library holds nothing like %s", app.ErrNothing, text)
	}
	return nil
}

// allOf pages through a container until limit rows (0 = all) are there.
func allOf(ctx context.Context, h *app.House, ask music.Ask, limit int) ([]music.Item, music.Page, error) {
	var items []music.Item
	for {
		ask.Offset, ask.Limit = len(items), 500
		if limit > 0 {
			ask.Limit = min(500, limit-len(items))
		}
		page, err := h.Service(ask.Of.Account).Children(ctx, ask)
		if err != nil {
			return nil, page, err
		}
		items = append(items, page.Items...)
		if len(page.Items) == 0 || limit > 0 && len(items) >= limit || page.Total >= 0 && len(items) >= page.Total {
			return items, page, nil
		}
	}
}

// periods of the own toplists.
var periods = []string{"day", "week", "month", "year", "all"}

func toplistCommand(g *global) *cobra.Command {
	var kind, region, period string
	var limit int
	var asJSON bool
	c := &cobra.Command{
		Use:   "toplist",
		Short: "What was heard most",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case !slices.Contains([]string{"tracks", "albums", "artists"}, kind):
				return usagef("--type %s: can be tracks, albums, artists", kind)
			case !slices.Contains(periods, period):
				return usagef("--period %s: can be %s", period, strings.Join(periods, ", "))
			case region != "user":
				return usagef("--region %s: this version has own plays only (user)", region)
			case limit < 1:
				return usagef("--limit %d: wants 1 or more", limit)
			}
			return g.service(cmd.Context(), func(ctx context.Context, h *app.House) error {
				ask := music.Ask{Of: local(music.SectionToplist + "/" + kind + "/" + period)}
				items, page, err := allOf(ctx, h, ask, limit)
				if err != nil {
					return err
				}
				if len(items) == 0 && !asJSON {
					return fmt.Errorf("%w: %s", app.ErrNothing, page.Note)
				}
				return g.writeRows(items, asJSON)
			})
		},
	}
	c.Flags().StringVar(&kind, "type", "tracks", "tracks, albums or artists (`TYPE`)")
	c.Flags().StringVar(&region, "region", "user", "user: own plays (`REGION`)")
	c.Flags().StringVar(&period, "period", "all", "day, week, month, year or all (`PERIOD`)")
	c.Flags().IntVar(&limit, "limit", 100, "at most `N` rows")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func playlistsCommand(g *global) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "playlists", Short: "List the playlists", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return g.service(cmd.Context(), func(ctx context.Context, h *app.House) error {
				items, err := playlistsBelow(ctx, h, local(music.SectionPlaylists), 0)
				if err != nil {
					return err
				}
				return g.writeRows(items, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
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
