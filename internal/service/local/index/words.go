package index

import (
	"context"
	"slices"
	"strings"

	"segue/internal/match"
	"segue/internal/query"
)

// words are the words of a tree that are looked for.
func words(n query.Node) []string {
	switch n := n.(type) {
	case query.And:
		return wordsOf(n.Nodes)
	case query.Or:
		return wordsOf(n.Nodes)
	case query.Text:
		var list []string
		for _, w := range match.QueryWords(n.Value) {
			list = append(list, w.Text)
		}
		return list
	case query.Not, query.Number, query.Starred:
	}
	return nil
}

func wordsOf(nodes []query.Node) []string {
	var list []string
	for _, n := range nodes {
		list = append(list, words(n)...)
	}
	return list
}

// text looks for words, each in any of the fields.
func (f *finder) text(ctx context.Context, t query.Text, within Set) (Set, error) {
	fields := f.scope.fields()
	switch t.Field {
	case query.Artist:
		fields = []byte{fieldArtist}
	case query.Album:
		fields = []byte{fieldAlbum}
	case query.Title:
		fields = []byte{fieldTitle}
	case query.Genre:
		fields = []byte{fieldGenre}
	case query.Source:
		if strings.EqualFold(t.Value, "local") {
			return within.clone(), nil
		}
		return f.v.None(), nil
	case query.Any, query.Year, query.Time, query.Plays, query.Rating, query.Added, query.Played:
	}
	set := within.clone()
	for _, w := range match.QueryWords(t.Value) {
		found := f.v.None()
		if err := f.d.lookup(ctx, f.v, fields, w.Text, w.Whole || t.Phrase, found); err != nil {
			return nil, err
		}
		found.and(set)
		if f.forgive && !w.Whole && !t.Phrase && found.Len() == 0 {
			if err := f.near(ctx, fields, w.Text, set, found); err != nil {
				return nil, err
			}
		}
		set = found
	}
	if t.Phrase {
		return f.phrase(ctx, t, fields, set)
	}
	return set, nil
}

// phraseLimit is for how many tracks it is checked that words stand side by side.
const phraseLimit = 20_000

func (f *finder) phrase(ctx context.Context, t query.Text, fields []byte, set Set) (Set, error) {
	needle := " " + match.Fold(t.Value) + " "
	if strings.Count(needle, " ") < 3 || set.Len() > phraseLimit {
		return set, nil
	}
	var ids []uint32
	for id := range set.Each {
		ids = append(ids, id)
	}
	entries, err := f.d.Entries(ctx, ids)
	if err != nil {
		return nil, err
	}
	kept := f.v.None()
	for _, e := range entries {
		for _, s := range e.texts(fields) {
			if strings.Contains(" "+match.Fold(s)+" ", needle) {
				kept.add(e.ID)
				break
			}
		}
	}
	return kept, nil
}

// texts are what an entry has in the fields.
func (m *Meta) texts(fields []byte) []string {
	var list []string
	for _, f := range fields {
		switch f {
		case fieldTitle:
			list = append(list, m.Title)
		case fieldAlbum:
			list = append(list, m.Album)
		case fieldArtist:
			list = append(list, strings.Join(m.Artists, ", "), strings.Join(m.AlbumArtists, ", "))
		case fieldGenre:
			list = append(list, m.Genres...)
		}
	}
	return list
}

// near puts into found the tracks of within that have a word close to the one typed.
// Of all such words the closest count. Numbers are never slips.
func (f *finder) near(ctx context.Context, fields []byte, word string, within, found Set) error {
	limit := match.Slips(len([]rune(word)))
	if limit == 0 || word[0] >= '0' && word[0] <= '9' {
		return nil
	}
	best, most, bestWord := limit+1, 0, ""
	one := f.v.None()
	ranges := make([]termRange, len(fields))
	for i, field := range fields {
		// Numbers stand before letters, and there are very many of them.
		ranges[i] = termRange{string(field), string(field) + string(rune('9'+1))}
	}
	err := f.d.eachTerm(ctx, f.v, ranges, func(lo uint32, term, list []byte) {
		t := string(term[1:])
		if len(t)+2*limit < len(word) {
			return
		}
		n := slip(word, t, limit)
		if n > best || n > limit {
			return
		}
		clear(one)
		eachID(list, lo, one.add)
		one.and(within)
		count := one.Len()
		switch {
		case count == 0:
			return
		case n < best:
			best, most = n, 0
			clear(found)
		}
		found.or(one)
		if count > most {
			most, bestWord = count, t
		}
	})
	if err != nil {
		return err
	}
	if bestWord != "" && !slices.Contains(f.meant, bestWord) {
		f.meant = append(f.meant, word, bestWord)
	}
	return nil
}

// slip is the distance between what was typed and a term, or the term's beginning
// where the word may not be finished.
func slip(word, term string, limit int) int {
	n := match.Distance(word, term, limit)
	if len(term) > len(word) && n > 1 {
		runes := []rune(term)
		typed := len([]rune(word))
		for cut := typed - 1; cut <= typed+1 && cut < len(runes); cut++ {
			if cut > 3 {
				n = min(n, match.Distance(word, string(runes[:cut]), 1))
			}
		}
	}
	return n
}
