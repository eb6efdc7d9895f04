package spotify

import (
	"testing"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
)

func TestWhatLacksFieldsIsShownAllTheSame(t *testing.T) {
	d := emptyDesk(t)
	for name, w := range map[string]webapi.Item{
		"nothing":                 {},
		"an empty track":          {Track: &webapi.Track{}},
		"an empty episode":        {Episode: &webapi.Episode{}},
		"a track of another kind": {Track: &webapi.Track{URI: "spotify:ad:1", Name: "Buy"}},
	} {
		got := d.s.item(w)
		if got.Title == "" || got.Unplayable == "" || got.Ref != d.ref(music.KindTrack, goneID) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	bare := d.s.track(webapi.Track{ID: "1", Playable: true}, webapi.Album{})
	if bare.Title == "" || bare.Unplayable != "" || !bare.AlbumRef.IsZero() || !bare.ArtistRef.IsZero() || bare.Ref.ID != "1" {
		t.Errorf("a bare track: %+v", bare)
	}
	if byURI := d.s.track(webapi.Track{URI: "spotify:track:2", Playable: true}, webapi.Album{}); byURI.Ref.ID != "2" {
		t.Errorf("by its URI: %+v", byURI)
	}
	for why, w := range map[string]webapi.Track{
		whyMarket: {ID: "1", Restricted: "market"}, whyProduct: {ID: "1", Restricted: "product"}, whyExplicit: {ID: "1", Restricted: "explicit"},
		whyGone: {ID: "1"}, "": {ID: "1", Playable: true},
	} {
		if got := d.s.track(w, webapi.Album{}); got.Unplayable != why {
			t.Errorf("%+v: %q", w, got.Unplayable)
		}
	}
	for date, want := range map[string]int{"": 0, "1981": 1981, "1981-12": 1981, "1981-12-15": 1981, "soon": 0, "-1": 0, "123456": 0} {
		if year(date) != want {
			t.Errorf("%q: %d", date, year(date))
		}
	}
	file := d.s.track(webapi.Track{Local: true, URI: "spotify:local::::"}, webapi.Album{})
	if file.Title == "" || file.Ref.Account != music.Local {
		t.Errorf("a file without words: %+v", file)
	}
	if a := d.s.album(webapi.Album{ID: "1"}); a.Title == "" || a.Year != 0 {
		t.Errorf("%+v", a)
	}
	if p := d.s.playlist(webapi.Playlist{ID: "1", Total: -1}); p.Name == "" || p.Tracks != 0 || p.Writable {
		t.Errorf("%+v", p)
	}
}
