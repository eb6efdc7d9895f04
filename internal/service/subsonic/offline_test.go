package subsonic_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/query"
	"segue/internal/service/subsonic"
	"segue/session"
)

// watched runs an account's Watch until the test ends.
func watched(t *testing.T, s *subsonic.Service) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.Watch(ctx, func(music.Ref) {}) // it ends with ctx
	}()
	t.Cleanup(func() {
		stop()
		<-ended
	})
}

// synced waits until the copies are as wanted.
func synced(t *testing.T, s *subsonic.Service, want func(session.SyncStatus) bool) session.SyncStatus {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		st := s.SyncStatus()
		if want(st) && !st.Syncing {
			return st
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("after a minute: %+v", st)
		}
	}
}

// album is the samples' album, of three tracks.
var album = music.Ref{Account: "home", Kind: music.KindAlbum, ID: "0G9e8X88YXOCkujaHaNYik"}

// fetchable is a fake whose tracks can be fetched: each is 2 s long.
func fetchable(t *testing.T) *fake {
	f := newFake(t, "navidrome")
	f.on("download", serveFile(wav(2)))
	f.on("stream", serveFile(wav(2)))
	return f
}

func copies(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "offline", "home"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAMarkedAlbumIsFetchedAndPlaysWithTheServerGone(t *testing.T) {
	f, dir := fetchable(t), t.TempDir()
	s := f.account(t, subsonic.Config{DataDir: dir})
	var mu sync.Mutex
	var told []session.SyncStatus
	s.OnSync(func(st session.SyncStatus) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, st)
	})
	if err := s.SetOffline(t.Context(), []music.Ref{album}, true); err != nil {
		t.Fatal(err)
	}
	watched(t, s)
	st := synced(t, s, func(st session.SyncStatus) bool { return st.Done == 3 })
	if st.Playlists != 1 || st.ToSync != 0 || st.Bytes != int64(3*len(wav(2))) {
		t.Errorf("the status is %+v", st)
	}
	if n := copies(t, dir); len(n) != 3 {
		t.Errorf("there are %v", n)
	}
	mu.Lock()
	if len(told) < 4 {
		t.Errorf("it was told %d times", len(told))
	}
	mu.Unlock()
	f.Close()
	// Another run, without the server.
	again, err := subsonic.New(session.Spec{ID: "home", Server: f.URL, User: "alice"}, subsonic.Config{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() })
	if got, err := hear(t, again, bjork, music.Quality{}); err != nil || got != 2 {
		t.Errorf("%v s were heard: %v", got, err)
	}
	tracks, err := again.Tracks(t.Context(), []music.Ref{bjork})
	if err != nil || tracks[0].Title != "曲 1 – victory2" || tracks[0].Unplayable != "" {
		t.Errorf("the track is %+v, %v", tracks[0], err)
	}
}

func TestCopiesFollowTheMarksAndTheServer(t *testing.T) {
	f, dir := fetchable(t), t.TempDir()
	s := f.account(t, subsonic.Config{DataDir: dir})
	watched(t, s)
	if err := s.SetOffline(t.Context(), []music.Ref{album, bjork}, true); err != nil {
		t.Fatal(err)
	}
	synced(t, s, func(st session.SyncStatus) bool { return st.Done == 3 })
	f.says("getAlbum", 200, "application/json", `{"subsonic-response":{"status":"failed","error":{"code":70,"message":"gone"}}}`)
	s.SetNetwork(false)
	s.SetNetwork(true) // it looks again
	if err := s.SyncNow(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := s.SetOffline(t.Context(), nil, true); err != nil {
		t.Fatal(err)
	}
	synced(t, s, func(st session.SyncStatus) bool { return st.Done == 1 })
	if n := copies(t, dir); len(n) != 1 {
		t.Errorf("there are %v", n)
	}
	if err := s.SetOffline(t.Context(), []music.Ref{album, bjork}, false); err != nil {
		t.Fatal(err)
	}
	synced(t, s, func(st session.SyncStatus) bool { return st.Done == 0 && st.Playlists == 0 })
	if n := copies(t, dir); len(n) != 0 {
		t.Errorf("there are %v", n)
	}
}

func TestABrokenCopyIsFetchedAgain(t *testing.T) {
	f, dir := fetchable(t), t.TempDir()
	s := f.account(t, subsonic.Config{DataDir: dir})
	watched(t, s)
	if err := s.SetOffline(t.Context(), []music.Ref{bjork}, true); err != nil {
		t.Fatal(err)
	}
	synced(t, s, func(st session.SyncStatus) bool { return st.Done == 1 })
	file := filepath.Join(dir, "offline", "home", copies(t, dir)[0])
	if err := os.Truncate(file, 100); err != nil {
		t.Fatal(err)
	}
	if got, err := hear(t, s, bjork, music.Quality{}); err != nil || got != 2 {
		t.Errorf("%v s were heard: %v", got, err)
	}
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if b, err := os.ReadFile(file); err == nil && bytes.Equal(b, wav(2)) {
			break
		}
		if time.Since(begun) > time.Minute {
			t.Fatal("it was not repaired")
		}
	}
}

