package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"segue/internal/config"
	"segue/internal/music"
	"segue/player/device"
	"segue/session"
)

// home is a house's options in an empty home.
func home(t *testing.T) Options {
	t.Helper()
	dir := t.TempDir()
	return Options{
		Config: config.Default(), Device: device.Silent(),
		Folders: Folders{Config: filepath.Join(dir, "config"), Data: filepath.Join(dir, "data"), State: filepath.Join(dir, "state"), Cache: filepath.Join(dir, "cache")},
	}
}

func build(t *testing.T, o Options) *House {
	t.Helper()
	h, err := Build(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

func TestASecondHouseOverTheSameStateSaysThatOneIsRunning(t *testing.T) {
	o := home(t)
	first := build(t, o)
	if _, err := Build(o); !errors.Is(err, ErrRunning) {
		t.Fatalf("got %v, want ErrRunning", err)
	}
	passing := o
	passing.Passing = true
	build(t, passing)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	build(t, o)
}

func TestAPanicInAFrontEndsTheHouseWithAnErrorAndIsLogged(t *testing.T) {
	o := home(t)
	h := build(t, o)
	err := h.Run(t.Context(), func(context.Context) error { panic("the roof") })
	if err == nil || !strings.Contains(err.Error(), "screen: crashed: the roof") {
		t.Fatalf("got %v", err)
	}
	log, err := os.ReadFile(filepath.Join(o.Folders.State, "segue.log"))
	if err != nil || !strings.Contains(string(log), "house_test.go") {
		t.Errorf("the log has no stack: %v %s", err, log)
	}
}

func TestAHouseWithoutAPlaceToWriteIsBuiltAndSaysSo(t *testing.T) {
	o := home(t)
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o.Folders = Folders{Data: filepath.Join(blocked, "data"), State: filepath.Join(blocked, "state")}
	h := build(t, o)
	if len(h.Notes) != 1 || !strings.HasPrefix(h.Notes[0], "nothing will be remembered: ") {
		t.Errorf("notes: %q", h.Notes)
	}
	if err := h.Run(t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestWhatPlayedComesBackPausedAtTheSamePlace(t *testing.T) {
	o := home(t)
	run := func(front func(ctx context.Context, h *House) error) {
		t.Helper()
		h := build(t, o)
		if err := h.Run(t.Context(), func(ctx context.Context) error { return front(ctx, h) }); err != nil {
			t.Fatal(err)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var was, is session.Playback
	run(func(ctx context.Context, h *House) error {
		h.Session.Send(session.PlayContext{Ask: music.Ask{Of: music.Section(music.Local, music.SectionSampler)}})
		h.Session.Send(session.SetVolume{Percent: 33})
		was = await(ctx, t, h, func(p session.Playback) bool { return p.State.String() == "playing" && p.Volume == 33 })
		h.Session.Send(session.Pause{})
		was = await(ctx, t, h, func(p session.Playback) bool { return p.State.String() == "paused" })
		return nil
	})
	run(func(ctx context.Context, h *House) error {
		is = await(ctx, t, h, func(p session.Playback) bool { return p.Track.Title != "" })
		return nil
	})
	if is.Track.Ref != was.Track.Ref || is.Position.Position != was.Position.Position || is.Volume != 33 || is.State.String() == "playing" {
		t.Errorf("came back as %v at %v, volume %d, %v; was %v at %v", is.Track.Ref, is.Position.Position, is.Volume, is.State, was.Track.Ref, was.Position.Position)
	}
}

// await follows a house until its playback is as wanted.
func await(ctx context.Context, t *testing.T, h *House, want func(session.Playback) bool) session.Playback {
	t.Helper()
	sub := h.Subscribe("test")
	defer sub.Close()
	for {
		events, ok := sub.Take(ctx)
		if !ok {
			t.Fatal("the session ended")
		}
		for _, e := range events {
			if p, is := e.(session.PlaybackChanged); is && want(p.Playback) {
				return p.Playback
			}
		}
	}
}

func TestWordsOnTheCommandLineArePathsLinksOrSearches(t *testing.T) {
	o := home(t)
	h := build(t, o)
	if _, err := h.Resolve(t.Context(), []string{"no such thing at all"}); !errors.Is(err, ErrNothing) {
		t.Errorf("got %v, want ErrNothing", err)
	}
	ref := music.Section(music.Local, music.SectionSampler)
	asks, err := h.Resolve(t.Context(), []string{ref.String(), "http://127.0.0.1/radio.mp3"})
	if err != nil {
		t.Fatal(err)
	}
	if asks[0].Of != ref || asks[1].Of.Kind != music.KindStream {
		t.Errorf("got %v", asks)
	}
}

func TestAnAccountThatALoginAddedAndThatCannotBeMadeIsTold(t *testing.T) {
	o := home(t)
	o.Config.Spotify.ClientID = "abc"
	if err := os.MkdirAll(o.Folders.State, 0o700); err != nil {
		t.Fatal(err)
	}
	added := `{"added":[{"name":"mine","service":"spotify"}]}`
	if err := os.WriteFile(filepath.Join(o.Folders.State, "accounts.json"), []byte(added), 0o600); err != nil {
		t.Fatal(err)
	}
	if h := build(t, o); len(h.Unmade) != 1 || h.Unmade[0] != "mine: that is no client id: it is 32 of 0-9 and a-f" || len(h.Notes) != 0 {
		t.Errorf("it says %q and %q", h.Unmade, h.Notes)
	}
}
