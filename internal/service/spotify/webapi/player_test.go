package webapi_test

import (
	"slices"
	"testing"
	"time"

	"segue/internal/service/spotify/webapi"
	"segue/internal/service/spotify/webapi/webapitest"
)

func TestThePlayerIsToldAndAsked(t *testing.T) {
	c, s, f := filled(t)
	ctx := t.Context()
	state := func() webapi.Playback { t.Helper(); return must[webapi.Playback](t)(c.State(ctx)) }
	if !state().None {
		t.Error("something plays at first")
	}
	devices := must[[]webapi.Device](t)(c.Devices(ctx))
	if len(devices) != 2 || devices[0].Name != "Desk" || devices[0].Volume != 60 || devices[1].Volume != -1 || devices[1].SupportsVolume {
		t.Fatalf("the devices are %+v", devices)
	}
	at := 1
	ok(t, c.Play(ctx, webapi.Start{Device: f.Computer, Context: "spotify:album:" + f.Albums[0], Offset: &at, Position: 70 * time.Second}))
	p := state()
	if p.None || !p.Playing || p.Item.URI() != "spotify:track:"+f.Tracks[1] || p.Progress < 70*time.Second || p.Device.ID != f.Computer || p.Context != "spotify:album:"+f.Albums[0] || p.Type != "track" {
		t.Errorf("it plays %+v", p)
	}
	ok(t, c.Pause(ctx, ""))
	ok(t, c.Seek(ctx, "", 10*time.Second))
	equal(t, "the position while it is paused", state().Progress, 10*time.Second)
	ok(t, c.Play(ctx, webapi.Start{}))
	ok(t, c.Next(ctx, ""))
	equal(t, "the next one", state().Item.URI(), "spotify:track:"+f.Tracks[2])
	ok(t, c.Previous(ctx, ""))
	equal(t, "the one before", state().Item.URI(), "spotify:track:"+f.Tracks[1])
	ok(t, c.Repeat(ctx, "", "context"))
	ok(t, c.Shuffle(ctx, "", true))
	ok(t, c.Volume(ctx, "", 300))
	if p := state(); p.Repeat != "context" || !p.Shuffle || p.Device.Volume != 100 {
		t.Errorf("now it is %+v", p)
	}
	ok(t, c.Enqueue(ctx, "", "spotify:episode:"+f.Episodes[0]))
	q := must[webapi.Queue](t)(c.Queue(ctx))
	if q.Current.URI() != "spotify:track:"+f.Tracks[1] || len(q.Next) == 0 || q.Next[0].Episode == nil {
		t.Errorf("the queue is %+v", q)
	}
	s.Advance(3 * time.Minute)
	if p := state(); p.Type != "episode" || p.Item.Episode == nil {
		t.Errorf("after three minutes it plays %+v", p)
	}
	ok(t, c.Transfer(ctx, f.Phone, true))
	if p := state(); p.Device.ID != f.Phone || !p.Playing || p.Device.Volume != -1 {
		t.Errorf("after the transfer it is %+v", p)
	}
	ok(t, c.Play(ctx, webapi.Start{URIs: webapitest.URIs("track", f.Tracks[:2]...), OffsetURI: "spotify:track:" + f.Tracks[1]}))
	p = state()
	equal(t, "the one that was chosen", p.Item.URI(), "spotify:track:"+f.Tracks[1])
	if slices.Contains(p.Disallowed, "skipping_prev") {
		t.Error("it cannot go back from the second")
	}
	equal(t, "commands that were made twice", s.Count("POST /me/player/next"), 1)
}

func TestWhatThePlayerCannotDoIsToldApart(t *testing.T) {
	c, s, f := filled(t)
	s.AddUser(webapitest.User{ID: "free", Name: "Free"})
	free := client(t, s.Options("free"))
	watch := s.AddDevice(webapitest.Ada, webapitest.Device{Name: "Watch", Restricted: true})
	ctx := t.Context()
	for _, step := range []struct {
		name string
		err  error
		want webapi.Kind
	}{
		{"no device is active", c.Play(ctx, webapi.Start{}), webapi.NoDevice},
		{"a device that is not there", c.Transfer(ctx, "nothing", true), webapi.DeviceGone},
		{"a device that takes no commands", c.Transfer(ctx, watch, true), webapi.NotNow},
		{"nothing to go on with", c.Play(ctx, webapi.Start{Device: f.Computer}), webapi.NotFound},
		{"a pause of what is paused", c.Pause(ctx, f.Computer), webapi.NotNow},
		{"a volume that cannot be set", c.Volume(ctx, f.Phone, 10), webapi.NotNow},
		{"a user without Premium", free.Pause(ctx, ""), webapi.NeedsPremium},
		{"a context that is not there", c.Play(ctx, webapi.Start{Context: "spotify:album:" + webapitest.ID("none")}), webapi.NotFound},
	} {
		if got := webapi.KindOf(step.err); got != step.want {
			t.Errorf("%s is %v (%d), want %d", step.name, step.err, got, step.want)
		}
	}
}

// TestAWebPageIsNoAnswerToACommand: a hotel's page did not come from Spotify, and nothing
// was done. What else comes with a success is of no matter.
func TestAWebPageIsNoAnswerToACommand(t *testing.T) {
	c, s, f := filled(t)
	ctx := t.Context()
	for name, do := range map[string]func() error{
		"a pause":    func() error { return c.Pause(ctx, "") },
		"a volume":   func() error { return c.Volume(ctx, f.Computer, 10) },
		"a transfer": func() error { return c.Transfer(ctx, f.Phone, true) },
	} {
		s.Fail(webapitest.WebPage())
		if err := do(); webapi.KindOf(err) != webapi.Strange {
			t.Errorf("%s that a web page answers: %v", name, err)
		}
		s.Heal()
		s.Fail(webapitest.Text(200, "Ia2sGm"))
		if err := do(); err != nil {
			t.Errorf("%s that a word answers: %v", name, err)
		}
		s.Heal()
	}
}

func TestADeviceMayHaveNoIDForAMoment(t *testing.T) {
	c, s, f := filled(t)
	s.ChangeDevice(webapitest.Ada, f.Computer, func(d *webapitest.Device) { d.NullID = true })
	s.ChangeDevice(webapitest.Ada, f.Phone, func(d *webapitest.Device) { d.Hidden = 1 })
	devices := must[[]webapi.Device](t)(c.Devices(t.Context()))
	if len(devices) != 1 || devices[0].ID != "" || devices[0].Name != "Desk" {
		t.Errorf("the devices are %+v", devices)
	}
	equal(t, "devices a moment later", len(must[[]webapi.Device](t)(c.Devices(t.Context()))), 2)
}

func TestADeviceThatVanishesTakesTheMusicWithIt(t *testing.T) {
	c, s, f := filled(t)
	s.PlayElsewhere(webapitest.Ada, f.Phone, webapitest.URIs("track", f.Tracks[:2]...)...)
	s.RemoveDevice(webapitest.Ada, f.Phone)
	if p := must[webapi.Playback](t)(c.State(t.Context())); !p.None {
		t.Errorf("it plays %+v", p)
	}
	equal(t, "a command to it", webapi.KindOf(c.Pause(t.Context(), f.Phone)), webapi.DeviceGone)
}
