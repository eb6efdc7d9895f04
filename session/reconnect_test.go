package session_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

func TestLocalIsAlwaysIn(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.do(session.Login{Account: music.Local})
		if e := last1[session.LoggedIn](r); e.Fault != nil || e.User.Name != "alice" {
			t.Errorf("%+v", e)
		}
		if a := r.accountInfo(0); a.State != session.ConnLoggedIn || a.About == nil || a.About.Name != "alice" || a.User != "alice" {
			t.Errorf("%+v", a)
		}
		r.do(session.Relogin{Account: music.Local})
		if e := last1[session.LoggedIn](r); e.Fault != nil {
			t.Errorf("%+v", e)
		}
	})
}

func TestVolumeQueueAndPlaceSurviveAReconnect(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.playRemote()
		w.do(session.SetVolume{Percent: 37}, session.SeekTo{Position: 20 * time.Second}, session.Pause{})
		same := func(when string) {
			t.Helper()
			p := w.playback()
			if p.Volume != 37 || p.State != player.Paused || p.Track.Title != "W" || w.position() != 20*time.Second || w.queue().Len != 2 {
				t.Errorf("%s: %s %q at %s, volume %d, %d rows", when, p.State, p.Track.Title, w.position(), p.Volume, w.queue().Len)
			}
		}
		w.home.Away(true)
		w.say(session.NewsConnection{Err: &session.Fault{Kind: session.UnableToContactServer, Err: fmt.Errorf("reset")}})
		same("while it is away")
		w.home.Away(false)
		time.Sleep(time.Hour)
		w.settle()
		w.wantState(session.ConnLoggedIn)
		same("when it is back")
		w.do(session.Logout{Account: "home"})
		same("signed out")
		w.do(session.Relogin{Account: "home"})
		same("signed in again")
		w.do(session.Play{})
		w.sleep(time.Second)
		if p := w.playback(); p.State != player.Playing || p.Track.Title != "W" || w.position() < 20*time.Second {
			t.Errorf("%s %q at %s", p.State, p.Track.Title, w.position())
		}
	})
}

func TestAnAttemptByHandThatFailsGoesBackToWhatIsRemembered(t *testing.T) {
	inWorld(t, func(w *world) {
		remembered(w)
		w.home.Away(true)
	}, func(w *world) {
		w.home.Asks(session.Question{What: session.QuestionPassword})
		w.home.Fail("login", nil)
		w.do(session.Login{Account: "home"})
		w.home.Fail("login", &session.Fault{Kind: session.UnableToContactServer, Err: fmt.Errorf("refused")})
		q := last1[session.LoginNeeded](w.rig)
		w.do(session.AnswerLogin{Account: "home", ID: q.ID, Cancel: true})
		w.home.Away(false)
		time.Sleep(10 * time.Minute)
		w.settle()
		w.wantState(session.ConnLoggedIn)
		if n := count[session.LoginNeeded](w); n != 2 {
			t.Errorf("a person was asked again: %d", n)
		}
	})
}

func TestAQuestionIsNotAskedAgainByItself(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.home.Asks(session.Question{What: session.QuestionBrowser})
		w.home.Fail("login", &session.Fault{Kind: session.UnableToContactServer, Err: fmt.Errorf("refused")})
		w.do(session.Login{Account: "home"})
		w.wantLoggedIn(session.UnableToContactServer)
		w.home.Fail("login", nil)
		time.Sleep(time.Hour)
		w.settle()
		if n := count[session.LoginNeeded](w); n != 0 {
			t.Errorf("asked %d times", n)
		}
	})
}

// TestARandomWalkThroughAccountsKeepsItsBearings signs in and out, loses servers,
// vaults and nerves in any order, while music plays; at last everything works.
func TestARandomWalkThroughAccountsKeepsItsBearings(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			second := sessiontest.NewRemote("second")
			second.AddAlbum("Remote", time.Minute, "Y", "Z")
			inWorld(t, remembered, func(w *world) {
				rng := rand.New(rand.NewPCG(seed, 4))
				list := w.home.AddPlaylist("Evening", w.home.TrackRef("W"))
				for range 120 {
					undo := w.trouble(rng, second)
					for range 1 + rng.IntN(3) {
						w.s.Send(w.anyAccountCommand(rng, list))
						if rng.IntN(2) == 0 {
							synctest.Wait()
						}
					}
					w.settle()
					if rng.IntN(3) == 0 {
						w.sleep(time.Duration(rng.IntN(90)) * time.Second)
					}
					w.looksSound()
					undo()
					w.settle()
				}
				w.do(session.OfflineMode{To: session.Off}, session.PrivateSession{To: session.Off}, password("alice", "wonderland", true))
				time.Sleep(15 * time.Minute)
				w.settle()
				w.wantState(session.ConnLoggedIn)
				w.do(session.Stop{}, session.QueueClear{}, session.QueueClear{})
				w.playRemote()
				w.wantTrack("W")
				w.do(session.Stop{})
				w.sleep(time.Second)
				if n := w.home.OpenSources() + w.local.OpenSources() + second.OpenSources(); n != 0 {
					t.Errorf("%d sources were left open", n)
				}
				if saved, _ := w.store.Saved(); len(saved.Waiting) != 0 {
					t.Errorf("still waiting: %+v", saved.Waiting)
				}
			}, func(c *setup) { c.cfg.Makers = second.Maker() })
		})
	}
}

