package spotify

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

// visit looks at what a user looks at first: the sections, the playlists, the stars, and
// the queue as it was.
func (d *desk) visit() {
	d.t.Helper()
	d.section(music.SectionRoot)
	d.section(music.SectionPlaylists)
	d.page(music.Ask{Of: d.s.section(music.SectionStarred), Limit: 250})
	if tracks, err := d.s.Tracks(d.t.Context(), []music.Ref{d.track(0), d.track(30), d.ref(music.KindTrack, "episode:"+d.f.Episodes[0])}); err != nil || tracks[1].Title == "" {
		d.t.Fatalf("%+v, %v", tracks, err)
	}
}

func TestAStartWithAWarmCacheMakesAtMostFiveCalls(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	artist := d.web.AddArtist(webapitest.Artist{Name: "Anyone"})
	_, ids := d.web.AddAlbum(webapitest.Album{Name: "Many", Artists: []string{artist}}, make([]string, 400)...)
	d.web.Save(webapitest.Ada, webapitest.URIs("track", ids...)...)
	d.visit()
	d.section(sectionEpisodes)
	d.restart()
	d.web.Forget()
	d.s.cfg.Now = func() time.Time { return time.Now().Add(time.Hour) } // what is on disk is an hour old
	d.watch()
	d.web.Fail(webapitest.Fault{Hold: true}.For("GET /me/*")) // who looks at lists waits for nothing
	d.visit()
	d.web.Heal()
	quiet := func() bool {
		s := d.s.api.Stats()
		return s.Unanswered == 0 && s.InFlight == 0 && s.Waiting == 0
	}
	d.until("it is quiet", quiet)
	time.Sleep(2 * gatherFor)
	d.until("it is quiet again", quiet)
	if n := d.web.Count(""); n > 5 {
		var all []string
		for _, c := range d.web.Calls() {
			all = append(all, c.Method+" "+c.Name+"?"+c.Query.Encode())
		}
		t.Errorf("%d calls:\n%s", n, strings.Join(all, "\n"))
	}
}

func TestAPageIsShownAtOnceAndRefreshedBehind(t *testing.T) {
	d := newDesk(t)
	of := d.s.section(music.SectionStarred)
	d.refs(of)
	_, ids := d.web.AddAlbum(webapitest.Album{Name: "New", Artists: d.f.Artists[:1]}, "Newest")
	d.restart()
	d.age()
	d.watch()
	d.web.Save(webapitest.Ada, "spotify:track:"+ids[0])
	if p := d.page(music.Ask{Of: of}); p.Items[0].ItemName() == "Newest" {
		t.Error("it did not come from disk")
	}
	d.until("the change is told of", func() bool { return d.told(of) })
	if p := d.page(music.Ask{Of: of}); p.Items[0].ItemName() != "Newest" || p.Total != len(d.f.Tracks)+1 {
		t.Errorf("%d: %q", p.Total, namesOf(p.Items[:2]))
	}
	if refs := d.refs(of); len(refs) != len(d.f.Tracks)+1 || refs[0].ID != ids[0] {
		t.Errorf("%d rows to play", len(refs))
	}
}

// age lets what is on disk be old enough to be refreshed.
func (d *desk) age() {
	d.s.cfg.Now = func() time.Time { return time.Now().Add(time.Hour) }
}

func TestPlaylistsThatOthersChangeAreToldOf(t *testing.T) {
	d := newDesk(t)
	d.section(music.SectionPlaylists)
	of := d.ref(music.KindPlaylist, d.f.Shared)
	d.refs(of)
	d.web.EditElsewhere(d.f.Shared, webapitest.URIs("track", d.f.Tracks[0])...)
	d.watch()
	d.until("it is told of", func() bool { return d.told(of) && d.told(d.s.section(music.SectionPlaylists)) })
	if refs := d.refs(of); len(refs) != 1 || refs[0] != d.track(0) {
		t.Errorf("it holds %v", refs)
	}
}

