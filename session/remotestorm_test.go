package session_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

// TestWhateverHappensHereAndThereBothAgreeInTheEnd does what people and devices may do,
// in any order and at any time; when it is calm again, the session and the device say
// the same.
func TestWhateverHappensHereAndThereBothAgreeInTheEnd(t *testing.T) {
	for seed := range uint64(60) {
		var options []option
		if seed%3 == 2 {
			options = append(options, slowly)
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inKitchen(t, func(k *kitchen) {
				rng := rand.New(rand.NewPCG(seed, 1))
				other := k.deck.AddTrack(music.Track{Title: "Other", Duration: time.Hour})
				k.queueUp("W", "A", "X", "Y", "B", "Z")
				var log []string
				for range 60 {
					what := k.storm(rng, other)
					log = append(log, what)
					k.sleep(time.Duration(rng.IntN(9000)) * time.Millisecond)
				}
				for _, call := range []string{"start", "enqueue", "pause there", "seek", "resume", "skip", "ready"} {
					k.deck.Fail(call, nil)
				}
				k.deck.By(func(h *sessiontest.Hand) { h.Blind(nil) })
				k.sleep(30 * time.Second)
				k.agree(log)
			}, options...)
		})
	}
}

func (k *kitchen) storm(rng *rand.Rand, other music.Ref) string {
	pick := func(names ...string) string { return names[rng.IntN(len(names))] }
	commands := []session.Command{
		session.Toggle{}, session.Toggle{}, session.Play{}, session.Pause{}, session.Next{}, session.Next{}, session.Previous{}, session.Stop{},
		session.SeekTo{Position: time.Duration(rng.IntN(120)) * time.Second}, session.SeekBy{Delta: 40 * time.Second}, session.Shuffle{},
		session.SetRepeat{}, session.SetVolume{Percent: rng.IntN(101)}, session.Mute{}, session.Undo{}, session.QueueClear{},
		session.Enqueue{Asks: asks(k.deck.TrackRef(pick("W", "X", "Y", "Z"))), Where: session.AfterCurrent},
		session.Enqueue{Asks: asks(k.local.TrackRef(pick("A", "B")), k.deck.TrackRef("Z"))},
		session.PlayContext{Ask: music.Ask{Of: k.far}}, session.PlayContext{Ask: music.Ask{Of: k.album}},
		session.ChooseDevice{Account: "spot", Device: pick("radio", "phone", "nonsense")}, session.LoadDevices{}, session.SleepTimer{After: 20 * time.Second}, session.SleepTimer{},
	}
	hands := map[string]func(h *sessiontest.Hand){
		"hold": func(h *sessiontest.Hand) { h.Hold(true) }, "release": func(h *sessiontest.Hand) { h.Hold(h.Idle()) },
		"skip": func(h *sessiontest.Hand) { h.Skip() }, "move": func(h *sessiontest.Hand) { h.Move(95 * time.Second) },
		"other": func(h *sessiontest.Hand) { h.Play(pick("radio", "phone"), other, 0) }, "gone": func(h *sessiontest.Hand) { h.Gone() },
		"turn": func(h *sessiontest.Hand) { h.Turn("radio", rng.IntN(101)) }, "goes on": func(h *sessiontest.Hand) { h.GoesOn(other) },
		"blind": func(h *sessiontest.Hand) { h.Blind(errors.New("no route")) }, "sees": func(h *sessiontest.Hand) { h.Blind(nil) },
	}
	switch n := rng.IntN(10); {
	case n < 7:
		c := commands[rng.IntN(len(commands))]
		k.s.Send(c)
		if rng.IntN(2) == 0 {
			k.settle()
		}
		return fmt.Sprintf("%T%+v", c, c)
	case n < 9:
		name := pick("hold", "release", "skip", "move", "other", "gone", "turn", "goes on", "blind", "sees")
		k.deck.By(hands[name])
		return "by hand: " + name
	}
	call := pick("start", "enqueue", "pause there", "seek", "resume", "skip", "ready")
	if rng.IntN(2) == 0 {
		k.deck.Fail(call, nil)
		return call + " works"
	}
	kind := []session.FaultKind{session.UnableToContactServer, session.InvalidDeviceID, session.TrackNotPlayable, session.RateLimited}[rng.IntN(4)]
	k.deck.Fail(call, &session.Fault{Kind: kind, Err: errors.New("a storm")})
	return call + " fails: " + kind.String()
}

// agree checks that what is said here is what happens there.
func (k *kitchen) agree(log []string) {
	k.t.Helper()
	p := k.playback()
	if p.DeviceOf == "" && (slices.Contains(log, "by hand: release") || slices.Contains(k.notices(), "spot: pause: a storm")) {
		return // somebody set going there what was left here, or it could not be silenced, which was told
	}
	_, track, at, playing := k.deck.Standing()
	wrong := ""
	switch {
	case p.State == player.Playing && p.DeviceOf == "spot" && (track != p.Track.Ref.ID || !playing):
		wrong = "it is said to play there"
	case p.State == player.Playing && p.DeviceOf == "" && playing && track != "Other":
		wrong = "it plays here, and there, too"
	case p.State == player.Unloaded && playing && track != "Other":
		wrong = "nothing plays here, and it goes on there"
	case p.DeviceOf == "spot" && p.State == player.Playing:
		if off := (k.position() - at).Abs(); off > 2*time.Second {
			wrong = "the positions are apart"
		}
	}
	if wrong == "" {
		return
	}
	k.t.Errorf("%s: here %q at %s, %s on %q; there %q at %s, playing=%t", wrong, p.Track.Title, k.position(), p.State, p.Device, track, at, playing)
	for _, l := range log[max(0, len(log)-12):] {
		k.t.Log(l)
	}
	for _, n := range k.notices() {
		k.t.Log("notice: ", n)
	}
}
