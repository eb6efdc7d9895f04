package webapi_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/service/spotify/webapi"
	"segue/internal/service/spotify/webapi/webapitest"
)

// shelf is a client with answers on disk, its clock, and what it told of.
type shelf struct {
	*webapi.Client
	blobs  *cache.Blobs
	fresh  chan string
	failed chan error

	mu      sync.Mutex
	clock   time.Time
	offline bool
}

func (s *shelf) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

func (s *shelf) network(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offline = !on
}

// stocked is a client of a user's that keeps answers in a folder and refreshes them.
func stocked(t *testing.T, srv *webapitest.Server, user, dir string) *shelf {
	t.Helper()
	s := &shelf{clock: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), fresh: make(chan string, 20), failed: make(chan error, 20)}
	blobs, err := cache.NewBlobs(cache.BlobOptions{Dir: dir})
	ok(t, err)
	o := srv.Options(user)
	o.Answers, s.blobs = blobs, blobs
	o.Now = func() time.Time {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.clock = s.clock.Add(time.Millisecond) // no two moments are the same
		return s.clock
	}
	o.Allowed = func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return !s.offline
	}
	o.Fresh = func(path string) { s.fresh <- path }
	o.Failed = func(_ string, err error) { s.failed <- err }
	s.Client = client(t, o)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Run ends with %v", err)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	return s
}

// soon takes what comes.
func soon[T any](t *testing.T, from chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(30 * time.Second):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

const minute = time.Minute

func TestAnOldAnswerComesAtOnceAndTheNewOneIsTold(t *testing.T) {
	for name, etags := range map[string]bool{"without ETags": false, "with ETags": true} {
		t.Run(name, func(t *testing.T) {
			srv := webapitest.New(t)
			f := srv.Fill(webapitest.Ada)
			srv.SetETags(etags)
			s := stocked(t, srv, webapitest.Ada, t.TempDir())
			cached := webapi.Cached(t.Context(), minute)
			lists := func() (names string, m webapi.Meta) {
				t.Helper()
				for _, p := range must[[]webapi.Playlist](t)(webapi.All(webapi.WithMeta(cached, &m), s.MyPlaylists)) {
					names += p.Name + " "
				}
				return names, m
			}
			before, m := lists()
			if m.FromDisk || m.Stale {
				t.Errorf("the first answer is %+v", m)
			}
			if again, m := lists(); again != before || !m.FromDisk || m.Stale || srv.Count("") != 1 {
				t.Errorf("a fresh one is %+v, %d calls", m, srv.Count(""))
			}
			s.pass(2 * minute)
			srv.AddPlaylist(webapitest.Playlist{Name: "Another", Owner: webapitest.Ada}, "spotify:track:"+f.Tracks[0])
			if again, m := lists(); again != before || !m.FromDisk || !m.Stale {
				t.Errorf("an old one is %q %+v", again, m)
			}
			equal(t, "what has changed", soon(t, s.fresh), "/me/playlists?limit=50&offset=0")
			if again, m := lists(); !strings.Contains(again, "Another") || m.Stale {
				t.Errorf("afterwards it is %q %+v", again, m)
			}
			s.pass(2 * minute)
			lists()
			waitFor(t, func() bool { return srv.Count("") == 3 && s.Stats().Unanswered == 0 })
			s.pass(minute / 2)
			if _, m := lists(); m.Stale {
				t.Error("what was found unchanged is still old")
			}
			if len(s.fresh) > 0 {
				t.Error("what has not changed is told")
			}
			equal(t, "answers of 304", s.Stats().NotModified, map[bool]int{false: 0, true: 1}[etags])
		})
	}
}

// waitFor waits until something is so.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !so(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come to pass")
		}
	}
}