func TestWithoutTheNetworkEverythingThatWasSeenIsThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, off := range []struct {
		name string
		cut  func()
		kind session.FaultKind // 0 = none
	}{
		{"by wish", func() { d.s.SetNetwork(false) }, 0},
		{"Spotify is down", func() { d.web.Fail(webapitest.Broken(503)) }, session.OtherTransient},
	} {
		t.Run(off.name, func(t *testing.T) {
			d.t = t
			d.web.Heal()
			d.s.SetNetwork(true)
			places := []music.Ref{ // of those that are tried in vain, each is tried three times
				d.s.section(music.SectionStarred), d.s.section(music.SectionPlaylists), d.s.section(music.SectionArtists), d.ref(music.KindPlaylist, d.f.Long),
				d.ref(music.KindAlbum, d.f.Albums[0]), d.ref(kindShow, d.f.Show), d.ref(music.KindArtist, d.f.Artists[1]),
			}
			if off.kind != 0 {
				places = places[2:4]
			}
			want := make([]int, len(places))
			for i, of := range places {
				want[i] = d.page(music.Ask{Of: of}).Total
			}
			off.cut()
			for i, of := range places {
				p, err := d.s.Children(t.Context(), music.Ask{Of: of})
				var f *session.Fault
				if off.kind == 0 && err != nil || off.kind != 0 && (!errors.As(err, &f) || f.Kind != off.kind) {
					t.Errorf("%s: %v", of, err)
				}
				if p.Total != want[i] || len(p.Items) == 0 || !strings.Contains(p.Note, "as it was on") {
					t.Errorf("%s: %d of %d, %q", of, len(p.Items), p.Total, p.Note)
				}
			}
			if off.kind == 0 {
				tracks, err := d.s.Tracks(t.Context(), []music.Ref{d.track(0)})
				row := tracksOf(d.page(music.Ask{Of: d.ref(music.KindAlbum, d.f.Albums[0])}).Items)[0]
				if err != nil || tracks[0].Unplayable != whyOff || row.Unplayable != whyOff {
					t.Errorf("it plays: %+v, %+v, %v", tracks, row, err)
				}
			}
			if refs := d.refs(d.ref(music.KindPlaylist, d.f.Long)); len(refs) != 120 {
				t.Errorf("%d rows to play", len(refs))
			}
			p, err := d.s.Children(t.Context(), music.Ask{Of: d.ref(music.KindAlbum, d.f.Albums[11])})
			if err == nil {
				t.Errorf("what was never seen: %+v", p)
			}
			wantKind(t, d.s.Star(t.Context(), []music.Ref{d.track(0)}, true), map[bool]session.FaultKind{true: session.NetworkDisabled, false: session.OtherTransient}[off.kind == 0])
		})
	}
}

func TestTheRootSaysWhetherSpotifyIsThere(t *testing.T) {
	d := newDesk(t)
	d.s.api.Drop()
	d.web.Fail(webapitest.Text(403, "Active premium subscription required for the owner of the app."))
	p, err := d.s.Children(t.Context(), music.Ask{Of: d.s.section(music.SectionRoot)})
	wantKind(t, err, session.UserNeedsPremium, "owner")
	if len(p.Items) == 0 {
		t.Error("it has no sections")
	}
	d.web.Heal()
	d.web.Fail(webapitest.Text(403, "User not registered in the Developer Dashboard"))
	_, err = d.s.Children(t.Context(), music.Ask{Of: d.s.section(music.SectionStarred)})
	wantKind(t, err, session.PermissionDenied, "User Management")
	d.web.Heal()
	// An access token that is refused is no limit: nobody is sent away to wait for hours.
	d.web.Fail(webapitest.JSON(401, "The access token expired", ""))
	_, err = d.s.Children(t.Context(), music.Ask{Of: d.s.section(music.SectionAlbums)})
	wantKind(t, err, session.NoCredentials, "token", "sign in with")
	d.web.Heal()
	d.web.Fail(webapitest.TooMany(2 * time.Hour))
	_, err = d.s.Children(t.Context(), music.Ask{Of: d.s.section(music.SectionAlbums)})
	wantKind(t, err, session.RateLimited, "too often", ", again at ")
	d.web.Heal()
	d.restart()
	d.web.Fail(webapitest.QuotaUsedUp(0))
	_, err = d.s.Children(t.Context(), music.Ask{Of: d.s.section(music.SectionAlbums)})
	wantKind(t, err, session.RateLimited, "quota")
}

