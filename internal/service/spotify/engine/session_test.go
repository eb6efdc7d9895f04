package engine

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/engine/enginetest"
	"segue/player"
	"segue/player/device"
	"segue/session"
)

// shop is an account whose tracks the engine plays: as much of a service as a session needs.
type shop struct {
	r    *rig
	tell func(session.News)
}

func (h *shop) OnNews(tell func(session.News)) { h.tell = tell }

func (h *shop) Children(_ context.Context, ask music.Ask) (music.Page, error) {
	return music.Page{Ask: ask}, nil
}

func (h *shop) Refs(_ context.Context, ask music.Ask) ([]music.Ref, error) {
	return []music.Ref{ask.Of}, nil
}

func (h *shop) Tracks(_ context.Context, refs []music.Ref) ([]music.Track, error) {
	all := make([]music.Track, len(refs))
	for i, r := range refs {
		all[i] = music.Track{Ref: r, Title: r.ID, Duration: 30 * time.Second}
	}
	return all, nil
}

func (h *shop) Open(ctx context.Context, t music.Ref, _ music.Quality) (player.Source, error) {
	return h.r.Open(ctx, "spotify:track:"+t.ID, 30*time.Second)
}

// TestASessionThatLosesItsTokenRestsUntilSomebodySaysPlay plays by the clock, with the
// real session and player.
func TestASessionThatLosesItsTokenRestsUntilSomebodySaysPlay(t *testing.T) {
	t.Parallel()
	sh := &shop{}
	sh.r = newRig(t, plays(map[string]enginetest.Track{first: length(30)}), func(c *Config) {
		c.Lost = func(device string) { sh.tell(session.NewsTokenLost{Device: device}) }
	})
	p := player.New(player.Config{}, device.Silent())
	s := session.New(session.Config{}, p, nil, session.Account{ID: "spotify", Service: sh, Kind: "spotify"})
	sub := s.Subscribe("test")
	ctx, stop := context.WithCancel(sh.r.ctx)
	var running sync.WaitGroup
	running.Go(func() { _ = p.Run(ctx) })
	running.Go(func() { _ = s.Run(ctx) })
	defer running.Wait()
	defer stop()
	var now session.Playback
	lost := ""
	until := func(what string, is func() bool) {
		t.Helper()
		for !is() {
			events, ok := sub.Take(ctx)
			if !ok {
				t.Fatalf("it never came to this: %s", what)
			}
			for _, e := range events {
				switch e := e.(type) {
				case session.StreamingError:
					t.Fatal(e.Fault)
				case session.PlaybackChanged:
					now = e.Playback
				case session.PlayTokenLost:
					lost = string(e.Account) + " to " + e.Device
				default:
				}
			}
		}
	}
	heard := func(from time.Duration) func() bool {
		return func() bool {
			return now.State == player.Playing && now.Position.Rate > 0 && now.Position.Position >= from
		}
	}
	ref := music.Ref{Account: "spotify", Kind: music.KindTrack, ID: strings.TrimPrefix(first, "spotify:track:")}
	s.Send(session.PlayContext{Ask: music.Ask{Of: ref}})
	until("it is heard", heard(0))
	s.Send(session.SeekTo{Position: 12 * time.Second})
	until("it is heard from there", heard(12*time.Second))
	sh.r.control("inactive", "Kitchen Radio")
	until("it rests", func() bool { return lost != "" && now.State == player.Paused })
	at := now.Position.Position
	if lost != "spotify to Kitchen Radio" || at < 12*time.Second {
		t.Errorf("it lost %s, and rests at %v", lost, at)
	}
	s.Send(session.Play{})
	until("it goes on where it was", heard(at))
}
