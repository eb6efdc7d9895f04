package connect

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

// stage is a Player of Ada's against the stand-in of the Web API.
type stage struct {
	t    *testing.T
	p    *Player
	s    *webapitest.Server
	f    webapitest.Seed
	file string
	o    Options
}

func onStage(t *testing.T) *stage {
	t.Helper()
	g := &stage{t: t, s: webapitest.New(t), file: filepath.Join(t.TempDir(), "device.json")}
	g.f = g.s.Fill(webapitest.Ada)
	api, err := webapi.New(g.s.Options(webapitest.Ada))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.CloseIdle)
	g.o = names(Options{API: api, File: g.file})
	g.again()
	return g
}

// again is the next run of the program.
func (g *stage) again() { g.p = New(g.o) }

func (g *stage) ok(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func (g *stage) choose(id string) session.Device {
	g.t.Helper()
	d, err := g.p.Choose(g.t.Context(), id, false, false)
	g.ok(err)
	return d
}

func (g *stage) start(n int) (session.Device, error) {
	return g.p.Start(g.t.Context(), track(g.f.Tracks[n]), 5*time.Second)
}

func (g *stage) playback() webapitest.Playback { return g.s.Playback(webapitest.Ada) }

func (g *stage) look() session.RemoteState {
	g.t.Helper()
	st, _, usable, err := g.p.look(g.t.Context())
	g.ok(err)
	if !usable {
		g.t.Fatalf("nothing is to be seen: %+v", st)
	}
	return st
}

// fault checks the kind and the words of an error.
func (g *stage) fault(err error, kind session.FaultKind, words ...string) {
	g.t.Helper()
	var f *session.Fault
	var k interface{ FaultKind() session.FaultKind }
	got := session.OK
	switch {
	case errors.As(err, &f):
		got = f.Kind
	case errors.As(err, &k):
		got = k.FaultKind()
	}
	if got != kind {
		g.t.Errorf("%v is %s, want %s", err, got, kind)
	}
	for _, w := range words {
		if err != nil && !strings.Contains(err.Error(), w) {
			g.t.Errorf("%q does not say %q", err, w)
		}
	}
}

func TestTheDeviceDoesWhatItIsTold(t *testing.T) {
	g := onStage(t)
	ctx := t.Context()
	d := g.choose(g.f.Computer)
	if d.Name != "Desk" || d.Volume != 60 || d.Fixed {
		t.Errorf("%+v", d)
	}
	if _, err := g.start(0); err != nil {
		t.Fatal(err)
	}
	st := g.look()
	if st.Track != track(g.f.Tracks[0]) || !st.Playing || st.Title == "" || st.Length <= 0 || st.Device.Name != "Desk" || st.Position < 5*time.Second || st.Position > 20*time.Second {
		t.Errorf("%+v", st)
	}
	if st.At.Before(st.Asked) {
		t.Error("it was so before it was asked")
	}
	g.ok(g.p.Pause(ctx))
	g.ok(g.p.Pause(ctx)) // it is paused already: Spotify refuses, and that is well
	g.ok(g.p.Seek(ctx, 30*time.Second))
	if st := g.look(); st.Playing || st.Position != 30*time.Second {
		t.Errorf("%+v", st)
	}
	g.ok(g.p.Resume(ctx))
	g.ok(g.p.Resume(ctx))
	g.ok(g.p.SetVolume(ctx, 25))
	if d, err := g.start(0); err != nil || d.Volume != 25 {
		t.Errorf("the next start is on %+v, %v", d, err)
	}
	g.ok(g.p.Enqueue(ctx, track(g.f.Tracks[1])))
	if st := g.look(); !st.Playing || st.Device.Volume != 25 {
		t.Errorf("%+v", st)
	}
	g.ok(g.p.Skip(ctx))
	if st := g.look(); st.Track != track(g.f.Tracks[1]) {
		t.Errorf("%+v", st)
	}
	moved, err := g.p.Choose(ctx, g.f.Phone, true, true)
	g.ok(err)
	if p := g.playback(); p.Device != g.f.Phone || !p.Playing || moved.Name != "Pocket" || !moved.Fixed {
		t.Errorf("%+v on %+v", p, moved)
	}
	g.fault(g.p.SetVolume(ctx, 10), session.PermissionDenied, "Pocket", "volume")
	st = g.look()
	if st.Device.ID != g.f.Phone {
		t.Errorf("%+v", st)
	}
}

func TestAListThatPlaysAsAWholeEndsOnce(t *testing.T) {
	g := onStage(t)
	g.choose(g.f.Computer)
	whole := music.Ref{Account: "spot", Kind: music.KindTrack, ID: "album:" + g.f.Albums[0]}
	_, err := g.p.Start(t.Context(), whole, 0)
	g.ok(err)
	st := g.look()
	if st.Track != whole || st.Part.Ref.ID != g.f.Of[0][0] || st.Length != st.Part.Duration || st.Ended || !st.Playing {
		t.Errorf("%+v", st)
	}
	g.s.Advance(24 * time.Hour)
	if st := g.look(); st.Track != whole || !st.Ended {
		t.Errorf("at the end %+v", st)
	}
	g.fault(g.p.Enqueue(t.Context(), whole), session.TrackNotPlayable)
	_, err = g.p.Start(t.Context(), track(""), 0)
	g.fault(err, session.TrackNotPlayable)
}

func TestAListThatPlaysAsAWholeIsGoneThroughAndGoesOnWhereItWas(t *testing.T) {
	g := onStage(t)
	now := time.Now()
	g.s.SetClock(func() time.Time { return now }) // what plays stays where it begins
	g.choose(g.f.Computer)
	ctx, songs := t.Context(), g.f.Of[0]
	whole := music.Ref{Account: "spot", Kind: music.KindTrack, ID: "album:" + g.f.Albums[0]}
	if !g.p.IsList(whole) || g.p.IsList(track(songs[0])) {
		t.Error("an album is a list, and a track is none")
	}
	heard := func(want string, at time.Duration) {
		t.Helper()
		if st := g.look(); st.Track != whole || st.Part.Ref.ID != want || st.Position != at {
			t.Errorf("%s at %s, want %s at %s", st.Part.Ref.ID, st.Position, want, at)
		}
	}
	_, err := g.p.Start(ctx, whole, 90*time.Second) // nobody knows in which of them
	g.ok(err)
	heard(songs[0], 0)
	g.ok(g.p.Skip(ctx))
	g.ok(g.p.Skip(ctx))
	heard(songs[2], 0)
	g.ok(g.p.Back(ctx))
	heard(songs[1], 0)
	g.s.PlayElsewhere(webapitest.Ada, g.f.Computer, "spotify:track:"+songs[0])
	_, err = g.p.Start(ctx, whole, 50*time.Second)
	g.ok(err)
	heard(songs[1], 50*time.Second)
	g.ok(g.p.Back(ctx))
	g.ok(g.p.Seek(ctx, time.Second))
	g.ok(g.p.Back(ctx)) // before the first there is nothing
	heard(songs[0], 0)
	_, err = g.p.Start(ctx, whole, 0)
	g.ok(err)
	heard(songs[0], 0)
}

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

func TestRefusalsSayWhatIsWrong(t *testing.T) {
	g := onStage(t)
	g.choose(g.f.Computer)
	if _, err := g.start(0); err != nil {
		t.Fatal(err)
	}
	g.s.Fail(webapitest.JSON(403, "Player command failed: Premium required", "PREMIUM_REQUIRED").For("PUT /me/player/*"))
	_, err := g.start(1)
	g.fault(err, session.UserNeedsPremium, "Premium")
	g.s.Heal()
	g.s.ChangeDevice(webapitest.Ada, g.f.Computer, func(d *webapitest.Device) { d.Restricted = true })
	_, err = g.p.Choose(t.Context(), g.f.Computer, false, false)
	g.fault(err, session.InvalidDeviceID, "Desk takes no commands")
	g.again()
	_, err = g.start(1)
	g.fault(err, session.InvalidDeviceID, "Desk takes no commands")
	g.s.ChangeDevice(webapitest.Ada, g.f.Computer, func(d *webapitest.Device) { d.Restricted = false })
	g.s.Fail(webapitest.TooMany(20 * time.Minute).For("PUT /me/player/*"))
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second) // as the session waits
	defer cancel()
	_, err = g.p.Start(ctx, track(g.f.Tracks[1]), 0)
	g.fault(err, session.RateLimited, "again at")
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
