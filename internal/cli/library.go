package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/music"
	"segue/internal/query"
	"segue/session"
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
			return g.among(cmd.Context(), account, g.orAway, func(ctx context.Context, h *app.House, ids []music.AccountID) error {
				return g.search(ctx, h, text, wanted, ids, limit, asJSON)
			})
		},
	}
	c.Flags().StringVar(&types, "type", "track,album,artist,playlist", "what to look for (`LIST`)")
	c.Flags().StringVar(&account, "account", "", "where to look (`NAME`); all accounts without it")
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

func (g *global) search(ctx context.Context, h *app.House, text string, types []string, ids []music.AccountID, limit int, asJSON bool) error {
	answers := map[string]searchAnswer{}
	away := map[music.AccountID]error{}
	found := 0
	for _, t := range types {
		a, items := searchType(ctx, h, t, text, ids, limit, away)
		found += len(items)
		answers[t+"s"] = a
		if asJSON || len(items) == 0 {
			continue
		}
		count := strconv.Itoa(a.Total)
		if a.Total < 0 {
			count = strconv.Itoa(len(items)) + "+"
		}
		if err := g.printf("%ss (%s)\n", t, count); err != nil {
			return err
		}
		if err := g.writeRows(items, false); err != nil {
			return err
		}
	}
	if err := away[ids[0]]; err != nil && found == 0 && len(ids) == 1 {
		if f := (*session.Fault)(nil); errors.As(err, &f) && f.Kind == session.UnableToContactServer {
			return notIn{err}
		}
		return err
	}
	for _, id := range ids {
		if err := away[id]; err != nil {
			g.talk("%v", err)
		}
	}
	if asJSON {
		if err := g.writeJSON(answers); err != nil {
			return err
		}
	}
	if found == 0 {
		if near := h.DidYouMean(ctx, ids, text); near != "" {
			return fmt.Errorf("%w: there is nothing like %s; did you mean %s?", app.ErrNothing, text, near)
		}
		return fmt.Errorf("%w: there is nothing like %s", app.ErrNothing, text)
	}
	return nil
}

// searchType looks for one type in accounts, one after the other; Total is -1 where one
// of them does not say. Why accounts did not answer is added to away: what they remember
// is found all the same.
func searchType(ctx context.Context, h *app.House, t, text string, ids []music.AccountID, limit int, away map[music.AccountID]error) (searchAnswer, []music.Item) {
	var a searchAnswer
	var all []music.Item
	open := false // somebody does not know how much there is
	for _, id := range ids {
		ask := music.Ask{Of: music.Section(id, music.SectionSearch+"/"+t+"s"), Filter: text, Limit: limit}
		items, page, err := allOf(ctx, h, ask, limit)
		if err != nil {
			away[id] = cmp.Or(away[id], err)
			open = true
		}
		all = append(all, items...)
		if len(items) > 0 || len(ids) == 1 { // that one of several has nothing is no news
			a.Note = cmp.Or(a.Note, page.Note)
		}
		a.Total += max(page.Total, 0)
		open = open || page.Total < 0
	}
	if open {
		a.Total = -1
	}
	a.Items = rowsOf(all)
	return a, all
}

// allOf pages through a container until limit rows (0 = all) are there. With an error are
// those that came, which may be what an account remembers while it is away.
func allOf(ctx context.Context, h *app.House, ask music.Ask, limit int) ([]music.Item, music.Page, error) {
	var items []music.Item
	for {
		ask.Offset, ask.Limit = len(items), 500
		if limit > 0 {
			ask.Limit = min(500, limit-len(items))
		}
		page, err := h.Service(ask.Of.Account).Children(ctx, ask)
		items = append(items, page.Items...)
		if err != nil {
			return items, page, err
		}
		if len(page.Items) == 0 || limit > 0 && len(items) >= limit || page.Total >= 0 && len(items) >= page.Total {
			return items, page, nil
		}
	}
}
