package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"segue/cache"
	"segue/internal/app"
	"segue/internal/music"
	"segue/session"
)

func playlistCommand(g *global) *cobra.Command {
	c := &cobra.Command{Use: "playlist", Short: "Show and change playlists", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return usagef("playlist wants a command; see segue playlist --help")
		}}
	var asJSON bool
	var live, account string
	show := list(g, "show NAME", "List a playlist's tracks", cobra.ExactArgs(1), func(ctx context.Context, h *app.House, args []string) error {
		p, err := findPlaylist(ctx, h, args[0])
		if err != nil {
			return err
		}
		items, _, err := allOf(ctx, h, music.Ask{Of: p.Ref}, 0)
		if err != nil {
			return err
		}
		return g.writeRows(items, asJSON)
	})
	show.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	create := list(g, "create NAME [PATH|LINK|QUERY...]", "Make a playlist; A/B makes B in the folder A", cobra.MinimumNArgs(1),
		func(ctx context.Context, h *app.House, args []string) error {
			return g.createPlaylist(ctx, h, args, live, music.AccountID(account))
		})
	create.Flags().StringVar(&live, "live", "", "a live playlist: always the answer to this `QUERY`")
	create.Flags().StringVar(&account, "account", string(music.Local), "where (`NAME`)")
	c.AddCommand(show, create,
		list(g, "add NAME PATH|LINK|QUERY...", "Add tracks at the end", cobra.MinimumNArgs(2), g.addToPlaylist),
		list(g, "remove NAME N...", "Remove rows by number, or ranges as in 3-7", cobra.MinimumNArgs(2), g.removeFromPlaylist),
		list(g, "move NAME FROM TO", "Move row FROM, or a range, so that it becomes row TO", cobra.ExactArgs(3), g.moveInPlaylist),
		list(g, "rename NAME NEW", "Rename a playlist", cobra.ExactArgs(2), g.renamePlaylist),
		list(g, "delete NAME", "Delete a playlist", cobra.ExactArgs(1), g.deletePlaylist),
		list(g, "export NAME FILE", "Write a playlist as M3U8 with absolute paths; - is stdout", cobra.ExactArgs(2), g.exportPlaylist),
		list(g, "import FILE [NAME]", "Take over an M3U, PLS or XSPF file as a playlist", cobra.RangeArgs(1, 2), g.importPlaylist))
	return c
}

// list makes a command that works on the library.
func list(g *global, use, short string, args cobra.PositionalArgs, do func(context.Context, *app.House, []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: args, RunE: func(cmd *cobra.Command, words []string) error {
		return g.reaching(cmd.Context(), "", func(ctx context.Context, h *app.House, _ []music.AccountID) error { return do(ctx, h, words) })
	}}
}

// findPlaylist knows a playlist by its name, its path or its reference.
func findPlaylist(ctx context.Context, h *app.House, name string) (music.Playlist, error) {
	items, err := playlistsOf(ctx, h, h.Reachable())
	if err != nil {
		return music.Playlist{}, err
	}
	var found []music.Playlist
	for _, it := range items {
		p, ok := it.(music.Playlist)
		if ok && (p.Name == name || p.Ref.String() == name || p.Ref.ID == name) {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return music.Playlist{}, fmt.Errorf("%w: there is no playlist %s; segue playlists lists them", app.ErrNothing, name)
	case 1:
		return found[0], nil
	}
	return music.Playlist{}, usagef("there are %d playlists %s; name one by its path, such as %s", len(found), name, found[0].Ref.ID)
}

// tracksNamed are the tracks that words on the command line name; words that are no path
// and no link are looked for in an account.
func tracksNamed(ctx context.Context, h *app.House, id music.AccountID, args []string) ([]music.Ref, error) {
	var refs []music.Ref
	for _, arg := range args {
		asks, err := h.ResolveIn(ctx, id, arg)
		if err != nil {
			return nil, err
		}
		for _, a := range asks {
			more, err := h.Service(a.Of.Account).Refs(ctx, a)
			if err != nil {
				return nil, err
			}
			refs = append(refs, more...)
		}
	}
	return refs, nil
}

// editor is what changes playlists of an account.
func editor(h *app.House, id music.AccountID) (session.PlaylistEditor, error) {
	if !h.HasAccount(id) {
		return nil, usagef("--account %s: there is no such account; segue accounts lists them", id)
	}
	e, ok := h.Service(id).(session.PlaylistEditor)
	if !ok {
		return nil, fmt.Errorf("%s: the playlists of this account cannot be changed", id)
	}
	return e, nil
}

// findEditable is a playlist with what edits it.
func findEditable(ctx context.Context, h *app.House, name string) (music.Playlist, session.PlaylistEditor, error) {
	p, err := findPlaylist(ctx, h, name)
	if err != nil {
		return p, nil, err
	}
	e, err := editor(h, p.Ref.Account)
	return p, e, err
}

func (g *global) createPlaylist(ctx context.Context, h *app.House, args []string, live string, account music.AccountID) error {
	if live != "" && len(args) > 1 {
		return usagef("playlist create: a live playlist takes no tracks: the query gives them")
	}
	if live != "" {
		e, ok := h.Service(account).(session.LiveEditor)
		if !ok {
			return fmt.Errorf("%s: this account keeps no live playlists", account)
		}
		ref, err := e.CreateLive(ctx, args[0], live)
		if err != nil {
			return err
		}
		return g.printf("%s\n", ref.ID)
	}
	refs, err := tracksNamed(ctx, h, account, args[1:])
	if err != nil {
		return err
	}
	e, err := editor(h, account)
	if err != nil {
		return err
	}
	ref, err := e.CreatePlaylist(ctx, args[0], refs)
	if err != nil {
		return err
	}
	return g.printf("%s\n", ref.ID)
}

// change edits a playlist: edit makes the new rows of the old ones. If another program
// changes the file between reading and writing, it is read and edited again, twice at most.
func change(ctx context.Context, h *app.House, name string, edit func([]music.Ref) ([]music.Ref, error)) error {
	p, err := findPlaylist(ctx, h, name)
	if err != nil {
		return err
	}
	e, err := editor(h, p.Ref.Account)
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		before, err := h.Service(p.Ref.Account).Refs(ctx, music.Ask{Of: p.Ref})
		if err != nil {
			return err
		}
		after, err := edit(slices.Clone(before))
		if err != nil {
			return err
		}
		err = e.EditPlaylist(ctx, p.Ref, before, after)
		var f *session.Fault
		if try < 2 && errors.As(err, &f) && f.Kind == session.Conflict {
			continue
		}
		return err
	}
}