func TestAStartWithAWarmCacheAsksNothingThatIsFresh(t *testing.T) {
	srv := webapitest.New(t)
	f := srv.Fill(webapitest.Ada)
	dir := t.TempDir()
	first := stocked(t, srv, webapitest.Ada, dir)
	start := func(s *shelf) {
		ctx := webapi.Cached(t.Context(), 10*minute)
		must[webapi.User](t)(s.Me(ctx))
		must[[]webapi.Playlist](t)(webapi.All(ctx, s.MyPlaylists))
		must[[]webapi.Saved[webapi.Track]](t)(webapi.All(ctx, s.SavedTracks))
		must[webapi.Page[webapi.PlaylistItem]](t)(s.PlaylistItems(ctx, f.Mine, webapi.Window{}))
		must[webapi.Page[webapi.Track]](t)(s.TopTracks(ctx, webapi.ShortTerm, webapi.Window{}))
		must[webapi.Cursor[webapi.Play]](t)(s.Recent(ctx, time.Time{}, 50))
	}
	start(first)
	if srv.Count("") < 5 {
		t.Fatalf("the first start made %d calls", srv.Count(""))
	}
	srv.Forget()
	second := stocked(t, srv, webapitest.Ada, dir)
	start(second)
	if n := srv.Count(""); n != 0 || second.Stats().Requests != 0 {
		t.Errorf("a start with a warm cache made %d calls: %+v", n, srv.Calls())
	}
	if n := second.Stats().FromDisk; n < 6 {
		t.Errorf("%d answers came from disk", n)
	}
}

func TestNobodySeesAnothersAnswers(t *testing.T) {
	srv := webapitest.New(t)
	srv.Fill(webapitest.Ada)
	dir := t.TempDir()
	ada := stocked(t, srv, webapitest.Ada, dir)
	must[webapi.User](t)(ada.Me(t.Context()))
	bob := stocked(t, srv, "bob", dir)
	equal(t, "who Bob is", must[webapi.User](t)(bob.Me(webapi.Cached(t.Context(), minute))).ID, "bob")
	bob.SetOwner("carol")
	_, err := bob.Me(webapi.OnlyCached(t.Context()))
	equal(t, "what Carol sees", webapi.KindOf(err), webapi.Offline)
}

func TestNothingIsLeftAfterALogout(t *testing.T) {
	srv := webapitest.New(t)
	srv.Fill(webapitest.Ada)
	s := stocked(t, srv, webapitest.Ada, t.TempDir())
	must[webapi.User](t)(s.Me(t.Context()))
	if s.blobs.Stats().Files == 0 {
		t.Fatal("nothing was kept")
	}
	srv.Fail(webapitest.Fault{On: "GET /me/playlists", Hold: true})
	late := make(chan error)
	go func() {
		_, err := s.MyPlaylists(context.WithoutCancel(t.Context()), webapi.Window{})
		late <- err
	}()
	waitFor(t, func() bool { return s.Stats().InFlight == 1 })
	s.Drop()
	srv.Heal()
	ok(t, soon(t, late))
	equal(t, "files", s.blobs.Stats().Files, 0)
	_, err := s.Me(webapi.OnlyCached(t.Context()))
	equal(t, "what is known of the user", webapi.KindOf(err), webapi.Offline)
	must[webapi.User](t)(s.Me(t.Context()))
	equal(t, "files of nobody", s.blobs.Stats().Files, 0)
}

func TestOfflineThereIsWhatWasKept(t *testing.T) {
	srv := webapitest.New(t)
	f := srv.Fill(webapitest.Ada)
	s := stocked(t, srv, webapitest.Ada, t.TempDir())
	must[webapi.Album](t)(s.Album(t.Context(), f.Albums[0]))
	s.network(false)
	srv.Forget()
	s.pass(24 * time.Hour)
	var m webapi.Meta
	a := must[webapi.Album](t)(s.Album(webapi.WithMeta(t.Context(), &m), f.Albums[0]))
	if a.Name == "" || !m.Stale || !m.FromDisk {
		t.Errorf("it is %q %+v", a.Name, m)
	}
	_, err := s.Album(t.Context(), f.Albums[1])
	equal(t, "what was not kept", webapi.KindOf(err), webapi.Offline)
	equal(t, "a change", webapi.KindOf(s.Save(t.Context(), "spotify:track:"+f.Tracks[0])), webapi.Offline)
	_, err = s.State(t.Context())
	equal(t, "the player", webapi.KindOf(err), webapi.Offline)
	equal(t, "calls", srv.Count(""), 0)
}

