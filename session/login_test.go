package session_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/session"
	"segue/session/sessiontest"
)

func TestAPasswordSignsInAndIsRemembered(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.wantState(session.ConnLoggedOut)
		if w.loggedIn() != -1 {
			t.Error("LoggedIn came although nobody is remembered")
		}
		w.do(password("alice", "wonderland", true))
		w.wantLoggedIn(session.OK)
		w.wantState(session.ConnLoggedIn)
		a := w.account("home")
		if a.User != "alice" || a.About == nil || a.About.Display != "The alice" || a.Remembered != "alice" || a.Where != "the test's vault" || a.Busy || len(a.Sections) != 2 {
			t.Errorf("%+v", a)
		}
		c := last1[session.CredentialsBlobUpdated](w.rig).Credential
		held := w.vault.Held("home")
		if held == nil || !held.Blob.Equal(c.Blob) || held.User != "alice" || held.Service != sessiontest.Kind || c.Blob.IsZero() {
			t.Errorf("the vault has %v, told was %v", held, c)
		}
		if k := w.kept.Saved(); k == nil || k.Users["home"] != "alice" {
			t.Errorf("kept: %+v", k)
		}
	})
}

func TestWhereALoginIsRememberedIsSaidWhenItIsThere(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		release := w.vault.HangWhere()
		w.do(password("alice", "wonderland", true))
		if a := w.account("home"); a.Remembered != "alice" || a.Where != "" {
			t.Errorf("%s is remembered in %q before the place is known", a.Remembered, a.Where)
		}
		release()
		w.settle()
		if a := w.account("home"); a.Where != "the test's vault" {
			t.Errorf("remembered in %q", a.Where)
		}
	})
}

func TestWhoIsRememberedIsSignedInAtTheStart(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.wantLoggedIn(session.OK)
		w.wantState(session.ConnLoggedIn)
		if l := w.home.Logins(); len(l) != 1 || l[0].User != "alice" || !l[0].Password.IsZero() || l[0].Blob.IsZero() || !l[0].Remember {
			t.Errorf("logins %+v", l)
		}
	})
}

func TestNotRememberedIsGoneAfterTheLogout(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.do(password("alice", "wonderland", false))
		w.wantLoggedIn(session.OK)
		if w.vault.Held("home") != nil || w.account("home").Remembered != "" {
			t.Error("it is remembered")
		}
		w.do(session.Logout{Account: "home"}, session.Relogin{Account: "home"})
		w.wantLoggedIn(session.NoCredentials)
		w.wantState(session.ConnLoggedOut)
	})
}

func TestPasswordWinsOverBlob(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.do(session.Login{Account: "home", How: session.SignIn{User: "alice", Password: secret.New("wonderland"), Blob: secret.New("junk"), BlobOf: "another"}})
		w.wantLoggedIn(session.OK)
	})
}

func TestLoginsThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		name string
		do   session.Command
		want session.FaultKind
		text string
	}{
		{"neither password nor blob", session.Login{Account: "home", How: session.SignIn{User: "alice"}}, session.InvalidArgument, "neither password nor blob"},
		{"an account that is not there", session.Login{Account: "nobody"}, session.InvalidArgument, "no such account"},
		{"a wrong password", password("alice", "oops", true), session.BadUsernameOrPassword, "wrong user name or password"},
		{"a blob of another service", session.Login{Account: "home", How: session.SignIn{User: "alice", Blob: secret.New("x"), BlobOf: "spotify"}}, session.InvalidArgument, "that credential is of spotify"},
		{"a blob that nobody gave", session.Login{Account: "home", How: session.SignIn{User: "alice", Blob: secret.New("x")}}, session.BadUsernameOrPassword, "the grant is dead"},
		{"relogin where nothing is remembered", session.Relogin{Account: "home"}, session.NoCredentials, "nothing is remembered"},
		{"relogin of all where nobody is remembered", session.Relogin{}, session.NoCredentials, "nothing is remembered"},
		{"relogin of an account that is not there", session.Relogin{Account: "nobody"}, session.InvalidArgument, "no such account"},
		{"a new account of an unknown service", session.Login{New: &session.Spec{ID: "new", Service: "napster"}}, session.InvalidArgument, `there is no service "napster"; the services are scripted`},
		{"a name twice", session.Login{New: &session.Spec{ID: "home", Service: sessiontest.Kind}}, session.InvalidArgument, "an account of that name already"},
		{"the name local", session.Login{New: &session.Spec{ID: "local", Service: sessiontest.Kind}}, session.InvalidArgument, "an account of that name already"},
		{"a name with a slash", session.Login{New: &session.Spec{ID: "a/b", Service: sessiontest.Kind}}, session.InvalidArgument, "that is no name"},
		{"a name of dots", session.Login{New: &session.Spec{ID: "..", Service: sessiontest.Kind}}, session.InvalidArgument, "that is no name"},
		{"no name", session.Login{New: &session.Spec{Service: sessiontest.Kind}}, session.InvalidArgument, "that is no name"},
		{"two names", session.Login{Account: "one", New: &session.Spec{ID: "two", Service: sessiontest.Kind}}, session.InvalidArgument, "two accounts"},
		{"an address that is none", session.Login{New: &session.Spec{ID: "new", Service: sessiontest.Kind, Server: "nonsense"}}, session.InvalidArgument, "that is no address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			second := sessiontest.NewRemote("second")
			inWorld(t, nil, func(w *world) {
				had := len(w.events)
				w.do(c.do)
				if slices.ContainsFunc(w.events[had:], func(e session.Event) bool { _, ok := e.(session.LoggedOut); return ok }) {
					t.Error("LoggedOut")
				}
				w.wantLoggedIn(c.want)
				if e := last1[session.Notice](w.rig); !strings.Contains(e.Text, c.text) || strings.Contains(e.Text, "\n") {
					t.Errorf("it says %q, want %q", e.Text, c.text)
				}
				if n := len(last1[session.AccountsChanged](w.rig).Accounts); n != 2 {
					t.Errorf("%d accounts", n)
				}
			}, func(c *setup) { c.cfg.Makers = second.Maker() })
		})
	}
}

func TestAMistypedPasswordCostsNothingThatWorks(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.do(password("alice", "oops", true))
		w.wantLoggedIn(session.BadUsernameOrPassword)
		w.wantState(session.ConnLoggedIn)
		if w.vault.Held("home") == nil || w.account("home").Remembered != "alice" {
			t.Error("the credential is gone")
		}
	})
}

func TestARefusedCredentialIsDropped(t *testing.T) {
	inWorld(t, func(w *world) {
		remembered(w)
		w.home.Revoke()
	}, func(w *world) {
		w.wantLoggedIn(session.BadUsernameOrPassword)
		w.wantState(session.ConnLoggedOut)
		if w.vault.Held("home") != nil || w.account("home").Remembered != "" {
			t.Error("it is still remembered")
		}
		time.Sleep(time.Hour)
		if l := w.home.Logins(); len(l) != 1 {
			t.Errorf("tried %d times", len(l))
		}
	})
}

func TestAnUnreachableServerIsTriedAgainAndCostsNoCredential(t *testing.T) {
	inWorld(t, func(w *world) {
		remembered(w)
		w.kept = sessiontest.NewAccounts(&session.SavedAccounts{Users: map[music.AccountID]string{"home": "alice"}})
		w.home.Away(true)
	}, func(w *world) {
		w.wantLoggedIn(session.UnableToContactServer)
		w.wantState(session.ConnOffline)
		if a := w.account("home"); a.Remembered != "alice" || a.RetryAt.IsZero() || a.Note == "" {
			t.Errorf("%+v", a)
		}
		time.Sleep(10 * time.Minute)
		w.settle()
		n := len(w.home.Logins())
		if errs := all[session.ConnectionError](w.rig); n < 5 || n > 9 || len(errs) != n || errs[0].Fault == nil {
			t.Errorf("%d tries, %d errors told", n, len(errs))
		}
		if len(all[session.LoggedIn](w.rig)) != 1 || len(w.notices()) != 1 {
			t.Errorf("silent tries were told: %q", w.notices())
		}
		w.home.Away(false)
		time.Sleep(6 * time.Minute)
		w.settle()
		w.wantLoggedIn(session.OK)
		w.wantState(session.ConnLoggedIn)
		if e := last1[session.ConnectionError](w.rig); e.Fault != nil {
			t.Errorf("the error is not over: %v", e.Fault)
		}
		w.home.Away(true)
		w.do(session.Load{Ask: music.Ask{Of: music.Section("home", music.SectionAlbums)}})
		w.wantState(session.ConnDisconnected)
	})
}

