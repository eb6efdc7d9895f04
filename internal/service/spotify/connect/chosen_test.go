package connect

import (
	"testing"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

// TestADeviceThatWasChosenBeforeTheConfigSaidEngineCountsNoMore, nor the config's own; one
// that is chosen in spite of it does, in the next run, too.
func TestADeviceThatWasChosenBeforeTheConfigSaidEngineCountsNoMore(t *testing.T) {
	g := onStage(t)
	g.choose(g.f.Computer)
	g.o.Engine, g.o.Device, g.o.Here = true, "Pocket", func() string { return "this computer" }
	for run := range 2 {
		g.again()
		list, err := g.p.Devices(t.Context())
		g.ok(err)
		if g.p.Chosen() != session.Here || len(list) != 3 || !list[0].Chosen || list[1].Chosen || list[2].Chosen {
			t.Errorf("run %d: %q, of %+v", run, g.p.Chosen(), list)
		}
	}
	g.choose(g.f.Phone)
	g.again()
	if g.p.Chosen() != g.f.Phone {
		t.Errorf("what was chosen is forgotten: %q", g.p.Chosen())
	}
	g.ok(g.p.Forget())
	g.o.Here = func() string { return "" }
	g.again()
	if g.p.Chosen() != "Pocket" {
		t.Errorf("where this computer cannot play: %q", g.p.Chosen())
	}
}

// TestAListNeedsADeviceWhereThisComputerPlays: that is said, and Spotify is asked once.
func TestAListNeedsADeviceWhereThisComputerPlays(t *testing.T) {
	g := onStage(t)
	g.o.Here = func() string { return "this computer" }
	g.again()
	g.choose(session.Here)
	g.s.Forget()
	_, err := g.p.Start(t.Context(), music.Ref{Account: "spot", Kind: music.KindTrack, ID: "album:" + g.f.Albums[0]}, 0)
	g.fault(err, session.InvalidDeviceID, "this plays as a whole, which only a device of Spotify's can do; there are: Desk, Pocket")
	if calls := g.s.Calls(); len(calls) != 1 {
		t.Errorf("%d calls: %v", len(calls), calls)
	}
}

// TestADeviceThatAnotherProgramChoseAndThatIsGoneLeavesOurs: what is remembered is what plays.
func TestADeviceThatAnotherProgramChoseAndThatIsGoneLeavesOurs(t *testing.T) {
	g := onStage(t)
	other := New(g.o)
	g.choose(g.f.Computer)
	if _, err := other.Choose(t.Context(), g.f.Phone, false, false); err != nil {
		t.Fatal(err)
	}
	g.s.RemoveDevice(webapitest.Ada, g.f.Phone)
	_, err := g.p.Choose(t.Context(), g.f.Phone, true, true) // as the session does when it hears of it
	g.fault(err, session.InvalidDeviceID, "Pocket is not there; there are: Desk")
	g.again()
	if g.p.Chosen() != g.f.Computer {
		t.Errorf("the next run plays on %q", g.p.Chosen())
	}
}
