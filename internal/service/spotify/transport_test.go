package spotify

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/connect"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

func TestTracksPlayOnTheDeviceThatWasChosen(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	list, err := d.s.Devices(ctx)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := d.s.Ready(ctx); !isFault(err, session.InvalidDeviceID) {
		t.Errorf("with no device chosen or active: %v", err)
	}
	if _, err := d.s.Choose(ctx, d.f.Computer, false, false); err != nil {
		t.Fatal(err)
	}
	d.restart()
	dev, err := d.s.Start(ctx, d.track(2), time.Second)
	if err != nil || dev.Name != "Desk" {
		t.Fatalf("%+v, %v", dev, err)
	}
	if p := d.web.Playback(webapitest.Ada); p.URI != "spotify:track:"+d.f.Tracks[2] || !p.Playing {
		t.Errorf("%+v", p)
	}
	for name, do := range map[string]func() error{
		"enqueue": func() error { return d.s.Enqueue(ctx, d.track(3)) },
		"seek":    func() error { return d.s.Seek(ctx, 3*time.Second) },
		"volume":  func() error { return d.s.SetVolume(ctx, 5) },
		"skip":    func() error { return d.s.Skip(ctx) },
		"pause":   func() error { return d.s.Pause(ctx) },
		"resume":  func() error { return d.s.Resume(ctx) },
	} {
		if err := do(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.s.SetNetwork(false)
	if err := d.s.Pause(ctx); !isFault(err, session.NetworkDisabled) {
		t.Errorf("offline: %v", err)
	}
}

func TestTheDeviceIsForgottenWithTheAccount(t *testing.T) {
	d := newDesk(t)
	if _, err := d.s.Choose(t.Context(), d.f.Computer, false, false); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := d.s.Erase(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := filepath.Glob(d.dir + "/*device*"); err != nil || len(left) > 0 {
		t.Errorf("%q is left, %v", left, err)
	}
}

func isFault(err error, kind session.FaultKind) bool {
	var f *session.Fault
	return errors.As(err, &f) && f.Kind == kind
}

func TestWhereTracksPlayIsDecidedByWishAndByWhatThereIs(t *testing.T) {
	for name, c := range map[string]struct {
		playback Playback
		engine   *paperEngine
		chosen   string
		there    bool
	}{
		"connect":                                 {PlayConnect, &paperEngine{in: true}, "", true},
		"the engine":                              {PlayEngine, &paperEngine{in: true}, "", false},
		"the engine that is not signed in":        {PlayEngine, &paperEngine{}, "", false},
		"the engine, but a device was chosen":     {PlayEngine, &paperEngine{in: true}, "Desk", true},
		"auto with an engine":                     {PlayAuto, &paperEngine{in: true}, "", false},
		"auto with an engine that is not in":      {PlayAuto, &paperEngine{}, "", true},
		"auto with a device chosen":               {PlayAuto, &paperEngine{in: true}, "Desk", true},
		"auto, here chosen":                       {PlayAuto, &paperEngine{}, session.Here, false},
		"auto without any engine":                 {PlayAuto, nil, "", true},
		"the config says engine, there is no one": {PlayEngine, nil, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.s.cfg.Playback, d.s.cfg.StateDir = c.playback, t.TempDir()
			if c.engine != nil {
				d.s.cfg.Engine = func(EngineSpec) (Engine, error) { return c.engine, nil }
			}
			if c.chosen != "" {
				if _, err := d.s.Choose(t.Context(), c.chosen, false, false); err != nil {
					t.Fatal(err)
				}
			}
			if got := d.s.PlaysThere(d.track(0)); got != c.there {
				t.Errorf("it plays there: %t", got)
			}
			if !d.s.PlaysThere(d.s.wholeRef(d.s.ref(music.KindPlaylist, d.f.Followed))) {
				t.Error("a list as a whole plays on devices only")
			}
			if d.s.PlaysThere(d.s.section(music.SectionStarred)) {
				t.Error("a section does not play")
			}
		})
	}
}

// TestADeviceThatAnotherSegueChoseIsNews: segue devices NAME beside a player that runs.
func TestADeviceThatAnotherSegueChoseIsNews(t *testing.T) {
	d := newDesk(t)
	running := d.s
	news := make(chan session.News, 10)
	running.OnNews(func(n session.News) {
		if _, ok := n.(session.NewsDeviceChosen); ok {
			news <- n
		}
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		running.watchChoice(ctx)
	}()
	choose := func(p interface {
		Choose(ctx context.Context, id string, move, play bool) (session.Device, error)
	}, id string) {
		t.Helper()
		if _, err := p.Choose(t.Context(), id, false, false); err != nil {
			t.Fatal(err)
		}
	}
	other := connect.New(connect.Options{API: running.api, URI: uriOf, Ref: running.refOf, Track: running.item, File: filepath.Join(d.dir, "spotify-music-device.json")})
	choose(running, d.f.Computer)
	choose(other, d.f.Phone)
	if n := <-news; n != (session.NewsDeviceChosen{Device: d.f.Phone}) {
		t.Errorf("it hears %+v", n)
	}
	if running.there().Chosen() != d.f.Computer {
		t.Error("it went there by itself")
	}
	choose(running, d.f.Phone) // as the session does then
	choose(running, d.f.Computer)
	choose(other, d.f.Computer) // it thought of the phone, and writes what is there already
	choose(other, d.f.Phone)
	if n := <-news; n != (session.NewsDeviceChosen{Device: d.f.Phone}) {
		t.Errorf("its own choice is news, too: %+v", n)
	}
	stop()
	<-done
}
