package match

import (
	"testing"
	"time"
)

func rec(artist, title string, sec int) Recording {
	r := Recording{Title: title, Length: time.Duration(sec) * time.Second}
	if artist != "" {
		r.Artists = []string{artist}
	}
	return r
}

func TestOneRecordingIsKnownByItsNames(t *testing.T) {
	for _, c := range []struct {
		what       string
		want, have Recording
		grade      Grade
	}{
		{"letter by letter", rec("Queen", "Killer Queen", 0), rec("Queen", "Killer Queen", 180), Exact},
		{"nothing is wanted", Recording{}, rec("Queen", "Killer Queen", 180), None},
		{"case and accents", rec("bjork", "JOGA", 0), rec("Björk", "Jóga", 300), Normalised},
		{"remastered", rec("Queen", "Killer Queen - 2011 Remaster", 0), rec("Queen", "Killer Queen", 180), Normalised},
		{"guests in brackets", rec("Eminem feat. Rihanna", "Love (feat. Rihanna)", 0), rec("Eminem", "Love", 180), Normalised},
		{"the article", rec("Beatles", "Help!", 0), rec("The Beatles", "Help", 180), Normalised},
		{"live is another", rec("Queen", "Killer Queen", 0), rec("Queen", "Killer Queen (Live)", 180), None},
		{"slips with the length", rec("Led Zepelin", "Stairway to Heavn", 482), rec("Led Zeppelin", "Stairway to Heaven", 480), Fuzzy},
		{"slips without a length", rec("Led Zepelin", "Stairway to Heavn", 0), rec("Led Zeppelin", "Stairway to Heaven", 480), None},
		{"slips, four seconds away", rec("Led Zepelin", "Stairway to Heavn", 484), rec("Led Zeppelin", "Stairway to Heaven", 480), None},
		{"a title alone and the length", rec("", "Intro", 61), rec("Anyone", "Intro", 60), Exact},
		{"a title alone, another length", rec("", "Intro", 90), rec("Anyone", "Intro", 60), None},
		{"an artist alone and the length", rec("Queen", "", 180), rec("Queen", "Killer Queen", 181), Exact},
		{"an artist alone", rec("Queen", "", 0), rec("Queen", "Killer Queen", 181), None},
		{"another artist", rec("Abba", "Waterloo", 0), rec("Doris Day", "Waterloo", 160), None},
		{"no artist there", rec("Abba", "Waterloo", 0), rec("", "Waterloo", 160), None},
		{"one bracket that stays", rec("A", "(Everything) I Do", 0), rec("A", "everything i do", 1), Normalised},
		{"an open bracket", rec("A", "Song (feat", 0), rec("A", "Song", 1), None},
	} {
		if got := Compare(c.want, c.have); got != c.grade {
			t.Errorf("%s: grade %d, want %d", c.what, got, c.grade)
		}
	}
}

func TestTheAlbumDecidesBetweenEquals(t *testing.T) {
	want := Recording{Title: "Song", Artists: []string{"A"}, Album: "Two", Length: 100 * time.Second}
	list := []Recording{
		{Title: "Song", Artists: []string{"A"}, Album: "One", Length: 100 * time.Second},
		{Title: "Song", Artists: []string{"A"}, Album: "Two", Length: 160 * time.Second},
		{Title: "Song", Artists: []string{"A"}, Album: "Two", Length: 101 * time.Second},
	}
	if i, g := Best(want, list); i != 2 || g != Exact {
		t.Errorf("%d with grade %d", i, g)
	}
	if i, g := Best(want, list[:1]); i != 0 || g != Normalised {
		t.Errorf("on another album: %d with grade %d", i, g)
	}
	if i, _ := Best(want, nil); i != -1 {
		t.Errorf("of nothing: %d", i)
	}
}
