package spotify

import (
	"slices"
	"testing"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

func TestStarsAreSavedAndTakenBack(t *testing.T) {
	d := newDesk(t)
	episode := d.ref(music.KindTrack, "episode:"+d.f.Episodes[2])
	things := []music.Ref{d.ref(music.KindAlbum, d.f.Albums[5]), d.ref(kindShow, d.f.Show), episode}
	if err := d.s.Star(t.Context(), things, true); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(d.web.Saved(webapitest.Ada, "album"), "spotify:album:"+d.f.Albums[5]) ||
		!slices.Contains(d.web.Saved(webapitest.Ada, "episode"), "spotify:episode:"+d.f.Episodes[2]) {
		t.Error("they are not saved")
	}
	if p := d.section(sectionEpisodes); len(p.Items) != 3 {
		t.Errorf("%d episodes", len(p.Items))
	}
	if err := d.s.Star(t.Context(), things, false); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(d.web.Saved(webapitest.Ada, "album"), "spotify:album:"+d.f.Albums[5]) {
		t.Error("it is still saved")
	}
	for _, no := range []music.Ref{
		d.ref(music.KindPlaylist, d.f.Mine), d.s.section("x"), d.ref(music.KindTrack, goneID), {Account: music.Local, Kind: music.KindTrack, ID: d.f.LocalFile},
		d.ref(music.KindTrack, "playlist:"+d.f.Followed),
	} {
		wantKind(t, d.s.Star(t.Context(), []music.Ref{no}, true), session.PermissionDenied)
	}
}

func TestAFollowThatSpotifyDoesNotTakeIsSaidInWords(t *testing.T) {
	d := newDesk(t)
	d.web.Fail(webapitest.JSON(400, "Unsupported URI type", "").For("PUT /me/library"))
	wantKind(t, d.s.Star(t.Context(), []music.Ref{d.ref(music.KindArtist, d.f.Artists[0])}, true), session.PermissionDenied, "follow artists", "its own app")
}

func TestAFewStarsChangeALongListWithoutReadingItAnew(t *testing.T) {
	d := newDesk(t)
	artist := d.web.AddArtist(webapitest.Artist{Name: "Anyone"})
	_, ids := d.web.AddAlbum(webapitest.Album{Name: "Many", Artists: []string{artist}}, make([]string, 300)...)
	d.web.Save(webapitest.Ada, webapitest.URIs("track", ids...)...)
	of := d.s.section(music.SectionStarred)
	all := d.refs(of)
	d.web.Forget()
	if err := d.s.Star(t.Context(), []music.Ref{all[150], all[7]}, false); err != nil {
		t.Fatal(err)
	}
	if got := d.refs(of); len(got) != len(all)-2 || slices.Contains(got, all[150]) {
		t.Errorf("%d are left of %d", len(got), len(all))
	}
	if err := d.s.Star(t.Context(), []music.Ref{all[150]}, true); err != nil {
		t.Fatal(err)
	}
	if got := d.refs(of); len(got) != len(all)-1 || got[0] != all[150] {
		t.Errorf("%d, the first is %s", len(got), got[0])
	}
	d.wantCalls("DELETE /me/library", "GET /me/tracks", "PUT /me/library", "GET /me/tracks")
}

func TestStarsOfWhatIsOnTheScreenComeLater(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.watch()
	d.web.Forget()
	p := d.page(music.Ask{Of: d.ref(music.KindAlbum, d.f.Albums[0])})
	if first := tracksOf(p.Items)[0]; first.Starred {
		t.Error("it is known already")
	}
	d.until("the stars are told of", func() bool { return d.told(p.Items[0].ItemRef()) })
	tracks, err := d.s.Tracks(t.Context(), []music.Ref{p.Items[0].ItemRef()})
	if err != nil || !tracks[0].Starred {
		t.Errorf("%+v, %v", tracks, err)
	}
	if !tracksOf(d.page(music.Ask{Of: d.ref(music.KindAlbum, d.f.Albums[0])}).Items)[0].Starred {
		t.Error("it is not shown")
	}
	if n := d.web.Count("GET /me/library/contains"); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestStarsOfOthersAreNotTold(t *testing.T) {
	d := newDesk(t)
	_, err := d.s.Starred(t.Context(), "bob", music.Ask{})
	wantKind(t, err, session.PermissionDenied)
	p, err := d.s.Starred(t.Context(), webapitest.Ada, music.Ask{})
	if err != nil || p.Total != len(d.f.Tracks) {
		t.Errorf("%d, %v", p.Total, err)
	}
	_, err = d.s.Published(t.Context(), "bob")
	wantKind(t, err, session.PermissionDenied)
	_, err = d.s.Share(t.Context(), "bob", nil, "")
	wantKind(t, err, session.PermissionDenied, "inbox")
}
