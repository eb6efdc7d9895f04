package session_test

import (
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
)

func TestAServerThatHangsDoesNotHoldUpTheStarsOfOthers(t *testing.T) {
	inWorld(t, remembered, func(w *world) {
		starred := func(ref music.Ref) bool { return w.local.Track(ref).Starred }
		release := w.home.Hold("star")
		w.do(session.Star{Refs: []music.Ref{w.remote()}, To: session.On})
		w.do(session.Star{Refs: []music.Ref{w.ref("A")}, To: session.On}, session.Rate{Refs: []music.Ref{w.ref("B")}, Stars: 4})
		if !starred(w.ref("A")) {
			t.Error("the star here waits for the server")
		}
		if q := w.queue(); q.Undo != "rated 1 track 4" {
			t.Errorf("undo would take back %q", q.Undo)
		}
		// One command for both has to wait, and what comes behind it on either side, too: it
		// must not be overtaken.
		w.do(session.Star{Refs: []music.Ref{w.ref("A"), w.remote()}, To: session.Off}, session.Star{Refs: []music.Ref{w.ref("A")}, To: session.On})
		if !starred(w.ref("A")) {
			t.Error("a command for both did not wait")
		}
		release()
		w.sleep(time.Second)
		if !starred(w.ref("A")) || w.home.Track(w.remote()).Starred {
			t.Error("the order was lost")
		}
		w.do(session.Undo{}, session.Undo{})
		if starred(w.ref("A")) != true || !w.home.Track(w.remote()).Starred {
			t.Error("undo did not bring both back")
		}
	})
}

func TestStarsOfEpisodesAreToldAsSuch(t *testing.T) {
	inBubble(t, func(r *rig) {
		e := r.local.AddTrack(music.Track{Title: "Stretto", Episode: true})
		f := r.local.AddTrack(music.Track{Title: "Inversion", Episode: true})
		for _, c := range []struct {
			refs []music.Ref
			want string
		}{{[]music.Ref{e}, "starred 1 episode"}, {[]music.Ref{e, f}, "starred 2 episodes"}, {[]music.Ref{f, r.local.TrackRef("A")}, "starred 2 tracks"}} {
			r.do(session.Star{Refs: c.refs, To: session.On})
			if u, _ := last[session.Undoable](r); u.Text != c.want {
				t.Errorf("%q, want %q", u.Text, c.want)
			}
		}
	})
}
