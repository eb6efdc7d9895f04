package spotify

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"segue/internal/oauth/oauthtest"
	"segue/internal/secret"
	"segue/session"
)

// TestTheEngineIsSignedInInTheSameFlow: asked for with the reason, shown as it says, and
// never at the cost of the first sign-in.
func TestTheEngineIsSignedInInTheSameFlow(t *testing.T) {
	server := oauthtest.Start(t, "keep")
	for name, c := range map[string]struct {
		engine   *paperEngine
		playback Playback
		force    bool
		answers  map[session.QuestionKind][]string
		kinds    string
		in       bool
		note     string
	}{
		"with a code":            {engine: &paperEngine{version: "0.9.1", code: "AB12"}, playback: PlayEngine, answers: yes(), kinds: "yes-no code", in: true},
		"in a browser":           {engine: &paperEngine{version: "0.9.0"}, playback: PlayEngine, answers: yes(), kinds: "yes-no browser", in: true},
		"not now":                {engine: &paperEngine{version: "0.9.1"}, playback: PlayEngine, answers: map[session.QuestionKind][]string{session.QuestionYesNo: {"no"}}, kinds: "yes-no", note: "nothing plays here until the engine is signed in"},
		"it is in already":       {engine: &paperEngine{version: "0.9.1", in: true}, playback: PlayEngine, in: true},
		"somebody else":          {engine: &paperEngine{version: "0.9.1", in: true, code: "X"}, playback: PlayAuto, force: true, answers: yes(), kinds: "yes-no code", in: true},
		"it fails":               {engine: &paperEngine{version: "0.9.1", code: "X", signs: errors.New("the code is too old")}, playback: PlayEngine, answers: yes(), kinds: "yes-no code", note: "the engine is not signed in: the code is too old"},
		"it is missing":          {engine: &paperEngine{missing: errors.New("go-librespot is missing")}, playback: PlayEngine, note: "nothing can play here: go-librespot is missing"},
		"missing and not needed": {engine: &paperEngine{missing: errors.New("go-librespot is missing")}, playback: PlayAuto},
		"not wanted":             {engine: &paperEngine{version: "0.9.1"}, playback: PlayConnect},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, server.URL)
			h.cfg.Playback, h.cfg.StateDir = c.playback, h.dir
			h.cfg.Engine = func(EngineSpec) (Engine, error) { return c.engine, nil }
			s, _ := h.enter()
			s.cfg.Opener = walks(oauthtest.NewPerson(t, "anna", "allow"))
			a := &answers{ready: c.answers}
			got, err := s.Login(t.Context(), session.SignIn{Remember: true, Force: c.force}, a.ask)
			if err != nil || got.User.Name != "anna" {
				t.Fatal(got, err)
			}
			kinds := strings.TrimSpace(strings.TrimPrefix(a.kinds(), "browser"))         // the first one, if it was there in time
			if kinds != c.kinds && (kinds == "" || !strings.HasPrefix(c.kinds, kinds)) { // it may be over before the last is shown
				t.Errorf("asked %q, want %q", kinds, c.kinds)
			}
			if c.engine.in != c.in || !strings.Contains(got.Note, c.note) || (c.note == "") != (got.Note == "") {
				t.Errorf("in %t, note %q", c.engine.in, got.Note)
			}
			for _, q := range a.questions() {
				if q.What == session.QuestionYesNo && (!strings.Contains(q.Text, "Spotify takes no other program's keys") || !strings.Contains(q.Text, "outside Spotify's terms")) {
					t.Errorf("it does not say why there are two: %s", q.Text)
				}
				if q.What == session.QuestionCode && q.Code != c.engine.code {
					t.Errorf("%+v", q)
				}
			}
		})
	}
}

func yes() map[session.QuestionKind][]string {
	return map[session.QuestionKind][]string{session.QuestionYesNo: {"yes"}}
}

