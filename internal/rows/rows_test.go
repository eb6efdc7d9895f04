package rows

import (
	"reflect"
	"testing"
	"time"

	"segue/internal/music"
)

func list() []music.Item {
	return []music.Item{
		music.Track{Title: "Aria", Artists: []string{"Bach"}, Year: 1741, Rating: 5, Duration: 2 * time.Minute},
		music.Track{Title: "Gymnopédie", Artists: []string{"Satie"}, Year: 1888, Starred: true, Duration: 3 * time.Minute},
		music.Album{Title: "Goldberg", Artists: []string{"Bach"}, Year: 1741},
		music.Artist{Name: "Bach"},
		music.Folder{Name: "Albums of Bach"},
	}
}

func names(items []music.Item) []string {
	out := []string{}
	for _, it := range items {
		out = append(out, it.ItemName())
	}
	return out
}

func TestAFilterKeepsTheRowsItAsksFor(t *testing.T) {
	for filter, want := range map[string][]string{
		"":               {"Aria", "Gymnopédie", "Goldberg", "Bach", "Albums of Bach"},
		"gymnop":         {"Gymnopédie"},
		"bach":           {"Aria", "Goldberg", "Bach", "Albums of Bach"},
		"artist:satie":   {"Gymnopédie"},
		"starred":        {"Gymnopédie"},
		"year:1700-1799": {"Aria", "Goldberg"},
		"nobody":         {},
	} {
		if got := names(Filter(list(), filter)); !reflect.DeepEqual(got, want) {
			t.Errorf("%q keeps %q, want %q", filter, got, want)
		}
	}
}

func TestSortingLeavesEqualsAsTheyStood(t *testing.T) {
	items := list()[:2]
	for by, want := range map[music.Sort][]string{
		music.SortRating: {"Aria", "Gymnopédie"}, music.SortArtist: {"Aria", "Gymnopédie"}, music.SortTitle: {"Aria", "Gymnopédie"},
	} {
		items[0], items[1] = items[1], items[0]
		if Sort(items, by); !reflect.DeepEqual(names(items), want) {
			t.Errorf("by %s: %q", by, names(items))
		}
	}
	same := []music.Item{music.Track{Title: "One", Year: 2000}, music.Track{Title: "Two", Year: 2000}}
	Sort(same, music.SortYear)
	if got := names(same); !reflect.DeepEqual(got, []string{"One", "Two"}) {
		t.Errorf("equals were moved: %q", got)
	}
}

func TestACutSaysHowManyRowsThereAreInAll(t *testing.T) {
	for name, c := range map[string]struct {
		ask  music.Ask
		want []string
	}{
		"the first two":  {music.Ask{Limit: 2}, []string{"Aria", "Gymnopédie"}},
		"from the third": {music.Ask{Offset: 2, Limit: 2}, []string{"Goldberg", "Bach"}},
		"beyond the end": {music.Ask{Offset: 9, Limit: 2}, []string{}},
	} {
		p := Cut(music.Page{}, list(), c.ask)
		if got := names(p.Items); !reflect.DeepEqual(got, c.want) || p.Total != 5 {
			t.Errorf("%s: %q of %d", name, got, p.Total)
		}
	}
	if Limit(music.Ask{}) != Most || Limit(music.Ask{Limit: 1 << 20}) != Most || Limit(music.Ask{Limit: 7}) != 7 {
		t.Error("the limits are others")
	}
}
