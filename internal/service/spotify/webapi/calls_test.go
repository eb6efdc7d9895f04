package webapi_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/service/spotify/webapi"
	"segue/internal/service/spotify/webapi/webapitest"
)

// filled is a client of Ada's on a server that has something.
func filled(t *testing.T) (*webapi.Client, *webapitest.Server, webapitest.Seed) {
	t.Helper()
	s := webapitest.New(t)
	f := s.Fill(webapitest.Ada)
	return client(t, s.Options(webapitest.Ada)), s, f
}

func client(t *testing.T, o webapi.Options) *webapi.Client {
	t.Helper()
	c, err := webapi.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdle)
	return c
}

// must fails the test on an error.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// keys runs a test with the keys of today and with those of before 2026.
func keys(t *testing.T, test func(t *testing.T, c *webapi.Client, s *webapitest.Server, f webapitest.Seed)) {
	for name, old := range map[string]bool{"with the keys of today": false, "with the keys of before 2026": true} {
		t.Run(name, func(t *testing.T) {
			c, s, f := filled(t)
			s.SetOldKeys(old)
			test(t, c, s, f)
		})
	}
}

func TestTheLibraryIsReadPageByPage(t *testing.T) {
	keys(t, func(t *testing.T, c *webapi.Client, s *webapitest.Server, f webapitest.Seed) {
		ctx := t.Context()
		me := must[webapi.User](t)(c.Me(ctx))
		equal(t, "the user", me.ID+" "+me.Name, "ada Ada L.")
		tracks := must[[]webapi.Saved[webapi.Track]](t)(webapi.All(ctx, c.SavedTracks))
		equal(t, "the number of saved tracks", len(tracks), len(f.Tracks))
		equal(t, "the calls for them", s.Count("GET /me/tracks"), (len(f.Tracks)+49)/50)
		first := tracks[len(tracks)-1].Value
		equal(t, "the first saved track", first.URI+" "+first.Name+" "+first.Album.Name+" "+first.Artists[0].Name,
			"spotify:track:"+f.Tracks[0]+" Aria Book 1 of J. S. Bach J. S. Bach")
		equal(t, "its length", first.Duration, 3*time.Minute)
		if !first.Playable || first.Number != 1 || first.Disc != 1 || tracks[0].Added.IsZero() {
			t.Errorf("track %+v", first)
		}
		albums := must[webapi.Page[webapi.Saved[webapi.Album]]](t)(c.SavedAlbums(ctx, webapi.Window{}))
		equal(t, "saved albums", albums.Total, 3)
		equal(t, "tracks of a saved album", len(albums.Items[0].Value.Tracks.Items), 6)
		shows := must[webapi.Page[webapi.Saved[webapi.Show]]](t)(c.SavedShows(ctx, webapi.Window{}))
		equal(t, "the saved show", shows.Items[0].Value.Name+" "+shows.Items[0].Value.Description, "On Counterpoint About it & more")
		episodes := must[webapi.Page[webapi.Saved[webapi.Episode]]](t)(c.SavedEpisodes(ctx, webapi.Window{Limit: 1}))
		equal(t, "a saved episode", episodes.Items[0].Value.Name+" of "+episodes.Items[0].Value.Show.Name, "Retrograde of On Counterpoint")
		equal(t, "where it goes on", episodes.Next, 1)
		var names []string
		for a, err := range c.AllFollowing(ctx) {
			ok(t, err)
			names = append(names, a.Name)
		}
		equal(t, "followed artists", len(names), 4)
		one := must[webapi.Cursor[webapi.Artist]](t)(c.Following(ctx, f.Artists[1], 1))
		equal(t, "the artist after the second", one.Items[0].ID, f.Artists[2])
		equal(t, "where it goes on", one.Next, f.Artists[2])
		top := must[webapi.Page[webapi.Track]](t)(c.TopTracks(ctx, webapi.LongTerm, webapi.Window{}))
		equal(t, "the top track of a year", top.Items[0].ID, f.Tracks[2])
		best := must[webapi.Page[webapi.Artist]](t)(c.TopArtists(ctx, webapi.ShortTerm, webapi.Window{}))
		equal(t, "the top artist of four weeks", best.Items[0].ID, f.Artists[0])
		recent := must[webapi.Cursor[webapi.Play]](t)(c.Recent(ctx, time.Time{}, 2))
		equal(t, "the last play", recent.Items[0].Track.ID, f.Tracks[4])
		before := must[webapi.Cursor[webapi.Play]](t)(c.Recent(ctx, recent.Items[1].At, 50))
		equal(t, "plays before", len(before.Items), 3)
	})
}