// trouble lets something fail or hang until the returned func is called.
func (w *world) trouble(rng *rand.Rand, second *sessiontest.Remote) func() {
	switch rng.IntN(8) {
	case 0:
		w.home.Away(true)
		return func() { w.home.Away(false) }
	case 1:
		w.home.AwayButCached(true)
		return func() { w.home.AwayButCached(false) }
	case 2:
		return w.vault.Hang(rng.IntN(2) == 0)
	case 3:
		w.vault.Lock(fmt.Errorf("locked"))
		return func() { w.vault.Lock(nil) }
	case 4:
		return w.home.Hold([]string{"login", "logout", "children", "open", "star", "edit"}[rng.IntN(6)])
	case 5:
		w.home.Revoke()
	case 6:
		return second.Hold("login")
	}
	return func() {}
}

func (w *world) anyAccountCommand(rng *rand.Rand, list music.Ref) session.Command {
	who := []music.AccountID{"home", "home", "second", "local", "nobody", ""}[rng.IntN(6)]
	track := w.home.TrackRef([]string{"W", "X"}[rng.IntN(2)])
	switch rng.IntN(24) {
	case 0, 1:
		return session.Login{Account: who, How: session.SignIn{User: "alice", Password: secret.New("wonderland"), Remember: rng.IntN(2) == 0}}
	case 2:
		return session.Login{Account: who, How: session.SignIn{User: "bob", Password: secret.New("wrong")}}
	case 3:
		return session.Login{New: &session.Spec{ID: "second", Service: sessiontest.Kind}, How: session.SignIn{User: "bob", Password: secret.New("builder"), Remember: true}}
	case 4, 5:
		return session.Relogin{Account: who}
	case 6:
		return session.Logout{Account: who}
	case 7:
		return session.Forget{Account: who, Remove: rng.IntN(2) == 0}
	case 8:
		return session.OfflineMode{}
	case 9:
		return session.PrivateSession{}
	case 10:
		return session.AnswerLogin{Account: who, ID: session.Ticket(rng.IntN(5)), Cancel: rng.IntN(2) == 0}
	case 11, 12:
		return session.PlayContext{Ask: music.Ask{Of: w.remote()}}
	case 13:
		return session.Enqueue{Asks: asks(track, w.ref("A")), Where: session.AtEnd}
	case 14:
		return session.Next{}
	case 15:
		return session.Star{Refs: []music.Ref{track}}
	case 16:
		return session.PlaylistAdd{Playlist: list, Add: asks(track)}
	case 17:
		return session.Undo{}
	case 18:
		return session.Redo{}
	case 19:
		return session.Rate{Refs: []music.Ref{track, w.ref("B")}, Stars: rng.IntN(6)}
	case 20:
		return session.FlushCaches{}
	case 21:
		return session.MarkOffline{Refs: []music.Ref{track}}
	case 22:
		return session.PlaylistRename{Playlist: list, Name: fmt.Sprint("Evening ", rng.IntN(3))}
	default:
		return session.Toggle{}
	}
}

// looksSound looks whether what was told last fits together.
func (w *world) looksSound() {
	w.t.Helper()
	a, p := w.account("home"), w.playback()
	switch {
	case a.State == session.ConnLoggedOut && (a.About != nil || a.User != ""),
		a.State == session.ConnLoggedIn && a.About == nil,
		!a.RetryAt.IsZero() && a.State == session.ConnLoggedOut,
		a.Remembered == "" && a.Where != "":
		w.t.Errorf("%+v", a)
	case a.State == session.ConnLoggedOut && p.State == player.Playing && p.Track.Ref.Account == "home":
		w.t.Errorf("%q plays from an account that is signed out", p.Track.Title)
	}
	states := map[music.AccountID]session.ConnState{}
	for _, e := range all[session.ConnectionStateUpdated](w.rig) {
		states[e.Account] = e.State
	}
	if s, ok := states["home"]; ok && s != a.State {
		w.t.Errorf("home is %s, told was %s", a.State, s)
	}
}

func TestARateLimitIsWaitedForAndNamedOnlyWhereItIsOne(t *testing.T) {
	until := time.Date(2000, 1, 1, 2, 30, 0, 0, time.UTC) // a bubble begins at midnight
	inWorld(t, func(w *world) {
		remembered(w)
		w.home.Fail("login", &session.Fault{Kind: session.RateLimited, Err: fmt.Errorf("rate limited"), RetryAt: until})
	}, func(w *world) {
		a := w.account("home")
		if a.State != session.ConnOffline || !a.RetryAt.Equal(until) || a.Note != "home: sign in: rate limited, again at 02:30:00" {
			t.Errorf("%+v", a)
		}
		w.wantLoggedIn(session.RateLimited)
		w.home.Logins()
		time.Sleep(2 * time.Hour)
		w.settle()
		if n := len(w.home.Logins()); n != 0 {
			t.Errorf("it knocked %d times before", n)
		}
		w.home.Fail("login", &session.Fault{Kind: session.BadUsernameOrPassword, Err: fmt.Errorf("the token has expired")})
		time.Sleep(time.Hour)
		w.settle()
		w.wantLoggedIn(session.BadUsernameOrPassword)
		if a := w.account("home"); a.Note != "home: sign in: the token has expired" || !a.RetryAt.IsZero() {
			t.Errorf("%+v", a)
		}
	})
}