func TestWhatSpotifyKeepsToItselfIsSaidInWords(t *testing.T) {
	d := newDesk(t)
	own := d.web.AddPlaylist(webapitest.Playlist{Name: "Mix of the day", Owner: "spotify"}, webapitest.URIs("track", d.f.Tracks[:3]...)...)
	_, err := d.s.Children(t.Context(), music.Ask{Of: d.ref(music.KindPlaylist, own)})
	wantKind(t, err, session.OtherPermanent, "2024")
	d.web.Save(webapitest.Ada, "spotify:playlist:"+own)
	d.section(music.SectionPlaylists)
	if p := d.page(music.Ask{Of: d.ref(music.KindPlaylist, own)}); p.Note != noteOwn || p.Total != 1 {
		t.Errorf("%+v", p)
	}
	_, err = d.s.Children(t.Context(), music.Ask{Of: d.ref(music.KindAlbum, webapitest.ID("none"))})
	wantKind(t, err, session.OtherPermanent, "no more")
	for _, of := range []music.Ref{d.s.section("nonsense"), d.ref("thing", "1"), d.s.section("search/things"), d.s.section("toplist/things/month")} {
		_, err := d.s.Children(t.Context(), music.Ask{Of: of, Filter: "x"})
		wantKind(t, err, session.InvalidArgument)
	}
}

func TestALibraryOfTenThousandIsShownByItsWindow(t *testing.T) {
	d := emptyDesk(t)
	artist := d.web.AddArtist(webapitest.Artist{Name: "Anyone"})
	_, ids := d.web.AddAlbum(webapitest.Album{Name: "Many", Artists: []string{artist}}, make([]string, 10_000)...)
	d.web.Save(webapitest.Ada, webapitest.URIs("track", ids...)...)
	d.web.Forget()
	begun := time.Now()
	p := d.page(music.Ask{Of: d.s.section(music.SectionStarred), Offset: 9_000, Limit: 200})
	if p.Total != 10_000 || len(p.Items) != 200 || d.web.Count("") != 4 {
		t.Errorf("%d of %d in %d calls, %s", len(p.Items), p.Total, d.web.Count(""), time.Since(begun))
	}
}

func TestTracksThatNobodyKnowsAreLookedUpAFewAtATime(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var refs []music.Ref
	for _, id := range d.f.Tracks {
		refs = append(refs, d.ref(music.KindTrack, id))
	}
	gone := d.ref(music.KindTrack, webapitest.ID("no such"))
	tracks, err := d.s.Tracks(t.Context(), append(slices.Clone(refs[:5]), gone, d.ref(music.KindTrack, goneID), refs[0]))
	if err != nil || tracks[0].Title != "Aria" || tracks[5].Unplayable == "" || tracks[6].Unplayable == "" || tracks[7].Title != "Aria" {
		t.Fatalf("%+v, %v", tracks, err)
	}
	if n := d.web.Count("GET /tracks/{id}"); n != 6 {
		t.Errorf("%d calls", n)
	}
	d.restart()
	d.web.Forget()
	if tracks, err = d.s.Tracks(t.Context(), refs[:5]); err != nil || tracks[4].Title == "" {
		t.Errorf("%+v, %v", tracks, err)
	}
	d.wantCalls()
	d.web.Fail(webapitest.Broken(503))
	if tracks, err = d.s.Tracks(t.Context(), refs); err != nil || tracks[30].Unplayable == "" {
		t.Errorf("%+v, %v", tracks[30], err)
	}
	if n := d.web.Count("GET /tracks/{id}"); n > 3*2*atOnce {
		t.Errorf("%d calls where all fail", n)
	}
}

func TestAnAccountThatIsTakenOffLeavesNothing(t *testing.T) {
	d := newDesk(t)
	d.visit()
	if err := d.s.Erase(t.Context()); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(d.dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files++
		}
		return err
	})
	if err != nil || files != 0 {
		t.Errorf("%d files are left, %v", files, err)
	}
	if said, err := d.s.Keeps(t.Context()); err != nil || said == "" {
		t.Errorf("%q, %v", said, err)
	}
}

func TestWhatTheSignInDoesNotAllowIsSaidBeforeAnybodyIsAsked(t *testing.T) {
	d := newDesk(t)
	d.s.mu.Lock()
	d.s.grant.scope = scopesOf([]feature{featProfile, featLibrary})
	d.s.mu.Unlock()
	d.section(music.SectionStarred)
	d.web.Forget()
	for _, of := range []music.Ref{d.s.section(music.SectionPlaylists), d.s.section(music.SectionArtists), d.s.section(music.SectionPlayed), d.s.section(sectionQueue), d.s.section("toplist/tracks/month")} {
		_, err := d.s.Children(t.Context(), music.Ask{Of: of})
		wantKind(t, err, session.PermissionDenied, "--for ")
	}
	wantKind(t, d.s.EditPlaylist(t.Context(), d.ref(music.KindPlaylist, d.f.Mine), nil, nil), session.PermissionDenied, "--for ")
	wantKind(t, d.s.Star(t.Context(), []music.Ref{d.ref(music.KindArtist, d.f.Artists[0])}, true), session.PermissionDenied, "--for ")
	d.wantCalls()
}

