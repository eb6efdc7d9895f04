package session_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
)

func names(items []music.Item) (all []string) {
	for _, it := range items {
		all = append(all, it.ItemName())
	}
	return all
}

func TestRowsWithEditsThatWaitAreFilteredAndSorted(t *testing.T) {
	var list music.Ref
	inWorld(t, func(w *world) {
		remembered(w)
		list = w.home.AddPlaylist("Evening", w.home.TrackRef("X"))
	}, func(w *world) {
		w.away()
		w.do(session.PlaylistAdd{Playlist: list, Add: asks(w.home.TrackRef("W"))}, session.PlaylistCreate{Account: "home", Name: "New"})
		for name, c := range map[string]struct {
			ask  music.Ask
			want []string
		}{
			"as it is":            {music.Ask{Of: list}, []string{"X", "W"}},
			"sorted":              {music.Ask{Of: list, Sort: music.SortTitle}, []string{"W", "X"}},
			"a window of it":      {music.Ask{Of: list, Sort: music.SortTitle, Offset: 1, Limit: 1}, []string{"X"}},
			"filtered":            {music.Ask{Of: list, Filter: "W"}, []string{"W"}},
			"lists":               {music.Ask{Of: music.Section("home", music.SectionPlaylists)}, []string{"Evening", "New"}},
			"lists of a filter":   {music.Ask{Of: music.Section("home", music.SectionPlaylists), Filter: "new"}, []string{"New"}},
			"and of another":      {music.Ask{Of: music.Section("home", music.SectionPlaylists), Filter: "Even"}, []string{"Evening"}},
			"an album, unchanged": {music.Ask{Of: w.remote(), Sort: music.SortTitle}, []string{"W", "X"}},
		} {
			w.do(session.Load{Ticket: 7, Ask: c.ask})
			if got := names(last1[session.PageLoaded](w.rig).Page.Items); !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
			if c.ask.Of == list && c.ask.Limit == 0 {
				w.do(session.PlayContext{Ask: c.ask})
				w.wantRows(c.want...)
			}
			p, err := w.s.Page(w.t.Context(), c.ask)
			if got := names(p.Items); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: Page gives %q, %v, want %q", name, got, err, c.want)
			}
		}
	})
}

func TestADeletionThatWaitsIsMadeOnceTheServerLetsUsInAgain(t *testing.T) {
	var old music.Ref
	inWorld(t, func(w *world) {
		remembered(w)
		old = w.home.AddPlaylist("Old", w.home.TrackRef("W"))
	}, func(w *world) {
		w.away()
		w.do(session.PlaylistDelete{Playlist: old})
		w.home.Fail("refs", &session.Fault{Kind: session.BadUsernameOrPassword, Err: errors.New("the password has changed")})
		w.home.AwayButCached(false)
		time.Sleep(10 * time.Minute)
		w.settle()
		if got := w.home.Lists(); !slices.Equal(got, []string{"Old"}) || len(w.homeInfo().Waiting) != 1 {
			t.Errorf("at home %q, waiting %q, told %q", got, w.homeInfo().Waiting, w.notices())
		}
		w.home.Fail("refs", nil)
		time.Sleep(10 * time.Minute)
		w.do(session.Relogin{Account: "home"})
		time.Sleep(10 * time.Minute)
		w.settle()
		if got := w.home.Lists(); len(got) != 0 {
			t.Errorf("at home %q, waiting %q, told %q", got, w.homeInfo().Waiting, w.notices())
		}
	})
}
