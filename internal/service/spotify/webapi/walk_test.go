package webapi_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"segue/internal/service/spotify/webapi"
	"segue/internal/service/spotify/webapi/webapitest"
)

func TestAWalkAsksForNoMoreThanIsWanted(t *testing.T) {
	c, s, f := filled(t)
	n := 0
	for row, err := range webapi.Walk(t.Context(), func(ctx context.Context, w webapi.Window) (webapi.Page[webapi.PlaylistItem], error) {
		return c.PlaylistItems(ctx, f.Long, w)
	}) {
		ok(t, err)
		if row.Item.URI() == "" {
			t.Fatal("a row without a URI")
		}
		if n++; n == 51 {
			break
		}
	}
	equal(t, "calls for 51 of 120 rows", s.Count(""), 2)
}

func TestAWalkEndsWithAnErrorAndKeepsWhatCameBefore(t *testing.T) {
	boom := errors.New("boom")
	all, err := webapi.All(t.Context(), func(_ context.Context, w webapi.Window) (webapi.Page[int], error) {
		if w.Offset > 0 {
			return webapi.Page[int]{}, boom
		}
		return webapi.Page[int]{Items: []int{1, 2}, Next: 2, Total: 9}, nil
	})
	if !errors.Is(err, boom) || len(all) != 2 {
		t.Errorf("%v, %v", all, err)
	}
}

func TestAListThatDoesNotGoForwardEnds(t *testing.T) {
	all, err := webapi.All(t.Context(), func(context.Context, webapi.Window) (webapi.Page[int], error) {
		return webapi.Page[int]{Items: []int{1}, Next: 1, Total: 9}, nil
	})
	if err != nil || len(all) != 2 {
		t.Errorf("%v, %v", all, err)
	}
}

func TestAHundredFollowedArtistsAreWalkedThrough(t *testing.T) {
	c, s, _ := filled(t)
	var ids []string
	for i := range 100 {
		ids = append(ids, s.AddArtist(webapitest.Artist{Name: fmt.Sprint("Artist ", i)}))
	}
	s.Save(webapitest.Ada, webapitest.URIs("artist", ids...)...)
	seen := map[string]bool{}
	for a, err := range c.AllFollowing(t.Context()) {
		ok(t, err)
		seen[a.ID] = true
	}
	equal(t, "artists", len(seen), 104)
	equal(t, "calls", s.Count("GET /me/following"), 3)
	s.Fail(webapitest.JSON(404, "gone", ""))
	for _, err := range c.AllFollowing(t.Context()) {
		equal(t, "an error on the way", webapi.KindOf(err), webapi.NotFound)
	}
}

func TestTheNextPageIsNeverLookedForElsewhere(t *testing.T) {
	c, s, f := filled(t)
	// All pages of the stand-in name next.invalid as the place of the next one.
	tracks := must[[]webapi.Saved[webapi.Track]](t)(webapi.All(t.Context(), c.SavedTracks))
	equal(t, "tracks", len(tracks), len(f.Tracks))
	for _, call := range s.Calls() {
		if call.Query.Get("limit") != "50" {
			t.Errorf("asked for %s", call.Query.Encode())
		}
	}
}

func TestEveryKindOfErrorHasALineAndAFault(t *testing.T) {
	lines := map[string]webapi.Kind{}
	for k := webapi.Unreachable; k <= webapi.Cancelled; k++ {
		e := &webapi.Error{Kind: k, Status: 599, RetryAt: time.Date(2026, 11, 21, 23, 59, 58, 0, time.Local)}
		line := e.Bare()
		if other, twice := lines[line]; twice || line == "it failed" || line == "" {
			t.Errorf("kind %d says %q, as kind %d does", k, line, other)
		}
		lines[line] = k
		if k != webapi.RateLimited && strings.Contains(line, "too often") {
			t.Errorf("kind %d is not the rate limit", k)
		}
		if e.FaultKind() == 0 {
			t.Errorf("kind %d is no fault", k)
		}
		if !strings.HasSuffix(e.Error(), "again at 23:59:58") {
			t.Errorf("kind %d says %q", k, e.Error())
		}
	}
	equal(t, "the kind of another error", webapi.KindOf(errors.New("x")), 0)
}

func TestItemsThatAreNothingHaveNeitherURINorLength(t *testing.T) {
	var none webapi.Item
	episode := webapi.Item{Episode: &webapi.Episode{URI: "spotify:episode:x", Duration: time.Second}}
	if none.URI() != "" || none.Duration() != 0 || episode.URI() != "spotify:episode:x" || episode.Duration() != time.Second {
		t.Errorf("%q %s, %q %s", none.URI(), none.Duration(), episode.URI(), episode.Duration())
	}
}
