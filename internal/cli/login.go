package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/music"
	"segue/internal/secret"
	"segue/session"
)

// loginFlags are those of segue login.
type loginFlags struct {
	name, server, user    string
	passwordStdin, forget bool
	noBrowser, force      bool
	options               map[string]string
}

func loginCommand(g *global) *cobra.Command {
	var f loginFlags
	c := &cobra.Command{
		Use:   "login ACCOUNT|SERVICE",
		Short: "Sign in, and be remembered",
		Long: "Sign in to an account, or add one of a service: " + strings.Join(app.ServiceNames(), ", ") + ".\n" +
			"The password is asked for, or read from standard input; it never stands in the command.\n" +
			"Segue remembers you, and signs you in at every start, unless --no-remember is given.",
		Example: "  segue login subsonic --server https://music.example.org --user alice\n" +
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
		l := &loggingIn{global: g, house: h, account: c.Account, remember: c.How.Remember, in: bufio.NewReader(g.io.In)}
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
	return !f.force && !f.passwordStdin && slices.ContainsFunc(known, func(a session.AccountInfo) bool {
		return a.ID == c.Account && a.Remembered != "" && (f.user == "" || f.user == a.Remembered)
	})
}

// command is what the words of the call ask for: an account that is there, or a new
// one of a service.
func (f loginFlags) command(known []session.AccountInfo, word string) (session.Login, error) {
	c := session.Login{How: session.SignIn{User: f.user, Remember: !f.forget, Force: f.force, Paste: f.noBrowser}}
	names := make([]string, len(known))
	for i, a := range known {
		names[i] = string(a.ID)
	}
	i := slices.Index(names, word)
	if i >= 0 {
		if !known[i].Can.SignIn {
			return c, usagef("the account %s needs no sign-in", word)
		}
		if f.server != "" && f.server != known[i].Server {
			return c, usagef("the account %s is at %s; name the service and --name to add another", word, known[i].Server)
		}
		c.Account = known[i].ID
		return c, nil
	}
	if !slices.Contains(app.ServiceNames(), word) {
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

// loggingIn follows one login on a terminal.
type loggingIn struct {
	*global
	house    *app.House
	account  music.AccountID
	remember bool
	in       *bufio.Reader
	reading  atomic.Bool // a password, which the terminal does not show
}

// attempt has the session do a login and follows it. What other logins came to before
// is not for its subscription.
func (l *loggingIn) attempt(ctx context.Context, c session.Command) error {
	sub := l.house.Subscribe("login")
	defer sub.Close()
	defer l.showAgain(l.terminal())
	l.house.Session.Send(c)
	return l.follow(ctx, sub)
}

// terminal is how the terminal is set, nil where there is none.
func (l *loggingIn) terminal() *term.State {
	was, err := term.GetState(l.io.In.Fd())
	if err != nil {
		return nil
	}
	return was
}

// showAgain lets the terminal show what is typed again, where a password was given up.
func (l *loggingIn) showAgain(was *term.State) {
	if was != nil && l.reading.Load() {
		_ = term.Restore(l.io.In.Fd(), was) // the shell that follows sets it, too
		l.say("")
	}
}

func (l *loggingIn) follow(ctx context.Context, sub *session.Subscription) error {
	for {
		events, ok := sub.Take(ctx)
		if !ok {
			return cmp.Or(ctx.Err(), errors.New("the session ended"))
		}
		for _, e := range events {
			switch e := e.(type) {
			case session.LoginNeeded:
				if e.Account == l.account && !e.Over {
					l.answer(e)
				}
			case session.MessageToUser:
				l.say("%s", e.Text)
			case session.LoggedIn:
				if e.Account != l.account {
					continue
				}
				if e.Fault != nil {
					return notIn{e.Fault}
				}
				return l.done(ctx, sub, e)
			default:
			}
		}
	}
}

// notIn is the end of a login that failed.
type notIn struct{ error }

func (n notIn) Unwrap() error { return n.error }

// say writes what is for the person only.
func (l *loggingIn) say(format string, args ...any) {
	_, _ = fmt.Fprintf(l.io.Err, format+"\n", args...) // nowhere else to say it
}

// answer puts a question before the person. One that waits for a browser is
// answered beside the events: the browser may be quicker.
func (l *loggingIn) answer(e session.LoginNeeded) {
	q := e.Question
	if q.Text != "" {
		l.say("%s", q.Text)
	}
	if q.URL != "" {
		l.say("  %s", q.URL)
	}
	if q.Code != "" {
		l.say("  code: %s", q.Code)
		return
	}
	go func() {
		text, err := l.read(q.What)
		l.house.Session.Send(session.AnswerLogin{Account: e.Account, ID: e.ID, Answer: text, Cancel: err != nil})
	}()
}

// read takes an answer from the terminal; a password is not shown.
func (l *loggingIn) read(what session.QuestionKind) (secret.Secret, error) {
	if what != session.QuestionPassword || !term.IsTerminal(l.io.In.Fd()) {
		return l.line()
	}
	l.reading.Store(true)
	defer l.reading.Store(false)
	b, err := term.ReadPassword(l.io.In.Fd())
	l.say("")
	return secret.New(string(b)), err
}

// line is a line of standard input without its end.
func (l *loggingIn) line() (secret.Secret, error) {
	text, err := l.in.ReadString('\n')
	if errors.Is(err, io.EOF) && text != "" {
		err = nil
	}
	return secret.New(strings.TrimRight(text, "\r\n")), err
}

// done says who is in, and where that is remembered once it is there.
func (l *loggingIn) done(ctx context.Context, sub *session.Subscription, e session.LoggedIn) error {
	who := cmp.Or(e.User.Display, e.User.Name)
	if !l.remember {
		return l.printf("%s: signed in as %s, not remembered\n", l.account, who)
	}
	ctx, cancel := context.WithTimeout(ctx, signInPatience)
	defer cancel()
	for {
		events, ok := sub.Take(ctx)
		if !ok {
			return l.printf("%s: signed in as %s\n", l.account, who)
		}
		for _, e := range events {
			if n, is := e.(session.Notice); is && n.Fault != nil && n.Fault.Account == l.account && n.Fault.Op == session.OpRemember {
				return fmt.Errorf("signed in as %s, but not remembered: %w", who, n.Fault)
			}
			a, is := infoIn(e, l.account)
			switch {
			case is && a.Remembered != "" && a.Where != "":
				return l.printf("%s: signed in as %s, remembered in %s\n", a.ID, who, a.Where)
			case is && a.Remembered == "" && a.State == session.ConnLoggedIn:
				return l.printf("%s: signed in as %s, not remembered\n", a.ID, who)
			}
		}
	}
}

// infoIn is what an event says of an account.
func infoIn(e session.Event, id music.AccountID) (session.AccountInfo, bool) {
	changed, is := e.(session.AccountsChanged)
	if !is {
		return session.AccountInfo{}, false
	}
	i := slices.IndexFunc(changed.Accounts, func(a session.AccountInfo) bool { return a.ID == id })
	if i < 0 {
		return session.AccountInfo{}, false
	}
	return changed.Accounts[i], true
}
