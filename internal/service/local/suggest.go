package local

import (
	"context"
	"strings"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/query"
	"segue/internal/service/local/index"
	"segue/session"
)

// Suggest completes a query: the names of artists, albums and tracks in which words
// begin with what was typed.
func (s *Service) Suggest(ctx context.Context, text string, limit int) ([]string, error) {
	if strings.TrimSpace(text) == "" || limit <= 0 {
		return nil, nil
	}
	var texts []string
	seen := map[string]bool{}
	for _, kind := range [...]string{session.TypeArtists, session.TypeAlbums, session.TypeTracks} {
		page, err := s.Children(ctx, music.Ask{Of: section(music.SectionSearch + "/" + kind), Filter: text, Limit: limit})
		if err != nil {
			return texts, err
		}
		share := (limit + 1) / 2 // so that artists leave room for the rest
		for _, it := range page.Items {
			name := it.ItemName()
			if key := match.Fold(name); seen[key] || !match.Contains(name, text) || kind != session.TypeTracks && share == 0 {
				continue
			} else {
				seen[key] = true
			}
			texts = append(texts, name)
			share--
		}
	}
	return texts[:min(len(texts), limit)], nil
}

// DidYouMean gives a query whose words the library has, where it has none of the one
// that was typed; "" where it does, or nothing is near it.
func (s *Service) DidYouMean(ctx context.Context, text string) (string, error) {
	q, err := query.Parse(text)
	if err != nil {
		return "", nil //nolint:nilerr // the search says what is wrong with it
	}
	db, v, err := s.open(ctx)
	if err != nil {
		return "", fault(session.OtherTransient, "search for "+index.Clean(text), err, "")
	}
	f, err := db.Find(ctx, v, q, index.ScopeAll, s.cfg.Now())
	if err != nil {
		return "", fault(session.OtherTransient, "search for "+index.Clean(text), err, "")
	}
	return replaced(text, f.Meant), nil
}

// replaced puts the words that were found in place of those that were typed: pairs
// "typed, found", the typed ones folded.
func replaced(text string, meant []string) string {
	if len(meant) == 0 {
		return ""
	}
	words := strings.Fields(text)
	for i, w := range words {
		head, last := "", w
		if j := strings.LastIndexAny(w, ":~("); j >= 0 {
			head, last = w[:j+1], w[j+1:]
		}
		for k := 0; k+1 < len(meant); k += 2 {
			if match.Fold(last) == meant[k] {
				words[i] = head + meant[k+1]
			}
		}
	}
	return strings.Join(words, " ")
}
