package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"segue/cache"
	"segue/cache/cachetest"
	"segue/internal/config"
	"segue/internal/music"
	"segue/internal/oauth/oauthtest"
	"segue/internal/secret"
	"segue/session"
)

// patience is for what takes a second on a machine that has nothing else to do.
const patience = 2 * time.Minute

// place is where tokens are kept: how a config names it, how a user is told of it, and what
// takes an account's token away behind the program's back.
type place struct {
	set  func(o *Options)
	name string
	lose func(account string)
}

func inRedis(t *testing.T) place {
	r := cachetest.StartRedis(t)
	return place{name: "Redis", set: func(o *Options) {
		o.Config.Cache.Tokens, o.Config.Cache.RedisURL = "redis", secret.New(r.URL())
	}, lose: func(account string) {
		if got := r.CLI(t, "", "del", "segue:token:"+account); got != "1" {
			t.Errorf("redis says %s", got)
		}
	}}
}

func inMemcached(t *testing.T) place {
	sock := cachetest.StartMemcached(t)
	return place{name: "memcached", set: func(o *Options) {
		o.Config.Cache.Tokens, o.Config.Cache.Memcached = "memcached", sock
	}, lose: func(account string) {
		if got := cachetest.Tell("unix", sock, "touch segue:token:"+account+" -1"); got != "TOUCHED" { // it expires
			t.Errorf("memcached says %s", got)
		}
	}}
}

func inKeyring(t *testing.T) place {
	cachetest.StartKeyring(t)
	return place{name: "the keyring", set: func(o *Options) { o.Config.Cache.Tokens = "keyring" }, lose: func(account string) {
		if err := keyring.Delete("segue", "token:"+account); err != nil {
			t.Errorf("the keyring says %v", err)
		}
	}}
}

// heard is what a run came to: what was asked and said, by the account.
type heard struct {
	questions []session.Question
	notices   []string
	accounts  []session.AccountInfo
	pages     int // that were answered
}

// run is one run of the program: it sends commands, lets somebody sign in where the
// program asks for that, and goes on until done.
func run(t *testing.T, o Options, person *oauthtest.Person, done func(h *heard) bool, commands ...session.Command) *heard {
	t.Helper()
	h := build(t, o)
	h.browsers.open = nil // nobody sees one here
	sub := h.Subscribe("test")
	defer sub.Close()
	got := &heard{}
	err := h.Run(t.Context(), func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		for _, c := range commands {
			h.Session.Send(c)
		}
		for !done(got) {
			events, ok := sub.Take(ctx)
			if !ok {
				return fmt.Errorf("it came to %+v: %w", got, ctx.Err())
			}
			for _, e := range events {
				switch e := e.(type) {
				case session.AccountsChanged:
					got.accounts = e.Accounts
				case session.PageLoaded:
					got.pages++
				case session.Notice:
					got.notices = append(got.notices, e.Text)
				case session.LoginNeeded:
					if !e.Over {
						got.questions = append(got.questions, e.Question)
						if e.Question.What == session.QuestionText {
							h.Session.Send(session.AnswerLogin{Account: e.Account, ID: e.ID, Answer: secret.New(oauthtest.Spotlike)})
							continue
						}
						go func() { _, _, _ = person.Walk(e.Question.URL) }() // the session tells how it ends
					}
				default:
				}
			}
		}
		return nil
	})
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// states are how the accounts that sign in stand, once each of them has settled.
func (h *heard) states(want ...session.ConnState) bool {
	var states []session.ConnState
	for _, a := range h.accounts {
		if a.Can.SignIn && pending(a) {
			return false
		}
		if a.Can.SignIn && (a.State != session.ConnLoggedIn || a.Where != "") {
			states = append(states, a.State)
		}
	}
	return fmt.Sprint(states) == fmt.Sprint(want)
}

