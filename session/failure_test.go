package session_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

func TestUnplayableTracksArePassedOver(t *testing.T) {
	for _, c := range []struct {
		name  string
		harm  func(r *rig)
		plays []string
	}{
		{"one that does not open", func(r *rig) { r.local.Fail("open B", errors.New("no such file")) }, []string{"A", "C", "D"}},
		{"the first", func(r *rig) { r.local.Fail("open A", errors.New("no such file")) }, []string{"B", "C", "D"}},
		{"the last", func(r *rig) { r.local.Fail("open D", errors.New("no such file")) }, []string{"A", "B", "C"}},
		{"two in a row", func(r *rig) {
			r.local.Fail("open B", errors.New("no such file"))
			r.local.Fail("open C", errors.New("no such file"))
		}, []string{"A", "D"}},
		{"one that is marked", func(r *rig) {
			track := r.local.Track(r.ref("C"))
			track.Unplayable = "not in your country"
			r.local.AddTrack(track)
		}, []string{"A", "B", "D"}},
		{"one that breaks in the middle", func(r *rig) { r.local.Break(r.ref("B"), 30*time.Second) }, []string{"A", "B", "C", "D"}},
		{"one that breaks at once", func(r *rig) { r.local.Break(r.ref("B"), 1) }, []string{"A", "C", "D"}},
		{"one whose service panics", func(r *rig) { r.local.Fail("open B", panicking{}) }, []string{"A", "C", "D"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				c.harm(r)
				r.playAlbum()
				r.sleep(500 * time.Second)
				var played []string
				for _, h := range all[session.TrackHeard](r) {
					if h.Heard.Heard > time.Second {
						played = append(played, h.Heard.Track.Title)
					}
				}
				if !slices.Equal(played, c.plays) {
					t.Errorf("heard %q, want %q", played, c.plays)
				}
				if len(all[session.StreamingError](r)) == 0 || len(r.notices()) == 0 {
					t.Error("nobody was told")
				}
				if _, ok := last[session.QueueEnded](r); !ok {
					t.Error("no QueueEnded")
				}
				if n := r.local.OpenSources(); n != 0 {
					t.Errorf("%d sources were left open", n)
				}
			})
		})
	}
}

func TestAQueueThatCannotBePlayedStopsInsteadOfSpinning(t *testing.T) {
	for _, c := range []struct {
		name   string
		tracks int
		repeat session.Repeat
		tried  int
	}{
		{"one track, repeated", 1, session.RepeatOne, 1},
		{"four, all repeated", 4, session.RepeatAll, 4},
		{"a hundred", 100, session.RepeatOff, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				var names []string
				for i := range c.tracks {
					names = append(names, fmt.Sprint("bad ", i))
				}
				bad := r.local.AddAlbum("Bad", time.Minute, names...)
				r.local.Fail("open", errors.New("the disk is gone"))
				r.do(session.SetRepeat{Mode: c.repeat}, session.PlayContext{Ask: music.Ask{Of: bad}})
				r.sleep(time.Minute)
				if n := len(all[session.StreamingError](r)); n != c.tried {
					t.Errorf("%d tracks tried, want %d", n, c.tried)
				}
				text := fmt.Sprintf("%d tracks in a row cannot be played; playback stops", c.tried)
				if c.tried == 1 {
					text = "this track cannot be played; playback stops"
				}
				r.wantNotice(text)
				if n := len(all[session.QueueEnded](r)); n != 1 {
					t.Errorf("%d times QueueEnded, want 1", n)
				}
				if r.playback().State != player.Unloaded {
					t.Errorf("state %s", r.playback().State)
				}
				r.local.Fail("open", nil)
				r.do(session.Play{})
				if r.playback().State != player.Playing {
					t.Errorf("the disk is back, but Play leaves it %s", r.playback().State)
				}
			})
		})
	}
}

func TestATrackThatBreaksAfterItWasHeardIsNotOneThatCannotBePlayed(t *testing.T) {
	inBubble(t, func(r *rig) {
		one := r.local.AddAlbum("One", time.Minute, "A cut one")
		r.local.Break(r.ref("A cut one"), 30*time.Second)
		r.do(session.PlayContext{Ask: music.Ask{Of: one}})
		r.sleep(time.Minute)
		if n := len(all[session.StreamingError](r)); n != 1 {
			t.Errorf("%d errors", n)
		}
		for _, n := range all[session.Notice](r) {
			if strings.Contains(n.Text, "playback stops") {
				t.Errorf("%q", n.Text)
			}
		}
		if n := len(all[session.QueueEnded](r)); n != 1 {
			t.Errorf("%d times QueueEnded", n)
		}
	})
}

func TestASlowOpenIsShownAndANewerWishTakesItsPlace(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		release := r.local.Hold("open C")
		defer release()
		r.do(session.QueuePlay{Entry: r.entry(2)})
		r.sleep(5 * time.Second)
		r.wantTrack("A")
		if got := r.playback().Opening.Title; got != "C" {
			t.Errorf("opening %q, want C", got)
		}
		r.do(session.Next{}) // counts from what is wished for
		r.wantTrack("D")
		if o := r.playback().Opening; !o.Ref.IsZero() {
			t.Errorf("still opening %q", o.Title)
		}
		release()
		r.settle()
		r.wantTrack("D")
		if n := r.local.OpenSources(); n != 1 {
			t.Errorf("%d sources are open, want 1", n)
		}
	})
}

