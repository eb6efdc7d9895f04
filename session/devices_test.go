package session_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
	"segue/session/sessiontest"
)

func (k *kitchen) devices() []session.Device {
	e, _ := last[session.DevicesChanged](k.rig)
	for _, a := range e.Accounts {
		if a.Account == "spot" {
			return a.Devices
		}
	}
	return nil
}

func TestDevicesAreListedForTheAccountsThatHaveAny(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		release := k.deck.Hold("devices")
		k.do(session.LoadDevices{})
		if e, _ := last[session.DevicesChanged](k.rig); len(e.Accounts) != 1 || !e.Accounts[0].Busy {
			t.Errorf("while it is asked: %+v", e)
		}
		release()
		k.settle()
		d := k.devices()
		if len(d) != 2 || d[0].Name != "Kitchen Radio" || !d[0].Active || !d[0].Chosen || d[1].Active {
			t.Errorf("%+v", d)
		}
		k.deck.Fail("devices", errors.New("no answer"))
		k.do(session.LoadDevices{Account: "spot"})
		e, _ := last[session.DevicesChanged](k.rig)
		if a := e.Accounts[0]; a.Fault == nil || a.Busy || len(a.Devices) != 2 {
			t.Errorf("after a failure what was known stays, with the fault: %+v", a)
		}
		if _, err := json.Marshal(e); err != nil {
			t.Error(err)
		}
		k.do(session.LoadDevices{Account: "nobody"}, session.LoadDevices{Account: music.Local}, session.ChooseDevice{Account: music.Local, Device: "x"},
			session.ChooseDevice{Account: "nobody"}, session.ChooseDevice{Account: "spot"})
		for _, want := range []string{
			"nobody: list the devices: there is no such account; look into the config for its name", "list the devices: this account cannot do that",
			"spot: choose the device: no device is named",
		} {
			k.wantNotice(want)
		}
	})
}

func TestANewcomerLearnsOfTheDevices(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.do(session.LoadDevices{})
		sub := k.s.Subscribe("late")
		k.settle()
		events, _ := sub.Take(t.Context())
		if !slices.ContainsFunc(events, func(e session.Event) bool {
			d, ok := e.(session.DevicesChanged)
			return ok && len(d.Accounts) == 1 && len(d.Accounts[0].Devices) == 2
		}) {
			t.Errorf("%+v", events)
		}
	})
}

func TestWhatPlaysMovesToTheDeviceThatIsChosen(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(20 * time.Second)
		k.do(session.ChooseDevice{Account: "spot", Device: "phone"})
		k.sleep(10 * time.Second)
		k.wantBoth("W", 30*time.Second, player.Playing)
		if dev, _, _, _ := k.deck.Standing(); dev != "phone" {
			t.Errorf("on %s", dev)
		}
		p := k.playback()
		if p.Device != "Alice's Phone" || p.Volume != 80 || len(k.lost()) != 0 {
			t.Errorf("%q at %d%%, lost %v", p.Device, p.Volume, k.lost())
		}
		k.wantNotice("spot plays on Alice's Phone")
		k.do(session.SetVolume{Percent: 10})
		k.wantNotice("the volume of Alice's Phone cannot be set from here")
		k.do(session.Pause{}, session.ChooseDevice{Account: "spot", Device: "radio"})
		k.sleep(5 * time.Second)
		k.wantBoth("W", 30*time.Second, player.Paused)
	})
}

func TestAnAccountThatCanPlayHereMovesHereAndBack(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.playFar()
		k.sleep(20 * time.Second)
		k.do(session.ChooseDevice{Account: "spot", Device: session.Here})
		k.sleep(10 * time.Second)
		k.wantHere("W", 30*time.Second, player.Playing)
		if k.deck.OpenSources() != 1 || k.playback().DeviceOf != "" || k.playback().Volume != 70 {
			t.Errorf("%d sources, on %q at %d%%", k.deck.OpenSources(), k.playback().DeviceOf, k.playback().Volume)
		}
		k.do(session.ChooseDevice{Account: "spot", Device: "radio"})
		k.sleep(10 * time.Second)
		k.wantBoth("W", 40*time.Second, player.Playing)
		if k.deck.OpenSources() != 0 {
			t.Error("it is open here, too")
		}
	})
}

func TestWithoutADeviceATrackAsksForOneAndBeginsOnceItIsThere(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.deck.By(func(h *sessiontest.Hand) { h.Lone() })
		k.playFar()
		k.sleep(time.Second)
		e, ok := last[session.DeviceNeeded](k.rig)
		if !ok || e.Account != "spot" || e.Fault.Kind != session.InvalidDeviceID || e.Track.Ref.ID != "W" {
			t.Errorf("%+v", e)
		}
		k.wantNotice("spot: play W: no device is active; choose one with go")
		k.wantHere("W", 0, player.Paused)
		if n := k.calls("start"); n != 0 || len(k.notices()) != 1 {
			t.Errorf("%d starts; %q", n, k.notices())
		}
		k.deck.By(func(h *sessiontest.Hand) { h.Comes(session.Device{ID: "tv", Name: "TV", Volume: 50}) })
		k.do(session.ChooseDevice{Account: "spot", Device: "tv"})
		k.sleep(3 * time.Second)
		k.wantBoth("W", 3*time.Second, player.Playing)
	})
}

