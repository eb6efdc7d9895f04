package subsonic_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/subsonic"
	"segue/session"
)

// rowNames are the rows of a page.
func rowNames(p music.Page) string {
	var all []string
	for _, it := range p.Items {
		all = append(all, it.ItemName())
	}
	return strings.Join(all, ", ")
}

func TestPodcastsOfAServerThatFollowsThem(t *testing.T) {
	f := newFake(t, "spec")
	f.on("getPodcasts", func(w http.ResponseWriter, r *http.Request) {
		s := f.samples["getPodcasts"]
		if r.Form.Get("id") == "ch-1" {
			s = f.samples["getPodcasts-episodes"]
		}
		w.Header().Set("Content-Type", s.Type)
		_, _ = w.Write([]byte(s.Body))
	})
	f.on("stream", serveFile(wav(2)))
	s := f.account(t, subsonic.Config{})
	find(t, children(t, s, section(music.SectionRoot)), "Podcasts")
	page := children(t, s, section("podcasts"))
	if got := rowNames(page); got != "The Daily Test, https://example.org/broken.xml" {
		t.Fatalf("the channels are %s", got)
	}
	if c, ok := page.Items[1].(music.Folder); !ok || c.Detail != "the feed could not be read" {
		t.Errorf("what is wrong with a channel is not said: %+v", page.Items[1])
	}
	channel := page.Items[0].ItemRef()
	page = children(t, s, music.Ask{Of: channel})
	if page.Title != "The Daily Test" || page.Total != 6 {
		t.Fatalf("the channel is %+v", page)
	}
	for i, it := range page.Items {
		e, ok := it.(music.Track)
		if !ok || (e.Unplayable == "") != (i == 0) || e.Artist() != "The Daily Test" || e.Album != "The Daily Test" || e.Year != 2026 {
			t.Errorf("episode %d is %+v", i, it)
		}
	}
	one := page.Items[0].ItemRef()
	if got, err := hear(t, s, one, music.Quality{}); err != nil || got != 2 {
		t.Errorf("%v s were heard: %v", got, err)
	}
	if c := f.called("stream"); len(c) == 0 || c[0].form.Get("id") != "st-1" {
		t.Errorf("an episode is streamed by its own id: %+v", c)
	}
	refs, err := s.Refs(t.Context(), music.Ask{Of: channel})
	if err != nil || len(refs) != 6 || refs[0] != one {
		t.Errorf("%v, %v", refs, err)
	}
	f.samples["getPodcasts"] = f.samples["getPodcasts-none"]
	later := f.account(t, subsonic.Config{})
	if p := children(t, later, section("podcasts")); p.Total != 0 || p.Note == "" {
		t.Errorf("no channels: %+v", p)
	}
}

func TestBookmarksStationsAndListenersAreShownWithWhatIsKnownOfThem(t *testing.T) {
	f := newFake(t, "spec")
	f.samples["getInternetRadioStations-after"], f.samples["getBookmarks-after"], f.samples["getShares-after"] = f.samples["getInternetRadioStations"], f.samples["getBookmarks"], f.samples["getShares"]
	s := f.account(t, subsonic.Config{})
	page := children(t, s, section("bookmarks"))
	if page.Subtitle != "Long Song 1 at 1:23, Long Song 2 at 1:02:03" {
		t.Errorf("the bookmarks are at %q", page.Subtitle)
	}
	for i, want := range []time.Duration{83 * time.Second, 3723 * time.Second} {
		if b, ok := page.Items[i].(music.Track); !ok || b.At != want {
			t.Errorf("bookmark %d: %+v", i, page.Items[i])
		}
	}
	page = children(t, s, section("radio"))
	if got := rowNames(page); got != "Radio One, https://127.0.0.1:9/two.ogg" {
		t.Errorf("the stations are %s: what is no web address is none", got)
	}
	page = children(t, s, section("nowplaying"))
	if page.Subtitle != "bob: Long Song 1, carol: Long Song 2 (7 min ago)" || page.Total != 2 {
		t.Errorf("the listeners are %q", page.Subtitle)
	}
	page = children(t, s, section("shares"))
	if sh, ok := page.Items[0].(music.Folder); !ok || sh.Name != "For bob" || sh.Detail != "https://example.org/share/x · 3 visits" {
		t.Errorf("the shares are %+v", page.Items)
	}
	q, err := s.LoadQueue(t.Context())
	if err != nil || q == nil || len(q.Tracks) != 2 || q.Index != 1 || q.Position != 61*time.Second || q.By != "Symfonium" || q.Changed.IsZero() {
		t.Errorf("the queue is %+v, %v", q, err)
	}
	page = children(t, s, section("savedqueue"))
	if !strings.HasPrefix(page.Subtitle, "by Symfonium · ") || !strings.HasSuffix(page.Subtitle, " · 2 tracks, 6:00") {
		t.Errorf("the queue says %q", page.Subtitle)
	}
	f.samples["getBookmarks-after"], f.samples["getNowPlaying"] = f.samples["getBookmarks-none"], f.samples["getNowPlaying-none"]
	later := f.account(t, subsonic.Config{})
	for _, id := range []string{"bookmarks", "nowplaying"} {
		if p := children(t, later, section(id)); p.Total != 0 || p.Note == "" {
			t.Errorf("%s: %+v", id, p)
		}
	}
}

