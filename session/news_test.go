package session_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

func (w *world) say(n session.News) {
	w.home.Say(n)
	w.settle()
}

func TestAnAccountThatPlaysElsewhereIsPausedAndStealsNothingBack(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.playRemote()
		w.sleep(20 * time.Second)
		w.say(session.NewsTokenLost{Device: "a phone"})
		w.wantNotice("home plays on a phone now: paused here; Play takes it back")
		if e := last1[session.PlayTokenLost](w.rig); e.Account != "home" || e.Device != "a phone" {
			t.Errorf("%+v", e)
		}
		w.sleep(time.Hour)
		if p := w.playback(); p.State != player.Paused || p.Track.Title != "W" {
			t.Errorf("%s %q", p.State, p.Track.Title)
		}
		w.do(session.Play{})
		w.sleep(time.Second)
		if p := w.playback(); p.State != player.Playing {
			t.Errorf("%s", p.State)
		}
		w.sleep(61 * time.Second)
		w.wantTrack("X") // it is ours again: what follows plays
	})
}

func TestTheNextTrackDoesNotTakeAnAccountBack(t *testing.T) {
	for _, late := range []bool{false, true} { // said before what follows was opened, or after
		inWorld(t, remembered, func(w *world) {
			w.do(session.PlayContext{Ask: music.Ask{Of: w.ref("A")}})
			w.do(session.Enqueue{Asks: asks(w.home.TrackRef("W"), w.ref("B"))})
			if late {
				w.sleep(95 * time.Second)
			}
			w.say(session.NewsTokenLost{})
			w.wantTrack("A")
			if p := w.playback(); p.State != player.Playing {
				t.Errorf("another account is paused, too: %s", p.State)
			}
			w.sleep(time.Hour)
			if p := w.playback(); p.State != player.Paused || p.Track.Title != "W" || w.home.OpenSources() != 0 {
				t.Errorf("late %t: %s %q, %d sources", late, p.State, p.Track.Title, w.home.OpenSources())
			}
			w.do(session.Play{})
			w.sleep(time.Second)
			w.wantTrack("W")
			if p := w.playback(); p.State != player.Playing {
				t.Errorf("%s", p.State)
			}
		})
	}
}

func TestWhatServicesSayByThemselves(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.forget()
		w.say(session.NewsMessage{Text: "Your trial ends tomorrow"})
		if e := last1[session.MessageToUser](w.rig); e.Account != "home" || e.Text != "Your trial ends tomorrow" {
			t.Errorf("%+v", e)
		}
		w.wantNotice("home: Your trial ends tomorrow")
		w.say(session.NewsUser{User: music.User{Name: "alice", Display: "Alice L.", Country: "GB", Product: "premium"}})
		if e := last1[session.UserInfoUpdated](w.rig); e.User.Display != "Alice L." || w.account("home").About.Product != "premium" {
			t.Errorf("%+v", e)
		}
		w.say(session.NewsMetadata{})
		if e := last1[session.MetadataUpdated](w.rig); e.Account != "home" {
			t.Errorf("%+v", e)
		}
		w.say(session.NewsScrobble{Err: &session.Fault{Kind: session.LastfmAuthError, Op: "scrobble", Err: errors.New("bad session key")}})
		if e := last1[session.ScrobbleError](w.rig); e.Fault.Kind != session.LastfmAuthError {
			t.Errorf("%+v", e)
		}
		w.wantNotice("home: scrobble: bad session key")
		w.say(session.NewsLog{Text: "engine 1.2"})
		if e := last1[session.LogMessage](w.rig); e.Text != "home: engine 1.2" {
			t.Errorf("%+v", e)
		}
		n := len(w.notices())
		w.home.Away(true)
		w.say(session.NewsConnection{Err: &session.Fault{Kind: session.UnableToContactServer, Err: errors.New("reset")}})
		w.wantState(session.ConnDisconnected)
		if e := last1[session.ConnectionError](w.rig); e.Fault == nil {
			t.Error("no error is told")
		}
		w.home.Away(false)
		w.say(session.NewsConnection{})
		w.wantState(session.ConnLoggedIn)
		if e := last1[session.ConnectionError](w.rig); e.Fault != nil || len(w.notices()) != n {
			t.Errorf("%v, notices %q", e.Fault, w.notices())
		}
		w.say(session.NewsConnection{Err: &session.Fault{Kind: session.UserBanned, Err: errors.New("banned")}})
		w.wantState(session.ConnLoggedOut)
		if e := last1[session.LoggedOut](w.rig); e.Fault == nil || e.Fault.Kind != session.UserBanned || w.vault.Held("home") == nil {
			t.Errorf("%+v", e)
		}
		w.say(session.NewsUser{User: music.User{Name: "mallory"}}) // nobody is in
		if a := w.account("home"); a.About != nil || a.User != "" {
			t.Errorf("%+v", a)
		}
	})
}

func TestTheCountryMakesOfflineStatusNews(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.do(password("alice", "wonderland", false))
		if n := count[session.OfflineStatusUpdated](w); n != 1 {
			t.Errorf("%d", n)
		}
	})
}

func TestNoSecretIsInTheLog(t *testing.T) {
	var lines []string
	inWorld(t, func(w *world) {
		remembered(w)
		w.home.Asks(session.Question{What: session.QuestionBrowser, Text: "open", URL: "https://x.example/?state=s3cret"})
	}, func(w *world) {
		w.do(password("alice", "wonderland", true), password("alice", "0ops", true), session.Login{Account: "home"}, session.SetBitrate{Kbps: 96})
		w.home.Rotate("alice")
		w.settle()
	}, func(c *setup) { c.cfg.Log = func(l string) { lines = append(lines, l) } })
	text := strings.Join(lines, "\n")
	for _, hidden := range []string{"wonderland", "0ops", "blob-", "s3cret"} {
		if strings.Contains(text, hidden) {
			t.Errorf("the log has %q", hidden)
		}
	}
	for _, want := range []string{"LoggedIn home user=\"alice\"", "CredentialsBlobUpdated home of scripted \"alice\" [secret]", "ConnectionStateUpdated home logged in", "LoginNeeded home", "SettingsChanged"} {
		if !strings.Contains(text, want) {
			t.Errorf("the log has no %q:\n%s", want, text)
		}
	}
}