// TestGivingUpTheEnginesSignInGivesUpAll: the session has ended the login; nothing may stay.
func TestGivingUpTheEnginesSignInGivesUpAll(t *testing.T) {
	t.Parallel()
	server := oauthtest.Start(t, "keep")
	h := newHome(t, server.URL)
	h.cfg.Playback, h.cfg.StateDir = PlayEngine, h.dir
	e := &paperEngine{version: "0.9.1", code: "X", waits: true}
	h.cfg.Engine = func(EngineSpec) (Engine, error) { return e, nil }
	s, _ := h.enter()
	s.cfg.Opener = walks(oauthtest.NewPerson(t, "anna", "allow"))
	ctx, giveUp := context.WithCancel(t.Context())
	a := &answers{ready: yes()}
	_, err := s.Login(ctx, session.SignIn{Remember: true}, func(ctx context.Context, q session.Question) (secret.Secret, error) {
		if q.What == session.QuestionCode {
			giveUp()
		}
		return a.ask(ctx, q)
	})
	wantFault(t, err, session.Cancelled)
	if h.token() != "" || e.in {
		t.Error("something stayed")
	}
	if err := s.Forget(t.Context(), session.Credential{}); err != nil || e.forgot != 1 {
		t.Errorf("forgot %d times: %v", e.forgot, err)
	}
	if err := s.Close(); err != nil || !e.finished {
		t.Errorf("the engine was not closed: %v", err)
	}
}

// TestWhoGivesUpTheEnginesSignInIsWhoTheyWereBefore: the account is still the one's who was
// signed in, and so are the lists.
func TestWhoGivesUpTheEnginesSignInIsWhoTheyWereBefore(t *testing.T) {
	t.Parallel()
	h := newHome(t, oauthtest.Start(t, "keep").URL)
	h.cfg.Playback, h.cfg.StateDir = PlayEngine, h.dir
	h.cfg.Engine = func(EngineSpec) (Engine, error) { return &paperEngine{version: "0.9.1", in: true, code: "X"}, nil }
	s, _ := h.enter()
	s.cfg.Opener = walks(oauthtest.NewPerson(t, "anna", "allow"))
	if _, err := s.Login(t.Context(), session.SignIn{Remember: true}, nil); err != nil {
		t.Fatal(err)
	}
	s.cfg.Opener = walks(oauthtest.NewPerson(t, "bea", "allow"))
	ctx, giveUp := context.WithCancel(t.Context())
	_, err := s.Login(ctx, session.SignIn{Remember: true, Force: true}, func(ctx context.Context, q session.Question) (secret.Secret, error) {
		if q.What == session.QuestionYesNo {
			giveUp()
		}
		<-ctx.Done()
		return secret.Secret{}, ctx.Err()
	})
	wantFault(t, err, session.Cancelled)
	if s.myName() != "anna" || s.displayName() != "Anna" || s.granted().user != "anna" {
		t.Errorf("it is %q, called %q, with the grant of %q", s.myName(), s.displayName(), s.granted().user)
	}
	if me, err := s.whoAmI(t.Context()); err != nil || me.Name != "anna" {
		t.Errorf("calls are made as %q, %v", me.Name, err)
	}
}

// TestAnAddressOfTheEnginesIsCarriedToIt: the browser is elsewhere, and ends at an address
// that only this machine reaches.
func TestAnAddressOfTheEnginesIsCarriedToIt(t *testing.T) {
	t.Parallel()
	came := make(chan string, 1)
	waits := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { came <- r.URL.RequestURI() }))
	t.Cleanup(waits.Close)
	h := newHome(t, waits.URL)
	s, _ := h.enter()
	a := &answers{ready: map[session.QuestionKind][]string{session.QuestionBrowser: {"https://accounts.spotify.com/authorize?code=x", "http://10.0.0.1/login?code=x", " '" + waits.URL + "/login?code=x&state=y'\n"}}}
	asks := &engineAsks{s: s, in: session.SignIn{Paste: true}, ask: a.ask}
	if err := asks.question(t.Context(), "https://accounts.spotify.com/authorize", ""); err != nil {
		t.Fatal(err)
	}
	if got := <-came; got != "/login?code=x&state=y" {
		t.Errorf("it was brought %s", got)
	}
	if n := strings.Count(a.kinds(), "browser"); n != 3 || !strings.HasPrefix(a.questions()[2].Text, "That is not the address") {
		t.Errorf("asked %d times, %+v", n, a.questions())
	}
}
