package charts

import (
	"testing"
	"time"

	"segue/session"
)

const appleSongs = `{"feed":{"title":"Top Songs","updated":"Tue, 5 Mar 2024 09:50:28 +0000","results":[
 {"artistName":"Drake & Guest","id":"1","name":"One","artistId":"7","artworkUrl100":"https://is1/100x100bb.jpg","url":"https://music.apple.com/us/album/1"},
 {"artistName":"Anna","id":"2","name":"Two"},
 {"artistName":"Drake","id":"3","name":"Three","artistId":"7"},
 {"artistName":"Bea","id":"4","name":"Four","artistId":9},
 {"id":"5","name":"Nobody's"}, {"id":"6"}, 7, null, {"name":{"odd":1},"artistName":"x"}]}}`

const (
	newSongs  = "/new/api/v2/de/music/most-played/100/songs.json"
	oldSongs  = "/old/api/v2/de/music/most-played/100/songs.json"
	oldestOne = "/itunes/de/rss/topsongs/limit=100/json"
)

func TestACountryAtApple(t *testing.T) {
	s := newSources(t, map[string]string{newSongs: appleSongs})
	c, _ := newCharts(t, s, t.TempDir())
	chart, err := c.Chart(t.Context(), session.ToplistAsk{Region: "DE"})
	if err != nil {
		t.Fatal(err)
	}
	if titles(chart) != "1:One 2:Two 3:Three 4:Four 5:Nobody's" || chart.Source != "Apple Music" || chart.Title != "Tracks · DE" ||
		!chart.Updated.Equal(time.Date(2024, 3, 5, 9, 50, 28, 0, time.UTC)) {
		t.Errorf("%+v", chart)
	}
	if r := chart.Rows[0]; r.Art != "https://is1/600x600bb.jpg" || r.URL != "https://music.apple.com/us/album/1" || len(r.ArtistIDs) != 0 || len(chart.Rows[4].Artists) != 0 {
		t.Errorf("%+v", chart.Rows)
	}
	artists, err := c.Chart(t.Context(), session.ToplistAsk{Type: "artists", Region: "de"})
	if err != nil || titles(artists) != "1:Drake 2:Anna 3:Bea" {
		t.Errorf("%s %v", titles(artists), err)
	}
}

func TestAppleFallsBack(t *testing.T) {
	const one = `{"im:name":{"label":"Old One"},"im:artist":{"label":"Anna"},"im:image":[{"label":"s"},{"label":"l"}],"im:collection":{"im:name":{"label":"LP"}},"id":{"label":"https://x"}}`
	for name, c := range map[string]struct {
		answers map[string]string
		want    string
		kind    session.FaultKind
	}{
		"the new address is gone":          {map[string]string{oldSongs: appleSongs}, "1:One 2:Two 3:Three 4:Four 5:Nobody's", 0},
		"a web page instead":               {map[string]string{newSongs: "<html>sorry", oldSongs: "<html>sorry", oldestOne: `{"feed":{"entry":[` + one + `]}}`}, "1:Old One", 0},
		"cut short, and a list of one":     {map[string]string{newSongs: `{"feed":{"resu`, oldestOne: `{"feed":{"entry":` + one + `}}`}, "1:Old One", 0},
		"an empty list":                    {map[string]string{newSongs: `{"feed":{"results":[]}}`, oldSongs: `{}`, oldestOne: `{"feed":{"entry":[` + one + `]}}`}, "1:Old One", 0},
		"no such country anywhere":         {map[string]string{}, "", session.OtherPermanent},
		"nothing but web pages everywhere": {map[string]string{newSongs: "<html>", oldSongs: "<html>", oldestOne: "<html>"}, "", session.OtherTransient},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSources(t, c.answers)
			ch, _ := newCharts(t, s, t.TempDir())
			chart, err := ch.Chart(t.Context(), session.ToplistAsk{Region: "de"})
			if c.kind != 0 {
				wantFault(t, err, c.kind)
			} else if err != nil {
				t.Fatal(err)
			}
			if titles(chart) != c.want {
				t.Errorf("got %s", titles(chart))
			}
		})
	}
	limited := newSources(t, nil)
	limited.status = 429
	ch, _ := newCharts(t, limited, t.TempDir())
	_, err := ch.Chart(t.Context(), session.ToplistAsk{Region: "de"})
	wantFault(t, err, session.RateLimited)
	if limited.count() != 1 {
		t.Errorf("asked %d times: a limit is no reason to go round it", limited.count())
	}
}
