package session_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

// told counts the notices that say a text.
func (w *world) told(text string) int {
	n := 0
	for _, e := range all[session.Notice](w.rig) {
		if strings.Contains(e.Text, text) {
			n++
		}
	}
	return n
}

// TestWhatASignInDoesNotAllowIsToldOnceAndAskedForWithoutLosingAnything: the account is in,
// plays on while somebody is asked, and is as before when they say no.
func TestWhatASignInDoesNotAllowIsToldOnceAndAskedForWithoutLosingAnything(t *testing.T) {
	lacks := func(w *world) {
		remembered(w)
		w.home.Lacks(session.Lack{Feature: "playback", What: "your devices"}, session.Lack{Feature: "lists", What: "your lists"})
	}
	inWorld(t, lacks, func(w *world) {
		const says = "home: sign-in: it does not allow yet: your devices, your lists; the rest works; segue login home --for playback,lists asks for that"
		w.wantState(session.ConnLoggedIn)
		e, _ := last[session.Notice](w.rig)
		if w.told(says) != 1 || e.Fault == nil || !slices.Equal(e.Fault.Needs, []string{"playback", "lists"}) {
			t.Errorf("%q", w.notices())
		}
		if a := w.account("home"); len(a.Lacks) != 2 {
			t.Errorf("it lacks %v", a.Lacks)
		}
		w.do(session.Relogin{Account: "home"})
		if w.told(says) != 1 {
			t.Errorf("told %d times", w.told(says))
		}
		w.playRemote()
		w.home.Asks(session.Question{What: session.QuestionBrowser, Text: "Agree"})
		ask := session.Login{Account: "home", How: session.SignIn{User: "alice", Remember: true, For: []string{"playback"}}}
		w.do(ask)
		w.sleep(5 * time.Second)
		if p := w.playback(); p.State.String() != "playing" || w.account("home").State != session.ConnLoggedIn || !w.account("home").Busy {
			t.Errorf("while it is asked: %s, %+v", p.State, w.account("home"))
		}
		w.do(session.AnswerLogin{Account: "home", Cancel: true})
		w.wantLoggedIn(session.Cancelled)
		w.wantState(session.ConnLoggedIn)
		if w.vault.Held("home") == nil || len(w.account("home").Lacks) != 2 {
			t.Error("the sign-in of before is lost")
		}
		w.home.Asks()
		ask.How.Blob = w.home.Grant("alice").Blob
		before := count[session.ContainerChanged](w)
		w.do(ask)
		if a := w.account("home"); len(a.Lacks) != 1 || a.Lacks[0].Feature != "lists" {
			t.Errorf("it lacks %v", a.Lacks)
		}
		if n := count[session.ContainerChanged](w); n == before {
			t.Error("what was refused is not read anew")
		}
		if p := w.playback(); p.State.String() != "playing" {
			t.Errorf("it is %s", p.State)
		}
	})
}

// TestASignInThatIsGoneIsToldOnce: one clear line at the start, where another program or a
// time limit took it away; no word where nobody was remembered, or was forgotten on purpose.
func TestASignInThatIsGoneIsToldOnce(t *testing.T) {
	gone := func(w *world) {
		if err := w.kept.Save(session.SavedAccounts{Users: map[music.AccountID]string{"home": "alice"}}); err != nil {
			w.t.Error(err)
		}
	}
	inWorld(t, gone, func(w *world) {
		w.wantState(session.ConnLoggedOut)
		w.sleep(time.Hour)
		if w.told("what alice was remembered by") != 1 || w.loggedIn() != session.NoCredentials {
			t.Errorf("%q", w.notices())
		}
		w.do(session.Relogin{Account: "home"})
		if w.told("what alice was remembered by") != 1 {
			t.Error("it is told again")
		}
	})
	inWorld(t, nil, func(w *world) {
		if len(w.notices()) != 0 {
			t.Errorf("nobody was remembered: %q", w.notices())
		}
	})
	inWorld(t, remembered, func(w *world) {
		w.do(session.Forget{Account: "home"})
		if kept, err := w.kept.Load(); err != nil || kept.Users["home"] != "" || len(kept.LoggedOut) != 0 {
			t.Errorf("kept after it was forgotten: %+v, %v", kept, err)
		}
	})
}

// TestAGrantThatEndsWhileItIsUsedIsToldOnce, however much is asked for after that.
func TestAGrantThatEndsWhileItIsUsedIsToldOnce(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.sleep(2 * time.Minute)
		w.forget()
		dead := &session.Fault{Kind: session.BadUsernameOrPassword, Account: "home", Op: "sign-in", Err: errors.New("it has ended after six months"), Hint: "sign in"}
		w.home.Fail("children", dead)
		if err := w.vault.Delete(t.Context(), "home"); err != nil { // whoever found it dead has dropped it
			t.Fatal(err)
		}
		for range 5 {
			w.s.Send(session.Load{Ticket: 1, Ask: music.Ask{Of: music.Section("home", music.SectionAlbums)}})
		}
		w.settle()
		w.sleep(time.Hour)
		if w.told("ended after six months") != 1 || len(w.notices()) != 1 {
			t.Errorf("%q", w.notices())
		}
		w.wantState(session.ConnLoggedOut)
	})
}

func TestWhatASignInDoesNotAllowIsNotToldAgainAfterARestartUnlessItChanges(t *testing.T) {
	var kept *session.SavedAccounts
	for _, c := range []struct {
		name  string
		lacks []session.Lack
		says  int
	}{
		{"at first", []session.Lack{{Feature: "playback", What: "your devices"}}, 1},
		{"the same again", []session.Lack{{Feature: "playback", What: "your devices"}}, 0},
		{"another feature", []session.Lack{{Feature: "lists", What: "your lists"}}, 1},
		{"nothing", nil, 0},
		{"after it was allowed", []session.Lack{{Feature: "lists", What: "your lists"}}, 1},
	} {
		inWorld(t, func(w *world) {
			remembered(w)
			if kept != nil {
				w.kept = sessiontest.NewAccounts(kept)
			}
			w.home.Lacks(c.lacks...)
		}, func(w *world) {
			w.wantState(session.ConnLoggedIn)
			if n := w.told("it does not allow yet"); n != c.says {
				t.Errorf("%s: told %d times: %q", c.name, n, w.notices())
			}
			w.close()
			kept = w.kept.Saved()
		})
	}
}
