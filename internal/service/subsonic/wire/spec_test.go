package wire_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"segue/internal/need"
	"segue/internal/service/subsonic/wire"
)

// TestWhatWeWroteIsWhatTheSpecificationSays: the answers of testdata/spec.jsonl, beside
// which nothing real was saved, are none that no server would give.
func TestWhatWeWroteIsWhatTheSpecificationSays(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromFile(need.Shared(t, "specs/opensubsonic.json"))
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for name, s := range samples(t, "spec") {
		method, _, _ := strings.Cut(name, "-")
		item := doc.Paths.Value("/rest/" + method)
		if item == nil {
			if method != "noSuchEndpoint" {
				t.Errorf("%s: the specification has no such method", name)
			}
			continue
		}
		var body any
		if err := json.Unmarshal([]byte(s.Body), &body); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		media := item.Get.Responses.Value("200").Value.Content.Get("application/json")
		if err := media.Schema.Value.VisitJSON(body); err != nil {
			t.Errorf("%s: %.600s", name, err)
		}
		checked++
	}
	if checked < 15 {
		t.Errorf("%d were checked", checked)
	}
}

func TestPodcastsBookmarksRadioAndListenersAreReadWhole(t *testing.T) {
	all := samples(t, "spec")
	channels := read(t, all["getPodcasts"]).Podcasts.Value.Channels
	if len(channels) != 2 || channels[0].Title != "The Daily Test" || channels[1].Why != "the feed could not be read" {
		t.Errorf("channels: %+v", channels)
	}
	episodes := read(t, all["getPodcasts-episodes"]).Podcasts.Value.Channels[0].Episodes
	if len(episodes) != 6 || episodes[0].StreamID != "st-1" || episodes[0].Status != "completed" || episodes[1].StreamID != "" || episodes[0].PublishDate.Day() != 1 {
		t.Errorf("episodes: %+v", episodes)
	}
	marks := read(t, all["getBookmarks"]).Bookmarks.Value.Bookmarks
	if len(marks) != 2 || marks[1].Position != wire.Int((time.Hour+2*time.Minute+3*time.Second).Milliseconds()) || marks[0].Entry.Value.ID != "so-1" {
		t.Errorf("bookmarks: %+v", marks)
	}
	if st := read(t, all["getInternetRadioStations"]).Stations.Value.Stations; len(st) != 3 || st[0].Name != "Radio One" || st[1].StreamURL != "https://127.0.0.1:9/two.ogg" {
		t.Errorf("stations: %+v", st)
	}
	if np := read(t, all["getNowPlaying"]).NowPlaying.Value.Entries; len(np) != 2 || np[0].Username != "bob" || np[1].MinutesAgo != 7 {
		t.Errorf("listeners: %+v", np)
	}
	song := read(t, all["getSong"]).Song.Value
	if song.Duration != 180 || song.ReplayGain.Value.TrackGain.Value != -6.5 || len(song.Artists) != 1 || song.Starred.IsZero() || song.Rating != 4 {
		t.Errorf("song: %+v", song)
	}
}
