package spotify

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

func (d *desk) search(of, words string, more ...int) music.Page {
	d.t.Helper()
	id := music.SectionSearch
	if of != "" {
		id += "/" + of
	}
	ask := music.Ask{Of: d.s.section(id), Filter: words, Limit: 20}
	if len(more) > 0 {
		ask.Offset = more[0]
	}
	return d.page(ask)
}

func TestASearchOfFourKindsIsOneCallForTheFirstTen(t *testing.T) {
	d := newDesk(t)
	for of, want := range map[string]string{
		session.TypeTracks: "Aria", session.TypeAlbums: "Book", session.TypeArtists: "Bach", session.TypePlaylists: "Long",
	} {
		if p := d.search(of, want); len(p.Items) == 0 || !strings.Contains(p.Items[0].ItemName(), want) {
			t.Errorf("%s: %q", of, namesOf(p.Items))
		}
	}
	d.web.Forget()
	for _, of := range []string{session.TypeTracks, session.TypeAlbums, session.TypeArtists, session.TypePlaylists} {
		ask := music.Ask{Of: d.s.section("search/" + of), Filter: "Schumann", Limit: 10}
		d.s.seen.changed = func(music.Ref) {} // somebody looks: what is on disk is the answer
		d.page(ask)
	}
	d.s.seen.changed = nil
	d.wantCalls("GET /search")
	if p := d.search("", "Bach"); namesOf(p.Items[:2]) != "J. S. Bach, Book 1 of J. S. Bach" {
		t.Errorf("everything: %q", namesOf(p.Items))
	}
	if p := d.search(sectionShows, "Counterpoint"); namesOf(p.Items) != "On Counterpoint" {
		t.Errorf("shows: %q", namesOf(p.Items))
	}
	if p := d.search(sectionEpisodes, "Stretto"); namesOf(p.Items) != "Stretto" {
		t.Errorf("episodes: %q", namesOf(p.Items))
	}
}

func TestTotalsDoNotDependOnTheWindowAndTheEndIsSaid(t *testing.T) {
	d := emptyDesk(t)
	artist := d.web.AddArtist(webapitest.Artist{Name: "Anyone"})
	titles := make([]string, 1300)
	for i := range titles {
		titles[i] = fmt.Sprintf("Song %04d", i)
	}
	d.web.AddAlbum(webapitest.Album{Name: "Many", Artists: []string{artist}}, titles...)
	seen := map[string]bool{}
	for _, at := range []int{0, 20, 995, 1005} {
		p := d.search(session.TypeTracks, "Song", at)
		if p.Total != foundLast || !strings.Contains(p.Note, "of 1300") {
			t.Errorf("at %d: %d in all, %q", at, p.Total, p.Note)
		}
		if want := min(20, foundLast-at); len(p.Items) != want {
			t.Errorf("at %d: %d rows, want %d", at, len(p.Items), want)
		}
		for _, it := range p.Items {
			seen[it.ItemName()] = true
		}
	}
	if len(seen) != 20+20+15 { // the last two windows overlap
		t.Errorf("%d different rows", len(seen))
	}
	if p := d.search(session.TypeTracks, "Song", 1100); len(p.Items) != 0 || p.Total != foundLast {
		t.Errorf("beyond the end: %d of %d", len(p.Items), p.Total)
	}
}

func TestFieldsThatSpotifyDoesNotKnowAreLookedForHere(t *testing.T) {
	d := newDesk(t)
	for words, want := range map[string]string{
		"title:Gigue artist:Bach":       "",
		"title:Quodlibet artist:bach":   "Quodlibet, Quodlibet",
		"~t aria artist:\"clara schu\"": "Aria, Variation, Aria, Variation, Aria, Variation",
		"title:canon year:1980-81":      "Canon, Canon",
		"Aria time:>5m":                 "",
		"Canon time:<5m schumann":       "Canon, Canon, Canon",
		"Quodlibet -bach":               "Quodlibet, Quodlibet, Quodlibet, Quodlibet, Quodlibet, Quodlibet",
		"Toccata | Gigue":               "Toccata, Toccata, Toccata, Toccata",
		"source:other Aria":             "",
		"starred bach Canon":            "Canon, Canon, Canon",
	} {
		d.section(music.SectionStarred)
		p := d.search(session.TypeTracks, words)
		if got := namesOf(p.Items); got != want || p.Total != len(p.Items) {
			t.Errorf("%s: %q, want %q (%s)", words, got, want, p.Note)
		}
	}
	d.web.Forget()
	d.search(session.TypeTracks, `title:"art of" artist:bach year:1970-79`)
	if c := d.web.Calls(); len(c) != 1 || c[0].Query.Get("q") != `track:"art of" artist:bach year:1970-1979` {
		t.Errorf("asked %+v", c)
	}
	_, err := d.s.Children(t.Context(), music.Ask{Of: d.s.section("search"), Filter: "year:x"})
	wantKind(t, err, session.InvalidArgument)
	if p := d.search(session.TypeTracks, "   "); p.Note == "" || len(p.Items) != 0 {
		t.Errorf("%+v", p)
	}
	if p := d.search(session.TypeTracks, "Nothing at all"); !strings.Contains(p.Note, "Nothing at all") {
		t.Errorf("%+v", p)
	}
}

func TestSuggestionsComeFromWhatWasSeenBeforeAnybodyIsAsked(t *testing.T) {
	d := newDesk(t)
	texts, err := d.s.Suggest(t.Context(), "schu", 10)
	if err != nil || !slices.Contains(texts, "Clara Schumann") {
		t.Errorf("%q, %v", texts, err)
	}
	d.section(music.SectionStarred)
	d.web.Forget()
	texts, err = d.s.Suggest(t.Context(), "qu", 5)
	if err != nil || !slices.Equal(texts, []string{"Quodlibet"}) {
		t.Errorf("%q, %v", texts, err)
	}
	texts, err = d.s.Suggest(t.Context(), "b", 2)
	if err != nil || len(texts) != 2 {
		t.Errorf("%q, %v", texts, err)
	}
	d.wantCalls()
	d.s.SetNetwork(false)
	texts, err = d.s.Suggest(t.Context(), "Canon", 5)
	if err != nil || !slices.Equal(texts, []string{"Canon"}) {
		t.Errorf("without the network: %q, %v", texts, err)
	}
}
