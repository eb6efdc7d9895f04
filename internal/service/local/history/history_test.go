package history

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
)

func ref(id string) music.Ref { return music.Ref{Account: music.Local, Kind: music.KindTrack, ID: id} }

func play(t *testing.T, h *History, id, title, artist string, at time.Time) {
	t.Helper()
	err := h.Add(t.Context(), Play{Track: music.Track{Ref: ref(id), Title: title, Artists: []string{artist}, Album: "A"}, Ident: int64(len(id)), Started: at, Counts: true})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAChartCountsRanksAndRemembersThePeriodBefore(t *testing.T) {
	h, err := Open(t.Context(), filepath.Join(t.TempDir(), "history.db"), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	play(t, h, "/a", "One", "X", now.Add(-9*day))
	play(t, h, "/a", "One", "X", now.Add(-2*day))
	play(t, h, "/b", "Two", "Y", now.Add(-1*day))
	play(t, h, "/b", "Two", "Y", now.Add(-3*day))
	play(t, h, "/copy of a\xff", "one", "x", now.Add(-time.Hour)) // another file of the same song
	rows, err := h.Chart(t.Context(), Tracks, now.Add(-7*day), now, 10)
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	if rows[0].Track.Title != "one" || rows[0].Plays != 2 || rows[0].Previous != 1 || rows[0].Track.Ref != ref("/copy of a\xff") {
		t.Errorf("first %+v", rows[0])
	}
	if rows[1].Track.Title != "Two" || rows[1].Previous != 0 || rows[1].Rank != 2 {
		t.Errorf("second %+v", rows[1])
	}
	all, err := h.Chart(t.Context(), Artists, time.Time{}, now, 10)
	if err != nil || len(all) != 2 || all[0].Plays != 3 {
		t.Errorf("all time %+v %v", all, err)
	}
	if _, err := h.Chart(t.Context(), "songs", time.Time{}, now, 10); err == nil {
		t.Error("a chart of nothing")
	}
}

func TestAMovedFileTakesItsPastAlong(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	h, err := Open(t.Context(), path, false)
	if err != nil {
		t.Fatal(err)
	}
	play(t, h, "/old", "One", "X", time.Unix(100, 0))
	play(t, h, "/new", "One", "X", time.Unix(200, 0))
	if err := h.Star(t.Context(), []music.Ref{ref("/old")}, nil, 77); err != nil {
		t.Fatal(err)
	}
	if err := h.Star(t.Context(), []music.Ref{ref("/old")}, nil, 99); err != nil {
		t.Fatal(err)
	}
	if err := h.Move(t.Context(), ref("/old"), ref("/new")); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if h, err = Open(t.Context(), path, false); err != nil {
		t.Fatal(err)
	}
	of, err := h.Of(t.Context(), []music.Ref{ref("/old"), ref("/new")})
	if err != nil || len(of) != 1 {
		t.Fatal(of, err)
	}
	if m := of[ref("/new")]; m.Plays != 2 || m.Last != 200 || m.Star != 77 {
		t.Errorf("%+v", m)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAHistoryThatCannotBeReadIsToldApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no", 5000)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, false); !errors.Is(err, ErrUnreadable) {
		t.Errorf("%v", err)
	}
}
