package spotify

import (
	"fmt"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

func TestToplistsAreWhatSpotifyCounts(t *testing.T) {
	d := newDesk(t)
	ask := session.ToplistAsk{Region: session.RegionUser, Limit: 100, Period: "month"}
	for of, want := range map[string]string{
		session.TypeTracks:  "Aria, Variation, Canon, Fughetta, Aria, Variation, Canon, Fughetta, Quodlibet, Aria",
		session.TypeAlbums:  "Book 1 of J. S. Bach, Book 2 of J. S. Bach, Book 3 of J. S. Bach",
		session.TypeArtists: "J. S. Bach, Clara Schumann, Ελένη Καραΐνδρου, 坂本龍一",
	} {
		ask.Type = of
		p, err := d.s.Toplist(t.Context(), ask)
		if err != nil || namesOf(p.Items) != want || p.Total != len(p.Items) {
			t.Errorf("%s: %q, %v", of, namesOf(p.Items), err)
		}
		c, ok := p.Items[0].(music.Chart)
		if !ok || c.Rank != 1 || c.Previous != 1 || c.ItemRef().Account != "music" {
			t.Errorf("%s: %+v", of, p.Items[0])
		}
		page := d.section("toplist/" + of + "/month")
		if namesOf(page.Items) != want {
			t.Errorf("the section of %s: %q", of, namesOf(page.Items))
		}
	}
	for name, no := range map[string]session.ToplistAsk{
		"a day":        {Type: session.TypeTracks, Region: session.RegionUser, Period: "day"},
		"another user": {Type: session.TypeTracks, Region: session.RegionUser, User: "bob"},
		"the world":    {Type: session.TypeTracks, Region: session.RegionEverywhere},
		"a country":    {Type: session.TypeTracks, Region: "de"},
	} {
		_, err := d.s.Toplist(t.Context(), no)
		wantKind(t, err, session.PermissionDenied)
		_ = name
	}
}

func TestWhatWasPlayedAndWhatComesNext(t *testing.T) {
	d := newDesk(t)
	p := d.section(music.SectionPlayed)
	first, ok := p.Items[0].(music.Track)
	if !ok || p.Total != 5 || first.Title != "Aria" && first.Title != "Quodlibet" || first.LastPlayed.IsZero() {
		t.Errorf("%+v", p)
	}
	if p := d.section(sectionQueue); p.Note == "" || p.Total != 0 {
		t.Errorf("nothing plays: %+v", p)
	}
	d.web.PlayElsewhere("ada", d.f.Computer, "spotify:track:"+d.f.Tracks[3], "spotify:track:"+d.f.Tracks[4], "spotify:episode:"+d.f.Episodes[1])
	p = d.section(sectionQueue)
	if p.Subtitle != "plays now: Fughetta" || namesOf(p.Items) != "Fughetta, Aria, Retrograde" {
		t.Errorf("%q: %q", p.Subtitle, namesOf(p.Items))
	}
}

func TestRowsOfPublicToplistsAreMatchedAFewAtATime(t *testing.T) {
	t.Parallel()
	d := emptyDesk(t)
	artist := d.web.AddArtist(webapitest.Artist{Name: "Anyone"})
	var titles []string
	var rows []session.ChartRow
	for i := range 24 { // more would have to wait for the budget of calls
		titles = append(titles, fmt.Sprintf("Song number %d", i))
		rows = append(rows, session.ChartRow{Rank: i + 1, Title: titles[i], Artists: []string{"Anyone"}, Duration: 3 * time.Minute})
	}
	album, ids := d.web.AddAlbum(webapitest.Album{Name: "Many", Artists: []string{artist}}, titles...)
	rows = append(rows, session.ChartRow{Rank: 25, Title: "What nobody has", Artists: []string{"Nobody"}}, session.ChartRow{Rank: 26})
	d.watch()
	d.web.Forget()
	found, err := d.s.Match(t.Context(), session.TypeTracks, rows)
	if err != nil || found[0].ItemRef().ID != ids[0] || found[23] != nil || d.web.Count("GET /search") > matchNow {
		t.Fatalf("%v, %v, %d calls", found[0], err, d.web.Count("GET /search"))
	}
	d.until("the others are found", func() bool {
		found, err = d.s.Match(t.Context(), session.TypeTracks, rows)
		return err == nil && found[23] != nil
	})
	d.until("that is told", func() bool { return d.told(d.s.section(music.SectionToplist)) })
	if found[24] != nil || found[25] != nil {
		t.Errorf("found %v", found[22:])
	}
	d.web.Forget()
	for of, want := range map[string]music.Ref{session.TypeAlbums: d.ref(music.KindAlbum, album), session.TypeArtists: d.ref(music.KindArtist, artist)} {
		row := session.ChartRow{Rank: 1, Title: map[string]string{session.TypeAlbums: "Many", session.TypeArtists: "Anyone"}[of], Artists: []string{"Anyone"}}
		found, err := d.s.Match(t.Context(), of, []session.ChartRow{row})
		if err != nil || found[0] == nil || found[0].ItemRef() != want {
			t.Errorf("%s: %v, %v", of, found, err)
		}
	}
	if n := d.web.Count("GET /search"); n != 0 {
		t.Errorf("%d searches for what was seen", n)
	}
}