// said counts the notices that say a text.
func (h *heard) said(text string) int {
	n := 0
	for _, line := range h.notices {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

// TestASignInIsKeptWhereTheConfigSaysAndMissedOnceWhenItIsGone: sign in, start again without
// a question; then the token of one account expires there. Its loss is told in one line;
// the other account is in, nobody is asked anything, and signing in again is one question.
func TestASignInIsKeptWhereTheConfigSaysAndMissedOnceWhenItIsGone(t *testing.T) {
	for name, start := range map[string]func(t *testing.T) place{"redis": inRedis, "memcached": inMemcached, "keyring": inKeyring} {
		t.Run(name, func(t *testing.T) {
			server := oauthtest.Start(t, "rotate") // before a keyring, which has a HOME of its own
			at := start(t)
			o := home(t)
			at.set(&o)
			o.Config.Spotify.ClientID, o.Config.Spotify.Accounts, o.Config.Spotify.API = oauthtest.Spotlike, server.URL, server.URL+"/v1"
			anna := oauthtest.NewPerson(t, "anna", "allow")
			const in, out = session.ConnLoggedIn, session.ConnLoggedOut
			for n, id := range []music.AccountID{"spotify", "second"} {
				add := session.Login{Account: id, New: &session.Spec{ID: id, Service: "spotify"}, How: session.SignIn{Remember: true}}
				got := run(t, o, anna, func(h *heard) bool { return h.states([]session.ConnState{in, in}[:n+1]...) }, add)
				if len(got.questions) != 1 || !strings.HasPrefix(got.questions[0].URL, server.URL+"/authorize?") {
					t.Errorf("%s is asked %+v", id, got.questions)
				}
			}
			if files, err := os.ReadDir(filepath.Join(o.Folders.Cache, "tokens")); err == nil && len(files) > 0 {
				t.Errorf("%d tokens are in files", len(files))
			}
			got := run(t, o, anna, func(h *heard) bool { return h.states(in, in) })
			if len(got.questions) != 0 || len(got.notices) != 0 {
				t.Errorf("coming back: asked %v, told %q", got.questions, got.notices)
			}
			if where := got.accounts[1].Where; !strings.Contains(strings.ToLower(where), strings.ToLower(at.name)) {
				t.Errorf("it is said to be in %q", where)
			}
			at.lose("spotify")
			for start, want := range []int{1, 0} { // the second start knows of nobody
				got = run(t, o, anna, func(h *heard) bool { return h.states(out, in) && h.said("anna") >= want })
				if got.said("spotify: sign in again: what anna was remembered by is") != want || len(got.notices) != want || len(got.questions) != 0 {
					t.Errorf("start %d: asked %v, told %q", start+1, got.questions, got.notices)
				}
			}
			got = run(t, o, anna, func(h *heard) bool { return h.states(in, in) }, session.Login{Account: "spotify", How: session.SignIn{Remember: true}})
			if len(got.questions) != 1 {
				t.Errorf("to sign in again takes %+v", got.questions)
			}
		})
	}
}

// TestAnAccountThatWasForgottenAsksNothingUntilSomebodySignsIn: not at the next starts, and
// not for the client id that the config does not have.
func TestAnAccountThatWasForgottenAsksNothingUntilSomebodySignsIn(t *testing.T) {
	server := oauthtest.Start(t, "rotate")
	o := home(t)
	o.Config.Cache.Tokens = "file"
	o.Config.Spotify.Accounts, o.Config.Spotify.API = server.URL, server.URL+"/v1"
	o.Config.Accounts = append(o.Config.Accounts, config.Account{Name: "tunes", Service: "spotify"})
	anna := oauthtest.NewPerson(t, "anna", "allow")
	login := session.Login{Account: "tunes", How: session.SignIn{Remember: true}}
	isIn := func(h *heard) bool { return h.states(session.ConnLoggedIn) }
	isOut := func(h *heard) bool { return h.states(session.ConnLoggedOut) }
	kinds := func(h *heard) string {
		var all []string
		for _, q := range h.questions {
			all = append(all, string(q.What))
		}
		return strings.Join(all, " ")
	}
	if got := run(t, o, anna, isIn, login); kinds(got) != "text browser" {
		t.Errorf("at the first sign-in it asks %s", kinds(got))
	}
	if got := run(t, o, anna, isIn); kinds(got) != "" {
		t.Errorf("coming back it asks %s", kinds(got))
	}
	run(t, o, anna, func(h *heard) bool { return isOut(h) && h.said("www.spotify.com/account/apps") > 0 }, session.Forget{Account: "tunes"})
	for range 2 {
		if got := run(t, o, anna, isOut); kinds(got) != "" || len(got.notices) != 0 || got.accounts[1].Remembered != "" {
			t.Errorf("after it was forgotten: asks %s, tells %q, remembers %q", kinds(got), got.notices, got.accounts[1].Remembered)
		}
	}
	if got := run(t, o, anna, isIn, login); kinds(got) != "text browser" {
		t.Errorf("at the next sign-in it asks %s", kinds(got))
	}
}

// TestAGrantThatSpotifyHasEndedIsToldOnceAtTheStart, with what to do, however much is asked
// for after that; nobody is asked to sign in, and the next start says nothing.
func TestAGrantThatSpotifyHasEndedIsToldOnceAtTheStart(t *testing.T) {
	server := oauthtest.Start(t, "keep", "59") // each start refreshes
	o := home(t)
	o.Config.Cache.Tokens = "file"
	o.Config.Spotify.ClientID, o.Config.Spotify.Accounts, o.Config.Spotify.API = oauthtest.Spotlike, server.URL, server.URL+"/v1"
	anna := oauthtest.NewPerson(t, "anna", "allow")
	add := session.Login{Account: "spotify", New: &session.Spec{ID: "spotify", Service: "spotify"}, How: session.SignIn{Remember: true}}
	run(t, o, anna, func(h *heard) bool { return h.states(session.ConnLoggedIn) }, add)
	text, err := os.ReadFile(filepath.Join(o.Folders.Cache, "tokens", "spotify.json"))
	if err != nil {
		t.Fatal(err)
	}
	token, err := cache.JSON{}.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	server.EndGrant(t, token.RefreshToken.Reveal())
	refused := server.Stats(t).Refused
	var loads []session.Command
	for n := range 5 {
		loads = append(loads, session.Load{Ticket: session.Ticket(n + 1), Ask: music.Ask{Of: music.Section("spotify", music.SectionPlaylists)}})
	}
	got := run(t, o, anna, func(h *heard) bool {
		return h.states(session.ConnLoggedOut) && h.said("has ended") > 0 && h.pages >= len(loads)
	}, loads...)
	if got.said("the sign-in of") != 1 || got.said("sign in with: segue login spotify") != 1 || len(got.notices) != 1 || len(got.questions) != 0 {
		t.Errorf("asked %v, told %q", got.questions, got.notices)
	}
	if n := server.Stats(t).Refused - refused; n != 1 {
		t.Errorf("Spotify was asked %d times with what has ended", n)
	}
	got = run(t, o, anna, func(h *heard) bool { return h.states(session.ConnLoggedOut) })
	if len(got.notices) != 0 || len(got.questions) != 0 {
		t.Errorf("the next start: asked %v, told %q", got.questions, got.notices)
	}
}
