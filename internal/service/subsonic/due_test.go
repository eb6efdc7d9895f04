package subsonic_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/subsonic"
	"segue/session"
)

func TestAPlayIsToldOnceHoweverItEnds(t *testing.T) {
	for name, c := range map[string]struct {
		first  http.HandlerFunc // the answer to the first report
		played string           // when the server says that it was last played
		want   int              // reports that count
	}{
		"taken": {nil, "", 1},
		"refused": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"subsonic-response":{"status":"failed","error":{"code":70,"message":"gone"}}}`)
		}, "", 1},
		"taken, and the answer is lost": {abort, "2026-11-21T12:00:00Z", 1},
		"lost on the way":               {abort, "2020-01-01T00:00:00Z", 2},
		"a server that is busy (503)":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, "2020-01-01T00:00:00Z", 2},
	} {
		t.Run(name, func(t *testing.T) {
			f, dir := fetchable(t), t.TempDir()
			s := f.account(t, subsonic.Config{DataDir: dir})
			f.says("getSong", 200, "application/json", `{"subsonic-response":{"status":"ok","song":{"id":"x","title":"x","played":"`+c.played+`"}}}`)
			if c.first != nil {
				f.on("scrobble", c.first)
			}
			h := session.Heard{Track: music.Track{Ref: bjork}, Started: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), Heard: time.Minute, Counts: true}
			if err := s.Report(t.Context(), h); err != nil {
				t.Errorf("the report: %v", err)
			}
			f.on("scrobble", nil)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			for range 2 { // two more runs
				again := f.account(t, subsonic.Config{DataDir: dir})
				if err := again.Report(t.Context(), session.Heard{Track: music.Track{Ref: music.Ref{Account: "home", Kind: music.KindTrack, ID: "other"}}, Started: time.Now(), Counts: true}); err != nil {
					t.Error(err)
				}
				_ = again.Close()
			}
			n := 0
			for _, call := range f.called("scrobble") {
				if call.form.Get("id") == bjork.ID {
					n++
					if call.form.Get("time") != "1795262400000" || call.form.Get("submission") != "true" {
						t.Errorf("told %v", call.form)
					}
				}
			}
			if n != c.want {
				t.Errorf("it was told %d times, want %d", n, c.want)
			}
			if n := len(f.called("scrobble")) - n; n != 2 {
				t.Errorf("the plays behind it were told %d times", n)
			}
		})
	}
}

func abort(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestAPlayThatDoesNotCountIsNotTold(t *testing.T) {
	f := fetchable(t)
	s := f.account(t, subsonic.Config{})
	for _, h := range []session.Heard{{Track: music.Track{Ref: bjork}}, {Track: music.Track{Ref: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: "x"}}, Counts: true}} {
		if err := s.Report(t.Context(), h); err != nil {
			t.Error(err)
		}
	}
	if n := len(f.called("scrobble")); n != 0 {
		t.Errorf("told %d times", n)
	}
}