func TestWhatWeChangedIsNotShownAsItWas(t *testing.T) {
	srv := webapitest.New(t)
	f := srv.Fill(webapitest.Ada)
	s := stocked(t, srv, webapitest.Ada, t.TempDir())
	ctx := webapi.Cached(t.Context(), time.Hour)
	rows := func() int {
		t.Helper()
		return must[webapi.Page[webapi.PlaylistItem]](t)(s.PlaylistItems(ctx, f.Mine, webapi.Window{})).Total
	}
	equal(t, "rows", rows(), 9)
	must[string](t)(s.AddItems(ctx, f.Mine, webapitest.URIs("track", f.Tracks[0]), -1))
	equal(t, "rows after an addition", rows(), 10)
	calls := srv.Count("")
	equal(t, "rows from disk", rows(), 10)
	equal(t, "calls for them", srv.Count(""), calls)
	must[webapi.Page[webapi.Saved[webapi.Album]]](t)(s.SavedAlbums(ctx, webapi.Window{}))
	ok(t, s.Unsave(ctx, "spotify:album:"+f.Albums[0]))
	equal(t, "albums afterwards", must[webapi.Page[webapi.Saved[webapi.Album]]](t)(s.SavedAlbums(ctx, webapi.Window{})).Total, 2)
	must[webapi.Cursor[webapi.Play]](t)(s.Recent(ctx, time.Time{}, 50))
	calls = srv.Count("")
	ok(t, s.Volume(ctx, f.Computer, 5))
	must[webapi.Cursor[webapi.Play]](t)(s.Recent(ctx, time.Time{}, 50))
	equal(t, "calls for what was played, after a command", srv.Count("")-calls, 1)
}

func TestWhatIsGoneIsToldAndNotShownAgain(t *testing.T) {
	srv := webapitest.New(t)
	f := srv.Fill(webapitest.Ada)
	s := stocked(t, srv, webapitest.Ada, t.TempDir())
	ctx := webapi.Cached(t.Context(), minute)
	must[webapi.Album](t)(s.Album(ctx, f.Albums[0]))
	srv.Fail(webapitest.JSON(404, "Resource not found", "").For("GET /albums/*"))
	s.pass(time.Hour)
	must[webapi.Album](t)(s.Album(ctx, f.Albums[0]))
	equal(t, "what is gone", soon(t, s.fresh), "/albums/"+f.Albums[0])
	_, err := s.Album(webapi.OnlyCached(t.Context()), f.Albums[0])
	equal(t, "what is kept of it", webapi.KindOf(err), webapi.Offline)
}

func TestARefreshThatFailsIsToldAndWhatIsKeptStays(t *testing.T) {
	srv := webapitest.New(t)
	f := srv.Fill(webapitest.Ada)
	s := stocked(t, srv, webapitest.Ada, t.TempDir())
	ctx := webapi.Cached(t.Context(), minute)
	must[webapi.Album](t)(s.Album(ctx, f.Albums[0]))
	srv.Fail(webapitest.WebPage())
	s.pass(time.Hour)
	must[webapi.Album](t)(s.Album(ctx, f.Albums[0]))
	equal(t, "how it failed", webapi.KindOf(soon(t, s.failed)), webapi.Strange)
	must[webapi.Album](t)(s.Album(webapi.OnlyCached(t.Context()), f.Albums[0]))
}

func TestAnAnswerWithoutRowsDoesNotReplaceOneWithThem(t *testing.T) {
	srv := webapitest.New(t)
	srv.Fill(webapitest.Ada)
	s := stocked(t, srv, webapitest.Ada, t.TempDir())
	must[webapi.Page[webapi.Playlist]](t)(s.MyPlaylists(t.Context(), webapi.Window{}))
	srv.Fail(webapitest.Fault{Status: 200, Body: `{"total": 4}`})
	_, err := s.MyPlaylists(t.Context(), webapi.Window{})
	equal(t, "a list without rows", webapi.KindOf(err), webapi.Strange)
	p := must[webapi.Page[webapi.Playlist]](t)(s.MyPlaylists(webapi.OnlyCached(t.Context()), webapi.Window{}))
	equal(t, "rows that are kept", len(p.Items), 4)
}
