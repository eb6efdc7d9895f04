package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/music"
	"segue/session"
)

// loginFlags are those of segue login.
type loginFlags struct {
	name, server, user    string
	passwordStdin, forget bool
	noBrowser, force      bool
	features              []string
	options               map[string]string
}

func loginCommand(g *global) *cobra.Command {
	var f loginFlags
	c := &cobra.Command{
		Use:   "login ACCOUNT|SERVICE",
		Short: "Sign in, and be remembered",
		Long: "Sign in to an account, or add one of a service: " + strings.Join(app.ServiceNames(), ", ") + ".\n" +
			"A password is asked for, or read from standard input; it never stands in the command. To Spotify one signs in in a browser.\n" +
			"Segue remembers you, and signs you in at every start, unless --no-remember is given.",
		Example: "  segue login spotify\n" +
			"  segue login spotify --for playlists,following\n" +
			"  segue login subsonic --server https://music.example.org --user alice\n" +
			"  pass music/home | segue login home --password-stdin",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return g.login(cmd.Context(), args[0], f) },
	}
	c.Flags().StringVar(&f.name, "name", "", "what to call a new account (`NAME`): a-z, 0-9, . _ -")
	c.Flags().StringVar(&f.server, "server", "", "the server's address (`URL`)")
	c.Flags().StringVar(&f.user, "user", "", "who signs in (`USER`)")
	c.Flags().BoolVar(&f.passwordStdin, "password-stdin", false, "read the password from standard input")
	c.Flags().BoolVar(&f.forget, "no-remember", false, "remember nothing: this sign-in ends with the program")
	c.Flags().BoolVar(&f.noBrowser, "no-browser", false, "open no browser: the address it ends at is pasted")
	c.Flags().BoolVar(&f.force, "force", false, "show the service's dialog again, to choose another user")
	c.Flags().StringSliceVar(&f.features, "for", nil, "ask for these permissions beside those granted before (`FEATURE`,...): such as playlists, library, playback")
	c.Flags().Lookup("for").DefValue = ""
	c.Flags().StringToStringVar(&f.options, "set", nil, "what only this service understands, as `KEY=VALUE`")
	c.Flags().Lookup("set").DefValue = "" // nothing, for the help
	return c
}

func (g *global) login(ctx context.Context, word string, f loginFlags) error {
	return g.changing(ctx, func(ctx context.Context, h *app.House) error {
		known, err := h.Session.Accounts(ctx)
		if err != nil {
			return err
		}
		c, err := f.command(known, word)
		if err != nil {
			return err
		}
		l := &loggingIn{global: g, house: h, account: c.Account, remember: c.How.Remember, paste: f.noBrowser, in: bufio.NewReader(g.io.In)}
		if f.passwordStdin {
			if c.How.Password, err = l.line(); err != nil {
				return fmt.Errorf("login: standard input: %w", err)
			}
		}
		if f.again(known, c) {
			if err := l.attempt(ctx, session.Relogin{Account: c.Account}); !errors.As(err, &notIn{}) {
				return err
			}
		}
		return l.attempt(ctx, c)
	})
}

// again reports whether the remembered user can be signed in without a question.
func (f loginFlags) again(known []session.AccountInfo, c session.Login) bool {
	return !f.force && !f.passwordStdin && len(f.features) == 0 && slices.ContainsFunc(known, func(a session.AccountInfo) bool {
		return a.ID == c.Account && a.Remembered != "" && (f.user == "" || f.user == a.Remembered)
	})
}

// command is what the words of the call ask for: an account that is there, or a new
// one of a service.
func (f loginFlags) command(known []session.AccountInfo, word string) (session.Login, error) {
	c := session.Login{How: session.SignIn{User: f.user, Remember: !f.forget, Force: f.force, Paste: f.noBrowser, For: f.features}}
	names := make([]string, len(known))
	for i, a := range known {
		names[i] = string(a.ID)
	}
	isService := slices.Contains(app.ServiceNames(), word)
	i := slices.Index(names, word)
	if i >= 0 && isService && f.name != "" && f.name != word {
		i = -1 // an account that has its service's name does not stand in the way of a second
	}
	if i >= 0 {
		a := known[i]
		who := cmp.Or(a.Remembered, a.User)
		switch {
		case !a.Can.SignIn:
			return c, usagef("the account %s needs no sign-in", word)
		case f.name != "" && f.name != word:
			return c, usagef("%s is an account already; segue login %s --name %s adds another", word, a.Kind, f.name)
		case f.server != "" && f.server != a.Server:
			return c, usagef("the account %s is at %s; segue login %s --name NAME adds another", word, a.Server, a.Kind)
		case isService && f.user != "" && who != "" && f.user != who:
			return c, usagef("the account %s is that of %s; segue login %s --name NAME adds another", word, who, a.Kind)
		}
		c.Account = a.ID
		return c, nil
	}
	if !isService {
		return c, usagef("there is no account and no service %s; accounts: %s; services: %s",
			word, strings.Join(names, ", "), strings.Join(app.ServiceNames(), ", "))
	}
	name := cmp.Or(f.name, freeName(names, word))
	switch {
	case !music.AccountID(name).Valid():
		return c, usagef("--name %s: wants 1 to 32 of a-z, 0-9, '.', '_' and '-'", name)
	case slices.Contains(names, name):
		return c, usagef("--name %s: there is such an account already; segue login %s signs it in", name, name)
	}
	c.Account = music.AccountID(name)
	c.New = &session.Spec{ID: c.Account, Service: word, Server: f.server, User: f.user, Options: f.options}
	return c, nil
}

// freeName is the service's name, with a number where it is taken.
func freeName(taken []string, service string) string {
	name := service
	for n := 2; slices.Contains(taken, name); n++ {
		name = fmt.Sprintf("%s-%d", service, n)
	}
	return name
}
