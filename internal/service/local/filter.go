package local

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/query"
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

// matches asks a row in memory. A filter with a mistake keeps nothing back: the page
// that it belongs to has already said so.
func matches(filter string, it music.Item) bool {
	if filter == "" {
		return true
	}
	q, err := query.Parse(filter)
	if err != nil {
		return match.Contains(it.ItemName(), filter)
	}
	switch it := it.(type) {
	case music.Track:
		return q.Match(it)
	case music.Album:
		return q.Match(music.Track{Ref: it.Ref, Album: it.Title, Artists: it.Artists, Genres: it.Genres, Year: it.Year, Duration: it.Duration,
			Starred: it.Starred, Rating: it.Rating, Plays: it.Plays, Added: it.Added})
	case music.Artist:
		return q.Match(music.Track{Ref: it.Ref, Artists: []string{it.Name}, Starred: it.Starred, Plays: it.Plays})
	case music.Playlist:
		return q.Match(music.Track{Ref: it.Ref, Title: it.Name, Duration: it.Duration})
	case music.Folder:
		return q.Match(music.Track{Ref: it.Ref, Title: it.Name})
	case music.Chart:
		return matches(filter, it.Item)
	}
	return true
}

// sortItems brings rows in memory into an order; the default is theirs already.
func sortItems(items []music.Item, sort music.Sort) {
	if sort == music.SortDefault {
		return
	}
	slices.SortStableFunc(items, func(a, b music.Item) int {
		if c := cmp.Compare(sortRank(a), sortRank(b)); c != 0 {
			return c
		}
		x, y := sortTrack(a), sortTrack(b)
		switch sort {
		case music.SortArtist:
			return cmp.Compare(match.SortKey(x.AlbumArtist()), match.SortKey(y.AlbumArtist()))
		case music.SortAlbum:
			return cmp.Compare(match.SortKey(x.Album), match.SortKey(y.Album))
		case music.SortYear:
			return cmp.Compare(x.Year, y.Year)
		case music.SortAdded:
			return y.Added.Compare(x.Added)
		case music.SortPlays:
			return cmp.Compare(y.Plays, x.Plays)
		case music.SortPlayed:
			return y.LastPlayed.Compare(x.LastPlayed)
		case music.SortRating:
			return cmp.Compare(y.Rating, x.Rating)
		case music.SortDuration:
			return cmp.Compare(x.Duration, y.Duration)
		case music.SortPath:
			return cmp.Compare(x.Path, y.Path)
		case music.SortDefault, music.SortTitle:
		}
		return cmp.Compare(match.SortKey(a.ItemName()), match.SortKey(b.ItemName()))
	})
}

// sortRank keeps folders before playlists before what plays.
func sortRank(it music.Item) int {
	switch it.(type) {
	case music.Folder:
		return 0
	case music.Playlist:
		return 1
	}
	return 2
}

func sortTrack(it music.Item) music.Track {
	switch it := it.(type) {
	case music.Track:
		return it
	case music.Album:
		return music.Track{Title: it.Title, Album: it.Title, Artists: it.Artists, Year: it.Year, Added: it.Added, Plays: it.Plays, Rating: it.Rating, Duration: it.Duration}
	}
	return music.Track{Title: it.ItemName()}
}
