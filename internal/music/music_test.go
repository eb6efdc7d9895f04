package music

import (
	"encoding/json"
	"testing"
)

func TestAReferenceComesBackFromItsText(t *testing.T) {
	for _, r := range []Ref{
		{}, Queue, Section(Local, SectionAlbums),
		{"home", KindTrack, "a/b c:d%20\xff\n"}, {"x", "kind:of", ""}, {"", KindStream, "http://h/p?q=1#2"},
	} {
		got, err := ParseRef(r.String())
		if err != nil || got != r {
			t.Errorf("%q became %q (%v)", r, got, err)
		}
	}
}

func TestAReferenceIsAKeyInJSONAndTheZeroOneIsEmpty(t *testing.T) {
	in := map[Ref]Ref{{"home", KindAlbum, "1:2"}: {}, {}: {"home", KindTrack, "é"}}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	out := map[Ref]Ref{}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	for k, v := range in {
		if out[k] != v {
			t.Errorf("%q: %q, want %q", k, out[k], v)
		}
	}
}

func TestWhatIsNoReferenceIsRefused(t *testing.T) {
	for _, s := range []string{"", "segue", "segue:a", "segue:a:b", "spotify:track:1", "segue:%zz:b:c"} {
		if r, err := ParseRef(s); err == nil {
			t.Errorf("%q became %q", s, r)
		}
	}
}

func FuzzParseRef(f *testing.F) {
	f.Add("home", "track", "a:b%\x00")
	f.Add("", "", "")
	f.Fuzz(func(t *testing.T, account, kind, id string) {
		r := Ref{AccountID(account), Kind(kind), id}
		got, err := ParseRef(r.String())
		if err != nil || got != r {
			t.Fatalf("%q became %q: %v", r, got, err)
		}
		_, _ = ParseRef(id) // anything may be asked
	})
}

func TestArtistsStandAsOneText(t *testing.T) {
	for want, names := range map[string][]string{"": nil, "A": {"A"}, "A, B, C": {"A", "B", "C"}} {
		if got := (Track{Artists: names}).Artist(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := (Track{Artists: []string{"Solo"}}).AlbumArtist(); got != "Solo" {
		t.Errorf("without album artist: %q", got)
	}
}