func TestTheLibraryIsChangedFortyAtATime(t *testing.T) {
	c, s, f := filled(t)
	ctx := t.Context()
	uris := webapitest.URIs("track", f.Tracks...)
	ok(t, c.Unsave(ctx, uris...))
	equal(t, "saved tracks", len(s.Saved(webapitest.Ada, "track")), 0)
	ok(t, c.Save(ctx, uris[:41]...))
	equal(t, "saved tracks", len(s.Saved(webapitest.Ada, "track")), 41)
	equal(t, "calls to save", s.Count("PUT /me/library"), 2)
	in := must[[]bool](t)(c.Contains(ctx, uris...))
	equal(t, "answers", len(in), len(uris))
	equal(t, "the 41st and the 42nd", [2]bool{in[40], in[41]}, [2]bool{true, false})
	ok(t, c.Save(ctx, "spotify:playlist:"+f.Long, "spotify:album:"+f.Albums[5]))
	equal(t, "albums", len(s.Saved(webapitest.Ada, "album")), 4)
	ok(t, c.Save(ctx))
	if in := must[[]bool](t)(c.Contains(ctx)); len(in) != 0 {
		t.Error("no question has answers")
	}
}

func TestPlaylistsAreReadWhateverIsInThem(t *testing.T) {
	keys(t, func(t *testing.T, c *webapi.Client, s *webapitest.Server, f webapitest.Seed) {
		ctx := t.Context()
		lists := must[[]webapi.Playlist](t)(webapi.All(ctx, c.MyPlaylists))
		equal(t, "playlists", len(lists), 4)
		byID := map[string]webapi.Playlist{}
		for _, p := range lists {
			byID[p.ID] = p
		}
		equal(t, "what is in Evening", byID[f.Mine].Total, 9)
		equal(t, "its description", byID[f.Mine].Description, "Bach & others")
		equal(t, "whose Ours is", byID[f.Shared].Owner+" "+byID[f.Shared].OwnerID, "Bob bob")
		mine := must[webapi.Playlist](t)(c.Playlist(ctx, f.Mine))
		rows := must[webapi.Page[webapi.PlaylistItem]](t)(c.PlaylistItems(ctx, f.Mine, webapi.Window{}))
		for what, items := range map[string][]webapi.PlaylistItem{"whole": mine.Items.Items, "items": rows.Items} {
			if len(items) != 9 {
				t.Fatalf("%s: %d rows, want 9", what, len(items))
			}
			equal(t, what+": the first", items[0].Item.URI(), "spotify:track:"+f.Tracks[0])
			equal(t, what+": who added it", items[0].AddedBy, "ada")
			if e := items[6].Item.Episode; e == nil || e.Show.Name != "On Counterpoint" || e.Duration != 40*time.Minute {
				t.Errorf("%s: the episode is %+v", what, e)
			}
			if l := items[7]; !l.Local || l.Item.Track == nil || l.Item.URI() != f.LocalFile || l.Item.Track.Artists[0].Name != "An Artist" || l.Item.Duration() != 200*time.Second {
				t.Errorf("%s: the file is %+v", what, l)
			}
			if items[8].Item.Track != nil || items[8].Item.Episode != nil {
				t.Errorf("%s: what is gone is %+v", what, items[8].Item)
			}
		}
		long := must[[]webapi.PlaylistItem](t)(webapi.All(ctx, func(ctx context.Context, w webapi.Window) (webapi.Page[webapi.PlaylistItem], error) {
			return c.PlaylistItems(ctx, f.Long, w)
		}))
		equal(t, "rows of the long one", len(long), 120)
		shared := must[webapi.Page[webapi.PlaylistItem]](t)(c.PlaylistItems(ctx, f.Shared, webapi.Window{Offset: 1}))
		equal(t, "rows after the first of the shared one", len(shared.Items), 2)
		_ = must[webapi.Playback](t)(c.State(ctx))
		for _, call := range s.Calls() { // else episodes come as tracks that nobody can play
			if call.Name == "/me/player" || strings.HasPrefix(call.Name, "/playlists/") {
				equal(t, call.Name+" takes", call.Query.Get("additional_types"), "track,episode")
			}
		}
	})
}