func TestAServerThatSuddenlyRefusesIsSignedInToAgain(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		time.Sleep(time.Hour)
		w.home.Expire()
		w.do(session.Load{Ask: music.Ask{Of: music.Section("home", music.SectionAlbums)}})
		if l := w.home.Logins(); len(l) != 2 {
			t.Errorf("%d logins, %+v", len(l), w.account("home"))
		}
		time.Sleep(time.Hour)
		w.forget()
		w.home.Expire()
		w.home.Revoke()
		w.do(session.Load{Ask: music.Ask{Of: music.Section("home", music.SectionAlbums)}})
		w.settle()
		w.wantState(session.ConnLoggedOut)
		if out := all[session.LoggedOut](w.rig); len(out) != 1 || out[0].Fault == nil || w.vault.Held("home") != nil {
			t.Errorf("%+v", out)
		}
		time.Sleep(time.Hour)
		w.settle()
		if l := w.home.Logins(); len(l) != 1 {
			t.Errorf("%d more logins", len(l))
		}
	})
}

func TestTheNewerLoginReplacesTheOlder(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		release := w.home.Hold("login alice")
		defer release()
		w.do(password("alice", "wonderland", true))
		if !w.account("home").Busy {
			t.Error("not busy")
		}
		w.do(password("bob", "builder", true))
		w.wantLoggedIn(session.OK)
		if in := all[session.LoggedIn](w.rig); len(in) != 1 || in[0].User.Name != "bob" || w.home.In() != "bob" {
			t.Errorf("%+v", in)
		}
		release()
		w.settle()
		if w.account("home").User != "bob" || w.account("home").Busy {
			t.Errorf("%+v", w.account("home"))
		}
	})
}

func TestQuestionsAreAskedAndAnswered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.home.Asks(session.Question{What: session.QuestionYesNo, Text: "Trust it?"}, session.Question{What: session.QuestionBrowser, URL: "https://a.example/?state=s3cret"})
	}, func(w *world) {
		w.do(session.Login{Account: "home", How: session.SignIn{Remember: true}})
		q := last1[session.LoginNeeded](w.rig)
		if q.Over || q.ID == 0 || q.Question.Text != "Trust it?" {
			t.Errorf("%+v", q)
		}
		w.do(session.AnswerLogin{Account: "home", ID: 77, Answer: secret.New("no")})
		w.wantNotice("that question of home is over")
		w.do(session.AnswerLogin{Account: "home", ID: q.ID, Answer: secret.New("yes")})
		asked := all[session.LoginNeeded](w.rig)
		if len(asked) != 3 || !asked[1].Over || asked[1].ID != q.ID || asked[2].Question.URL == "" {
			t.Fatalf("%+v", asked)
		}
		late := w.s.Subscribe("late")
		w.settle()
		events, _ := late.Take(t.Context())
		if !slices.ContainsFunc(events, func(e session.Event) bool { n, ok := e.(session.LoginNeeded); return ok && n.ID == asked[2].ID }) {
			t.Error("a newcomer does not hear of the question")
		}
		w.do(session.AnswerLogin{Account: "home", ID: asked[2].ID, Answer: secret.New("http://127.0.0.1/?code=1")})
		w.wantLoggedIn(session.OK)
		if got := w.home.Answers(); !slices.Equal(got, []string{"yes", "http://127.0.0.1/?code=1"}) {
			t.Errorf("answers %q", got)
		}
		if q := last1[session.LoginNeeded](w.rig); !q.Over {
			t.Error("the last question is not over")
		}
	})
}

