package session_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

// kitchen is a rig with an account whose album "Far" of W, X, Y and Z, of 100 s each,
// plays on a kitchen radio.
type kitchen struct {
	*rig
	deck *sessiontest.Deck
	far  music.Ref
}

func inKitchen(t *testing.T, f func(k *kitchen), options ...option) {
	t.Helper()
	deck := sessiontest.NewDeck("spot")
	far := deck.AddAlbum("Far", 100*time.Second, "W", "X", "Y", "Z")
	add := func(c *setup) { c.accounts = append(c.accounts, deck.Account()) }
	inBubble(t, func(r *rig) { f(&kitchen{rig: r, deck: deck, far: far}) }, append([]option{add}, options...)...)
}

func (k *kitchen) playFar() { k.do(session.PlayContext{Ask: music.Ask{Of: k.far}}) }

// playing queues tracks by name, far and near ones, and plays the first.
func (k *kitchen) queueUp(names ...string) {
	var list []music.Ask
	for _, n := range names {
		ref := k.deck.TrackRef(n)
		if strings.Contains("ABCD", n) {
			ref = k.local.TrackRef(n)
		}
		list = append(list, music.Ask{Of: ref})
	}
	k.do(session.PlayContext{Ask: list[0], More: list[1:]})
}

// wantThere checks what the radio plays; the position to 2 s.
func (k *kitchen) wantThere(track string, at time.Duration, playing bool) {
	k.t.Helper()
	_, gotTrack, gotAt, gotPlaying := k.deck.Standing()
	if off := gotAt - at; gotTrack != track || gotPlaying != playing || off < -2*time.Second || off > 2*time.Second {
		k.t.Errorf("there it is %q at %s, playing=%t; want %q at %s, playing=%t", gotTrack, gotAt, gotPlaying, track, at, playing)
	}
}

// wantHere checks what the session says of it.
func (k *kitchen) wantHere(track string, at time.Duration, state session.State) {
	k.t.Helper()
	p := k.playback()
	if off := k.position() - at; p.Track.Title != track || p.State != state || off < -2*time.Second || off > 2*time.Second {
		k.t.Errorf("here it is %q at %s, %s; want %q at %s, %s", p.Track.Title, k.position(), p.State, track, at, state)
	}
}

func (k *kitchen) wantBoth(track string, at time.Duration, state session.State) {
	k.t.Helper()
	k.wantThere(track, at, state == player.Playing)
	k.wantHere(track, at, state)
}

func (k *kitchen) titlesHeard() (titles []string) {
	for _, e := range all[session.TrackHeard](k.rig) {
		titles = append(titles, e.Heard.Track.Title)
	}
	return titles
}

func (k *kitchen) calls(method string) (n int) {
	for _, c := range k.deck.Calls() {
		if c == method || strings.HasPrefix(c, method+" ") {
			n++
		}
	}
	return n
}

func TestATrackOfADeviceIsHeardThereAndTheQueueDoesNotNotice(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(30 * time.Second)
		k.wantBoth("W", 30*time.Second, player.Playing)
		p := k.playback()
		if p.Device != "Kitchen Radio" || p.DeviceOf != "spot" || p.Volume != 40 {
			t.Errorf("device %q of %q at %d%%", p.Device, p.DeviceOf, p.Volume)
		}
		if k.deck.OpenSources() != 0 || slices.Contains(k.deck.Calls(), "open W") {
			t.Error("it was opened here, too")
		}
		k.sleep(75 * time.Second)
		k.wantBoth("X", 5*time.Second, player.Playing)
		if q := k.queue(); q.Index != 1 || q.Left != 2 {
			t.Errorf("the queue is at %d with %d left", q.Index, q.Left)
		}
		heard := all[session.TrackHeard](k.rig)
		if len(heard) != 1 || !heard[0].Heard.Counts || heard[0].Heard.Reason != player.EndPlayed || heard[0].Heard.Heard < 99*time.Second {
			t.Errorf("heard %+v", heard)
		}
		if len(all[session.EndOfTrack](k.rig)) != 1 || len(all[session.StopPlayback](k.rig)) != 0 {
			t.Error("from one track to the next there is an end of the one, and no pause")
		}
	})
}

func TestTheDeviceGoesOnByItsOwnQueueWithOneStartForAnAlbum(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(395 * time.Second)
		k.wantBoth("Z", 95*time.Second, player.Playing)
		calls := k.deck.Calls()
		starts, queued := 0, 0
		for _, c := range calls {
			starts += strings.Count(c, "start ")
			queued += strings.Count(c, "enqueue ")
		}
		if starts != 1 || queued != 3 {
			t.Errorf("%d starts, %d enqueued: %q", starts, queued, calls)
		}
		k.sleep(20 * time.Second)
		if _, ok := last[session.QueueEnded](k.rig); !ok || k.playback().State != player.Unloaded {
			t.Errorf("at the end of the queue it is %s", k.playback().State)
		}
		if w, _ := k.deck.Watched(); w != 0 {
			t.Errorf("%d watches are at work with nothing to watch", w)
		}
	})
}

