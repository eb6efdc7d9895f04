package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"segue/internal/app"
	"segue/internal/music"
	"segue/internal/secret"
	"segue/session"
	"segue/ui/widget"
)

// loggingIn follows one login on a terminal.
type loggingIn struct {
	*global
	house    *app.House
	account  music.AccountID
	remember bool
	paste    bool // there is no browser: what is read is the only answer
	in       *bufio.Reader
	reading  atomic.Bool // a password, which the terminal does not show

	mu      sync.Mutex           // guards what follows
	open    *session.LoginNeeded // the question that waits for an answer, nil = none does
	waiting bool                 // for a line of standard input
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
				switch {
				case e.Account != l.account:
				case e.Over:
					l.over(e)
				default:
					l.answer(e)
				}
			case session.MessageToUser:
				l.say("%s", l.folded(e.Text))
			case session.LoggedIn:
				if e.Account != l.account {
					continue
				}
				if e.Fault != nil {
					if e.Fault.Kind == session.InvalidArgument {
						return usageError{e.Fault}
					}
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

// folded is a text in lines that end between words, where a terminal shows it.
func (l *loggingIn) folded(text string) string {
	w, _, err := term.GetSize(l.io.Err.Fd())
	if err != nil {
		return text
	}
	return ansi.Wordwrap(text, max(w, 20), "")
}

// answer puts a question before the person. It is answered beside the events: a browser
// may be quicker.
func (l *loggingIn) answer(e session.LoginNeeded) {
	q := e.Question
	switch {
	case q.What == session.QuestionYesNo:
		l.say("%s", l.folded(q.Text+" (yes or no)"))
	case q.Text != "":
		l.say("%s", l.folded(q.Text))
	}
	if q.URL != "" {
		l.say("  %s", q.URL)
	}
	for _, line := range l.picture(q) {
		l.say("  %s", line)
	}
	if q.Code != "" {
		l.say("  code: %s", q.Code)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = &e
	if !l.waiting {
		l.waiting = true
		go l.wait(q.What)
	}
}

// wait reads one answer, and gives it to the question that is open then: the one that it
// was read for may be over, because a browser came back.
func (l *loggingIn) wait(what session.QuestionKind) {
	text, err := l.read(what)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = false
	e := l.open
	if e == nil || err != nil && e.Question.What == session.QuestionBrowser && !l.paste {
		return // nobody can paste, and a browser may still come back
	}
	l.open = nil
	l.house.Session.Send(session.AnswerLogin{Account: e.Account, ID: e.ID, Answer: text, Cancel: err != nil})
}

// over is the end of a question that nobody answered here.
func (l *loggingIn) over(e session.LoginNeeded) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open != nil && l.open.ID == e.ID {
		l.open = nil
	}
}

// picture is a question's address as a QR code for a phone, where the terminal has room
// for it and shows it as it must be.
func (l *loggingIn) picture(q session.Question) []string {
	asked := q.What == session.QuestionBrowser || q.What == session.QuestionCode
	out := l.io.Err.Fd()
	if !asked || q.URL == "" || !term.IsTerminal(out) || !app.UTF8Locale() || os.Getenv("NO_COLOR") != "" {
		return nil
	}
	w, h, err := term.GetSize(out)
	if err != nil {
		return nil
	}
	return widget.QR(q.URL, w-2, h-8) // the text and the address stand above it, the code below
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