func TestAFollowedPlaylistIsThereButMayNotBeListed(t *testing.T) {
	c, _, f := filled(t)
	p := must[webapi.Playlist](t)(c.Playlist(t.Context(), f.Followed))
	if p.Name != "Bob's best" || p.Listed || p.Total != -1 || p.URI != "spotify:playlist:"+f.Followed {
		t.Errorf("the playlist is %+v", p)
	}
	_, err := c.PlaylistItems(t.Context(), f.Followed, webapi.Window{})
	equal(t, "the kind of the fault", webapi.KindOf(err), webapi.Forbidden)
}

func TestPlaylistsAreMadeAndChanged(t *testing.T) {
	c, s, f := filled(t)
	ctx := t.Context()
	p := must[webapi.Playlist](t)(c.CreatePlaylist(ctx, webapi.NewPlaylist{Name: "New", Description: "d"}))
	if p.ID == "" || p.Public || p.OwnerID != "ada" {
		t.Fatalf("the new one is %+v", p)
	}
	var uris []string
	for i := range 230 {
		uris = append(uris, "spotify:track:"+f.Tracks[i%len(f.Tracks)])
	}
	snapshot := must[string](t)(c.AddItems(ctx, p.ID, uris, -1))
	if snapshot == "" || !slices.Equal(s.Items(p.ID), uris) {
		t.Errorf("230 items are not there as they were given (snapshot %q)", snapshot)
	}
	must[string](t)(c.ReplaceItems(ctx, p.ID, uris[:150]))
	if !slices.Equal(s.Items(p.ID), uris[:150]) {
		t.Error("150 items do not replace the others")
	}
	must[string](t)(c.ReplaceItems(ctx, p.ID, nil))
	equal(t, "items of an empty one", len(s.Items(p.ID)), 0)
	abc := webapitest.URIs("track", f.Tracks[:3]...)
	must[string](t)(c.AddItems(ctx, p.ID, abc[1:], -1))
	must[string](t)(c.AddItems(ctx, p.ID, abc[:1], 0))
	must[string](t)(c.MoveItems(ctx, p.ID, webapi.Move{Start: 0, Length: 2, Before: 3}))
	if got := s.Items(p.ID); !slices.Equal(got, []string{abc[2], abc[0], abc[1]}) {
		t.Errorf("moved to %v", got)
	}
	must[string](t)(c.MoveItems(ctx, p.ID, webapi.Move{Start: 2, Before: 0}))
	must[string](t)(c.RemoveItems(ctx, p.ID, abc[:1], ""))
	if got := s.Items(p.ID); !slices.Equal(got, []string{abc[1], abc[2]}) {
		t.Errorf("left are %v", got)
	}
	name, public := "Newer", true
	ok(t, c.ChangePlaylist(ctx, p.ID, webapi.PlaylistChange{Name: &name, Public: &public}))
	p = must[webapi.Playlist](t)(c.Playlist(ctx, p.ID))
	if p.Name != "Newer" || p.Description != "d" || !p.Public {
		t.Errorf("changed to %+v", p)
	}
	_, err := c.AddItems(ctx, p.ID, []string{f.LocalFile}, -1)
	equal(t, "what adding a file is", webapi.KindOf(err), webapi.Invalid)
}

