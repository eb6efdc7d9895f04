package spotify

import (
	"fmt"
	"strings"
	"testing"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi/webapitest"
)

func TestEverythingThatAnAccountHoldsIsShown(t *testing.T) {
	for _, old := range []bool{false, true} {
		t.Run(fmt.Sprintf("old keys %v", old), func(t *testing.T) {
			d := newDesk(t)
			d.web.SetOldKeys(old)
			root := d.section(music.SectionRoot)
			if len(root.Items) != len(parts) || !strings.Contains(root.Subtitle, "Ada L.") {
				t.Errorf("the root is %q, %q", namesOf(root.Items), root.Subtitle)
			}
			for _, it := range root.Items {
				d.page(music.Ask{Of: it.ItemRef()})
			}
			for id, want := range map[string]string{
				music.SectionAlbums:    "Book 1 of J. S. Bach, Book 2 of J. S. Bach, Book 3 of J. S. Bach",
				music.SectionArtists:   "J. S. Bach, Clara Schumann, Ελένη Καραΐνδρου, 坂本龍一",
				sectionShows:           "On Counterpoint",
				sectionEpisodes:        "Inversion, Retrograde",
				music.SectionPlaylists: "Evening, Long, Ours, Bob's best",
			} {
				p := d.section(id)
				if got := namesOf(p.Items); got != want && !sameNames(got, want) || p.Total != len(p.Items) {
					t.Errorf("%s: %d: %q, want %q", id, p.Total, got, want)
				}
			}
			starred := d.section(music.SectionStarred)
			first, ok := starred.Items[0].(music.Track)
			if starred.Total != len(d.f.Tracks) || !ok || !first.Starred || first.Added.IsZero() || first.Album == "" || first.Duration == 0 || first.ArtistRef.IsZero() {
				t.Errorf("starred: %d, %+v", starred.Total, first)
			}
		})
	}
}