func TestASlowNextTrackPlaysWhenItComes(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		release := r.local.Hold("open B")
		defer release()
		r.sleep(130 * time.Second)
		r.wantTrack("A")
		release()
		r.sleep(10 * time.Second)
		r.wantTrack("B")
	})
}

func TestFastTogglesCount(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		for range 3 {
			r.s.Send(session.Toggle{})
		}
		r.settle()
		if r.playback().State != player.Paused {
			t.Errorf("three toggles from playing: %s", r.playback().State)
		}
		r.s.Send(session.Next{})
		r.s.Send(session.Next{})
		r.s.Send(session.Toggle{})
		r.settle()
		r.wantTrack("C")
		if r.playback().State != player.Playing {
			t.Errorf("state %s", r.playback().State)
		}
	})
}

func TestALostOutputIsTold(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.p.Tell(player.DeviceChanged{Name: "headphones", Lost: true, Err: errors.New("unplugged")})
		r.p.Pause()
		r.settle()
		if p := r.playback(); !p.Lost || p.State != player.Paused || p.Device != "headphones" {
			t.Errorf("%+v", p)
		}
		r.wantNotice("the output is gone: unplugged; Play tries it again")
	})
}

func TestTheSleepTimerPausesAtTheEndOfTheTrack(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.playAlbum()
		r.do(session.SleepTimer{After: 30 * time.Second})
		if at := r.playback().SleepAt; time.Until(at) != 30*time.Second {
			t.Errorf("SleepAt is in %s", time.Until(at))
		}
		r.sleep(99 * time.Second)
		r.wantTrack("A")
		if r.playback().State != player.Playing || r.playback().SleepAt.IsZero() {
			t.Errorf("before the end: %s, SleepAt %s", r.playback().State, r.playback().SleepAt)
		}
		r.sleep(2 * time.Second)
		r.wantTrack("B")
		if p := r.playback(); p.State != player.Paused || !p.SleepAt.IsZero() {
			t.Errorf("after it: %s, SleepAt %s", p.State, p.SleepAt)
		}
		r.do(session.Play{})
		r.sleep(101 * time.Second)
		r.wantTrack("C")
		r.do(session.SleepTimer{After: time.Second})
		r.sleep(95 * time.Second)
		r.do(session.SleepTimer{})
		r.sleep(10 * time.Second)
		r.wantTrack("D")
	})
}

func TestAPanicInAServiceIsAFault(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.local.Fail("children boom", panicking{})
		r.do(session.Load{Ticket: 5, Ask: music.Ask{Of: music.Section(music.Local, "boom")}})
		p, ok := last[session.PageLoaded](r)
		if !ok || p.Ticket != 5 || p.Fault == nil || p.Fault.Kind != session.SystemFailure {
			t.Errorf("%+v", p.Fault)
		}
		r.playAlbum()
		r.wantTrack("A")
	})
}

// panicking is an error that the test's service meets with a panic.
type panicking struct{}

func (panicking) Error() string { return "boom" }
func (panicking) Panic() bool   { return true }

func TestAContextWithNothingToPlayIsToldOfAndChangesNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		harm  func(r *rig)
		ask   func(r *rig) session.Command
		fault bool
	}{
		{"it cannot be listed", func(r *rig) { r.local.Fail("refs Suite", errors.New("broken")) },
			func(r *rig) session.Command { return session.PlayContext{Ask: music.Ask{Of: r.album}} }, true},
		{"nothing is in it", func(r *rig) { r.local.AddAlbum("Silence", 0) },
			func(r *rig) session.Command {
				return session.PlayContext{Ask: music.Ask{Of: music.Ref{Account: music.Local, Kind: music.KindAlbum, ID: "Silence"}}}
			}, false},
		{"its account is not there", func(*rig) {},
			func(*rig) session.Command {
				return session.PlayContext{Ask: music.Ask{Of: music.Ref{Account: "nobody", Kind: music.KindAlbum, ID: "x"}}}
			}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				r.playAlbum()
				r.sleep(10 * time.Second)
				c.harm(r)
				told := len(r.notices())
				r.do(c.ask(r))
				e, ok := last[session.PlayContextFailed](r)
				if !ok || (e.Fault != nil) != c.fault || e.Of.IsZero() {
					t.Errorf("told %+v, %t", e, ok)
				}
				if got := len(r.notices()) - told; got != 1 {
					t.Errorf("%d notices: %q", got, r.notices())
				}
				r.wantTrack("A")
				r.wantRows("A", "B", "C", "D")
			})
		})
	}
}

func TestTheNewestWishAloneIsToldOf(t *testing.T) {
	inBubble(t, func(r *rig) {
		release := r.local.Hold("refs Suite")
		r.do(session.PlayContext{Ask: music.Ask{Of: r.album}}, session.PlayContext{Ask: music.Ask{Of: r.ref("B")}})
		release()
		r.settle()
		if e, ok := last[session.PlayContextFailed](r); ok {
			t.Errorf("told %+v", e)
		}
		r.wantTrack("B")
	})
}
