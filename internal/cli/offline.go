package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/music"
	"segue/session"
)

func offlineCommand(g *global) *cobra.Command {
	var account string
	c := &cobra.Command{
		Use:   "offline",
		Short: "Keep music of servers on this machine",
		Long: "Keep albums, artists, playlists, tracks and what a search finds on this machine, for a time without their server.\n" +
			"What changes on the server is followed, what a search finds too; the player fetches what is missing, while it runs.\n" +
			"The setting stream.offline_mb limits what the copies of an account take.",
		Example: "  segue offline add segue:home:section:starred\n  segue offline add --account home 'album:sketches'\n  segue offline list\n  segue offline sync",
		Args:    cobra.NoArgs,
	}
	c.PersistentFlags().StringVar(&account, "account", "", "only this account (`NAME`)")
	mark := func(use, short string, on bool) *cobra.Command {
		return &cobra.Command{Use: use + " LINK|QUERY...", Short: short, Args: cobra.MinimumNArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			return g.offline(cmd.Context(), account, g.signedIn, func(ctx context.Context, h *app.House, ids []music.AccountID) error {
				return g.markOffline(ctx, h, ids, args, on)
			})
		}}
	}
	var asJSON bool
	status := &cobra.Command{Use: "status", Short: "What is kept, and what is still to be fetched", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return g.offline(cmd.Context(), account, g.remembered, func(ctx context.Context, h *app.House, ids []music.AccountID) error {
			return g.offlineStatus(ctx, h, ids, asJSON)
		})
	}}
	status.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	sync := &cobra.Command{Use: "sync", Short: "Fetch what is missing, and what failed before", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return g.offline(cmd.Context(), account, g.signedIn, func(ctx context.Context, h *app.House, ids []music.AccountID) error {
			return g.syncOffline(ctx, h, ids)
		})
	}}
	marks := &cobra.Command{Use: "list", Short: "What is marked to be kept", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return g.offline(cmd.Context(), account, g.remembered, func(ctx context.Context, h *app.House, ids []music.AccountID) error {
			return g.offlineMarks(ctx, h, ids, asJSON)
		})
	}}
	marks.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.AddCommand(mark("add", "Keep it, and fetch it now", true), mark("remove", "Keep it no longer", false), marks, status, sync)
	return c
}

// offline runs do with the accounts of those picked that can keep copies.
func (g *global) offline(ctx context.Context, account string, pick picker, do func(ctx context.Context, h *app.House, ids []music.AccountID) error) error {
	return g.among(ctx, account, pick, func(ctx context.Context, h *app.House, ids []music.AccountID) error {
		var can []music.AccountID
		for _, id := range ids {
			if _, ok := h.Service(id).(session.Downloader); ok {
				can = append(can, id)
			}
		}
		if len(can) == 0 {
			return fmt.Errorf("%w: no account that can be asked keeps copies on this machine", app.ErrNothing)
		}
		return do(ctx, h, can)
	})
}

// markOffline marks what the arguments name, and fetches it or throws it away.
func (g *global) markOffline(ctx context.Context, h *app.House, ids []music.AccountID, args []string, on bool) error {
	refs := map[music.AccountID][]music.Ref{}
	for _, arg := range args {
		asks, err := h.ResolveIn(ctx, ids[0], arg)
		if err != nil {
			return err
		}
		for _, ask := range asks {
			id, ref := ask.Of.Account, ask.Of
			if ask.Filter != "" {
				ref = music.Ref{Account: id, Kind: music.KindSearch, ID: ask.Filter}
			}
			refs[id] = append(refs[id], ref)
		}
	}
	var touched []music.AccountID
	for id, list := range refs {
		d, ok := h.Service(id).(session.Downloader)
		if !ok {
			return fmt.Errorf("%s: it is on this machine already, or its service keeps no copies", id)
		}
		if err := d.SetOffline(ctx, list, on); err != nil {
			return err
		}
		touched = append(touched, id)
	}
	return g.syncOffline(ctx, h, touched)
}

// syncOffline fetches what is missing, with a line of progress on a terminal, and says
// what is there then.
func (g *global) syncOffline(ctx context.Context, h *app.House, ids []music.AccountID) error {
	var failed error
	for _, id := range ids {
		d, ok := h.Service(id).(session.Downloader)
		if !ok {
			continue
		}
		if err := g.watchSync(ctx, d, string(id)); err != nil {
			return err
		}
		v := d.SyncStatus()
		if err := g.printf("%s\n", syncLine(id, v)); err != nil {
			return err
		}
		if n := v.ToSync + v.WillNot; n > 0 && v.Full {
			failed = fmt.Errorf("%s: %d tracks were not fetched: there is no room; stream.offline_mb is %d", id, n, v.LimitBytes/1e6)
		} else if n > 0 {
			failed = fmt.Errorf("%s: %d tracks could not be fetched", id, v.ToSync+v.WillNot)
		}
	}
	return failed
}