func TestWhatCannotBeFetchedIsCountedAndTriedAgain(t *testing.T) {
	f, dir := fetchable(t), t.TempDir()
	f.on("download", func(w http.ResponseWriter, r *http.Request) {
		switch r.Form.Get("id") {
		case bjork.ID:
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"subsonic-response":{"status":"failed","error":{"code":70,"message":"gone"}}}`)
		default:
			w.Header().Set("Content-Type", "audio/flac")
			_, _ = io.WriteString(w, strings.Repeat("no sound at all ", 100))
		}
	})
	s := f.account(t, subsonic.Config{DataDir: dir})
	watched(t, s)
	if err := s.SetOffline(t.Context(), []music.Ref{album}, true); err != nil {
		t.Fatal(err)
	}
	synced(t, s, func(st session.SyncStatus) bool { return st.WillNot == 1 && st.Failed == 2 })
	if n := copies(t, dir); len(n) != 0 {
		t.Errorf("kept: %v", n)
	}
	f.on("download", serveFile(wav(2)))
	if err := s.SyncNow(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	synced(t, s, func(st session.SyncStatus) bool { return st.Done == 3 })
}

func TestFetchingCanBePausedAndHasALimit(t *testing.T) {
	f, dir := fetchable(t), t.TempDir()
	size := len(wav(2))
	f.says("getAlbum", 200, "application/json", fmt.Sprintf(`{"subsonic-response":{"status":"ok","album":{"id":"x","song":[
		{"id":"1","title":"One","suffix":"wav","size":%[1]d},{"id":"2","title":"Two","suffix":"wav","size":%[1]d},{"id":"3","title":"Three","suffix":"wav"}]}}}`, size))
	for _, c := range []struct {
		name  string
		limit int
		done  int
	}{
		{"less than one", size - 1, 0}, {"one and a little", size + 10, 1}, {"exactly two", 2 * size, 2},
		{"one whose size nobody knows goes beyond it", 2*size + 1, 3}, {"all", 3 * size, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := f.account(t, subsonic.Config{DataDir: dir + c.name, OfflineBytes: int64(c.limit)})
			s.PauseSync(true)
			before := len(f.called("download"))
			watched(t, s)
			if err := s.SetOffline(t.Context(), []music.Ref{album}, true); err != nil {
				t.Fatal(err)
			}
			synced(t, s, func(st session.SyncStatus) bool { return st.ToSync == 3 && st.Paused })
			if n := len(f.called("download")); n != before {
				t.Errorf("%d were fetched", n-before)
			}
			s.PauseSync(false)
			full := c.done < 3
			st := synced(t, s, func(st session.SyncStatus) bool { return st.Done == c.done && st.Full == full })
			if st.ToSync != 3-c.done || st.LimitBytes != int64(c.limit) {
				t.Errorf("beyond the limit: %+v", st)
			}
		})
	}
}

// TestAMarkedSearchIsLive: what it finds at each sync is kept, not what it found when it
// was marked.
func TestAMarkedSearchIsLive(t *testing.T) {
	song := func(id, title, album string) string {
		return fmt.Sprintf(`{"id":%q,"title":%q,"album":%q,"suffix":"wav"}`, id, title, album)
	}
	for _, words := range []string{"blue", "title:blue", "album:kind"} {
		t.Run(words, func(t *testing.T) {
			f, dir := fetchable(t), t.TempDir()
			s := f.account(t, subsonic.Config{DataDir: dir})
			there := func(songs ...string) {
				found := fmt.Sprintf(`{"subsonic-response":{"status":"ok","searchResult3":{"album":[{"id":"al","name":"Kind"}],"song":[%s]}}}`, strings.Join(songs, ","))
				f.on("search3", func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					if r.Form.Get("songOffset") != "0" && r.Form.Get("songCount") != "0" {
						found = `{"subsonic-response":{"status":"ok","searchResult3":{}}}`
					}
					_, _ = io.WriteString(w, found)
				})
				f.says("getAlbum", 200, "application/json", fmt.Sprintf(`{"subsonic-response":{"status":"ok","album":{"id":"al","song":[%s]}}}`, strings.Join(songs, ",")))
			}
			ref := music.Ref{Account: "home", Kind: music.KindSearch, ID: words}
			there(song("1", "Blue in Green", "Kind of Blue"))
			if err := s.SetOffline(t.Context(), []music.Ref{ref}, true); err != nil {
				t.Fatal(err)
			}
			if marks, err := s.Offline(t.Context()); err != nil || len(marks) != 1 || marks[0] != ref {
				t.Errorf("marked: %v, %v", marks, err)
			}
			syncTo := func(want int) {
				t.Helper()
				s.SetNetwork(true) // nothing of a moment ago is remembered
				if err := s.SyncNow(t.Context(), false); err != nil {
					t.Fatal(err)
				}
				if st := s.SyncStatus(); st.Done != want || len(copies(t, dir)) != want {
					t.Errorf("%+v and %v, want %d", st, copies(t, dir), want)
				}
			}
			syncTo(1)
			there(song("1", "Blue in Green", "Kind of Blue"), song("2", "Almost Blue", "Another Kind"))
			syncTo(2)
			there(song("2", "Almost Blue", "Another Kind"))
			syncTo(1)
			page := children(t, s, music.Ask{Of: ref})
			if page.Total != 1 || page.Subtitle != words {
				t.Errorf("the search as a container: %+v", page)
			}
			if err := s.SetOffline(t.Context(), []music.Ref{ref}, false); err != nil {
				t.Fatal(err)
			}
			syncTo(0)
		})
	}
}

func TestASearchThatMakesNoSenseCannotBeMarked(t *testing.T) {
	s := fetchable(t).account(t, subsonic.Config{})
	for _, words := range []string{"", "  ", "year:abc", "(", `"`} {
		err := s.SetOffline(t.Context(), []music.Ref{{Account: "home", Kind: music.KindSearch, ID: words}}, true)
		if _, perr := query.Parse(words); (perr != nil || strings.TrimSpace(words) == "") && kindOf(err) != session.InvalidArgument {
			t.Errorf("%q: %v", words, err)
		}
	}
}

func TestThingsOfOthersCannotBeKept(t *testing.T) {
	s := fetchable(t).account(t, subsonic.Config{})
	if err := s.SetOffline(t.Context(), []music.Ref{{Account: music.Local, Kind: music.KindTrack, ID: "/x"}}, true); kindOf(err) != session.OfflineNotAllowed {
		t.Errorf("got %v", err)
	}
}

func TestTheNextTrackIsThereBeforeItIsNeeded(t *testing.T) {
	f := fetchable(t)
	s := f.account(t, subsonic.Config{})
	if err := s.Prefetch(t.Context(), bjork, music.Quality{}); err != nil {
		t.Fatal(err)
	}
	f.on("stream", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	if got, err := hear(t, s, bjork, music.Quality{}); err != nil || got != 2 {
		t.Errorf("%v s were heard: %v", got, err)
	}
}

func TestOfflineByWishWhatIsHereIsFoundAndTheRestIsGreyed(t *testing.T) {
	f := fetchable(t)
	s := f.account(t, subsonic.Config{})
	watched(t, s)
	if err := s.SetOffline(t.Context(), []music.Ref{bjork}, true); err != nil {
		t.Fatal(err)
	}
	synced(t, s, func(st session.SyncStatus) bool { return st.Done == 1 })
	before := children(t, s, music.Ask{Of: album})
	s.SetNetwork(false)
	p := children(t, s, music.Ask{Of: album})
	if p.Total != before.Total || p.Note == "" {
		t.Errorf("%d rows, %q", p.Total, p.Note)
	}
	for _, it := range p.Items {
		tr, ok := it.(music.Track)
		if !ok || (tr.Unplayable == "") != (tr.Ref == bjork) {
			t.Errorf("%+v", tr)
		}
	}
	ask := section("search/tracks")
	ask.Filter = "victory2"
	if p := children(t, s, ask); p.Total != 1 || p.Items[0].ItemRef() != bjork {
		t.Errorf("found %v", p.Items)
	}
	s.SetNetwork(true)
	for _, it := range children(t, s, music.Ask{Of: album}).Items {
		if tr, ok := it.(music.Track); !ok || tr.Unplayable != "" {
			t.Errorf("with the network: %+v", tr)
		}
	}
}

func TestACopyOfAFileThatWasReplacedOnTheServerIsFetchedAgain(t *testing.T) {
	f, dir := fetchable(t), t.TempDir()
	s := f.account(t, subsonic.Config{DataDir: dir})
	said := func(size int) {
		f.says("getAlbum", 200, "application/json", fmt.Sprintf(`{"subsonic-response":{"status":"ok","album":{"id":"x","song":[{"id":"one","title":"One","suffix":"wav","size":%d}]}}}`, size))
	}
	said(len(wav(2)))
	if err := s.SetOffline(t.Context(), []music.Ref{album}, true); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second finds all as it was
		if err := s.SyncNow(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		s.SetNetwork(true) // nothing of a moment ago is remembered
	}
	if n := len(f.called("download")); n != 1 || s.SyncStatus().Done != 1 {
		t.Fatalf("it was fetched %d times, %+v", n, s.SyncStatus())
	}
	f.on("download", serveFile(wav(3)))
	said(len(wav(3)))
	if err := s.SyncNow(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if n := len(f.called("download")); n != 2 || s.SyncStatus().Bytes != int64(len(wav(3))) {
		t.Errorf("it was fetched %d times, %+v", n, s.SyncStatus())
	}
	if got, err := hear(t, s, music.Ref{Account: "home", Kind: music.KindTrack, ID: "one"}, music.Quality{}); err != nil || got != 3 {
		t.Errorf("%v s were heard: %v", got, err)
	}
}
