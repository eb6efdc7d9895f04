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

func TestWhatPlaysIsAskedForSeldomAndAboutTheEnd(t *testing.T) {
	watched(t, func(p *Player, c *clockwork, reports func() []session.RemoteState) {
		start(t, p, "a")
		time.Sleep(length + 2*time.Second)
		var got []string
		for _, d := range c.looked() {
			got = append(got, d.String())
		}
		want := "500ms 1.5s 3.5s 8.5s 18.5s 38.5s 1m8.5s 1m38.5s 2m8.5s 2m38.5s 3m8.5s 3m20.3s"
		if s := strings.Join(got, " "); s != want {
			t.Errorf("it was asked at\n%s\nwant\n%s", s, want)
		}
		all := reports()
		last := all[len(all)-1]
		if last.Playing || last.Position != 0 || last.Track != track("a") {
			t.Errorf("at the end it is %+v", last)
		}
	})
}

func TestAPausedPlayerIsLeftAloneUntilACommand(t *testing.T) {
	watched(t, func(p *Player, c *clockwork, _ func() []session.RemoteState) {
		start(t, p, "a")
		time.Sleep(10 * time.Second)
		if err := p.Pause(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
		if n := len(c.looked()); n > 13 {
			t.Errorf("%d looks in the first five minutes", n)
		}
		time.Sleep(12 * time.Hour)
		if l := c.looked(); len(l) != 0 {
			t.Errorf("paused for hours it is asked at %v", l)
		}
		if err := p.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if len(c.looked()) == 0 {
			t.Error("after a command it is not asked")
		}
	})
}

// TestWhoComesBackSeesHowItStands: one look, however often that is said, and none where it
// was looked lately.
func TestWhoComesBackSeesHowItStands(t *testing.T) {
	watched(t, func(p *Player, c *clockwork, reports func() []session.RemoteState) {
		start(t, p, "a")
		time.Sleep(50 * time.Second)
		c.looked()
		for range 20 {
			p.LookAgain()
			time.Sleep(100 * time.Millisecond)
		}
		if l := c.looked(); len(l) != 1 || l[0] != 50*time.Second {
			t.Errorf("while it plays it is asked at %v", l)
		}
		if err := p.Pause(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Hour)
		c.looked()
		c.change(func() { c.uri, c.playing = "spotify:track:other", true })
		p.LookAgain()
		if all := reports(); len(c.looked()) != 1 || all[len(all)-1].Track != track("other") {
			t.Errorf("after hours of a pause it is %+v", all[len(all)-1])
		}
	})
}

func TestAHourOfMusicCostsFewCalls(t *testing.T) {
	watched(t, func(p *Player, c *clockwork, _ func() []session.RemoteState) {
		for range 18 { // of 200 s
			start(t, p, "a")
			time.Sleep(length)
		}
		if n := len(c.looked()); n > 18*13 {
			t.Errorf("%d looks in an hour", n)
		}
	})
}

func TestAMomentOfNothingIsNoNews(t *testing.T) {
	for name, c := range map[string]struct {
		break_ func(c *clockwork)
		mend   func(c *clockwork)
	}{
		"no device":    {func(c *clockwork) { c.none = true }, func(c *clockwork) { c.none = false }},
		"unknown item": {func(c *clockwork) { c.uri = "" }, func(c *clockwork) { c.uri = "spotify:track:a" }},
	} {
		t.Run(name, func(t *testing.T) {
			watched(t, func(p *Player, w *clockwork, reports func() []session.RemoteState) {
				start(t, p, "a")
				time.Sleep(8 * time.Second)
				w.change(func() { c.break_(w) })
				time.Sleep(1500 * time.Millisecond) // the look at 8.5 s
				w.change(func() { c.mend(w) })
				time.Sleep(2 * time.Second)
				for _, st := range reports() {
					if st.Track.IsZero() {
						t.Errorf("it was reported: %+v", st)
					}
				}
				w.change(func() { c.break_(w) })
				time.Sleep(time.Minute)
				all := reports()
				if last := all[len(all)-1]; !last.Track.IsZero() {
					t.Errorf("when it lasts it is told: %+v", last)
				}
			})
		})
	}
}

func TestRefusalsAndOutagesAreWaitedOut(t *testing.T) {
	watched(t, func(p *Player, c *clockwork, reports func() []session.RemoteState) {
		start(t, p, "a")
		time.Sleep(4 * time.Second)
		c.looked()
		at := time.Now().Add(90 * time.Second)
		c.change(func() { c.fail = &webapi.Error{Kind: webapi.RateLimited, RetryAt: at} })
		time.Sleep(80 * time.Second)
		if n := len(c.looked()); n != 1 {
			t.Errorf("it was asked %d times before its time", n)
		}
		all := reports()
		if st := all[len(all)-1]; webapi.KindOf(st.Err) != webapi.RateLimited {
			t.Errorf("it was not told: %+v", st)
		}
		c.change(func() { c.fail = &webapi.Error{Kind: webapi.Unreachable} })
		time.Sleep(10 * time.Minute)
		if n := len(c.looked()); n > 17 {
			t.Errorf("%d looks in ten minutes without a network", n)
		}
		c.change(func() { c.fail = nil })
		time.Sleep(time.Minute)
		all = reports()
		if st := all[len(all)-1]; st.Err != nil {
			t.Errorf("when it is back: %+v", st)
		}
	})
}

func TestRepeatingOnTheDeviceIsSwitchedOffOnce(t *testing.T) {
	watched(t, func(p *Player, c *clockwork, _ func() []session.RemoteState) {
		c.change(func() { c.repeat = "context" })
		start(t, p, "a")
		time.Sleep(20 * time.Second)
		c.change(func() { c.repeat = "track" }) // somebody wants it so
		time.Sleep(100 * time.Second)
		n := 0
		for _, call := range c.calls {
			if call == "repeat k off" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("it was switched off %d times: %q", n, c.calls)
		}
	})
}

func TestADeviceWithoutAnIDForAMomentStaysOurs(t *testing.T) {
	watched(t, func(p *Player, c *clockwork, reports func() []session.RemoteState) {
		start(t, p, "a")
		c.change(func() { c.nameless = true })
		time.Sleep(2 * time.Second)
		for _, st := range reports() {
			if st.Track != track("a") || st.Device.Name != "Kitchen" {
				t.Errorf("%+v", st)
			}
		}
		if p.Chosen() != "k" {
			t.Errorf("it is forgotten: %q", p.Chosen())
		}
	})
}