func TestAQueueMixesBothWays(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("A", "W", "B", "C", "X", "Y")
		k.sleep(95 * time.Second)
		k.wantHere("A", 95*time.Second, player.Playing)
		k.wantThere("", 0, false)
		for i, want := range []string{"W", "B", "C", "X", "Y"} {
			k.sleep(100 * time.Second)
			if p := k.playback(); p.Track.Title != want || p.State != player.Playing || k.position() < 85*time.Second {
				t.Errorf("%d: %q at %s, %s; want %q", i, p.Track.Title, k.position(), p.State, want)
			}
			if far := strings.Contains("WXY", want); far != (k.playback().DeviceOf == "spot") {
				t.Errorf("%d: %s plays on %q", i, want, k.playback().Device)
			}
		}
		if got := k.titlesHeard(); !slices.Equal(got, []string{"A", "W", "B", "C", "X"}) {
			t.Errorf("heard %q", got)
		}
		if n := len(all[session.StopPlayback](k.rig)); n != 0 {
			t.Errorf("it stopped %d times between", n)
		}
		k.sleep(30 * time.Second)
		if k.playback().State != player.Unloaded {
			t.Errorf("%s", k.playback().State)
		}
	})
}

func TestBehindALocalTrackThatBreaksTheDeviceGoesOn(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.local.Break(k.local.TrackRef("A"), 20*time.Second)
		k.queueUp("A", "W")
		k.sleep(30 * time.Second)
		k.wantBoth("W", 10*time.Second, player.Playing)
	})
}

func TestTransportCommandsGoToTheDevice(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(10 * time.Second)
		k.do(session.Pause{})
		k.wantBoth("W", 10*time.Second, player.Paused)
		k.sleep(20 * time.Second)
		k.wantBoth("W", 10*time.Second, player.Paused)
		k.do(session.SeekTo{Position: 50 * time.Second})
		k.do(session.Toggle{})
		k.sleep(5 * time.Second)
		k.wantBoth("W", 55*time.Second, player.Playing)
		k.do(session.SeekBy{Delta: -15 * time.Second})
		k.wantBoth("W", 40*time.Second, player.Playing)
		k.do(session.Next{})
		k.sleep(time.Second)
		k.wantBoth("X", time.Second, player.Playing)
		k.do(session.Previous{})
		k.sleep(4 * time.Second)
		k.wantBoth("W", 4*time.Second, player.Playing)
		k.do(session.Previous{})
		k.wantBoth("W", 0, player.Playing)
		k.do(session.Stop{})
		k.wantThere("W", 0, false)
		if p := k.playback(); p.State != player.Unloaded || p.DeviceOf != "" {
			t.Errorf("%s on %q", p.State, p.DeviceOf)
		}
	})
}

func TestPausedForLongATrackIsStartedAnewWhereItStood(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(10 * time.Second)
		k.do(session.Pause{})
		k.deck.By(func(h *sessiontest.Hand) { h.Blind(errors.New("no answer")) })
		k.sleep(time.Hour)
		k.deck.Calls()
		k.do(session.Play{})
		if n := k.calls("start"); n != 1 {
			t.Errorf("%d starts", n)
		}
		k.sleep(5 * time.Second)
		k.wantBoth("W", 15*time.Second, player.Playing)
	})
}

func TestAPausedTrackIsNotStartedByChoosingTheNextOne(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.do(session.Pause{}, session.Next{})
		k.sleep(5 * time.Second)
		k.wantHere("X", 0, player.Loaded)
		k.wantThere("W", 0, false)
		k.do(session.SeekTo{Position: 30 * time.Second}, session.Play{})
		k.sleep(time.Second)
		k.wantBoth("X", 31*time.Second, player.Playing)
	})
}

func TestSeekingPastTheEndGoesOn(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("W", "X", "A", "Y")
		k.sleep(5 * time.Second)
		k.do(session.SeekTo{Position: time.Hour})
		k.sleep(3 * time.Second)
		k.wantBoth("X", 3*time.Second, player.Playing)
		k.do(session.SeekBy{Delta: time.Hour})
		k.sleep(3 * time.Second)
		k.wantHere("A", 3*time.Second, player.Playing)
		k.wantThere("X", 3*time.Second, false)
		k.do(session.Next{})
		k.do(session.SeekBy{Delta: 500 * time.Second})
		k.sleep(time.Second)
		if s := k.playback().State; s != player.Unloaded {
			t.Errorf("past the last end it is %s", s)
		}
	})
}

