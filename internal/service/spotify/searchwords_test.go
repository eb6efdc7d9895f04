package spotify

import (
	"strings"
	"testing"

	"segue/internal/query"
	"segue/session"
)

func TestAQueryIsPutIntoSpotifysWords(t *testing.T) {
	for text, want := range map[string]string{
		"aria":                       "tracks aria, albums aria, artists aria, playlists aria",
		"title:aria":                 "tracks track:aria",
		`title:"air on" artist:bach`: `tracks track:"air on" artist:bach`,
		"artist:bach":                "tracks artist:bach, albums artist:bach, artists artist:bach",
		"album:goldberg x":           "tracks album:goldberg x, albums album:goldberg x",
		"genre:baroque":              "tracks genre:baroque, artists genre:baroque",
		"year:1970-79 disco":         "tracks year:1970-1979 disco, albums year:1970-1979 disco, artists year:1970-1979 disco",
		"year:1990.. x":              "tracks year:1990-9999 x, albums year:1990-9999 x, artists year:1990-9999 x",
		"year:1741 aria":             "tracks year:1741 aria, albums year:1741 aria, artists year:1741 aria",
		`"well tempered"`:            `tracks "well tempered", albums "well tempered", artists "well tempered", playlists "well tempered"`,
		"aria time:>5m":              "tracks aria +, albums aria +, artists aria +, playlists aria +",
		"aria -live":                 "tracks aria +, albums aria +, artists aria +, playlists aria +",
		"starred":                    "tracks  +, albums  +, artists  +, playlists  +",
		"aria | toccata":             "tracks aria, tracks toccata, albums aria, albums toccata, artists aria, artists toccata, playlists aria, playlists toccata",
		"title:aria | toccata":       "tracks track:aria, tracks toccata, albums toccata, artists toccata, playlists toccata",
		"source:other aria":          "",
		"source:music aria":          "tracks aria, albums aria, artists aria, playlists aria",
		"isrc:DEA620500012":          "tracks isrc:DEA620500012, albums isrc:DEA620500012, artists isrc:DEA620500012, playlists isrc:DEA620500012",
	} {
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, of := range []string{session.TypeTracks, session.TypeAlbums, session.TypeArtists, session.TypePlaylists} {
			for _, w := range translate("music", q, of) {
				s := of + " " + w.q
				if w.rest != nil {
					s += " +"
				}
				all = append(all, s)
			}
		}
		if got := strings.Join(all, ", "); got != want {
			t.Errorf("%s:\n %s\nwant\n %s", text, got, want)
		}
	}
}

func TestALongQuestionIsCutBetweenWords(t *testing.T) {
	q := cutWords(strings.Repeat("word ", 20) + `"` + strings.Repeat("many words ", 40) + `"`)
	if len(q) > searchMost+1 || !strings.HasSuffix(q, `words"`) && !strings.HasSuffix(q, `many"`) {
		t.Errorf("it is %q", q)
	}
	if q := cutWords(strings.Repeat("ü", 400)); len(q) > searchMost || !strings.HasSuffix(q, "ü") {
		t.Errorf("it is %q", q)
	}
}