func TestWithoutADeviceWhatPlaysHerePlaysOn(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.deck.By(func(h *sessiontest.Hand) { h.Lone() })
		k.queueUp("A", "B", "W", "C")
		k.do(session.QueuePlay{Entry: k.entry(2)})
		k.sleep(3 * time.Second)
		k.wantHere("A", 3*time.Second, player.Playing)
		if _, ok := last[session.DeviceNeeded](k.rig); !ok {
			t.Error("nothing asks for a device")
		}
		k.deck.By(func(h *sessiontest.Hand) { h.Comes(session.Device{ID: "tv", Name: "TV", Volume: 50}) })
		k.do(session.ChooseDevice{Account: "spot", Device: "tv"})
		k.sleep(2 * time.Second)
		k.wantBoth("W", 2*time.Second, player.Playing)
	})
}

func TestWithoutADeviceTheQueueWaitsAtTheTrackThatNeedsOne(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("A", "W", "X", "B")
		k.deck.By(func(h *sessiontest.Hand) { h.Lone() })
		k.sleep(110 * time.Second)
		k.wantHere("W", 0, player.Paused)
		if n := len(all[session.StreamingError](k.rig)); n != 1 {
			t.Errorf("%d tracks failed", n)
		}
		k.do(session.Next{}, session.Next{}, session.Play{})
		k.sleep(2 * time.Second)
		k.wantHere("B", 2*time.Second, player.Playing)
	})
}

func TestTheVolumeOfADeviceIsItsOwn(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.queueUp("W", "A")
		k.do(session.SetVolume{Percent: 55})
		if v := k.deck.Volume("radio"); v != 55 || k.playback().Volume != 55 {
			t.Errorf("there %d, shown %d", v, k.playback().Volume)
		}
		k.do(session.ChangeVolume{By: -5}, session.Mute{})
		if v := k.deck.Volume("radio"); v != 0 || !k.playback().Muted || k.playback().Volume != 50 {
			t.Errorf("muted: there %d, shown %d", v, k.playback().Volume)
		}
		k.sleep(5 * time.Second)
		k.do(session.Mute{})
		if v := k.deck.Volume("radio"); v != 50 || k.playback().Muted {
			t.Errorf("there %d", v)
		}
		for range 20 {
			k.s.Send(session.ChangeVolume{By: 1})
		}
		k.settle()
		if v := k.deck.Volume("radio"); v != 70 {
			t.Errorf("there %d", v)
		}
		if n := k.calls("volume"); n > 8 {
			t.Errorf("%d calls for 20 steps", n)
		}
		k.do(session.SetVolume{Percent: 20}, session.Next{})
		k.sleep(time.Second)
		if p := k.playback(); p.Track.Title != "A" || p.Volume != 70 {
			t.Errorf("%s at %d", p.Track.Title, p.Volume)
		}
	})
}

func TestOfflineModeLetsTheDeviceFallSilentFirst(t *testing.T) {
	deck := struct {
		*sessiontest.Deck
		session.Offliner
	}{sessiontest.NewDeck("spot"), nopNetwork{}}
	w := deck.AddAlbum("Far", 100*time.Second, "W", "X")
	inBubble(t, func(r *rig) {
		r.do(session.PlayContext{Ask: music.Ask{Of: w}})
		r.sleep(10 * time.Second)
		r.do(session.OfflineMode{To: session.On})
		if _, _, _, playing := deck.Standing(); playing {
			t.Error("it plays on")
		}
		if n, _ := deck.Watched(); n != 0 || r.playback().State != player.Paused {
			t.Errorf("%d watches, %s", n, r.playback().State)
		}
	}, func(c *setup) {
		c.accounts = append(c.accounts, session.Account{ID: "spot", Service: deck, Kind: "deck"})
	})
}

type nopNetwork struct{}

func (nopNetwork) SetNetwork(bool) {}

// TestADeviceThatAnotherProgramChoseIsGoneTo: as segue devices does.
func TestADeviceThatAnotherProgramChoseIsGoneTo(t *testing.T) {
	inKitchen(t, func(k *kitchen) {
		k.deck.Say(session.NewsDeviceChosen{Device: "phone"})
		k.settle()
		k.playFar()
		k.sleep(10 * time.Second)
		if device, _, _, playing := k.deck.Standing(); device != "phone" || !playing {
			t.Errorf("it plays on %s", device)
		}
		k.deck.Say(session.NewsDeviceChosen{Device: "radio"})
		k.settle()
		k.sleep(5 * time.Second)
		k.wantThere("W", 15*time.Second, true)
		k.wantNotice("spot plays on Kitchen Radio")
		k.do(session.Logout{Account: "spot"})
		k.deck.Say(session.NewsDeviceChosen{Device: "nonsense"})
		k.settle()
	})
}
