package connect

import (
	"strings"
	"testing"
	"time"

	"segue/internal/service/spotify/webapi"
	"segue/session"
)

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