func TestTheCatalogueIsReadTenAndFiftyAtATime(t *testing.T) {
	keys(t, func(t *testing.T, c *webapi.Client, s *webapitest.Server, f webapitest.Seed) {
		ctx := t.Context()
		track := must[webapi.Track](t)(c.Track(ctx, f.Tracks[0]))
		equal(t, "the track", track.Name+" on "+track.Album.Name, "Aria on Book 1 of J. S. Bach")
		album := must[webapi.Album](t)(c.Album(ctx, f.Albums[1]))
		if album.Type != "single" || album.Released != "1981" || album.Total != 5 || len(album.Tracks.Items) != 5 || len(album.Images) != 3 {
			t.Errorf("the album is %+v", album)
		}
		tracks := must[webapi.Page[webapi.Track]](t)(c.AlbumTracks(ctx, f.Albums[1], webapi.Window{Offset: 2, Limit: 2}))
		equal(t, "the third track", tracks.Items[0].Name, "Canon")
		equal(t, "where it goes on", tracks.Next, 4)
		artist := must[webapi.Artist](t)(c.Artist(ctx, f.Artists[3]))
		equal(t, "the artist", artist.Name, "坂本龍一")
		albums := must[webapi.Page[webapi.Album]](t)(c.ArtistAlbums(ctx, f.Artists[3], []string{"album", "single"}, webapi.Window{Limit: 50}))
		equal(t, "the artist's albums and singles", len(albums.Items), 2)
		show := must[webapi.Show](t)(c.Show(ctx, f.Show))
		equal(t, "episodes of the show", len(show.Episodes.Items), 3)
		episodes := must[webapi.Page[webapi.Episode]](t)(c.ShowEpisodes(ctx, f.Show, webapi.Window{}))
		equal(t, "its first episode", episodes.Items[0].Name, "Inversion")
		episode := must[webapi.Episode](t)(c.Episode(ctx, f.Episodes[2]))
		equal(t, "the episode", episode.Name+" of "+episode.Show.Name, "Stretto of On Counterpoint")
		found := must[webapi.Found](t)(c.Search(ctx, "bach aria", []string{"track", "artist", "album", "playlist", "show", "episode"}, webapi.Window{}))
		equal(t, "tracks that were found (Variation has aria too)", found.Tracks.Total, 6)
		found = must[webapi.Found](t)(c.Search(ctx, "o", nil, webapi.Window{Limit: 50}))
		equal(t, "tracks at once", len(found.Tracks.Items), 10)
		equal(t, "where they go on", found.Tracks.Next, 10)
		if found.Shows.Total != -1 || len(found.Albums.Items) == 0 || len(found.Playlists.Items) == 0 {
			t.Errorf("found %+v", found)
		}
		_, err := c.Album(ctx, webapitest.ID("no such album"))
		equal(t, "what is not there", webapi.KindOf(err), webapi.NotFound)
	})
}

func TestASearchDoesNotGoBeyondWhatSpotifyGives(t *testing.T) {
	c, s, f := filled(t)
	var titles []string
	for range 1100 {
		titles = append(titles, "Zebra")
	}
	s.AddAlbum(webapitest.Album{Name: "Zoo", Artists: f.Artists[:1]}, titles...)
	p := must[webapi.Found](t)(c.Search(t.Context(), "zebra", []string{webapi.FindTracks}, webapi.Window{Offset: 1000})).Tracks
	if len(p.Items) != 10 || p.Total != 1100 || p.Next != -1 {
		t.Errorf("the last page has %d of %d and goes on at %d", len(p.Items), p.Total, p.Next)
	}
	before := s.Count("")
	none := must[webapi.Found](t)(c.Search(t.Context(), "zebra", nil, webapi.Window{Offset: 1001}))
	must[webapi.Found](t)(c.Search(t.Context(), "  ", nil, webapi.Window{}))
	if none.Tracks.Next != -1 || s.Count("") != before {
		t.Error("what cannot be answered was asked")
	}
}
