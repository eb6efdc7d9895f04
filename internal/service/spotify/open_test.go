package spotify

import (
	"context"
	"errors"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/player/playertest"
	"segue/session"
)

// recordPlayer is an engine that takes note of what it is to play.
type recordPlayer struct {
	paperEngine
	uri    string
	length time.Duration
	kbps   int
	gain   player.GainMode
	preamp float64
	limit  int64
	fails  error
}

func (e *recordPlayer) SetKbps(kbps int) { e.kbps = kbps }
func (e *recordPlayer) SetLevelling(mode player.GainMode, preampDB float64) {
	e.gain, e.preamp = mode, preampDB
}
func (e *recordPlayer) SetCacheLimit(bytes int64) { e.limit = bytes }

func (e *recordPlayer) Open(_ context.Context, uri string, length time.Duration) (player.Source, error) {
	e.uri, e.length = uri, length
	if e.fails != nil {
		return nil, e.fails
	}
	return playertest.Numbered(44100, 10, 1), nil
}

func TestTracksPlayHereThroughTheEngine(t *testing.T) {
	d := newDesk(t)
	var e recordPlayer
	var lost func(device string)
	d.s.cfg.Playback, d.s.cfg.StateDir = PlayEngine, t.TempDir()
	d.s.cfg.Engine = func(spec EngineSpec) (Engine, error) {
		lost = spec.Lost
		return &e, nil
	}
	var news []session.News
	d.s.OnNews(func(n session.News) { news = append(news, n) })
	d.s.SetQuality(music.Quality{Kbps: 160}, music.Quality{}) // before there is an engine
	d.s.SetCacheLimit(7 << 20)
	d.s.SetLevelling(player.GainAlbum, -4)

	src, err := d.s.Open(t.Context(), d.track(0), music.Quality{Kbps: 160})
	if err != nil {
		t.Fatal(err)
	}
	if err := src.Close(); err != nil {
		t.Error(err)
	}
	if e.uri != "spotify:track:"+d.f.Tracks[0] || e.length <= 0 {
		t.Errorf("it plays %s of %v", e.uri, e.length)
	}
	if e.kbps != 160 || e.limit != 7<<20 {
		t.Errorf("at %d kbit/s with a cache of %d", e.kbps, e.limit)
	}
	if e.gain != player.GainAlbum || e.preamp != -4 {
		t.Errorf("it evens out by %s, %v dB", e.gain, e.preamp)
	}
	if d.s.SetLevelling(player.GainOff, 0); e.gain != player.GainOff {
		t.Errorf("and then by %s", e.gain)
	}
	if all, err := d.s.Tracks(t.Context(), []music.Ref{d.track(0)}); err != nil || all[0].Gain != (music.Gain{}) {
		t.Errorf("the player would even it out once more: %+v, %v", all, err)
	}
	episode := d.ref(music.KindTrack, "episode:"+d.f.Episodes[0])
	if _, err := d.s.Open(t.Context(), episode, music.Quality{Kbps: 96}); err != nil || e.uri != "spotify:episode:"+d.f.Episodes[0] || e.kbps != 96 {
		t.Errorf("an episode: %v, %s at %d", err, e.uri, e.kbps)
	}
	lost("Kitchen\x1b Radio")
	if len(news) != 1 || news[0] != (session.NewsTokenLost{Device: music.Clean("Kitchen\x1b Radio")}) {
		t.Errorf("news %+v", news)
	}

	e.fails = &session.Fault{Kind: session.TrackNotPlayable, Account: "music", Op: "play with go-librespot", Err: errors.New("no key")}
	var f *session.Fault
	if _, err := d.s.Open(t.Context(), d.track(0), music.Quality{}); !errors.As(err, &f) || f.Kind != session.TrackNotPlayable || f.Op == "play with go-librespot" {
		t.Errorf("a track that cannot be played: %v", err)
	}
}

func TestWhatDoesNotPlayHereSaysWhy(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		ref  music.Ref
		kind session.FaultKind
	}{
		"with devices only":       {d.track(0), session.InvalidDeviceID},
		"a playlist as a whole":   {d.s.wholeRef(d.ref(music.KindPlaylist, d.f.Followed)), session.TrackNotPlayable},
		"a row without a track":   {d.ref(music.KindTrack, goneID), session.TrackNotPlayable},
		"a track that is no more": {d.ref(music.KindTrack, "0000000000000000000000"), session.TrackNotPlayable},
	} {
		_, err := d.s.Open(t.Context(), c.ref, music.Quality{})
		var f *session.Fault
		if !errors.As(err, &f) || f.Kind != c.kind || f.Account != "music" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
