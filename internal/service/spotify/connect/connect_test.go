package connect

import (
	"context"
	"testing"
	"time"

	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

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