func (g *global) addToPlaylist(ctx context.Context, h *app.House, args []string) error {
	p, err := findPlaylist(ctx, h, args[0])
	if err != nil {
		return err
	}
	refs, err := tracksNamed(ctx, h, p.Ref.Account, args[1:])
	if err != nil {
		return err
	}
	return change(ctx, h, args[0], func(rows []music.Ref) ([]music.Ref, error) { return append(rows, refs...), nil })
}

func (g *global) removeFromPlaylist(ctx context.Context, h *app.House, args []string) error {
	return change(ctx, h, args[0], func(rows []music.Ref) ([]music.Ref, error) {
		gone := map[int]bool{}
		for _, a := range args[1:] {
			from, to, err := span(a, len(rows))
			if err != nil {
				return nil, err
			}
			for i := from; i <= to; i++ {
				gone[i] = true
			}
		}
		kept := rows[:0]
		for i, r := range rows {
			if !gone[i+1] {
				kept = append(kept, r)
			}
		}
		return kept, nil
	})
}

func (g *global) moveInPlaylist(ctx context.Context, h *app.House, args []string) error {
	return change(ctx, h, args[0], func(rows []music.Ref) ([]music.Ref, error) {
		from, last, err := span(args[1], len(rows))
		if err != nil {
			return nil, err
		}
		to, _, err := span(args[2], len(rows))
		if err != nil {
			return nil, err
		}
		moved := slices.Clone(rows[from-1 : last])
		rest := slices.Delete(rows, from-1, last)
		return slices.Insert(rest, min(to-1, len(rest)), moved...), nil
	})
}

// span reads "3" or "3-7", rows of n.
func span(s string, n int) (from, to int, err error) {
	a, b, ranged := strings.Cut(s, "-")
	from, err = strconv.Atoi(a)
	to = from
	if err == nil && ranged {
		to, err = strconv.Atoi(b)
	}
	if err != nil || from < 1 || to < from || to > n {
		return 0, 0, usagef("%s: wants a row from 1 to %d, or a range as in 3-7", s, n)
	}
	return from, to, nil
}

func (g *global) renamePlaylist(ctx context.Context, h *app.House, args []string) error {
	p, e, err := findEditable(ctx, h, args[0])
	if err != nil {
		return err
	}
	_, err = e.RenamePlaylist(ctx, p.Ref, args[1])
	return err
}

func (g *global) deletePlaylist(ctx context.Context, h *app.House, args []string) error {
	p, e, err := findEditable(ctx, h, args[0])
	if err != nil {
		return err
	}
	return e.DeletePlaylist(ctx, p.Ref)
}

func (g *global) exportPlaylist(ctx context.Context, h *app.House, args []string) error {
	p, err := findPlaylist(ctx, h, args[0])
	if err != nil {
		return err
	}
	items, _, err := allOf(ctx, h, music.Ask{Of: p.Ref}, 0)
	if err != nil {
		return err
	}
	items = h.Told(ctx, items)
	var b strings.Builder
	b.WriteString("#EXTM3U\n#PLAYLIST:" + p.Name + "\n")
	for _, it := range items {
		t, ok := it.(music.Track)
		if !ok {
			continue
		}
		where := t.Path
		if where == "" {
			where = t.Ref.String()
		}
		fmt.Fprintf(&b, "#EXTINF:%d,%s\n%s\n", int(t.Duration.Seconds()), app.Describe(t), where)
	}
	if args[1] == "-" {
		return g.printf("%s", b.String())
	}
	if _, err := os.Stat(args[1]); err == nil {
		return fmt.Errorf("playlist: export: %s is there already; name another file or remove it", args[1])
	}
	return cache.WriteFile(args[1], []byte(b.String()))
}

func (g *global) importPlaylist(ctx context.Context, h *app.House, args []string) error {
	refs, err := tracksNamed(ctx, h, music.Local, args[:1])
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(filepath.Base(args[0]), filepath.Ext(args[0]))
	if len(args) > 1 {
		name = args[1]
	}
	ref, err := h.Local.CreatePlaylist(ctx, name, refs)
	if err != nil {
		return err
	}
	return g.printf("%s\n", ref.ID)
}
