package spotify

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

// wantKind fails where an error is no Fault of a kind, with words.
func wantKind(t *testing.T, err error, kind session.FaultKind, words ...string) {
	t.Helper()
	var f *session.Fault
	if !errors.As(err, &f) || f.Kind != kind {
		t.Errorf("%v, want %s", err, kind)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

// edit takes rows of a playlist by their numbers, in a new order; -1 is a new track.
func (d *desk) edit(id string, rows ...int) error {
	p := d.ref(music.KindPlaylist, id)
	d.page(music.Ask{Of: d.ref(music.KindAlbum, d.f.Albums[4])}) // where the new track was seen
	before := d.refs(p)
	var after []music.Ref
	for _, i := range rows {
		if i < 0 {
			after = append(after, d.track(20))
		} else {
			after = append(after, before[i])
		}
	}
	d.web.Forget()
	return d.s.EditPlaylist(d.t.Context(), p, before, after)
}

func TestEditsOfAPlaylistAreExactAndFew(t *testing.T) {
	const items = "/playlists/{id}/items"
	for name, c := range map[string]struct {
		rows  []int
		calls string // beside the look at the playlist
	}{
		"a row is added":                            {[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, -1}, "POST"},
		"in the middle":                             {[]int{0, 1, 2, -1, 3, 4, 5, 6, 7, 8}, "POST"},
		"a row is removed":                          {[]int{0, 2, 3, 4, 5, 6, 7, 8}, "DELETE"},
		"a row is moved":                            {[]int{1, 2, 3, 0, 4, 5, 6, 7, 8}, "PUT"},
		"the episode is removed":                    {[]int{0, 1, 2, 3, 4, 5, 7, 8}, "DELETE"},
		"the file from disk is moved":               {[]int{7, 0, 1, 2, 3, 4, 5, 6, 8}, "PUT"},
		"the row that is gone is moved":             {[]int{8, 0, 1, 2, 3, 4, 5, 6, 7}, "PUT"},
		"a row goes, one comes, around all of that": {[]int{1, 2, 3, 4, 5, 6, 7, 8, -1}, "DELETE POST"},
		"a track comes once more":                   {[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 0}, "POST"},
		"nothing":                                   {[]int{0, 1, 2, 3, 4, 5, 6, 7, 8}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			had := d.web.Items(d.f.Mine)
			var want []string
			for _, i := range c.rows {
				if i < 0 {
					want = append(want, "spotify:track:"+d.f.Tracks[20])
				} else {
					want = append(want, had[i])
				}
			}
			if err := d.edit(d.f.Mine, c.rows...); err != nil {
				t.Fatal(err)
			}
			if got := d.web.Items(d.f.Mine); !slices.Equal(got, want) {
				t.Errorf("it is %q\nwant  %q", got, want)
			}
			calls := []string{"GET /playlists/{id}"}
			for _, m := range strings.Fields(c.calls) {
				calls = append(calls, m+" "+items)
			}
			d.wantCalls(calls...)
			for _, call := range d.web.Calls() { // what is added goes where it goes
				if (call.Method == http.MethodDelete || call.Method == http.MethodPut) && !strings.Contains(call.Body, `"snapshot_id":"AAAA`) {
					t.Errorf("%s %s does not say of which state: %s", call.Method, call.Name, call.Body)
				}
			}
			if got := d.refs(d.ref(music.KindPlaylist, d.f.Mine)); len(got) != len(want) {
				t.Errorf("it is shown with %d rows", len(got))
			}
		})
	}
}

func TestOneOfTwoEqualRowsIsRemoved(t *testing.T) {
	d := newDesk(t)
	a, b := "spotify:track:"+d.f.Tracks[0], "spotify:track:"+d.f.Tracks[1]
	id := d.web.AddPlaylist(webapitest.Playlist{Name: "Twins", Owner: webapitest.Ada}, a, b, a, a)
	if err := d.edit(id, 0, 1, 3); err != nil {
		t.Fatal(err)
	}
	if got, want := d.uris(id), strings.Join([]string{a, b, a}, " "); got != want {
		t.Errorf("it is %s", got)
	}
}

func TestFilesOnDiskAreNeverLost(t *testing.T) {
	d := newDesk(t)
	d.web.EditElsewhere(d.f.Mine, "spotify:track:"+d.f.Tracks[0], d.f.LocalFile, "spotify:track:"+d.f.Tracks[1])
	p := d.ref(music.KindPlaylist, d.f.Mine)
	before := d.refs(p)
	other := music.Ref{Account: music.Local, Kind: music.KindTrack, ID: "spotify:local:X:Y:Z:1"}
	wantKind(t, d.s.EditPlaylist(t.Context(), p, before, append(slices.Clone(before), other)), session.PermissionDenied, "files from disk")
	wantKind(t, d.s.EditPlaylist(t.Context(), p, before, append(slices.Clone(before), before[1])), session.PermissionDenied, "files from disk")
	if err := d.edit(d.f.Mine, 2, 1, 0); err != nil {
		t.Fatal(err)
	}
	if got := d.web.Items(d.f.Mine); got[1] != d.f.LocalFile || len(got) != 3 {
		t.Errorf("it is %q", got)
	}
	if err := d.edit(d.f.Mine, 0, 2); err != nil {
		t.Fatal(err)
	}
	if got := d.web.Items(d.f.Mine); slices.Contains(got, d.f.LocalFile) || len(got) != 2 {
		t.Errorf("it is %q", got)
	}
}

func TestAPlaylistThatOthersChangedIsAConflict(t *testing.T) {
	d := newDesk(t)
	p := d.ref(music.KindPlaylist, d.f.Shared)
	before := d.refs(p)
	now := append(webapitest.URIs("track", d.f.Tracks[6:9]...), "spotify:track:"+d.f.Tracks[0])
	d.web.EditElsewhere(d.f.Shared, now...)
	wantKind(t, d.s.EditPlaylist(t.Context(), p, before, before[:1]), session.Conflict)
	if got := d.web.Items(d.f.Shared); !slices.Equal(got, now) {
		t.Errorf("it is %q", got)
	}
	// What the session does then: it looks again, and makes its edit on what is there.
	if err := d.edit(d.f.Shared, 0, 1, 3); err != nil {
		t.Error(err)
	}
}

func TestOnlyTheOwnerAndThoseWhoShareMayEdit(t *testing.T) {
	d := newDesk(t)
	p := d.ref(music.KindPlaylist, d.f.Followed)
	wantKind(t, d.s.EditPlaylist(t.Context(), p, d.refs(p), nil), session.PermissionDenied, "Bob")
	_, err := d.s.RenamePlaylist(t.Context(), p, "Mine now")
	wantKind(t, err, session.PermissionDenied, "Bob")
	_, err = d.s.RenamePlaylist(t.Context(), d.ref(music.KindPlaylist, d.f.Shared), "Mine now")
	wantKind(t, err, session.PermissionDenied, "Bob")
	_, err = d.s.CreatePlaylist(t.Context(), "  ", nil)
	wantKind(t, err, session.InvalidArgument)
	_, err = d.s.CreatePlaylist(t.Context(), "Radio", []music.Ref{{Account: "home", Kind: music.KindTrack, ID: "7"}})
	wantKind(t, err, session.PermissionDenied, "only what Spotify has")
	if n := d.web.Count("POST /me/playlists"); n != 0 {
		t.Errorf("%d playlists were made", n)
	}
}

func TestALongPlaylistIsMadeInPartsAndNamedAndDescribedAndPublished(t *testing.T) {
	d := newDesk(t)
	var tracks []music.Ref
	for i := range 250 {
		tracks = append(tracks, d.track(i%len(d.f.Tracks)))
	}
	p, err := d.s.CreatePlaylist(t.Context(), "New", tracks)
	if err != nil || len(d.web.Items(p.ID)) != 250 {
		t.Fatalf("%v: %d rows", err, len(d.web.Items(p.ID)))
	}
	if _, err := d.s.RenamePlaylist(t.Context(), p, "Newer"); err != nil {
		t.Error(err)
	}
	if err := d.s.DescribePlaylist(t.Context(), p, "of all kinds"); err != nil {
		t.Error(err)
	}
	if err := d.s.SetPublic(t.Context(), p, true); err != nil {
		t.Error(err)
	}
	it, err := d.s.Details(t.Context(), p)
	if list, ok := it.(music.Playlist); err != nil || !ok || list.Name != "Newer" || list.Description != "of all kinds" || !list.Public || !list.Writable || list.Tracks != 250 {
		t.Errorf("%+v, %v", it, err)
	}
	public, err := d.s.Published(t.Context(), "")
	if err != nil || len(public) != 2 {
		t.Errorf("public are %+v, %v", public, err)
	}
}

func TestAPlaylistThatCannotBeFilledIsTakenBack(t *testing.T) {
	d := newDesk(t)
	d.web.Fail(webapitest.Broken(503).For("POST /playlists/*/items"))
	_, err := d.s.CreatePlaylist(t.Context(), "Half", []music.Ref{d.track(0)})
	wantKind(t, err, session.OtherTransient)
	d.web.Heal()
	if p := d.section(music.SectionPlaylists); strings.Contains(namesOf(p.Items), "Half") {
		t.Errorf("there are %q", namesOf(p.Items))
	}
}

func TestADeletedPlaylistComesBackAsItWas(t *testing.T) {
	d := newDesk(t)
	p := d.ref(music.KindPlaylist, d.f.Mine)
	had := d.uris(d.f.Mine)
	if err := d.s.DeletePlaylist(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if now := d.section(music.SectionPlaylists); strings.Contains(namesOf(now.Items), "Evening") {
		t.Errorf("there are %q", namesOf(now.Items))
	}
	if err := d.s.RestorePlaylist(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if now := d.section(music.SectionPlaylists); !strings.Contains(namesOf(now.Items), "Evening") || d.uris(d.f.Mine) != had {
		t.Errorf("there are %q", namesOf(now.Items))
	}
	if refs := d.refs(p); len(refs) != 9 {
		t.Errorf("it has %d rows", len(refs))
	}
}

func TestAnEditThatFailsHalfWaySaysSoAndShowsWhatIs(t *testing.T) {
	d := newDesk(t)
	d.web.Fail(webapitest.TooMany(time.Hour).For("POST /playlists/*/items"))
	err := d.edit(d.f.Mine, 1, 2, 3, 4, 5, 6, 7, 8, -1)
	wantKind(t, err, session.RateLimited, "in part")
	d.web.Heal()
	if got := len(d.web.Items(d.f.Mine)); got != 8 {
		t.Errorf("there are %d rows", got)
	}
	d.restart() // the limit is remembered by the client
	if got := len(d.refs(d.ref(music.KindPlaylist, d.f.Mine))); got != 8 {
		t.Errorf("%d rows are shown", got)
	}
}

func TestALongPlaylistIsEditedInFewCalls(t *testing.T) {
	d := newDesk(t)
	var rows []string
	for i := range 1200 {
		rows = append(rows, "spotify:track:"+d.f.Tracks[i%len(d.f.Tracks)])
	}
	id := d.web.AddPlaylist(webapitest.Playlist{Name: "Endless", Owner: webapitest.Ada}, rows...)
	p := d.ref(music.KindPlaylist, id)
	before := d.refs(p)
	d.web.Forget()
	after := slices.Concat(before[100:600], before[:100], before[600:])
	if err := d.s.EditPlaylist(t.Context(), p, before, after); err != nil {
		t.Fatal(err)
	}
	d.wantCalls("GET /playlists/{id}", "PUT /playlists/{id}/items")
	if got := d.web.Items(id); !slices.Equal(got, slices.Concat(rows[100:600], rows[:100], rows[600:])) {
		t.Error("it became something else")
	}
	back := fmt.Sprint(d.refs(p)) == fmt.Sprint(after)
	if n := d.web.Count(""); !back || n > 1 {
		t.Errorf("it is shown as it is: %v, after %d calls", back, n)
	}
}

func TestAFileIsKnownByTheFormThatSpotifyWrites(t *testing.T) {
	d := newDesk(t)
	odd := d.web.AddLocal("A%20B", "C%2C", "T%20T", 9*time.Second) // our form has a plus for a space
	a := "spotify:track:" + d.f.Tracks[0]
	d.web.EditElsewhere(d.f.Mine, a, odd, a)
	refs := d.refs(d.ref(music.KindPlaylist, d.f.Mine))
	if want := (music.LocalTrack{Artist: "A B", Album: "C,", Title: "T T", Duration: 9 * time.Second}); refs[1].ID != want.URI() {
		t.Errorf("its Ref is %s", refs[1])
	}
	if err := d.edit(d.f.Mine, 1, 0, 2); err != nil || d.web.Items(d.f.Mine)[0] != odd {
		t.Errorf("%v: it is %s", err, d.uris(d.f.Mine))
	}
	d.restart()
	if err := d.edit(d.f.Mine, 1, 2); err != nil || len(d.web.Items(d.f.Mine)) != 2 {
		t.Errorf("%v: it is %s", err, d.uris(d.f.Mine))
	}
}