// sameNames compares lists without their order.
func sameNames(a, b string) bool {
	count := map[string]int{}
	for _, n := range strings.Split(a, ", ") {
		count[n]++
	}
	for _, n := range strings.Split(b, ", ") {
		count[n]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestAPlaylistHoldsTracksEpisodesFilesAndRowsThatAreGone(t *testing.T) {
	for _, old := range []bool{false, true} {
		d := newDesk(t)
		d.web.SetOldKeys(old)
		p := d.page(music.Ask{Of: d.ref(music.KindPlaylist, d.f.Mine)})
		if p.Title != "Evening" || !p.Writable || p.Total != 9 || !strings.Contains(p.Subtitle, "Bach & others") {
			t.Fatalf("%+v", p)
		}
		rows := tracksOf(p.Items)
		if e := rows[6]; e.Ref != d.ref(music.KindTrack, "episode:"+d.f.Episodes[0]) || e.Title != "Inversion" || e.Album != "On Counterpoint" {
			t.Errorf("the episode is %+v", e)
		}
		if f := rows[7]; f.Ref.Account != music.Local || f.Ref.ID != d.f.LocalFile || f.Title != "A Song" || f.Artist() != "An Artist" || f.Unplayable != "" {
			t.Errorf("the file is %+v", f)
		}
		if g := rows[8]; g.Unplayable == "" || g.Title == "" {
			t.Errorf("the row that is gone is %+v", g)
		}
		if refs := d.refs(d.ref(music.KindPlaylist, d.f.Mine)); len(refs) != 9 {
			t.Errorf("%d rows to play", len(refs))
		}
	}
}

func TestAFollowedPlaylistIsShownAndPlaysAsAWhole(t *testing.T) {
	d := newDesk(t)
	lists := d.section(music.SectionPlaylists)
	for _, it := range lists.Items {
		p, ok := it.(music.Playlist)
		closed, writable := p.Ref.ID == d.f.Followed, p.Ref.ID != d.f.Followed
		if !ok || p.Closed != closed || p.Writable != writable {
			t.Errorf("%s: closed %v, writable %v", p.Name, p.Closed, p.Writable)
		}
	}
	of := d.ref(music.KindPlaylist, d.f.Followed)
	p := d.page(music.Ask{Of: of})
	if p.Title != "Bob's best" || p.Note != noteClosed || p.Total != 1 || p.Writable || !p.Followed {
		t.Errorf("%+v", p)
	}
	row := p.Items[0].ItemRef()
	if uri, ok := uriOf(row); !ok || uri != "spotify:playlist:"+d.f.Followed || !row.IsTrack() {
		t.Errorf("the row plays %q", uri)
	}
	if refs := d.refs(of); len(refs) != 1 || refs[0] != row {
		t.Errorf("it plays %v", refs)
	}
	tracks, err := d.s.Tracks(t.Context(), []music.Ref{row})
	if err != nil || !strings.HasPrefix(tracks[0].Title, "Bob's best") {
		t.Errorf("%+v, %v", tracks, err)
	}
	if n := d.web.Count("GET /playlists/{id}/items"); n != 0 {
		t.Errorf("%d calls that can only fail", n)
	}
}

func TestAnOlderAppsFollowedPlaylistsAreListed(t *testing.T) {
	d := newDesk(t)
	d.web.SetOldKeys(true)
	p := d.page(music.Ask{Of: d.ref(music.KindPlaylist, d.f.Shared)})
	if p.Total != 3 || !p.Writable {
		t.Errorf("%+v", p)
	}
}

func TestAPlaylistThatIsRefusedIsClosedFromThenOn(t *testing.T) {
	d := newDesk(t)
	d.section(music.SectionPlaylists)
	of := d.ref(music.KindPlaylist, d.f.Long)
	d.web.Fail(webapitest.JSON(403, "Forbidden", "").For("GET /playlists/*/items"))
	for range 2 {
		if p := d.page(music.Ask{Of: of}); p.Note != noteClosed || p.Total != 1 {
			t.Errorf("%+v", p)
		}
	}
	if n := d.web.Count("GET /playlists/{id}/items"); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestAlbumsArtistsAndShows(t *testing.T) {
	d := newDesk(t)
	album := d.page(music.Ask{Of: d.ref(music.KindAlbum, d.f.Albums[0])})
	if album.Title != "Book 1 of J. S. Bach" || album.Total != 4 || album.Subtitle != "J. S. Bach · 1980 · 4 tracks, 12:00" {
		t.Errorf("the album: %+v", album)
	}
	if first := tracksOf(album.Items)[0]; first.Album != album.Title || first.Number != 1 || !first.HasCover {
		t.Errorf("its first track: %+v", first)
	}
	artist := d.page(music.Ask{Of: d.ref(music.KindArtist, d.f.Artists[0])})
	if artist.Title != "J. S. Bach" || artist.Total != 3 || len(artist.Items) != 3 {
		t.Errorf("the artist: %+v", artist)
	}
	if refs := d.refs(d.ref(music.KindArtist, d.f.Artists[0])); len(refs) != 4+5+6 {
		t.Errorf("the artist has %d tracks", len(refs))
	}
	show := d.page(music.Ask{Of: d.ref(kindShow, d.f.Show)})
	if show.Title != "On Counterpoint" || namesOf(show.Items) != "Inversion, Retrograde, Stretto" {
		t.Errorf("the show: %+v", show)
	}
	if e := tracksOf(show.Items)[0]; e.Album != "On Counterpoint" || e.AlbumRef != d.ref(kindShow, d.f.Show) {
		t.Errorf("its episode: %+v", e)
	}
}

func TestAWindowAsksForItsPagesAndNoOthers(t *testing.T) {
	d := emptyDesk(t)
	artist := d.web.AddArtist(webapitest.Artist{Name: "Anyone"})
	titles := make([]string, 1000)
	for i := range titles {
		titles[i] = fmt.Sprintf("Song %04d", i)
	}
	_, ids := d.web.AddAlbum(webapitest.Album{Name: "Many", Artists: []string{artist}}, titles...)
	d.web.Save(webapitest.Ada, webapitest.URIs("track", ids...)...)
	of := d.s.section(music.SectionStarred)
	p := d.page(music.Ask{Of: of, Offset: 420, Limit: 60})
	if p.Total != 1000 || len(p.Items) != 60 {
		t.Fatalf("%d of %d", len(p.Items), p.Total)
	}
	all := d.web.Saved(webapitest.Ada, "track")
	if first, _ := uriOf(p.Items[0].ItemRef()); first != all[420] {
		t.Errorf("it begins with %s, want %s", first, all[420])
	}
	d.wantCalls("GET /me/tracks", "GET /me/tracks")
	if p := d.page(music.Ask{Of: of, Offset: 990, Limit: 60}); len(p.Items) != 10 {
		t.Errorf("the end has %d rows", len(p.Items))
	}
	if p := d.page(music.Ask{Of: of, Offset: 5000, Limit: 60}); len(p.Items) != 0 || p.Total != 1000 {
		t.Errorf("beyond the end: %d of %d", len(p.Items), p.Total)
	}
	d.web.Forget()
	if p := d.page(music.Ask{Of: of, Filter: "0042"}); namesOf(p.Items) != "Song 0042" {
		t.Errorf("filtered: %q", namesOf(p.Items))
	}
	n := d.web.Count("")
	if p := d.page(music.Ask{Of: of, Sort: music.SortTitle, Limit: 2}); namesOf(p.Items) != "Song 0000, Song 0001" || p.Total != 1000 {
		t.Errorf("sorted: %q", namesOf(p.Items))
	}
	if again := d.web.Count("") - n; again != 1 {
		t.Errorf("the list was asked for again: %d calls, then %d", n, again)
	}
}

func TestArtistsThatAreFollowedAreReadOneCallAPage(t *testing.T) {
	d := emptyDesk(t)
	var ids []string
	for i := range 230 {
		ids = append(ids, d.web.AddArtist(webapitest.Artist{Name: fmt.Sprintf("Artist %03d", i)}))
	}
	d.web.Save(webapitest.Ada, webapitest.URIs("artist", ids...)...)
	of := d.s.section(music.SectionArtists)
	p := d.page(music.Ask{Of: of, Limit: 500})
	if p.Total != 230 || len(p.Items) != 230 || d.web.Count("") != 5 {
		t.Errorf("%d of %d in %d calls", len(p.Items), p.Total, d.web.Count(""))
	}
	seen := map[string]bool{}
	for _, it := range p.Items {
		seen[it.ItemName()] = true
	}
	if len(seen) != 230 {
		t.Errorf("%d different ones", len(seen))
	}
	if p := d.page(music.Ask{Of: of, Offset: 120, Limit: 10}); len(p.Items) != 10 || p.Items[0].ItemName() == "" {
		t.Errorf("%q", namesOf(p.Items))
	}
	if p := d.page(music.Ask{Of: of, Filter: "198"}); namesOf(p.Items) != "Artist 198" {
		t.Errorf("%q", namesOf(p.Items))
	}
}
