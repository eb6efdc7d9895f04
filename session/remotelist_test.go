package session_test

import (
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

// wantPart checks what is heard of a list, there and here.
func (k *kitchen) wantPart(track string, at time.Duration, state session.State) {
	k.t.Helper()
	k.wantBoth(track, at, state)
	if p := k.playback(); p.Track.Ref != k.deck.TrackRef(track) || p.Track.Duration != 100*time.Second {
		k.t.Errorf("it is shown as %+v", p.Track)
	}
}

// aMix plays a list of W, X and Y as a whole, with A behind it.
func (k *kitchen) aMix() {
	k.deck.AddWhole("Mix", k.deck.TrackRef("W"), k.deck.TrackRef("X"), k.deck.TrackRef("Y"))
	k.queueUp("Mix", "A")
	k.sleep(5 * time.Second)
}

func TestOfAListThatPlaysAsAWholeTheSongIsShown(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.aMix()
		k.wantPart("W", 5*time.Second, player.Playing)
		k.sleep(100 * time.Second)
		k.wantPart("X", 5*time.Second, player.Playing)
		if q := k.queue(); q.Index != 0 || q.Left != 1 {
			t.Errorf("the queue is at %d with %d left", q.Index, q.Left)
		}
		k.do(session.SeekTo{Position: 60 * time.Second})
		k.sleep(10 * time.Second)
		k.wantPart("X", 70*time.Second, player.Playing)
	})
}

func TestNextAndPreviousStayInAListThatPlaysAsAWhole(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.aMix()
		k.do(session.SetRepeat{Mode: session.RepeatAll})
		k.do(session.Next{})
		k.sleep(3 * time.Second)
		k.wantPart("X", 3*time.Second, player.Playing)
		k.do(session.Next{})
		k.sleep(2 * time.Second)
		k.wantPart("Y", 2*time.Second, player.Playing)
		k.do(session.Previous{})
		k.sleep(10 * time.Second)
		k.wantPart("X", 10*time.Second, player.Playing)
		k.do(session.Previous{}) // so far into it, its beginning
		k.sleep(2 * time.Second)
		k.wantPart("X", 2*time.Second, player.Playing)
		k.do(session.Previous{}, session.Previous{})
		k.sleep(2 * time.Second)
		k.wantPart("W", 2*time.Second, player.Playing)
		if n := k.calls("start"); n != 1 {
			t.Errorf("%d starts", n)
		}
	})
}

func TestNextInAPausedListStaysPaused(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.aMix()
		k.do(session.Pause{})
		k.do(session.Next{})
		k.sleep(5 * time.Second)
		k.wantPart("X", 0, player.Paused)
		k.do(session.Play{})
		k.sleep(5 * time.Second)
		k.wantPart("X", 5*time.Second, player.Playing)
	})
}

func TestBehindAListThatPlaysAsAWholeTheQueueGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		before func(k *kitchen)
		wait   time.Duration
	}{
		"at its end":        {func(*kitchen) {}, 304 * time.Second},
		"by next":           {func(k *kitchen) { k.do(session.Next{}, session.Next{}, session.Next{}) }, 8 * time.Second},
		"the device strays": {func(k *kitchen) { k.strays() }, 304 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inKitchen(t, func(k *kitchen) {
				k.aMix()
				c.before(k)
				k.sleep(c.wait)
				if p := k.playback(); p.Track.Title != "A" || p.State != player.Playing {
					t.Errorf("it is %q, %s", p.Track.Title, p.State)
				}
				if _, _, _, playing := k.deck.Standing(); playing {
					t.Error("the device plays on")
				}
				if _, lost := last[session.PlayTokenLost](k.rig); lost {
					t.Error("that is no other player")
				}
			})
		})
	}
}

// strays lets the device go on by itself behind what it has.
func (k *kitchen) strays() {
	other := k.deck.AddTrack(music.Track{Title: "Other", Duration: time.Hour})
	k.deck.By(func(h *sessiontest.Hand) { h.GoesOn(other) })
}

func TestAnotherTrackInTheMiddleOfAListIsATakeOver(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.aMix()
		k.deck.By(func(h *sessiontest.Hand) { h.Play("radio", k.deck.TrackRef("Z"), 0) })
		k.sleep(5 * time.Second)
		if _, lost := last[session.PlayTokenLost](k.rig); !lost || k.playback().State != player.Paused {
			t.Errorf("it is %s", k.playback().State)
		}
		k.wantThere("Z", 5*time.Second, true)
	})
}

func TestAListThatPlaysAsAWholeIsGoneThroughAsTheQueueIs(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		wants := func(want session.ListOrder) {
			t.Helper()
			if got := k.deck.Order(); got != want {
				t.Errorf("its order is %+v, want %+v", got, want)
			}
		}
		k.aMix()
		wants(session.ListOrder{})
		k.do(session.Shuffle{To: session.On})
		wants(session.ListOrder{Shuffled: true})
		k.do(session.SetRepeat{Mode: session.RepeatOne})
		wants(session.ListOrder{Shuffled: true, Again: true})
		k.do(session.Undo{})
		wants(session.ListOrder{Again: true})
		k.do(session.Shuffle{To: session.On}, session.SetRepeat{Mode: session.RepeatAll})
		if n := k.calls("order"); n != 5 {
			t.Errorf("it was told %d times", n)
		}
		k.deck.AddWhole("Other mix", k.deck.TrackRef("X"), k.deck.TrackRef("W"))
		k.queueUp("Other mix")
		wants(session.ListOrder{Shuffled: true})
	})
}

func TestWhatIsHeardOfAListCountsSongBySong(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.aMix()
		k.sleep(100 * time.Second) // W whole, and a little of X
		k.do(session.Next{})
		k.sleep(30 * time.Second) // of Y
		k.do(session.SeekTo{Position: 90 * time.Second})
		k.sleep(20 * time.Second) // to its end, and of A
		type heard struct {
			title  string
			for_   time.Duration
			why    player.EndReason
			counts bool
		}
		var got []heard
		for _, e := range all[session.TrackHeard](k.rig) {
			h := e.Heard
			got = append(got, heard{h.Track.Title, h.Heard.Round(2 * time.Second), h.Reason, h.Counts})
		}
		want := []heard{{"W", 100 * time.Second, player.EndPlayed, true}, {"X", 6 * time.Second, player.EndSkipped, false}, {"Y", 40 * time.Second, player.EndPlayed, false}}
		if !slices.Equal(got, want) {
			t.Errorf("heard was %v, want %v", got, want)
		}
	})
}