func TestPreviousOnTheFirstAndNextOnTheLastAreHarmless(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("W")
		k.do(session.Previous{}, session.Previous{}, session.SeekTo{Position: -time.Hour})
		k.wantBoth("W", 0, player.Playing)
		k.do(session.Next{})
		k.wantThere("W", 0, false)
		if k.playback().State != player.Unloaded {
			t.Errorf("%s", k.playback().State)
		}
		k.do(session.Next{}, session.Previous{}, session.SeekBy{Delta: time.Second}, session.Play{})
	})
}

func TestAQueueThatChangedAfterTheDeviceGotTheNextTrackIsRight(t *testing.T) {
	for name, edit := range map[string]func(k *kitchen){
		"removed":          func(k *kitchen) { k.do(session.QueueRemove{Entries: []session.EntryID{k.entry(1)}}) },
		"another is first": func(k *kitchen) { k.do(session.Enqueue{Asks: asks(k.deck.TrackRef("Y")), Where: session.AfterCurrent}) },
	} {
		t.Run(name, func(t *testing.T) {
			inKitchen(t, func(k *kitchen) {
				k.queueUp("W", "X", "Y", "Z")
				k.sleep(95 * time.Second)
				if q := k.deck.Queue(); !slices.Equal(q, []string{"X"}) {
					t.Fatalf("its queue is %q", q)
				}
				edit(k)
				k.sleep(10 * time.Second)
				k.wantHere("Y", 4*time.Second, player.Playing)
				k.wantThere("Y", 4*time.Second, true)
				if q := k.deck.Queue(); len(q) != 0 {
					t.Errorf("its queue is %q", q)
				}
			})
		})
	}
}

func TestALocalTrackThatSlipsInBetweenIsHeardHere(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("W", "X")
		k.sleep(95 * time.Second)
		k.do(session.Enqueue{Asks: asks(k.local.TrackRef("A")), Where: session.AfterCurrent})
		k.sleep(10 * time.Second)
		k.wantHere("A", 4*time.Second, player.Playing)
		if _, _, _, playing := k.deck.Standing(); playing {
			t.Error("the device plays, too")
		}
		k.sleep(100 * time.Second)
		k.wantBoth("X", 4*time.Second, player.Playing)
	})
}

func TestNextWhileTheDeviceHasTheNextTrackLeavesNothingInItsQueue(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(95 * time.Second)
		k.do(session.QueuePlay{Entry: k.entry(2)})
		k.sleep(2 * time.Second)
		k.wantBoth("Y", 2*time.Second, player.Playing)
		if q := k.deck.Queue(); len(q) != 0 {
			t.Errorf("its queue is %q", q)
		}
		k.sleep(100 * time.Second)
		k.wantBoth("Z", 2*time.Second, player.Playing)
	})
}

func TestATrackIsRepeated(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.do(session.SetRepeat{Mode: session.RepeatOne})
		k.sleep(105 * time.Second)
		k.wantBoth("W", 5*time.Second, player.Playing)
		k.sleep(100 * time.Second)
		k.wantBoth("W", 5*time.Second, player.Playing)
		if got := k.titlesHeard(); !slices.Equal(got, []string{"W", "W"}) {
			t.Errorf("heard %q", got)
		}
	})
}

func TestTheSleepTimerEndsWithTheTrackThere(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.deck.By(func(h *sessiontest.Hand) { h.GoesOn(k.deck.AddTrack(music.Track{Title: "Radio", Duration: time.Hour})) })
		k.do(session.SleepTimer{After: 50 * time.Second})
		k.sleep(110 * time.Second)
		k.wantHere("X", 0, player.Paused)
		if _, _, _, playing := k.deck.Standing(); playing {
			t.Error("the device goes on")
		}
	})
}

func TestWhatADeviceGoesOnWithByItselfEndsAtOnce(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.deck.By(func(h *sessiontest.Hand) { h.GoesOn(k.deck.AddTrack(music.Track{Title: "Radio", Duration: time.Hour})) })
		k.queueUp("W", "A")
		k.sleep(103 * time.Second)
		k.wantHere("A", 2*time.Second, player.Playing)
		if _, track, at, playing := k.deck.Standing(); playing || track != "Radio" || at > 2*time.Second {
			t.Errorf("%s at %s, playing=%t", track, at, playing)
		}
		if _, lost := last[session.PlayTokenLost](k.rig); lost {
			t.Error("that is no other player")
		}
	})
}

func TestTheEndIsCountedWhenTheSessionEnds(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(60 * time.Second)
		k.close()
		if r := k.deck.Reports(); len(r) != 1 || !r[0].Counts {
			t.Errorf("reported %+v", r)
		}
		k.wantThere("W", 60*time.Second, false)
		if s, _ := k.store.Saved(); s.Position < 58*time.Second || s.Volume != 70 {
			t.Errorf("saved %+v", s)
		}
	})
}