// watchSync fetches and tells how far it is, once a second.
func (g *global) watchSync(ctx context.Context, d session.Downloader, name string) error {
	done := make(chan error, 1)
	go func() { done <- d.SyncNow(ctx, false) }()
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-t.C:
			if v := d.SyncStatus(); v.Queued > 0 {
				g.talk("%s: %d of %d tracks, %s, %s left", name, v.Done, v.Done+v.Queued, megabytes(v.Bytes), v.Left)
			}
		}
	}
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

func syncLine(id music.AccountID, v session.SyncStatus) string {
	line := fmt.Sprintf("%s: %d tracks on this machine, %s", id, v.Done, megabytes(v.Bytes))
	if v.LimitBytes > 0 {
		line += " of at most " + megabytes(v.LimitBytes)
	}
	if v.ToSync > 0 {
		line += fmt.Sprintf("; %d to fetch", v.ToSync)
	}
	if v.Failed > 0 {
		line += fmt.Sprintf(", %d of them failed", v.Failed)
	}
	if v.WillNot > 0 {
		line += fmt.Sprintf("; %d the server does not give", v.WillNot)
	}
	if v.Full {
		line += "; there is no room for more (stream.offline_mb)"
	}
	return line
}

// syncRow is an account's copies for scripts.
type syncRow struct {
	Account    music.AccountID `json:"account"`
	Containers int             `json:"containers"`
	Done       int             `json:"done"`
	ToSync     int             `json:"to_sync"`
	Queued     int             `json:"queued"`
	Failed     int             `json:"failed"`
	WillNot    int             `json:"will_not_copy"`
	Bytes      int64           `json:"bytes"`
	Limit      int64           `json:"limit_bytes"`
	Full       bool            `json:"full,omitempty"` // the limit holds up what is to be fetched
}

// counter is a Downloader that can bring its status up to date without fetching anything.
type counter interface {
	CountCopies(ctx context.Context) (session.SyncStatus, error)
}

func (g *global) offlineStatus(ctx context.Context, h *app.House, ids []music.AccountID, asJSON bool) error {
	rows := []syncRow{}
	for _, id := range ids {
		d, ok := h.Service(id).(session.Downloader)
		if !ok {
			continue
		}
		v := d.SyncStatus()
		if c, ok := d.(counter); ok {
			now, err := c.CountCopies(ctx)
			if err != nil {
				return err
			}
			v = now
		}
		if !asJSON {
			if err := g.printf("%s\n", syncLine(id, v)); err != nil {
				return err
			}
		}
		rows = append(rows, syncRow{id, v.Playlists, v.Done, v.ToSync, v.Queued, v.Failed, v.WillNot, v.Bytes, v.LimitBytes, v.Full})
	}
	if asJSON {
		return g.writeJSON(rows)
	}
	if len(rows) == 0 {
		return errors.New("no account keeps copies")
	}
	return nil
}

// markRow is a mark for scripts.
type markRow struct {
	Ref   music.Ref `json:"ref"`
	Title string    `json:"title"`
}

// offlineMarks lists what is marked, a line each; a reference of it can be given to remove.
func (g *global) offlineMarks(ctx context.Context, h *app.House, ids []music.AccountID, asJSON bool) error {
	rows := []markRow{}
	for _, id := range ids {
		l, ok := h.Service(id).(session.OfflineLister)
		if !ok {
			continue
		}
		marks, err := l.Offline(ctx)
		if err != nil {
			return err
		}
		for _, r := range marks {
			rows = append(rows, markRow{r, titleOf(ctx, h, r)})
		}
	}
	if asJSON {
		return g.writeJSON(rows)
	}
	for _, r := range rows {
		if err := g.printf("%s  %s\n", r.Ref, r.Title); err != nil {
			return err
		}
	}
	return nil
}

// titleOf is the name of a thing as its account shows it; nothing where that cannot say.
func titleOf(ctx context.Context, h *app.House, r music.Ref) string {
	if r.Kind == music.KindSearch {
		return "the search for " + music.Clean(r.ID)
	}
	page, err := h.Service(r.Account).Children(ctx, music.Ask{Of: r, Limit: 1})
	if err != nil && page.Title == "" {
		return ""
	}
	return page.Title
}
