package session_test

import (
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

// TestAnAccountThatPlaysElsewhereKeepsItsPlaceHere: the source is let go of, for it may
// give nothing any more, and Play opens the track anew where it was.
func TestAnAccountThatPlaysElsewhereKeepsItsPlaceHere(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.playRemote()
		w.sleep(20 * time.Second)
		w.say(session.NewsTokenLost{Device: "a phone"})
		w.sleep(time.Hour)
		if p := w.playback(); p.State != player.Paused || p.Track.Title != "W" || p.Position.Position < 19*time.Second || p.Position.Position > 21*time.Second {
			t.Errorf("%s %q at %v", p.State, p.Track.Title, p.Position.Position)
		}
		if n := w.home.OpenSources(); n != 0 {
			t.Errorf("%d sources are open", n)
		}
		w.do(session.Play{})
		w.sleep(10 * time.Second)
		at := w.playback().Position.Now(time.Now(), time.Minute)
		if at < 28*time.Second || at > 32*time.Second {
			t.Errorf("10 s after Play it is at %v", at)
		}
	})
}

// TestWhatWasChosenOfAnotherAccountPlaysAlthoughThisOnePlaysElsewhere: what is on its way to be played of
// another account is not stopped.
func TestWhatWasChosenOfAnotherAccountPlaysAlthoughThisOnePlaysElsewhere(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		w.playRemote()
		w.sleep(5 * time.Second)
		w.do(session.PlayContext{Ask: music.Ask{Of: w.ref("A")}})
		w.say(session.NewsTokenLost{Device: "a phone"})
		w.sleep(5 * time.Second)
		w.wantTrack("A")
		if p := w.playback(); p.State != player.Playing {
			t.Errorf("%s", p.State)
		}
	})
}

// TestASourceThatLostItsTokenIsNoFailure: the track is not passed over, nothing follows it
// by itself, and it goes on where it was when somebody says so.
func TestASourceThatLostItsTokenIsNoFailure(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		ref := w.home.TrackRef("W")
		w.home.BreakWith(ref, 30*time.Second, &session.Fault{Kind: session.OtherTransient, Account: "home", Err: session.ErrPlayTokenLost})
		w.playRemote()
		w.sleep(time.Hour)
		if p := w.playback(); p.State != player.Paused || p.Track.Title != "W" || p.Position.Position < 29*time.Second || p.Position.Position > 31*time.Second {
			t.Errorf("%s %q at %v", p.State, p.Track.Title, p.Position.Position)
		}
		if got := all[session.StreamingError](w.rig); len(got) != 0 {
			t.Errorf("it counts as a failure: %+v", got)
		}
		if got := all[session.PlayTokenLost](w.rig); len(got) != 1 {
			t.Errorf("told %+v", got)
		}
		w.home.BreakWith(ref, 0, nil)
		w.do(session.Play{})
		w.sleep(10 * time.Second)
		if at := w.playback().Position.Now(time.Now(), time.Minute); at < 38*time.Second || at > 42*time.Second {
			t.Errorf("10 s after Play it is at %v", at)
		}
	})
}
