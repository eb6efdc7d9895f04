package session_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

func (k *kitchen) lost() []session.PlayTokenLost { return all[session.PlayTokenLost](k.rig) }

func TestWhoeverTakesOverIsNamedAndKeepsIt(t *testing.T) {
	other := music.Track{Title: "Other", Duration: time.Hour}
	for name, c := range map[string]struct {
		by     func(k *kitchen, h *sessiontest.Hand)
		device string
		notice string
	}{
		"our track goes on on the phone": {
			func(k *kitchen, h *sessiontest.Hand) { h.Play("phone", k.deck.TrackRef("W"), 20*time.Second) },
			"Alice's Phone", "spot plays on Alice's Phone now: paused here; Play takes it back",
		},
		"another track on the phone": {
			func(k *kitchen, h *sessiontest.Hand) { h.Play("phone", k.deck.TrackRef("Other"), 0) },
			"Alice's Phone", "spot plays on Alice's Phone now: paused here; Play takes it back",
		},
		"another track on our device": {
			func(k *kitchen, h *sessiontest.Hand) { h.Play("radio", k.deck.TrackRef("Other"), 0) },
			"Kitchen Radio", "something else plays on Kitchen Radio: paused here; Play takes it back",
		},
	} {
		t.Run(name, func(t *testing.T) {
			inKitchen(t, func(k *kitchen) {
				k.deck.AddTrack(other)
				k.queueUp("W", "X", "A")
				k.sleep(20 * time.Second)
				k.deck.By(func(h *sessiontest.Hand) { c.by(k, h) })
				k.deck.Calls()
				k.sleep(70 * time.Second)
				if l := k.lost(); len(l) != 1 || l[0].Device != c.device || l[0].Account != "spot" {
					t.Errorf("lost %+v", l)
				}
				k.wantNotice(c.notice)
				k.wantHere("W", 20*time.Second, player.Paused)
				if calls := k.deck.Calls(); len(calls) != 0 {
					t.Errorf("it was not left alone: %q", calls)
				}
				if w, _ := k.deck.Watched(); w != 0 {
					t.Error("it is watched on")
				}
				_, track, _, playing := k.deck.Standing()
				if !playing {
					t.Errorf("%s was stopped there", track)
				}
				k.do(session.Play{}) // somebody here wants it back
				k.sleep(2 * time.Second)
				k.wantHere("W", 22*time.Second, player.Playing)
				if dev, track, _, _ := k.deck.Standing(); dev != "radio" || track != "W" {
					t.Errorf("%s on %s", track, dev)
				}
			})
		})
	}
}

func TestWhatWasLostIsNotTakenBackByALocalTracksEnd(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("W", "A", "X")
		k.sleep(5 * time.Second)
		other := k.deck.AddTrack(music.Track{Title: "Other", Duration: time.Hour})
		k.deck.By(func(h *sessiontest.Hand) { h.Play("phone", other, 0) })
		k.sleep(5 * time.Second)
		k.do(session.QueuePlay{Entry: k.entry(1)})
		k.sleep(105 * time.Second)
		k.wantHere("X", 0, player.Paused)
		if dev, track, _, playing := k.deck.Standing(); dev != "phone" || track != "Other" || !playing {
			t.Errorf("%s on %s", track, dev)
		}
	})
}

func TestWhatPeopleDoAtTheDeviceIsFollowed(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(20 * time.Second)
		k.deck.By(func(h *sessiontest.Hand) { h.Hold(true) })
		k.sleep(3 * time.Second)
		k.wantBoth("W", 20*time.Second, player.Paused)
		k.deck.By(func(h *sessiontest.Hand) { h.Hold(false); h.Move(70 * time.Second); h.Turn("radio", 15) })
		k.sleep(3 * time.Second)
		k.wantBoth("W", 73*time.Second, player.Playing)
		if p := k.playback(); p.Volume != 15 {
			t.Errorf("volume %d", p.Volume)
		}
		k.sleep(20 * time.Second) // the device has X now
		k.deck.By(func(h *sessiontest.Hand) { h.Skip() })
		k.sleep(3 * time.Second)
		k.wantBoth("X", 3*time.Second, player.Playing)
		if e := all[session.TrackHeard](k.rig); len(e) != 1 || e[0].Heard.Reason != player.EndSkipped && e[0].Heard.Reason != player.EndPlayed {
			t.Errorf("heard %+v", e)
		}
	})
}

func TestADeviceThatGoesAwayPausesAndForgetsNothing(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.do(session.SetVolume{Percent: 33})
		k.sleep(30 * time.Second)
		k.deck.By(func(h *sessiontest.Hand) { h.Gone() })
		k.sleep(10 * time.Second)
		k.wantNotice("spot: Kitchen Radio is gone: paused; Play tries it again")
		k.wantHere("W", 31*time.Second, player.Paused)
		k.deck.By(func(h *sessiontest.Hand) { h.Turn("radio", 100) }) // it is back, as after a power cut
		k.sleep(time.Hour)
		k.wantHere("W", 31*time.Second, player.Paused)
		k.do(session.Play{})
		k.sleep(3 * time.Second)
		k.wantBoth("W", 34*time.Second, player.Playing)
		if v := k.deck.Volume("radio"); v != 33 || k.playback().Volume != 33 {
			t.Errorf("its volume is %d, shown %d", v, k.playback().Volume)
		}
	})
}

