package subsonic_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/subsonic"
	"segue/session"
)

// The traps of other players that concern servers. The others are where they belong: 10 in
// server/traps_test.go; 14 in wire/fuzz_test.go; 12, 19 and 26 in internal/e2e/server_test.go;
// 25 in internal/httpx/network_test.go, for every client, and below.

// TestACoverThatHangsHoldsNothingUpAndComesAsWhoseItIs is trap 8: pictures and lyrics are
// fetched beside everything else, and carry what they are of.
func TestACoverThatHangsHoldsNothingUpAndComesAsWhoseItIs(t *testing.T) {
	f := newFake(t, "navidrome")
	release := make(chan struct{})
	f.on("getCoverArt", func(w http.ResponseWriter, r *http.Request) {
		if r.Form.Get("id") == "slow" {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = io.WriteString(w, "\x89PNG\r\n\x1a\n"+r.Form.Get("id"))
	})
	f.on("getLyricsBySongId", func(w http.ResponseWriter, r *http.Request) {
		<-release
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"subsonic-response":{"status":"ok","lyricsList":{"structuredLyrics":[{"synced":false,"line":[{"value":"la"}]}]}}}`)
	})
	svc, err := subsonic.New(session.Spec{ID: "home", Server: f.URL, User: "alice"}, subsonic.Config{DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = svc.Close() })
	s, until := listen(t, session.Account{ID: "home", Service: svc, Kind: "subsonic", User: "alice"})
	s.Send(session.Login{Account: "home", How: session.SignIn{User: "alice", Password: password}})
	until(signedInTo("home"))
	slow, quick := music.Ref{Account: "home", Kind: music.KindTrack, ID: "slow"}, music.Ref{Account: "home", Kind: music.KindTrack, ID: "quick"}
	s.Send(session.LoadImage{Ticket: 1, Of: slow, Px: 64})
	s.Send(session.LoadLyrics{Ticket: 2, Track: slow})
	s.Send(session.LoadImage{Ticket: 3, Of: quick, Px: 64})
	s.Send(session.SetVolume{Percent: 33})
	image := func(want music.Ref, ticket session.Ticket) func(session.Event) bool {
		return func(e session.Event) bool {
			im, ok := e.(session.ImageLoaded)
			if ok && im.Ticket == ticket && (im.Image.Of != want || !strings.HasSuffix(string(im.Image.Data), want.ID)) {
				t.Errorf("the picture of %v is %q", im.Image.Of, im.Image.Data)
			}
			return ok && im.Ticket == ticket
		}
	}
	until(func(e session.Event) bool {
		p, ok := e.(session.PlaybackChanged)
		return ok && p.Playback.Volume == 33
	})
	s.Send(session.LoadImage{Ticket: 4, Of: quick, Px: 64})
	until(image(quick, 4))
	close(release)
	seen := map[string]bool{}
	until(func(e session.Event) bool {
		seen["image"] = seen["image"] || image(slow, 1)(e)
		if l, ok := e.(session.LyricsLoaded); ok && l.Ticket == 2 {
			seen["lyrics"] = true
			if l.Lyrics.Track != slow {
				t.Errorf("the lyrics are of %v", l.Lyrics.Track)
			}
		}
		return seen["image"] && seen["lyrics"]
	})
}

// TestATrackGoesToTheDiskNotIntoMemory is trap 9: of a track of 64 MB nothing but a buffer is
// in memory, while it comes and while it is read.
func TestATrackGoesToTheDiskNotIntoMemory(t *testing.T) {
	const seconds = 64 << 20 / 16000
	sound := wav(seconds)
	f := newFake(t, "navidrome")
	f.on("stream", serveFile(sound))
	s := f.account(t, subsonic.Config{})
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	src, err := s.Open(within(t, time.Minute), music.Ref{Account: "home", Kind: music.KindTrack, ID: "long"}, music.Quality{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	most, frames := int64(0), 0
	block := make([]float32, 1<<16)
	for n := 0; ; n++ {
		got, err := src.Read(block)
		frames += got
		if n%64 == 0 {
			most = max(most, heap()-before)
		}
		if err == io.EOF { //nolint:errorlint // sources give it as it is
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if most > 16<<20 {
		t.Errorf("%d MB of a track of 64 MB were in memory", most>>20)
	}
	if frames < seconds*8000-8000 {
		t.Errorf("%d frames were heard", frames)
	}
}

// TestOddRowsOfAPlaylistAreNoCrash is trap 13: tracks without artist or album, episodes,
// folders, videos, rows without an id, the same track twice, and tracks that cannot be played.
func TestOddRowsOfAPlaylistAreNoCrash(t *testing.T) {
	f := newFake(t, "spec")
	f.says("getPlaylist", 200, "application/json", `{"subsonic-response":{"status":"ok","playlist":{"id":"p","name":"Odd","owner":"alice","entry":[
		{"id":"1","title":"Bare"},{"id":"1","title":"Bare"},{"id":"","title":"No id"},{"title":"No id at all"},null,7,"x",[],
		{"id":"2","isDir":true,"title":"A folder"},{"id":"3","isVideo":true,"title":"A film"},
		{"id":"ep-1","type":"podcast","streamId":"st-1","title":"An episode","channelId":"ch-1"},
		{"id":"5","title":"","path":"a/b/Only a path.flac","artist":null,"album":null,"duration":-4,"track":1e12,"year":99999},
		{"id":"6","title":"Six","artist":"","artists":[{"id":"","name":""},{}],"albumId":null}]}}}`)
	f.on("stream", func(w http.ResponseWriter, r *http.Request) {
		if r.Form.Get("id") == "5" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"subsonic-response":{"status":"failed","error":{"code":70,"message":"gone"}}}`)
			return
		}
		serveFile(wav(1))(w, r)
	})
	s := f.account(t, subsonic.Config{})
	page := children(t, s, music.Ask{Of: music.Ref{Account: "home", Kind: music.KindPlaylist, ID: "p"}})
	if got := rowNames(page); got != "Bare, Bare, An episode, Only a path.flac, Six" {
		t.Fatalf("the rows are %s", got)
	}
	for i, it := range page.Items {
		tr, ok := it.(music.Track)
		if !ok || tr.Duration < 0 || tr.Year > 9999 || tr.Artist() != "" || tr.AlbumArtist() != "" {
			t.Errorf("row %d is %+v", i, it)
		}
		got, err := hear(t, s, tr.Ref, music.Quality{})
		if (err != nil) != (tr.Ref.ID == "5") || err == nil && got != 1 {
			t.Errorf("row %d: %v s, %v", i, got, err)
		}
	}
}

