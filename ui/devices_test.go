package ui

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/pcm"
	"segue/player"
	"segue/session"
)

// withConnect gives a session with two accounts that play on devices.
func withConnect(f *fake, _ *Options) {
	f.play.Device = "oto (PulseAudio)"
	can := session.Can{SignIn: true, Devices: true}
	f.accounts = []session.AccountInfo{
		{ID: "spotify", Kind: "spotify", User: "alice", State: session.ConnLoggedIn, Can: can},
		{ID: "family", Kind: "spotify", State: session.ConnLoggedOut, Can: can},
	}
}

func someDevices(now time.Time) session.DevicesChanged {
	out := &session.Fault{Kind: session.NoCredentials, Account: "family", Op: "list the devices", Err: errors.New("Nobody is signed in"), Hint: "sign in first"}
	return session.DevicesChanged{Accounts: []session.AccountDevices{
		{Account: "spotify", At: now.Add(-2 * time.Minute), Devices: []session.Device{
			{ID: "k", Name: "Kitchen Radio", Kind: "Speaker", Chosen: true, Active: true, Volume: 40},
			{ID: "p", Name: "Alice's Phone 📱", Kind: "Smartphone", Volume: -1, Fixed: true, Private: true},
			{ID: "t", Name: "TV in the room with a name that goes on and on and on\x1b[31m", Kind: "TV", Restricted: true, Volume: 12},
			{ID: "d", Name: "Desk", Kind: "Computer", Volume: 100},
		}},
		{Account: "family", At: now, Fault: out},
	}}
}

// farAway lets a track play on the kitchen radio.
func farAway(r *rig) {
	r.keys("enter", "down", "enter")
	r.f.mu.Lock()
	r.f.play.DeviceOf, r.f.play.Device, r.f.play.Volume = "spotify", "Kitchen Radio", 40
	r.f.play.Format, r.f.play.Info, r.f.play.GainDB = player.Format{}, pcm.Info{}, 0
	r.f.mu.Unlock()
	r.f.publish()
	r.settle()
}

