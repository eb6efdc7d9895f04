package plain

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"segue/internal/mailbox"
	"segue/internal/music"
	"segue/session"
)

// deviceFake answers for the devices of an account.
type deviceFake struct{ *fake }

func (f deviceFake) Send(c session.Command) {
	f.fake.Send(c)
	if _, ok := c.(session.LoadDevices); ok {
		f.box.Put(session.DevicesChanged{Accounts: []session.AccountDevices{{Account: "spotify", Busy: true}}})
		f.box.Put(session.DevicesChanged{Accounts: []session.AccountDevices{
			{Account: "spotify", Devices: []session.Device{{ID: "k", Name: "Kitchen Radio\x1b", Kind: "Speaker", Chosen: true, Volume: 40}, {ID: "d", Name: "Desk", Active: true, Volume: -1}}},
			{Account: "family", Fault: &session.Fault{Account: "family", Op: "list the devices", Err: errors.New("nobody is signed in")}},
		}})
	}
}

func TestDevicesAreToldAndChosenByName(t *testing.T) {
	f := deviceFake{newFake()}
	var out strings.Builder
	synctest.Test(t, func(t *testing.T) {
		f.box = mailbox.New[session.Event]()
		for _, ev := range newFake().box.Take() {
			f.box.Put(ev)
		}
		f.box.Put(session.AccountsChanged{Accounts: []session.AccountInfo{{ID: music.Local, State: session.ConnLoggedIn,
			Sections: []music.Folder{{Ref: music.Section(music.Local, music.SectionTracks), Name: "Tracks"}}}}})
		f.box.Put(session.DeviceNeeded{Account: "spotify", Track: music.Track{Title: "Aria"}})
		lines := "devices\ndevices desk\ndevices nonsense\n"
		if err := Run(context.Background(), Options{Session: f, Events: f, Out: &out, In: strings.NewReader(lines)}); err != nil {
			t.Error(err)
		}
	})
	for _, want := range []string{`"Aria" of spotify needs a device`, "spotify: Kitchen Radio, Speaker, used last, volume 40", "spotify: Desk, active", "nobody is signed in", "devices NAME plays there",
		"no device is called “nonsense”; there are: Kitchen Radio, Desk"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not said:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("a control character came through")
	}
	var chosen []session.ChooseDevice
	for _, c := range f.sent {
		if c, ok := c.(session.ChooseDevice); ok {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) != 1 || chosen[0] != (session.ChooseDevice{Account: "spotify", Device: "d"}) {
		t.Errorf("%+v", chosen)
	}
}
