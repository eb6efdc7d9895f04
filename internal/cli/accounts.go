package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/music"
	"segue/session"
)

// accountRow is an account as accounts --json prints it.
type accountRow struct {
	Name       string     `json:"name"`
	Service    string     `json:"service"`
	Server     string     `json:"server,omitempty"`
	User       string     `json:"user,omitempty"`
	State      string     `json:"state"`
	Remembered string     `json:"remembered,omitempty"` // the user that the next start signs in again
	Where      string     `json:"where,omitempty"`      // where that is kept
	Until      *time.Time `json:"until,omitempty"`      // when the sign-in ends, however much it is used
	Scopes     []string   `json:"scopes,omitempty"`     // what it may do, in the service's words
	Allows     []string   `json:"allows,omitempty"`     // the same for people
	Lacks      []string   `json:"lacks,omitempty"`      // features in use that it may not do, for segue login --for
	Remark     string     `json:"remark,omitempty"`     // what was found out that lasts
	Note       string     `json:"note,omitempty"`
	RetryAt    *time.Time `json:"retryAt,omitempty"`
	Added      bool       `json:"added,omitempty"` // by segue login, not by the config
}

// signInPatience is how long commands wait for accounts to answer.
const signInPatience = 10 * time.Second

func accountsCommand(g *global) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "accounts",
		Short: "List the accounts: whose they are, and whether they are signed in",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return g.asking(cmd.Context(), func(_ context.Context, h *app.House, known []session.AccountInfo) error {
				return g.listAccounts(known, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func (g *global) listAccounts(known []session.AccountInfo, asJSON bool) error {
	rows := make([]accountRow, 0, len(known))
	for _, a := range known {
		r := accountRow{
			Name: string(a.ID), Service: a.Kind, Server: a.Server, User: a.User, State: string(a.State),
			Remembered: a.Remembered, Where: a.Where, Note: noteOf(a), Added: a.Added,
		}
		r.Scopes, r.Allows, r.Remark = a.Scopes, a.Allows, a.Remark
		for _, l := range a.Lacks {
			r.Lacks = append(r.Lacks, l.Feature)
		}
		if !a.RetryAt.IsZero() {
			r.RetryAt = &a.RetryAt
		}
		if !a.Until.IsZero() {
			r.Until = &a.Until
		}
		rows = append(rows, r)
	}
	if asJSON {
		return g.writeJSON(rows)
	}
	for _, r := range rows {
		line := fmt.Sprintf("%-16s %-10s %-12s %-12s %s", r.Name, r.Service, cmp.Or(r.User, "-"), r.State, r.Server)
		if r.Where != "" && r.Remembered != "" {
			line += " (remembered in " + r.Where + ")"
		}
		if r.Until != nil {
			line += ", signed in until " + r.Until.Local().Format(time.DateOnly)
		}
		if r.Note != "" {
			line += " · " + r.Note
		}
		if len(r.Allows) > 0 {
			line += "\n    allows " + strings.Join(r.Allows, ", ")
		}
		if len(r.Lacks) > 0 {
			line += "\n    lacks what segue login " + r.Name + " --for " + strings.Join(r.Lacks, ",") + " asks for"
		}
		if r.Remark != "" {
			line += "\n    " + r.Remark
		}
		if err := g.printf("%s\n", strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	return nil
}

func logoutCommand(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "logout [ACCOUNT]",
		Short: "Sign out; what is remembered stays, so that login needs no password",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.leave(cmd.Context(), args, func(id music.AccountID) session.Command { return session.Logout{Account: id} },
				"signed out of %s; segue login %[1]s signs in again")
		},
	}
}

func forgetCommand(g *global) *cobra.Command {
	var remove bool
	c := &cobra.Command{
		Use:   "forget [ACCOUNT]",
		Short: "Sign out and remove credential and tokens from every store",
		Long: "Sign out and remove credential and tokens from every store. With --remove the account itself goes, and what is\n" +
			"kept of it on this machine: what was remembered of its server, offline copies, plays that were not told yet.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.leave(cmd.Context(), args, func(id music.AccountID) session.Command {
				return session.Forget{Account: id, Remove: remove}
			}, "forgot the sign-in of %s")
		},
	}
	c.Flags().BoolVar(&remove, "remove", false, "take the account off the list, too, if segue login added it, and delete what is kept of it")
	return c
}

