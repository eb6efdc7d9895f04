package spotify

import (
	"context"
	"slices"
	"strings"

	"segue/internal/match"
	"segue/internal/service/spotify/webapi"
	"segue/internal/service/store"
)

const (
	suggestThrough = 20_000 // remembered tracks that are looked through
	suggestFrom    = 3      // letters, before Spotify is asked
)

// Suggest completes what is typed: from what was seen before, which costs nothing, and
// where that gives too few from the first page of a search, which then is there at once.
func (s *Service) Suggest(ctx context.Context, text string, limit int) ([]string, error) {
	text = strings.TrimSpace(text)
	if text == "" || limit <= 0 {
		return nil, nil
	}
	var texts []string
	seen := map[string]bool{}
	add := func(name string) {
		if low := match.Fold(name); name != "" && !seen[low] && len(texts) < limit {
			seen[low] = true
			texts = append(texts, name)
		}
	}
	names, err := s.seenNames(ctx, text)
	if err != nil {
		return nil, s.fault("suggest", err)
	}
	for _, n := range names {
		add(n)
	}
	if len(texts) >= limit || len([]rune(text)) < suggestFrom || !s.allowed() {
		return texts, nil
	}
	l := &look{Service: s}
	f, err := inquire(ctx, l, worksFor, func(ctx context.Context) (webapi.Found, error) {
		return s.api.Search(ctx, cutWords(strings.ReplaceAll(text, `"`, " ")), together, webapi.Window{Limit: mostFound})
	})
	if err != nil {
		if len(texts) > 0 && passes(err) {
			return texts, nil // better than nothing
		}
		return nil, s.fault("suggest", err)
	}
	for _, a := range f.Artists.Items {
		add(a.Name)
	}
	for _, a := range f.Albums.Items {
		add(a.Name)
	}
	for _, t := range f.Tracks.Items {
		add(t.Name)
	}
	return texts, nil
}

// seenNames are names of what was seen before that begin with what is typed, or have a
// word that does; the shortest first.
func (s *Service) seenNames(ctx context.Context, text string) ([]string, error) {
	db, err := s.store(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	look := func(name string) {
		if low := match.Fold(name); name != "" && found[low] == "" && match.Contains(name, text) {
			found[low] = name
		}
	}
	err = db.EachSong(ctx, suggestThrough, func(x store.Song) {
		for _, a := range x.Track.Artists {
			look(a)
		}
		look(x.Track.Album)
		look(x.Track.Title)
	})
	if err != nil {
		return nil, err
	}
	s.seen.Lock()
	for _, p := range s.seen.lists {
		look(p.Name)
	}
	s.seen.Unlock()
	names := make([]string, 0, len(found))
	for _, n := range found {
		names = append(names, n)
	}
	begins := func(n string) bool { return strings.HasPrefix(match.Fold(n), match.Fold(text)) }
	slices.SortFunc(names, func(a, b string) int {
		if x, y := begins(a), begins(b); x != y {
			if x {
				return -1
			}
			return 1
		}
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return names, nil
}