func TestTheSessionHearsThatWhatIsShownCannotBeRefreshed(t *testing.T) {
	d := newDesk(t)
	d.section(music.SectionAlbums)
	d.restart()
	d.age()
	heard := make(chan session.News, 10)
	d.s.OnNews(func(n session.News) { heard <- n })
	d.watch()
	d.web.Fail(webapitest.TooMany(time.Hour).For("GET /me/albums"))
	if p := d.section(music.SectionAlbums); p.Total != 3 {
		t.Errorf("%+v", p)
	}
	select {
	case n := <-heard:
		c, ok := n.(session.NewsConnection)
		if !ok {
			t.Fatalf("%+v", n)
		}
		wantKind(t, c.Err, session.RateLimited, "again at")
	case <-time.After(patience):
		t.Error("nothing was heard")
	}
}

func TestManyPlaylistsAreLookedAtPageByPage(t *testing.T) {
	d := emptyDesk(t)
	var ids []string
	for i := range 130 {
		ids = append(ids, d.web.AddPlaylist(webapitest.Playlist{Name: fmt.Sprintf("List %d", i), Owner: webapitest.Ada}))
	}
	p := d.page(music.Ask{Of: d.s.section(music.SectionPlaylists), Offset: 60, Limit: 20})
	if p.Total != 130 || len(p.Items) != 20 || d.web.Count("") != 1 {
		t.Errorf("%d of %d in %d calls", len(p.Items), p.Total, d.web.Count(""))
	}
	d.page(music.Ask{Of: d.s.section(music.SectionPlaylists)})
	d.s.seen.changed = func(r music.Ref) { d.news = append(d.news, r) }
	defer func() { d.s.seen.changed = nil }()
	d.web.Forget()
	var turns []int
	for n, i := 0, 0; i < 5; i++ {
		n = d.s.lookAtLists(t.Context(), n)
		turns = append(turns, n)
	}
	if !slices.Equal(turns, []int{1, 2, 0, 1, 2}) || d.web.Count("") != 8 || len(d.news) != 0 {
		t.Errorf("turns %v, %d calls, news %v", turns, d.web.Count(""), d.news)
	}
	for _, id := range ids {
		d.web.EditElsewhere(id)
	}
	for n, i := 0, 0; i < 3; i++ {
		n = d.s.lookAtLists(t.Context(), n)
	}
	for _, id := range ids {
		if !slices.Contains(d.news, d.ref(music.KindPlaylist, id)) {
			t.Fatalf("nothing is told of %s", id)
		}
	}
}

func TestALongListIsFilteredAsFarAsItIsThereAndThenToItsEnd(t *testing.T) {
	t.Parallel()
	d := emptyDesk(t)
	artist := d.web.AddArtist(webapitest.Artist{Name: "Anyone"})
	titles := make([]string, 1200)
	for i := range titles {
		titles[i] = fmt.Sprintf("Song %04d", i)
	}
	_, ids := d.web.AddAlbum(webapitest.Album{Name: "Many", Artists: []string{artist}}, titles...)
	d.web.Save(webapitest.Ada, webapitest.URIs("track", ids...)...)
	d.watch()
	of := d.s.section(music.SectionStarred)
	all := d.web.Saved(webapitest.Ada, "track")
	var last string // the title of the row at the end
	for i, id := range ids {
		if "spotify:track:"+id == all[len(all)-1] {
			last = titles[i]
		}
	}
	p := d.page(music.Ask{Of: of, Filter: last[5:]})
	if p.Total != 0 || !strings.Contains(p.Note, "the first 1000 of 1200") {
		t.Errorf("%d rows, %q", p.Total, p.Note)
	}
	d.until("it was read to its end", func() bool { return d.told(of) })
	if p := d.page(music.Ask{Of: of, Filter: last[5:]}); namesOf(p.Items) != last || p.Note != "" {
		t.Errorf("%q, %q", namesOf(p.Items), p.Note)
	}
}
