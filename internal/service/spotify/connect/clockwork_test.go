package connect

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// clockwork is an API whose one device plays by the clock.
type clockwork struct {
	mu       sync.Mutex
	none     bool
	nameless bool // the device's id is null
	fail     error
	uri      string
	playing  bool
	at       time.Duration
	since    time.Time
	repeat   string
	looks    []time.Duration // when it was asked, since begin
	begin    time.Time
	calls    []string
	queue    []string
}

const length = 200 * time.Second

func (c *clockwork) turn() {
	now := time.Now()
	if c.playing {
		c.at += now.Sub(c.since)
		for c.at >= length && c.playing {
			c.at -= length
			c.forward()
		}
	}
	c.since = now
}

// forward goes on to what was enqueued, or ends.
func (c *clockwork) forward() {
	if len(c.queue) == 0 {
		c.at, c.playing = 0, false
		return
	}
	c.uri, c.queue = c.queue[0], c.queue[1:]
}

func (c *clockwork) State(context.Context) (webapi.Playback, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn()
	c.looks = append(c.looks, time.Since(c.begin).Round(100*time.Millisecond))
	if c.fail != nil {
		return webapi.Playback{}, c.fail
	}
	if c.none {
		return webapi.Playback{None: true}, nil
	}
	d := webapi.Device{ID: "k", Name: "Kitchen", Active: true, Volume: 30, SupportsVolume: true}
	if c.nameless {
		d.ID = ""
	}
	return webapi.Playback{Device: d, Repeat: c.repeat, Playing: c.playing, Progress: c.at,
		Item: webapi.Item{Track: &webapi.Track{URI: c.uri, Name: "Title", Duration: length}}}, nil
}

func (c *clockwork) Devices(context.Context) ([]webapi.Device, error) {
	c.call("devices")
	return []webapi.Device{{ID: "k", Name: "Kitchen", Volume: 30, SupportsVolume: true}}, nil
}

func (c *clockwork) call(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, fmt.Sprintf(format, args...))
}

func (c *clockwork) change(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn()
	f()
}

func (c *clockwork) Transfer(_ context.Context, d string, play bool) error {
	c.call("transfer %s %t", d, play)
	return nil
}

func (c *clockwork) Play(_ context.Context, s webapi.Start) error {
	c.call("play %s %q at %s", s.Device, s.URIs, s.Position)
	c.change(func() {
		if len(s.URIs) > 0 {
			c.uri, c.at = s.URIs[0], s.Position
		}
		c.playing = true
	})
	return nil
}

func (c *clockwork) Pause(_ context.Context, d string) error {
	c.call("pause %s", d)
	c.change(func() { c.playing = false })
	return nil
}

func (c *clockwork) Next(_ context.Context, d string) error {
	c.call("next %s", d)
	c.change(func() { c.at = 0; c.forward() })
	return nil
}

func (c *clockwork) Previous(_ context.Context, d string) error {
	c.call("previous %s", d)
	return nil
}

func (c *clockwork) Seek(_ context.Context, d string, to time.Duration) error {
	c.call("seek %s %s", d, to)
	c.change(func() { c.at = to })
	return nil
}

func (c *clockwork) Shuffle(_ context.Context, d string, on bool) error {
	c.call("shuffle %s %t", d, on)
	return nil
}

func (c *clockwork) Repeat(_ context.Context, d, mode string) error {
	c.call("repeat %s %s", d, mode)
	c.change(func() { c.repeat = mode })
	return nil
}

func (c *clockwork) Volume(_ context.Context, d string, percent int) error {
	c.call("volume %s %d", d, percent)
	return nil
}

func (c *clockwork) Enqueue(_ context.Context, d, uri string) error {
	c.call("enqueue %s %s", d, uri)
	c.change(func() { c.queue = append(c.queue, uri) })
	return nil
}

func track(id string) music.Ref { return music.Ref{Account: "spot", Kind: music.KindTrack, ID: id} }

func names(o Options) Options {
	o.URI = func(r music.Ref) (string, bool) {
		if strings.Contains(r.ID, ":") {
			return "spotify:" + r.ID, true
		}
		return "spotify:track:" + r.ID, r.ID != ""
	}
	o.Ref = func(uri string) (music.Ref, bool) {
		id, ok := strings.CutPrefix(uri, "spotify:track:")
		return track(id), ok && id != ""
	}
	o.Track = func(i webapi.Item) music.Track {
		r, _ := o.Ref(i.URI())
		return music.Track{Ref: r, Title: i.Track.Name, Duration: i.Duration()}
	}
	return o
}

// watched runs a Player that is watched, in a bubble.
func watched(t *testing.T, f func(p *Player, c *clockwork, reports func() []session.RemoteState)) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{begin: time.Now(), repeat: "off"}
		p := New(names(Options{API: c, File: filepath.Join(t.TempDir(), "device.json")}))
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		var all []session.RemoteState
		done := make(chan error, 1)
		go func() {
			done <- p.WatchDevice(ctx, func(st session.RemoteState) {
				mu.Lock()
				defer mu.Unlock()
				all = append(all, st)
			})
		}()
		f(p, c, func() []session.RemoteState {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(all)
		})
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}

func (c *clockwork) looked() []time.Duration {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.looks
	c.looks = nil
	return l
}

func start(t *testing.T, p *Player, id string) {
	t.Helper()
	if _, err := p.Start(t.Context(), track(id), 0); err != nil {
		t.Fatal(err)
	}
}