func TestAnEndThatWasNotSeenForLongIsNoReasonToBeginAnything(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("W", "X")
		k.sleep(80 * time.Second)
		k.deck.By(func(h *sessiontest.Hand) {
			h.Blind(&session.Fault{Kind: session.UnableToContactServer, Err: errors.New("no route")})
		})
		k.deck.Fail("enqueue", errors.New("no route"))
		k.sleep(10 * time.Minute)
		k.deck.By(func(h *sessiontest.Hand) { h.Blind(nil) })
		k.deck.Calls()
		k.sleep(10 * time.Minute)
		k.wantHere("W", 100*time.Second, player.Paused)
		if n := k.calls("start"); n != 0 {
			t.Errorf("it began by itself")
		}
		k.deck.Fail("enqueue", nil)
		k.do(session.Play{})
		k.sleep(3 * time.Second)
		k.wantBoth("X", 3*time.Second, player.Playing)
	})
}

func TestWhileTheAccountIsAwayTheQueueGoesOnWithWhatIsHere(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("W", "A")
		k.sleep(60 * time.Second)
		k.deck.By(func(h *sessiontest.Hand) {
			h.Blind(&session.Fault{Kind: session.UnableToContactServer, Err: errors.New("no route")})
		})
		k.deck.Fail("children", &session.Fault{Kind: session.UnableToContactServer, Err: errors.New("no route")})
		k.sleep(50 * time.Second)
		k.wantHere("A", 5*time.Second, player.Playing)
	})
}

func TestShortBlindnessChangesNothing(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(60 * time.Second)
		k.deck.By(func(h *sessiontest.Hand) { h.Blind(errors.New("no route")) })
		k.sleep(20 * time.Second)
		k.wantBoth("W", 80*time.Second, player.Playing)
		k.deck.By(func(h *sessiontest.Hand) { h.Blind(nil) })
		k.sleep(30 * time.Second)
		k.wantBoth("X", 10*time.Second, player.Playing)
	})
}

func TestATrackUnderAnotherNameIsOurs(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.deck.By(func(h *sessiontest.Hand) {
			h.Calls(k.deck.TrackRef("W"), k.deck.TrackRef("W in this market"))
			h.Calls(k.deck.TrackRef("X"), k.deck.TrackRef("X in this market"))
		})
		k.playFar()
		k.sleep(50 * time.Second)
		k.wantBoth("W", 50*time.Second, player.Playing)
		k.sleep(55 * time.Second)
		k.wantBoth("X", 5*time.Second, player.Playing)
		k.do(session.Next{})
		k.sleep(5 * time.Second)
		k.wantBoth("Y", 5*time.Second, player.Playing)
		if len(k.lost()) != 0 {
			t.Error("it was taken for another's")
		}
	})
}

func TestAStartThatIsRefusedForTheTracksSakeGoesOn(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.deck.Fail("start W", &session.Fault{Kind: session.TrackNotPlayable, Err: errors.New("not in your country")})
		k.playFar()
		k.sleep(3 * time.Second)
		k.wantBoth("X", 3*time.Second, player.Playing)
		if e, ok := last[session.StreamingError](k.rig); !ok || e.Track.ID != "W" || e.Fault.Kind != session.TrackNotPlayable {
			t.Errorf("%+v", e)
		}
	})
}

func TestAStartThatIsRefusedForTheAccountsSakeWaits(t *testing.T) {
	for kind, text := range map[session.FaultKind]string{
		session.UserNeedsPremium:      "spot: play W: Premium is needed to play",
		session.PermissionDenied:      "spot: play W: Kitchen Radio takes no commands",
		session.RateLimited:           "spot: play W: too many requests",
		session.UnableToContactServer: "spot: play W: no route",
	} {
		t.Run(kind.String(), func(t *testing.T) {
			inKitchen(t, func(k *kitchen) {
				_, why, _ := cut3(text)
				k.deck.Fail("start", &session.Fault{Kind: kind, Err: errors.New(why)})
				k.playFar()
				k.sleep(10 * time.Second)
				k.wantHere("W", 0, player.Paused)
				k.wantNotice(text)
				if n := k.calls("start"); n != 1 {
					t.Errorf("%d starts", n)
				}
				k.deck.Fail("start", nil)
				k.do(session.Play{})
				k.sleep(3 * time.Second)
				k.wantBoth("W", 3*time.Second, player.Playing)
			})
		})
	}
}

// cut3 takes "spot: play W: why" apart.
func cut3(text string) (op, why string, ok bool) {
	const op3 = "spot: play W: "
	return op3, text[len(op3):], len(text) > len(op3)
}

func TestStopEndsTheWatchAndTheSound(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(10 * time.Second)
		k.do(session.Stop{})
		if w, _ := k.deck.Watched(); w != 0 {
			t.Error("it is watched on")
		}
		if c := k.deck.Calls(); !slices.Contains(c, "pause there") {
			t.Errorf("%q", c)
		}
	})
}

func TestAPauseThatIsRefusedLeavesItPlaying(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(10 * time.Second)
		k.deck.Fail("pause there", &session.Fault{Kind: session.OtherTransient, Err: errors.New("it has a fault of its own")})
		k.do(session.Pause{})
		k.sleep(time.Second)
		k.wantBoth("W", 11*time.Second, player.Playing)
		k.deck.Fail("pause there", nil)
		k.do(session.Toggle{})
		k.sleep(time.Second)
		k.wantBoth("W", 11*time.Second, player.Paused)
	})
}