// TestALibraryOfAHundredThousandTracksIsAskedForByTheWindow is trap 20: nothing loads it whole
// to draw one screen, wherever in it the screen stands.
func TestALibraryOfAHundredThousandTracksIsAskedForByTheWindow(t *testing.T) {
	const all = 100_000
	f := newFake(t, "navidrome")
	f.on("search3", func(w http.ResponseWriter, r *http.Request) {
		from, _ := strconv.Atoi(r.Form.Get("songOffset"))
		n, _ := strconv.Atoi(r.Form.Get("songCount"))
		songs := []map[string]any{}
		for i := from; i < min(from+n, all); i++ {
			songs = append(songs, map[string]any{"id": fmt.Sprint("t", i), "title": fmt.Sprintf("Track %06d", i), "duration": 60})
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"subsonic-response": map[string]any{"status": "ok", "searchResult3": map[string]any{"song": songs}}})
	})
	s := f.account(t, subsonic.Config{})
	for _, from := range []int{0, 90_000, 99_980, 45_678} {
		before := len(f.called("search3"))
		ask := section(music.SectionTracks)
		ask.Offset, ask.Limit = from, 60
		page := children(t, s, ask)
		if len(page.Items) == 0 || page.Items[0].ItemName() != fmt.Sprintf("Track %06d", from) {
			t.Fatalf("at %d there is %v", from, rowNames(page))
		}
		if n := len(f.called("search3")) - before; n > 2 {
			t.Errorf("a screen at %d took %d calls", from, n)
		}
	}
	refs, err := s.Refs(t.Context(), section(music.SectionTracks))
	if err != nil || len(refs) != all {
		t.Fatalf("%d tracks for the queue, %v", len(refs), err)
	}
	before := len(f.called("getSong"))
	begun := time.Now()
	tracks, err := s.Tracks(t.Context(), refs[70_000:70_060])
	if err != nil || tracks[0].Title != "Track 070000" || len(f.called("getSong")) != before {
		t.Errorf("%v, %v; %d calls", tracks[0], err, len(f.called("getSong"))-before)
	}
	if d := time.Since(begun); d > 20*time.Second {
		t.Errorf("a window of the queue took %v", d)
	}
}

// TestAServerThatSwallowsPacketsIsNamed is trap 25 as far as it is the account's: that
// connecting falls back in time is package httpx's. 192.0.2.1 answers nobody.
func TestAServerThatSwallowsPacketsIsNamed(t *testing.T) {
	s, err := subsonic.New(session.Spec{ID: "home", Server: "https://192.0.2.1", User: "alice"}, subsonic.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	begun := time.Now()
	_, err = s.Login(within(t, time.Minute), session.SignIn{Password: password}, nil)
	if err == nil || !strings.Contains(err.Error(), "192.0.2.1") {
		t.Errorf("it says %v", err)
	}
	if d := time.Since(begun); d > 50*time.Second {
		t.Errorf("it took %v to say so", d)
	}
}
