package query

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"segue/internal/music"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func aria() music.Track {
	return music.Track{
		Ref: music.Ref{Account: "home", Kind: music.KindTrack, ID: "1"}, Title: "Aria da capo", Artists: []string{"Wanda Landowska"},
		AlbumArtists: []string{"J. S. Bach"}, Album: "Goldberg Variations", Year: 1974, Genres: []string{"Baroque", "Harpsichord"},
		Duration: 5*time.Minute + time.Second, Plays: 7, Rating: 4, Starred: true, Added: now.Add(-10 * 24 * time.Hour),
	}
}

func TestAQueryFindsWhatItSays(t *testing.T) {
	for q, want := range map[string]bool{
		"":                      true,
		"aria":                  true,
		"ARI gold":              true, // starts of words, over several fields
		"ria":                   false,
		"bach aria":             true,
		`"da capo"`:             true,
		`"capo da"`:             false,
		"artist:bach":           true, // the album artist counts
		"~a landowska":          true,
		"~alandowska ~t:aria":   true,
		"title:goldberg":        false,
		"album:góldbérg":        true,
		"genre:harpsi":          true,
		"year:1974":             true,
		"year:1970-79":          true,
		"~y 70-79":              true,
		"year:1980..":           false,
		"year:..1974":           true,
		"year:<1974":            false,
		"time:>5m":              true,
		"time:5:01":             true,
		"time:<=300":            false,
		"time:4m-1h":            true,
		"plays:>5 rating:>=4":   true,
		"plays:<7":              false,
		"added:<30d":            true,
		"added:<1w":             false,
		"added:30d":             true,
		"played:>1y":            true, // never is long ago
		"starred":               true,
		"-starred":              false,
		"!title:goldberg aria":  true,
		"source:home":           true,
		"source:local":          false,
		"mozart | bach":         true,
		"(mozart | bach) sonat": false,
		"mozart | bach sonat":   false,
		"-(mozart | haydn)":     true,
		"artist:":               true, // still being typed
		"aria |":                true,
		"AC/DC: aria":           false,
	} {
		p, err := Parse(q)
		if err != nil {
			t.Errorf("%q: %v", q, err)
			continue
		}
		if got := p.MatchAt(aria(), now); got != want {
			t.Errorf("%q matched: %v, want %v (%#v)", q, got, want, p.Root)
		}
	}
}

func TestAMistakeIsMarkedWhereItIs(t *testing.T) {
	for q, want := range map[string]Error{
		"aria year:soon":  {Pos: 10, Len: 4},
		"artits:bach":     {Pos: 0, Len: 6},
		"bach time:>long": {Pos: 10, Len: 5},
		"rating:x":        {Pos: 7, Len: 1},
		"a (b | c":        {Pos: 2, Len: 1},
		"a ) b":           {Pos: 2, Len: 1},
		"a || | b":        {Pos: 2, Len: 1},
		"year:1980-1970":  {Pos: 5, Len: 9},
		"~q x":            {Pos: 0, Len: 2},
		"added:<soon":     {Pos: 6, Len: 5},
	} {
		p, err := Parse(q)
		var got *Error
		if !errors.As(err, &got) {
			t.Errorf("%q: no mistake found", q)
			continue
		}
		if got.Pos != want.Pos || got.Len != want.Len {
			t.Errorf("%q: mistake at %d, %d long (%s), want %d, %d", q, got.Pos, got.Len, got.Msg, want.Pos, want.Len)
		}
		if p == nil || p.Root == nil {
			t.Errorf("%q: the rest of the query is lost", q)
		}
	}
}

func TestAMistypedFieldNamesTheNearest(t *testing.T) {
	_, err := Parse("albun:x")
	if err == nil || err.Error() != "query: at 1: there is no field albun: did you mean album?" {
		t.Errorf("got %v", err)
	}
}

func TestWordsAreWhatMustBeThere(t *testing.T) {
	p, err := Parse(`"da capo" artist:bach -live year:1974`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Words(), []string{"da capo", "bach"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOrIsWeakerThanAnd(t *testing.T) {
	p, _ := Parse("a b | c")
	want := Or{Nodes: []Node{And{Nodes: []Node{Text{Value: "a"}, Text{Value: "b"}}}, Text{Value: "c"}}}
	if !reflect.DeepEqual(p.Root, want) {
		t.Errorf("got %#v", p.Root)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a b", `artist:"x`, "((((", "~y 70-79 | -(a|b)", "time:>1h30m", "year:..", "日本 語:x", "\xff:", "-", "!(", "a:b:c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s)
		if q == nil || q.Root == nil {
			t.Fatal("no query")
		}
		var e *Error
		if errors.As(err, &e) && (e.Pos < 0 || e.Pos > len(s)) {
			t.Fatalf("a mistake outside the text: %d of %d", e.Pos, len(s))
		}
		q.MatchAt(aria(), now)
	})
}
