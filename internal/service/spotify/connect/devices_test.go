package connect

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"segue/internal/service/spotify/webapi"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

func TestTheDeviceUsedLastIsAlwaysListed(t *testing.T) {
	g := onStage(t)
	g.choose(g.f.Computer)
	g.again()
	find := func() (found session.Device) {
		t.Helper()
		list, err := g.p.Devices(t.Context())
		g.ok(err)
		for _, d := range list {
			if d.Chosen {
				found = d
			}
		}
		if len(list) != 2 {
			t.Errorf("%d devices: %+v", len(list), list)
		}
		return found
	}
	if d := find(); d.ID != g.f.Computer || d.Name != "Desk" || d.Missing {
		t.Errorf("%+v", d)
	}
	g.s.ChangeDevice(webapitest.Ada, g.f.Computer, func(d *webapitest.Device) { d.NullID = true })
	if d := find(); d.ID != g.f.Computer || d.Missing {
		t.Errorf("with its id not told: %+v", d)
	}
	g.s.ChangeDevice(webapitest.Ada, g.f.Computer, func(d *webapitest.Device) { d.NullID, d.Hidden = false, 1 })
	if d := find(); d.ID != g.f.Computer || d.Name != "Desk" || !d.Missing {
		t.Errorf("missing for a moment: %+v", d)
	}
	g.s.Fail(webapitest.Broken(503).For("GET /me/player/devices"))
	list, err := g.p.Devices(t.Context())
	if err == nil || len(list) != 1 || list[0].Name != "Desk" {
		t.Errorf("what is remembered is shown with the fault: %+v, %v", list, err)
	}
}

func TestADeviceThatIsMissingForAMomentIsWaitedFor(t *testing.T) {
	g := onStage(t)
	g.choose(g.f.Computer)
	g.again()
	g.s.ChangeDevice(webapitest.Ada, g.f.Computer, func(d *webapitest.Device) { d.Hidden = 1 })
	if _, err := g.start(0); err != nil {
		t.Error(err)
	}
	g.again()
	g.s.ChangeDevice(webapitest.Ada, g.f.Computer, func(d *webapitest.Device) { d.NullID = true })
	if _, err := g.start(0); err != nil {
		t.Errorf("without an id: %v", err)
	}
}

// TestWithoutADeviceTheListIsAskedForOnce: the fault tells of the devices, and so do they who
// show them beside it.
func TestWithoutADeviceTheListIsAskedForOnce(t *testing.T) {
	g := onStage(t)
	_, err := g.start(0)
	g.fault(err, session.InvalidDeviceID, "there are: Desk, Pocket")
	if list, err := g.p.Devices(t.Context()); err != nil || len(list) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	if n := g.s.Count("GET /me/player/devices"); n != 1 {
		t.Errorf("it was asked for %d times", n)
	}
	if _, err := g.p.Devices(t.Context()); err != nil || g.s.Count("GET /me/player/devices") != 2 {
		t.Errorf("and it is not asked for again: %v", err)
	}
}

func TestADeviceWithANewIDIsKnownByItsName(t *testing.T) {
	g := onStage(t)
	g.choose(g.f.Computer)
	g.s.RemoveDevice(webapitest.Ada, g.f.Computer)
	id := g.s.AddDevice(webapitest.Ada, webapitest.Device{ID: "new", Name: "Desk", Volume: 10})
	d, err := g.start(0)
	g.ok(err)
	if d.ID != id || g.p.Chosen() != id || g.playback().Device != id {
		t.Errorf("it plays on %+v", d)
	}
}

