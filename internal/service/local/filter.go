package local

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/query"
	"segue/internal/rows"
	"segue/internal/service/local/index"
	"segue/session"
)

// parse reads a filter; a mistake is a Fault that carries the query.Error.
func parse(filter string) (*query.Query, error) {
	q, err := query.Parse(filter)
	if err != nil {
		return nil, &session.Fault{Kind: session.InvalidArgument, Account: music.Local, Op: "search for " + index.Clean(filter), Err: err}
	}
	return q, nil
}

// find runs a filter over the index; note says what was understood instead of slips.
func (s *Service) find(ctx context.Context, db *index.DB, v index.View, filter string, scope index.Scope) (index.Set, string, error) {
	q, err := parse(filter)
	if err != nil {
		return nil, "", err
	}
	f, err := db.Find(ctx, v, q, scope, s.cfg.Now())
	if err != nil {
		return nil, "", err
	}
	return f.Set, meant(f.Meant), nil
}

// meant is the note for slips: pairs of what was typed and what was looked for.
func meant(pairs []string) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, fmt.Sprintf("%s for %s", pairs[i+1], pairs[i]))
	}
	if len(parts) == 0 {
		return ""
	}
	return "nothing has it as typed: this is " + strings.Join(parts, ", ")
}

// artistFilter tells which artists a filter keeps: words are looked for in the name,
// and a query of more is asked of the tracks.
func (s *Service) artistFilter(ctx context.Context, db *index.DB, v index.View, filter string) (func(index.Artist) bool, error) {
	q, err := parse(filter)
	if err != nil {
		return nil, err
	}
	if words, ok := plainWords(q.Root); ok {
		return func(a index.Artist) bool { return hasWords(a.Key, words) }, nil
	}
	if onlyWords(q.Root) {
		return func(a index.Artist) bool {
			return q.Match(music.Track{Ref: music.Ref{Account: music.Local}, Artists: []string{a.Name}})
		}, nil
	}
	f, err := db.Find(ctx, v, q, index.ScopeArtist, s.cfg.Now())
	if err != nil {
		return nil, err
	}
	keys, err := db.ArtistsOf(ctx, v, f.Set)
	return func(a index.Artist) bool { return keys[a.Key] }, err
}

// plainWords are the words of a query that asks for nothing but words, all of them.
func plainWords(n query.Node) ([]match.Word, bool) {
	nodes := []query.Node{n}
	if a, ok := n.(query.And); ok {
		nodes = a.Nodes
	}
	var words []match.Word
	for _, n := range nodes {
		t, ok := n.(query.Text)
		if !ok || t.Phrase || t.Field != query.Any && t.Field != query.Artist {
			return nil, false
		}
		words = append(words, match.QueryWords(t.Value)...)
	}
	return words, true
}

// hasWords reports whether a folded name has all the words.
func hasWords(key string, words []match.Word) bool {
	for _, w := range words {
		switch {
		case w.Whole && strings.Contains(key, w.Text), strings.HasPrefix(key, w.Text), strings.Contains(key, " "+w.Text):
		default:
			return false
		}
	}
	return true
}

// onlyWords reports whether a name alone can answer.
func onlyWords(n query.Node) bool {
	switch n := n.(type) {
	case query.And:
		return !slices.ContainsFunc(n.Nodes, func(x query.Node) bool { return !onlyWords(x) })
	case query.Or:
		return !slices.ContainsFunc(n.Nodes, func(x query.Node) bool { return !onlyWords(x) })
	case query.Not:
		return onlyWords(n.Node)
	case query.Text:
		return n.Field == query.Any || n.Field == query.Artist || n.Field == query.Source
	case query.Number, query.Starred:
	}
	return false
}

// matches asks a row in memory.
func matches(filter string, it music.Item) bool { return rows.Match(filter, it) }

// sortItems brings rows in memory into an order.
func sortItems(items []music.Item, sort music.Sort) { rows.Sort(items, sort) }
