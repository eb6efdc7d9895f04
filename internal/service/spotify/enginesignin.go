package spotify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"

	"segue/internal/httpx"
	"segue/internal/secret"
	"segue/session"
)

// errNoEngine says that there is no engine in this Segue, or no place for one.
var errNoEngine = errors.New("there is no place for the engine's folder")

// theEngine is the account's engine, made when it is first wanted. nil and no error: it is
// not wanted, as tracks play on a device.
func (s *Service) theEngine() (Engine, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.engine != nil || s.cfg.Playback == PlayConnect:
		return s.engine, nil
	case s.cfg.Engine == nil || s.cfg.StateDir == "" || s.closed:
		return nil, errNoEngine
	}
	e, err := s.cfg.Engine(EngineSpec{
		Account: s.id, Path: s.cfg.EnginePath, Dir: filepath.Join(s.cfg.StateDir, "go-librespot", string(s.id)),
		Kbps: s.cfg.Kbps, Notify: s.cfg.Notify, Lost: s.lostHere,
	})
	if err != nil {
		return nil, err
	}
	e.SetNetwork(!s.blocked)
	s.tune(e)
	s.engine = e
	return e, nil
}

// playsHere reports whether tracks may play here: the engine is wanted, and made.
func (s *Service) playsHere() bool {
	e, err := s.theEngine()
	return e != nil && err == nil
}

// Why there are two sign-ins, in the question that begins the second.
const whyTwice = "The engine that plays on this machine, go-librespot %s, needs a sign-in of its own: Spotify takes no other program's keys from it, " +
	"and none of its keys for lists and search. It is outside Spotify's terms, and works with Premium only. Sign it in now?"

// engineToo signs the engine in after the Web API, where it is used and is not in yet. What
// keeps it from that is a note: the first sign-in holds in any case. An error is the end of
// ctx, or of the person's patience.
func (s *Service) engineToo(ctx context.Context, in session.SignIn, ask session.Asker) (note string, err error) {
	e, err := s.theEngine()
	if err == nil && e == nil {
		return "", nil
	}
	program := ""
	if err == nil {
		program, err = e.Version(ctx)
	}
	if err != nil {
		if s.cfg.Playback == PlayAuto {
			return "", nil // then a device plays
		}
		return "lists and devices work, but nothing can play here: " + err.Error(), nil
	}
	later := "nothing plays here until the engine is signed in, too: segue login " + string(s.id) + " --force"
	if e.SignedIn() && !in.Force {
		e.Start() // its sign-in is of no more than that
		return "", nil
	}
	if ask == nil {
		return later, nil
	}
	answer, err := ask(ctx, session.Question{What: session.QuestionYesNo, Text: fmt.Sprintf(whyTwice, program)})
	if err != nil {
		return "", err
	}
	if yes := strings.ToLower(strings.TrimSpace(answer.Reveal())); yes != "yes" && yes != "y" {
		return later, nil
	}
	if err := s.signInEngine(ctx, e, in, ask); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "lists and devices work, but the engine is not signed in: " + err.Error(), nil
	}
	return "", nil
}

// signInEngine shows what the engine asks for until it is signed in.
func (s *Service) signInEngine(ctx context.Context, e Engine, in session.SignIn, ask session.Asker) error {
	showing, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	asks := &engineAsks{s: s, in: in, ask: ask, giveUp: giveUp}
	err := e.SignIn(showing, func(url, code string) { asks.show(showing, url, code) })
	cause := context.Cause(showing)
	giveUp(nil)
	asks.end()
	if err != nil && cause != nil && ctx.Err() == nil {
		return cause
	}
	return err
}

// engineAsks shows one address of the engine's at a time.
type engineAsks struct {
	s      *Service
	in     session.SignIn
	ask    session.Asker
	giveUp context.CancelCauseFunc
	work   sync.WaitGroup

	mu   sync.Mutex
	last context.CancelFunc // of the question that is shown
	over bool               // nothing is shown any more
}

// end waits until no question is shown; none comes after it.
func (a *engineAsks) end() {
	a.mu.Lock()
	a.over = true
	a.mu.Unlock()
	a.work.Wait()
}

// show asks in a goroutine that ends with ctx, or with the next address.
func (a *engineAsks) show(ctx context.Context, url, code string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over {
		return
	}
	if a.last != nil {
		a.last()
	}
	mine, end := context.WithCancel(ctx)
	a.last = end
	a.work.Go(func() {
		defer end()
		if err := a.question(mine, url, code); err != nil && mine.Err() == nil {
			a.giveUp(err)
		}
	})
}

func (a *engineAsks) question(ctx context.Context, url, code string) error {
	q := session.Question{What: session.QuestionCode, URL: url, Code: code, Text: "Open this address on any device where you are signed in to Spotify, and enter the code."}
	if code == "" {
		q.What, q.Text = session.QuestionBrowser, "Open this address in a browser, where you are signed in to Spotify. If that is not on this machine, paste the address that it ends at; that its page does not load is as it should be."
	}
	if open := a.s.cfg.Opener; open != nil && !a.in.Paste && open(ctx, url) == nil {
		q.Text = "A browser has opened. " + q.Text
	}
	for {
		answer, err := a.ask(ctx, q)
		if err != nil || code != "" {
			return err
		}
		problem := a.s.carry(ctx, answer)
		if problem == "" {
			return nil
		}
		q.Text = problem
	}
}

// carry brings the engine the address that a browser elsewhere ended at: the engine waits
// for it on this machine. It gives what is wrong with it, for the person.
func (s *Service) carry(ctx context.Context, pasted secret.Secret) (problem string) {
	text := strings.Trim(strings.TrimSpace(pasted.Reveal()), `"'<>`)
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || u.Query().Get("code") == "" || !isLoopback(u.Hostname()) {
		return "That is not the address that the browser ends at: it begins with http://127.0.0.1 and has a code in it."
	}
	req, err := httpx.NewRequest(ctx, http.MethodGet, text, http.NoBody)
	if err != nil {
		return "That address cannot be read; paste the whole of it."
	}
	if _, _, err := s.http.Bytes(req); err != nil {
		return "The engine does not take that address: " + httpx.Scrub(said(err)) + ". Open the address above once more."
	}
	return ""
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