func TestOutputsAndDevicesAreListedAndChosen(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {60, 16}, {80, 24}, {120, 36}, {200, 50}} {
		r := newRig(t, size[0], size[1], withConnect)
		farAway(r)
		r.keys("g", "o")
		if size[1] >= 16 {
			r.want("Looking for its devices")
		}
		if n := len(commands[session.LoadDevices](r.f)); n != 1 {
			t.Errorf("the devices were asked for %d times", n)
		}
		r.f.box.Put(someDevices(r.f.now))
		r.settle()
		if dir := os.Getenv("LOOK"); dir != "" {
			if err := os.WriteFile(dir+"/devices-"+itoa(size[0])+".ans", []byte(r.m.View().Content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if size[1] >= 24 {
			for _, want := range []string{"This computer", "oto (PulseAudio)", "rests while a device plays", "spotify", "as of 11:58", "plays, volume 40",
				"private session, volume fixed", "takes no commands", "Desk", "Nobody is signed in", "leads to the accounts"} {
				r.want(want)
			}
		}
		if strings.Contains(r.m.View().Content, "\x1b[31m") {
			t.Error("a control sequence of a name came through")
		}
		r.keys("G", "enter")
		c := commands[session.ChooseDevice](r.f)
		if len(c) != 1 || c[0].Account != "spotify" || c[0].Device != "d" {
			t.Errorf("%d columns: %+v", size[0], c)
		}
		r.keys("g", "g", "enter")
		if c := commands[session.ChooseDevice](r.f); len(c) != 2 || c[1].Account != "spotify" || c[1].Device != session.Here {
			t.Errorf("this computer: %+v", c)
		}
		r.keys("U")
		if n := len(commands[session.LoadDevices](r.f)); n != 2 {
			t.Errorf("U asks again: %d", n)
		}
	}
}

func TestADeviceIsFoundByWords(t *testing.T) {
	r := newRig(t, 100, 24, withConnect)
	r.keys("g", "o")
	r.f.box.Put(someDevices(r.f.now))
	r.settle()
	r.keys("/", "t:desk", "enter")
	r.wantNot("Kitchen Radio  ")
	r.keys("enter")
	if c := commands[session.ChooseDevice](r.f); len(c) != 1 || c[0].Device != "d" {
		t.Errorf("%+v", c)
	}
	r.keys("/", "t:nonsense", "enter")
	r.want("No device is called like “")
	r.keys("enter", "esc")
	r.want("Kitchen Radio")
	if c := commands[session.ChooseDevice](r.f); len(c) != 1 {
		t.Errorf("%+v", c)
	}
}

func TestTheCursorStaysOnItsDevice(t *testing.T) {
	r := newRig(t, 80, 24, withConnect)
	r.keys("g", "o")
	all := someDevices(r.f.now)
	r.f.box.Put(all)
	r.settle()
	r.keys("G")
	list := all.Accounts[0].Devices
	all.Accounts = []session.AccountDevices{{Account: "spotify", At: r.f.now, Devices: []session.Device{list[3], {ID: "new", Name: "New"}, list[0]}}}
	r.f.box.Put(all)
	r.settle()
	r.keys("enter")
	if c := commands[session.ChooseDevice](r.f); len(c) != 1 || c[0].Device != "d" {
		t.Errorf("%+v", c)
	}
}

func TestTheStatesOfTheDevicesSayWhatToDo(t *testing.T) {
	r := newRig(t, 100, 24)
	r.keys("g", "o")
	r.want("such as Spotify Connect")
	if len(commands[session.LoadDevices](r.f)) != 0 {
		t.Error("nobody has devices, and they are asked for")
	}
	r.keys("enter")
	r.want("player.output")
	r = newRig(t, 100, 24, withConnect)
	r.keys("g", "o")
	show := func(a session.AccountDevices) {
		a.Account = "spotify"
		r.f.box.Put(session.DevicesChanged{Accounts: []session.AccountDevices{a}})
		r.settle()
	}
	show(session.AccountDevices{At: r.f.now})
	r.want("None of its devices is awake")
	show(session.AccountDevices{At: r.f.now, Devices: []session.Device{{ID: "k", Name: "Kitchen", Chosen: true, Missing: true, Volume: -1}}})
	r.want("used last, not there now")
	show(session.AccountDevices{At: r.f.now, Busy: true, Devices: []session.Device{{ID: "k", Name: "Kitchen", Volume: 3}}})
	r.want("looking …")
	r.want("Kitchen")
	show(session.AccountDevices{At: r.f.now, Fault: &session.Fault{Kind: session.RateLimited, Account: "spotify", Op: "list the devices", Err: errors.New("too many requests")}})
	r.want("Too many requests")
	r.want("U looks again")
	r.f.mu.Lock()
	r.f.play.Silent = true
	r.f.mu.Unlock()
	r.f.publish()
	r.settle()
	r.want("keeps time in silence")
	r.f.mu.Lock()
	r.f.play.Silent, r.f.play.Lost = false, true
	r.f.mu.Unlock()
	r.f.publish()
	r.settle()
	r.want("went away")
}

func TestATrackThatNeedsADeviceOpensTheirPageUnlessSomebodyTypes(t *testing.T) {
	need := session.DeviceNeeded{Account: "spotify", Track: music.Track{Title: "Aria"}, Fault: &session.Fault{Kind: session.InvalidDeviceID, Err: errors.New("no device is active")}}
	r := newRig(t, 80, 24, withConnect)
	r.f.box.Put(need)
	r.settle()
	r.want("Outputs and devices")
	r.keys("esc")
	r.wantNot("This computer")
	r.keys("2", "t:bach")
	r.f.box.Put(need)
	r.settle()
	r.wantNot("This computer")
	r.want("bach")
}

func TestADeviceIsChosenByItsName(t *testing.T) {
	r := newRig(t, 80, 24, withConnect)
	r.f.box.Put(someDevices(r.f.now))
	r.settle()
	for _, line := range []string{"devices desk", "devices Kitchen", "devices nonsense"} {
		r.keys(":", "t:"+line, "enter")
	}
	c := commands[session.ChooseDevice](r.f)
	if len(c) != 2 || c[0].Device != "d" || c[1].Device != "k" {
		t.Errorf("%+v", c)
	}
	r.want("no device is called “nonsense”")
}

func TestThePlayerNamesTheDeviceThatPlays(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		r := newRig(t, size[0], size[1], withConnect)
		farAway(r)
		r.want("on Kitchen Radio")
		r.wantNot("oto (PulseAudio)")
	}
}

func TestAClickMeetsTheDeviceThatItIsOnBelowWordsOfSeveralLines(t *testing.T) {
	r := newRig(t, 60, 40, withConnect)
	r.keys("g", "o")
	why := errors.New("the server answered with a sentence that is so long that it needs more than one line of this screen, and then some more")
	r.f.box.Put(session.DevicesChanged{Accounts: []session.AccountDevices{
		{Account: "spotify", At: r.f.now, Fault: &session.Fault{Kind: session.OtherTransient, Account: "spotify", Op: "list the devices", Err: why}},
		{Account: "family", At: r.f.now, Devices: []session.Device{{ID: "a", Name: "Attic"}, {ID: "b", Name: "Bath"}}},
	}})
	r.settle()
	for y, l := range r.lines() {
		if strings.Contains(l, "Bath") {
			r.send(clickAt(8, y))
		}
	}
	r.keys("enter")
	if c := commands[session.ChooseDevice](r.f); len(c) != 1 || c[0].Device != "b" {
		t.Errorf("%+v", c)
	}
}

func TestTheChosenDeviceIsOnTheScreenBelowWordsOfSeveralLines(t *testing.T) {
	r := newRig(t, 40, 10, withConnect)
	r.keys("g", "o")
	r.f.box.Put(session.DevicesChanged{Accounts: []session.AccountDevices{
		{Account: "spotify", At: r.f.now},
		{Account: "family", At: r.f.now, Devices: []session.Device{{ID: "a", Name: "Attic"}}},
	}})
	r.settle()
	r.keys("G")
	r.want("Attic")
}

// TestDevicesAreAskedForOnceTheirAccountsAreThere: the page may be the one that the program
// begins with.
func TestDevicesAreAskedForOnceTheirAccountsAreThere(t *testing.T) {
	r := newRig(t, 100, 24, withConnect)
	asked := func(want int) {
		t.Helper()
		if n := len(commands[session.LoadDevices](r.f)); n != want {
			t.Errorf("they were asked for %d times, want %d", n, want)
		}
	}
	stands := func(st session.ConnState) {
		t.Helper()
		a := r.f.accounts[0]
		a.State = st
		r.f.box.Put(session.AccountsChanged{Accounts: []session.AccountInfo{a}})
		r.settle()
	}
	r.f.box.Put(session.AccountsChanged{Accounts: []session.AccountInfo{}})
	r.settle()
	r.keys("g", "o")
	asked(0)
	r.f.box.Put(session.DevicesChanged{Accounts: []session.AccountDevices{{Account: "spotify"}, {Account: "family"}}}) // as the session greets
	r.settle()
	stands(session.ConnUndefined)
	asked(1)
	stands(session.ConnLoggedIn)
	asked(2)
	stands(session.ConnLoggedIn)
	asked(2)
}
