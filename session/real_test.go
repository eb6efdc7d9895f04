package session_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/player/device"
	"segue/session"
	"segue/session/sessiontest"
)

// live is a session over the real player and a silent device, in real time.
type live struct {
	t     *testing.T
	s     *session.Session
	sub   *session.Subscription
	local *sessiontest.Service
	seen  []session.Event
	now   session.Playback
}

func newLive(t *testing.T) *live {
	t.Helper()
	l := &live{t: t, local: sessiontest.NewService(music.Local)}
	p := player.New(player.Config{}, device.Silent())
	l.s = session.New(session.Config{}, p, nil, l.local.Account())
	l.sub = l.s.Subscribe("test")
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { _ = p.Run(ctx) })
	run.Go(func() { _ = l.s.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		run.Wait()
	})
	return l
}

// until takes events until one fits, or fails.
func (l *live) until(what string, fits func(e session.Event) bool) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		events, ok := l.sub.Take(ctx)
		if !ok {
			l.t.Fatalf("it never came to this: %s; now %s %q opening %q", what, l.now.State, l.now.Track.Title, l.now.Opening.Title)
		}
		found := false
		for _, e := range events {
			l.seen = append(l.seen, e)
			if p, ok := e.(session.PlaybackChanged); ok {
				l.now = p.Playback
			}
			found = found || fits(e)
		}
		if found {
			return
		}
	}
}

func (l *live) untilPlayback(what string, fits func(p session.Playback) bool) {
	l.t.Helper()
	l.until(what, func(e session.Event) bool {
		p, ok := e.(session.PlaybackChanged)
		return ok && fits(p.Playback)
	})
}

func TestTheRealPlayerPlaysAnAlbumThrough(t *testing.T) {
	l := newLive(t)
	album := l.local.AddAlbum("Short", 400*time.Millisecond, "A", "B", "C")
	l.s.Send(session.PlayContext{Ask: music.Ask{Of: album}})
	l.until("the queue ends", func(e session.Event) bool { _, ok := e.(session.QueueEnded); return ok })
	var heard []string
	for _, e := range l.seen {
		if h, ok := e.(session.TrackHeard); ok {
			heard = append(heard, h.Heard.Track.Title+" "+string(h.Heard.Reason)+" "+h.Heard.Heard.Round(time.Millisecond).String())
		}
	}
	if want := []string{"A played 400ms", "B played 400ms", "C played 400ms"}; !slices.Equal(heard, want) {
		t.Errorf("heard %q, want %q", heard, want)
	}
}

func TestTheRealPlayerFollowsCommands(t *testing.T) {
	l := newLive(t)
	album := l.local.AddAlbum("Long", 60*time.Second, "A", "B", "C")
	other := l.local.AddAlbum("Other", 60*time.Second, "X", "Y")
	l.s.Send(session.PlayContext{Ask: music.Ask{Of: album}})
	is := func(title string, state session.State) func(session.Playback) bool {
		return func(p session.Playback) bool { return p.Track.Title == title && p.State == state }
	}
	moves := func(title string) func(session.Playback) bool {
		return func(p session.Playback) bool { return p.Track.Title == title && p.Position.Rate == 1 }
	}
	l.untilPlayback("A is heard", moves("A"))
	l.s.Send(session.SeekTo{Position: 55 * time.Second})
	l.untilPlayback("it has gone to 55 s", func(p session.Playback) bool { return p.Position.Rate == 1 && p.Position.Position >= 55*time.Second })
	l.s.Send(session.Pause{})
	l.untilPlayback("it is paused", is("A", player.Paused))
	l.s.Send(session.Next{})
	l.untilPlayback("B waits", func(p session.Playback) bool { return p.Track.Title == "B" && p.State != player.Playing })
	l.s.Send(session.Next{})
	l.untilPlayback("C waits", func(p session.Playback) bool { return p.Track.Title == "C" && p.State != player.Playing })
	l.s.Send(session.Play{})
	l.untilPlayback("C is heard", moves("C"))
	l.s.Send(session.SeekTo{Position: 58 * time.Second})
	l.s.Send(session.Enqueue{Asks: asks(l.local.TrackRef("A")), Where: session.AfterCurrent})
	l.untilPlayback("A follows by itself", moves("A"))
	l.s.Send(session.PlayContext{Ask: music.Ask{Of: other}})
	l.untilPlayback("X is heard", moves("X"))
	l.s.Send(session.Undo{})
	l.untilPlayback("A is back", moves("A"))
	l.s.Send(session.Stop{})
	l.untilPlayback("it is stopped", func(p session.Playback) bool { return p.State == player.Unloaded && p.Track.Ref.IsZero() })
	l.s.Send(session.Play{})
	l.untilPlayback("A plays again", moves("A"))
}

func TestTheRealPlayerPassesOverWhatBreaks(t *testing.T) {
	l := newLive(t)
	album := l.local.AddAlbum("Short", 400*time.Millisecond, "A", "B", "C", "D")
	l.local.Break(l.local.TrackRef("B"), 200*time.Millisecond)
	l.local.Break(l.local.TrackRef("D"), time.Nanosecond)
	l.s.Send(session.PlayContext{Ask: music.Ask{Of: album}})
	l.until("the queue ends", func(e session.Event) bool { _, ok := e.(session.QueueEnded); return ok })
	var heard, failed []string
	for _, e := range l.seen {
		switch e := e.(type) {
		case session.TrackHeard:
			heard = append(heard, e.Heard.Track.Title+" "+string(e.Heard.Reason))
		case session.StreamingError:
			failed = append(failed, e.Track.ID)
		}
	}
	if !slices.Equal(failed, []string{"B", "D"}) || !slices.Contains(heard, "C played") {
		t.Errorf("heard %q, failed %q", heard, failed)
	}
}