// leave sends one account, or the only one there is, a command and follows it.
func (g *global) leave(ctx context.Context, args []string, command func(music.AccountID) session.Command, said string) error {
	return g.changing(ctx, func(ctx context.Context, h *app.House) error {
		known, err := h.Session.Accounts(ctx)
		if err != nil {
			return err
		}
		id, err := oneAccount(known, args)
		if err != nil {
			return err
		}
		c := command(id)
		if err := g.sayWhatGoes(ctx, h, c); err != nil {
			return err
		}
		sub := h.Subscribe("command")
		defer sub.Close()
		h.Session.Send(c)
		wait, cancel := context.WithTimeout(ctx, 2*signInPatience)
		defer cancel()
		l := leaving{id: id}
		for !l.over {
			events, ok := sub.Take(wait)
			if !ok {
				return cmp.Or(ctx.Err(), fmt.Errorf("%s did not answer in time", id))
			}
			for _, e := range events {
				l.take(e)
			}
		}
		switch {
		case l.failed != nil:
			return l.failed
		case l.text != "":
			return g.printf("%s\n", l.text)
		}
		if err := g.printf(said+"\n", id); err != nil {
			return err
		}
		if _, forgets := command(id).(session.Forget); forgets && kindOf(known, id) == "spotify" {
			return g.printf("Spotify still lists the app: https://www.spotify.com/account/apps takes its access away\n")
		}
		return nil
	})
}

// sayWhatGoes names what a command deletes beside the sign-in.
func (g *global) sayWhatGoes(ctx context.Context, h *app.House, c session.Command) error {
	f, ok := c.(session.Forget)
	if !ok || !f.Remove {
		return nil
	}
	e, ok := h.Service(f.Account).(session.Eraser)
	if !ok || h.Configured(f.Account) {
		return nil
	}
	kept, err := e.Keeps(ctx)
	if err == nil && kept != "" {
		g.talk("%s: this deletes %s", f.Account, kept)
	}
	return err
}

func kindOf(known []session.AccountInfo, id music.AccountID) string {
	for _, a := range known {
		if a.ID == id {
			return a.Kind
		}
	}
	return ""
}

// leaving is what came of a logout or of forgetting so far.
type leaving struct {
	id     music.AccountID
	over   bool
	failed error
	text   string // said in place of the usual
}

// take draws the conclusion from an event. Meanwhile the account may fail to sign in
// by itself: that is no answer.
func (l *leaving) take(e session.Event) {
	switch e := e.(type) {
	case session.LoggedOut:
		l.over = l.over || e.Account == l.id && e.Fault == nil
	case session.Notice:
		f := e.Fault
		if l.over || f == nil || f.Account != l.id || !slices.Contains([]string{session.OpLogout, session.OpForget, session.OpRemove}, f.Op) {
			return
		}
		switch e.Level {
		case session.Info:
			l.over, l.text = true, e.Text
		case session.Warning: // and LoggedOut follows
			l.failed = f
		case session.Failure:
			l.over, l.failed = true, f
		}
	default:
	}
}

// oneAccount is the one that is named, or the only one that has a sign-in.
func oneAccount(known []session.AccountInfo, args []string) (music.AccountID, error) {
	var can []string
	for _, a := range known {
		if len(args) == 1 && string(a.ID) == args[0] {
			if !a.Can.SignIn {
				return "", usagef("the account %s needs no sign-in", a.ID)
			}
			return a.ID, nil
		}
		if a.Can.SignIn {
			can = append(can, string(a.ID))
		}
	}
	switch {
	case len(can) == 0:
		return "", fmt.Errorf("%w: there is no account with a sign-in; segue login adds one", app.ErrNothing)
	case len(args) == 1:
		return "", usagef("there is no account %s; there are %s", args[0], strings.Join(can, ", "))
	case len(can) > 1:
		return "", usagef("name one of the accounts %s", strings.Join(can, ", "))
	}
	return music.AccountID(can[0]), nil
}