// TestGonicAsItAnswers goes through the column gonic of the contract's table.
func TestGonicAsItAnswers(t *testing.T) {
	f := newFake(t, "gonic")
	f.on("getOpenSubsonicExtensions", func(w http.ResponseWriter, r *http.Request) {
		s := f.samples["getOpenSubsonicExtensions"]
		if r.Form.Get("u") == "" {
			s = f.samples["getOpenSubsonicExtensions-noauth"]
		}
		w.Header().Set("Content-Type", s.Type)
		_, _ = w.Write([]byte(s.Body))
	})
	f.on("ping", func(w http.ResponseWriter, r *http.Request) {
		s := f.samples["ping"]
		if r.Form.Get("p") != "" && r.Form.Get("t") != "" {
			s = f.samples["auth-token-and-p"]
		}
		w.Header().Set("Content-Type", s.Type)
		_, _ = w.Write([]byte(s.Body))
	})
	f.on("stream", func(w http.ResponseWriter, r *http.Request) {
		if r.Form.Get("format") != "raw" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(f.samples["stream-notranscode"].Body))
			return
		}
		serveFile(wav(2))(w, r)
	})
	f.samples["getAlbumList2-alphabeticalByName"], f.samples["getBookmarks-after"], f.samples["getInternetRadioStations-after"] = f.samples["getAlbumList2"], f.samples["getBookmarks"], f.samples["getInternetRadioStations"]
	s := f.account(t, subsonic.Config{})

	t.Run("token and salt, never beside a password", func(t *testing.T) {
		for _, c := range f.called("ping") {
			if c.form.Get("p") != "" && c.form.Get("t") != "" {
				t.Error("both were sent")
			}
		}
	})
	t.Run("the sidebar is without shares, which it never has", func(t *testing.T) {
		root := rowNames(children(t, s, section(music.SectionRoot)))
		for name, want := range map[string]bool{"Shares": false, "Podcasts": true, "Bookmarks": true, "Internet radio": true, "Queue on the server": true} {
			if strings.Contains(root, name) != want {
				t.Errorf("%s: %s", name, root)
			}
		}
	})
	t.Run("a folder whose id is the number 0", func(t *testing.T) {
		p := children(t, s, section(music.SectionFiles))
		if rowNames(p) != "Pinkham" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("lists that are null", func(t *testing.T) {
		for _, id := range []string{music.SectionStarred} {
			if p := children(t, s, section(id)); p.Total != 0 || p.Note == "" {
				t.Errorf("%s: %+v", id, p)
			}
		}
		if got := rowNames(children(t, s, section(music.SectionAlbums))); got != "Sketches" {
			t.Errorf("albums: %s", got)
		}
		tracks := children(t, s, music.Ask{Of: music.Ref{Account: "home", Kind: music.KindAlbum, ID: "al-7"}}).Items
		first, ok := tracks[0].(music.Track)
		if !ok || len(tracks) != 2 || first.Gain.HasTrack || first.Audio.Bitrate != 812 || first.Artist() != "Pinkham" {
			t.Errorf("tracks: %+v", tracks)
		}
	})
	t.Run("podcasts with a date that is null", func(t *testing.T) {
		p := children(t, s, music.Ask{Of: children(t, s, section("podcasts")).Items[0].ItemRef()})
		if two, ok := p.Items[1].(music.Track); p.Total != 2 || !ok || two.Unplayable == "" || two.Year != 0 {
			t.Errorf("%+v", p.Items)
		}
	})
	t.Run("a queue that was never left is none, not an error", func(t *testing.T) {
		if q, err := s.LoadQueue(t.Context()); q != nil || err != nil {
			t.Errorf("%+v, %v", q, err)
		}
		f.samples["getPlayQueue"] = f.samples["getPlayQueue-saved"]
		if q, err := s.LoadQueue(t.Context()); err != nil || q == nil || q.Index != 1 || q.Position != 9*time.Second {
			t.Errorf("%+v, %v", q, err)
		}
	})
	t.Run("original quality is asked for as raw, or it would be mp3", func(t *testing.T) {
		if got, err := hear(t, s, music.Ref{Account: "home", Kind: music.KindTrack, ID: "tr-1"}, music.Quality{}); err != nil || got != 2 {
			t.Errorf("%v s were heard: %v", got, err)
		}
	})
	t.Run("where transcoding is not set up the original stands in", func(t *testing.T) {
		if got, err := hear(t, s, music.Ref{Account: "home", Kind: music.KindTrack, ID: "tr-2"}, music.Quality{Kbps: 96}); err != nil || got != 2 {
			t.Errorf("%v s were heard: %v", got, err)
		}
		s.SetQuality(music.Quality{}, music.Quality{Kbps: 96})
		f.on("download", serveFile(wav(2)))
		if err := s.SetOffline(t.Context(), []music.Ref{{Account: "home", Kind: music.KindTrack, ID: "tr-2"}}, true); err != nil {
			t.Fatal(err)
		}
		if err := s.SyncNow(t.Context(), false); err != nil || s.SyncStatus().Done != 1 {
			t.Errorf("a copy for offline: %v, %+v", err, s.SyncStatus())
		}
	})
	t.Run("two ways to say that an id is unknown", func(t *testing.T) {
		for _, name := range []string{"getSong-unknown-tr-999", "getSong-unknown-nope"} {
			f.says("getSong", 200, "application/json", f.samples[name].Body)
			got, err := s.Tracks(t.Context(), []music.Ref{{Account: "home", Kind: music.KindTrack, ID: name}})
			if err != nil || got[0].Unplayable != "the server has it no more" {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
	})
	t.Run("a method that it does not know is a thing it lacks", func(t *testing.T) {
		_, err := s.Children(t.Context(), section("nowplaying"))
		if err == nil {
			t.Fatal("no error")
		}
		if root := rowNames(children(t, s, section(music.SectionRoot))); strings.Contains(root, "Playing now") {
			t.Errorf("it is still offered: %s", root)
		}
	})
	t.Run("a share is refused with a reason and without a call", func(t *testing.T) {
		_, err := s.Share(t.Context(), "", []music.Ref{{Account: "home", Kind: music.KindTrack, ID: "tr-1"}}, "")
		if kindOf(err) != session.PermissionDenied || len(f.called("createShare")) != 0 {
			t.Errorf("%v", err)
		}
	})
}

func TestRequiredParametersAreSent(t *testing.T) {
	f := newFake(t, "navidrome")
	s := f.account(t, subsonic.Config{})
	must := map[string][]string{"getAlbum": {"id"}, "getAlbumList2": {"type"}, "getPlaylist": {"id"}, "star": {}, "setRating": {"id", "rating"}, "scrobble": {"id"}, "createBookmark": {"id", "position"}, "getTopSongs": {"artist"}, "getSongsByGenre": {"genre"}, "search3": {"query"}}
	_ = s.Star(t.Context(), []music.Ref{bjork}, true)
	_ = s.Rate(t.Context(), []music.Ref{bjork}, 3)
	_ = s.Bookmark(t.Context(), bjork, time.Second)
	_ = s.Playing(t.Context(), music.Track{Ref: bjork})
	for _, of := range []music.Ref{album, {Account: "home", Kind: music.KindPlaylist, ID: "x"}, {Account: "home", Kind: music.KindGenre, ID: "Tone"}, {Account: "home", Kind: "top", ID: "Pinkham"}} {
		_, _ = s.Children(t.Context(), music.Ask{Of: of})
	}
	_, _ = s.Children(t.Context(), section(music.SectionAlbums))
	ask := section("search/tracks")
	ask.Filter = "x"
	_, _ = s.Children(t.Context(), ask)
	for method, params := range must {
		calls := f.called(method)
		if len(calls) == 0 {
			t.Errorf("%s was not called", method)
		}
		for _, c := range calls {
			for _, p := range append(slices.Clone(params), "v", "c", "f", "u", "t", "s") {
				if !c.form.Has(p) {
					t.Errorf("%s is without %s: %s", method, p, fmt.Sprint(c.form))
				}
			}
		}
	}
}