func TestALoginCanBeGivenUp(t *testing.T) {
	inWorld(t, func(w *world) {
		w.home.Asks(session.Question{What: session.QuestionPassword, Text: "Password"})
	}, func(w *world) {
		w.do(session.Login{Account: "home"})
		q := last1[session.LoginNeeded](w.rig)
		w.do(session.AnswerLogin{Account: "home", ID: q.ID, Cancel: true})
		w.wantLoggedIn(session.Cancelled)
		w.wantState(session.ConnLoggedOut)
		if q := last1[session.LoginNeeded](w.rig); !q.Over {
			t.Error("the question stays")
		}
		if len(w.notices()) != 0 {
			t.Errorf("notices %q", w.notices())
		}
		w.do(session.AnswerLogin{Account: "home", ID: q.ID, Cancel: true}, session.AnswerLogin{Account: "nobody"})
	})
}

func TestANewAccountJoinsTheListAndStays(t *testing.T) {
	second := sessiontest.NewRemote("second")
	login := session.Login{
		New: &session.Spec{ID: "second", Service: sessiontest.Kind, Server: "b.example", Options: map[string]string{"k": "v"}},
		How: session.SignIn{User: "bob", Password: secret.New("builder"), Remember: true},
	}
	kept, vault := sessiontest.NewAccounts(nil), sessiontest.NewVault()
	with := func(c *setup) { c.cfg.Makers, c.cfg.Accounts, c.cfg.Vault = second.Maker(), kept, vault }
	inWorld(t, nil, func(w *world) {
		w.do(session.Login{New: login.New, How: session.SignIn{User: "bob", Password: secret.New("wrong")}})
		w.wantLoggedIn(session.BadUsernameOrPassword)
		if w.account("second").ID != "" || kept.Saved() != nil || second.Closed() != 1 {
			t.Errorf("an account that never was in stays: %+v", w.account("second"))
		}
		w.do(login)
		w.wantLoggedIn(session.OK)
		if a := w.account("second"); a.State != session.ConnLoggedIn || !a.Added || a.Server != "b.example" || a.Kind != sessiontest.Kind {
			t.Errorf("%+v", a)
		}
	}, with)
	if k := kept.Saved(); len(k.Added) != 1 || k.Added[0].Options["k"] != "v" || k.Users["second"] != "bob" || second.Closed() != 2 {
		t.Fatalf("kept: %+v, closed %d times", k, second.Closed())
	}
	inWorld(t, nil, func(w *world) {
		if a := w.account("second"); a.State != session.ConnLoggedIn || a.User != "bob" || !a.Added {
			t.Errorf("after a restart: %+v", a)
		}
		second.Calls()
		w.do(session.Forget{Account: "second", Remove: true})
		if calls := second.Calls(); !slices.Contains(calls, "erase") {
			t.Errorf("what is kept of it was not deleted: %q", calls)
		}
		if a := w.account("second"); a.ID != "" || vault.Held("second") != nil || len(kept.Saved().Added) != 0 || len(kept.Saved().Users) != 0 {
			t.Errorf("it is still there: %+v, %+v", a, kept.Saved())
		}
		if f := second.Forgot(); len(f) != 1 || f[0].User != "bob" {
			t.Errorf("forgot %+v", f)
		}
		w.do(session.Forget{Account: "home", Remove: true})
		w.wantNotice("home: remove the account: it is in the config; take it out there")
		w.home.Calls()
		w.do(session.Forget{Account: "home"})
		if calls := w.home.Calls(); slices.Contains(calls, "erase") {
			t.Errorf("an account that stays lost what is kept of it: %q", calls)
		}
	}, with)
}