func TestWithoutADeviceItIsSaidWhichThereAre(t *testing.T) {
	g := onStage(t)
	_, err := g.start(0)
	g.fault(err, session.InvalidDeviceID, "no device is active; there are: Desk, Pocket", "choose one")
	g.choose(g.f.Computer)
	g.s.RemoveDevice(webapitest.Ada, g.f.Computer)
	_, err = g.start(0)
	g.fault(err, session.InvalidDeviceID, "Desk is not there; there are: Pocket")
	if g.playback().Playing {
		t.Error("it plays on another device")
	}
	_, err = g.p.Choose(t.Context(), "nonsense", false, false)
	g.fault(err, session.InvalidDeviceID, "Pocket")
	g.s.RemoveDevice(webapitest.Ada, g.f.Phone)
	_, err = g.start(0)
	g.fault(err, session.InvalidDeviceID, "Desk is not there", "open Spotify on a phone, a computer or a speaker")
	g.fault(g.p.Pause(t.Context()), session.InvalidDeviceID)
}

func TestWithNothingChosenTheActiveDeviceIsTakenAndTheOnlyOne(t *testing.T) {
	g := onStage(t)
	g.s.PlayElsewhere(webapitest.Ada, g.f.Phone, "spotify:track:"+g.f.Tracks[3])
	d, err := g.start(0)
	g.ok(err)
	if d.Name != "Pocket" {
		t.Errorf("%+v", d)
	}
	h := onStage(t)
	h.s.RemoveDevice(webapitest.Ada, h.f.Phone)
	d, err = h.start(0)
	h.ok(err)
	if d.Name != "Desk" {
		t.Errorf("%+v", d)
	}
}

func TestTheConfigsDeviceCountsUntilOneIsChosen(t *testing.T) {
	g := onStage(t)
	g.o.Device = "pocket" // a name, as people write it
	g.again()
	d, err := g.start(0)
	g.ok(err)
	if d.Name != "Pocket" {
		t.Errorf("%+v", d)
	}
	g.choose("Desk")
	g.again()
	if d, err := g.p.Ready(t.Context()); err != nil || d.Name != "Desk" {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestAMemoryThatIsBrokenIsAsGoodAsNone(t *testing.T) {
	g := onStage(t)
	for _, text := range []string{"", "{", "[]", `{"id":3}`, "\x00", strings.Repeat("x", memorySize+1)} {
		if err := os.WriteFile(g.file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		g.again()
		if g.p.Chosen() != "" {
			t.Errorf("%.20q gives %q", text, g.p.Chosen())
		}
	}
	g.choose(g.f.Phone)
	g.again()
	if g.p.Chosen() != g.f.Phone {
		t.Error("the file was not replaced")
	}
}

func TestThisComputerIsADeviceWhereItCanPlay(t *testing.T) {
	g := onStage(t)
	_, err := g.p.Choose(t.Context(), session.Here, false, false)
	g.fault(err, session.InvalidDeviceID, "go-librespot")
	g.o.Here = func() string { return "this computer (go-librespot)" }
	g.again()
	g.choose(g.f.Computer)
	if _, err := g.start(0); err != nil {
		t.Fatal(err)
	}
	g.choose(session.Here)
	if g.playback().Playing {
		t.Error("the device plays on")
	}
	list, err := g.p.Devices(t.Context())
	g.ok(err)
	if len(list) != 3 || !list[0].Chosen || list[0].ID != session.Here || slices.ContainsFunc(list[1:], func(d session.Device) bool { return d.Chosen || d.Missing }) {
		t.Errorf("%+v", list)
	}
	g.again()
	if g.p.Chosen() != session.Here {
		t.Errorf("%q is chosen in the next run", g.p.Chosen())
	}
}

// TestADeviceThatIsForgottenWhileItIsWrittenDownIsNotOnTheDisk: an order may end just then.
func TestADeviceThatIsForgottenWhileItIsWrittenDownIsNotOnTheDisk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "device.json")
	for range 20 {
		p := New(Options{File: file})
		var work sync.WaitGroup
		work.Go(func() { p.use(kept{ID: "d1", Name: "Desk"}, webapi.Device{}) })
		for p.Chosen() == "" {
			runtime.Gosched()
		}
		if err := p.Forget(); err != nil {
			t.Fatal(err)
		}
		work.Wait()
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) || p.Chosen() != "" {
			t.Fatalf("it is there: %v, %q", err, p.Chosen())
		}
	}
}
