package index

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"segue/internal/match"
	"segue/internal/query"
)

// Scope says where words without a field are looked for.
type Scope int

// The scopes. Other terms of a query always ask the tracks.
const (
	ScopeAll    Scope = iota // title, artists and album
	ScopeTitle               // only the title
	ScopeAlbum               // the album's title and its artists
	ScopeArtist              // artists only
)

func (s Scope) fields() []byte {
	switch s {
	case ScopeTitle:
		return []byte{fieldTitle}
	case ScopeAlbum:
		return []byte{fieldAlbum, fieldArtist}
	case ScopeArtist:
		return []byte{fieldArtist}
	case ScopeAll:
	}
	return []byte{fieldTitle, fieldArtist, fieldAlbum}
}

// Found is what a query finds.
type Found struct {
	Set Set
	// Meant is what was looked for instead of words that nothing has, as pairs "typed,
	// found"; empty where everything was found as it was typed.
	Meant []string
}

// Find runs a query. Where nothing is found as typed, slips in words are forgiven.
func (d *DB) Find(ctx context.Context, v View, q *query.Query, scope Scope, now time.Time) (Found, error) {
	f := finder{d: d, v: v, scope: scope, now: now}
	set, err := f.eval(ctx, q.Root, v.alive)
	if err != nil {
		return Found{}, err
	}
	if set.Len() > 0 || !slices.ContainsFunc(words(q.Root), func(w string) bool { return match.Slips(len(w)) > 0 }) {
		return Found{Set: set}, nil
	}
	f.forgive = true
	again, err := f.eval(ctx, q.Root, v.alive)
	if err != nil || again.Len() == 0 {
		return Found{Set: set}, err
	}
	return Found{Set: again, Meant: f.meant}, nil
}

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

// finder evaluates one query.
type finder struct {
	d       *DB
	v       View
	scope   Scope
	now     time.Time
	forgive bool
	meant   []string
}

// eval gives the tracks of within that a node holds for, as a set of its own.
func (f *finder) eval(ctx context.Context, n query.Node, within Set) (Set, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("index: search: %w", err)
	}
	switch n := n.(type) {
	case query.And:
		set := within.clone()
		for _, x := range n.Nodes {
			next, err := f.eval(ctx, x, set)
			if err != nil {
				return nil, err
			}
			set = next
		}
		return set, nil
	case query.Or:
		set := f.v.None()
		for _, x := range n.Nodes {
			one, err := f.eval(ctx, x, within)
			if err != nil {
				return nil, err
			}
			set.or(one)
		}
		return set, nil
	case query.Not:
		strict := *f
		strict.forgive = false
		one, err := strict.eval(ctx, n.Node, within)
		if err != nil {
			return nil, err
		}
		set := within.clone()
		set.andNot(one)
		return set, nil
	case query.Text:
		return f.text(ctx, n, within)
	case query.Number:
		return f.number(ctx, n, within)
	case query.Starred:
		set := f.v.None()
		err := f.d.marks(ctx, func(id uint32, m Mark) {
			if m.Star > 0 {
				set.add(id)
			}
		})
		set.and(within)
		return set, err
	}
	return f.v.None(), nil
}

// number answers from the columns, or from the marks, where most tracks have none.
func (f *finder) number(ctx context.Context, n query.Number, within Set) (Set, error) {
	in := func(x float64) bool { return n.Low <= x && x <= n.High }
	set := f.v.None()
	var c column
	value := func(x uint32) float64 { return float64(x) }
	switch n.Field {
	case query.Year:
		c = columnYear
	case query.Time:
		c, value = columnDuration, func(x uint32) float64 { return float64(x) / 1000 }
	case query.Added:
		c, value = columnAdded, func(x uint32) float64 { return float64(f.now.Unix() - int64(x)) }
	case query.Plays, query.Rating, query.Played:
		return f.marked(ctx, n.Field, in, within)
	case query.Any, query.Artist, query.Album, query.Title, query.Genre, query.Source:
		return set, nil
	}
	narrow := f.v
	narrow.alive = within // what is found is among the living
	err := f.d.eachValue(ctx, narrow, c, func(id, x uint32) {
		if in(value(x)) {
			set.add(id)
		}
	})
	return set, err
}

func (f *finder) marked(ctx context.Context, field query.Field, in func(float64) bool, within Set) (Set, error) {
	none := 0.0
	if field == query.Played {
		none = math.Inf(1)
	}
	set := f.v.None()
	if in(none) {
		set = within.clone()
	}
	err := f.d.marks(ctx, func(id uint32, m Mark) {
		x := none
		switch {
		case field == query.Plays:
			x = float64(m.Plays)
		case field == query.Rating:
			x = float64(m.Rating)
		case m.Last > 0:
			x = float64(f.now.Unix() - m.Last)
		}
		if in(x) {
			set.add(id)
		} else {
			set.drop(id)
		}
	})
	set.and(within)
	return set, err
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

// DurationOf sums up the tracks of a set (nil: all), in milliseconds.
func (d *DB) DurationOf(ctx context.Context, v View, set Set) (int64, error) {
	d.mu.Lock()
	total, gen := d.total, d.totalGen
	d.mu.Unlock()
	if set == nil && gen == v.gen {
		return total, nil
	}
	sum := int64(0)
	err := d.eachValue(ctx, v, columnDuration, func(id, x uint32) {
		if set == nil || set.Has(id) {
			sum += int64(x)
		}
	})
	if set == nil && err == nil {
		d.mu.Lock()
		d.total, d.totalGen = sum, v.gen
		d.mu.Unlock()
	}
	return sum, err
}

// And keeps in s what is also in o.
func (s Set) And(o Set) { s.and(o) }

// AndNot takes what is in o out of s.
func (s Set) AndNot(o Set) { s.andNot(o) }

// Drop takes i out.
func (s Set) Drop(i uint32) { s.drop(i) }

// Paths gives the paths of tracks, in their order; those that are gone are left out.
func (d *DB) Paths(ctx context.Context, ids []uint32) ([]string, error) {
	const atOnce = 5000
	paths := make([]string, 0, len(ids))
	found := make(map[uint32]string, min(atOnce, len(ids)))
	for from := 0; from < len(ids); from += atOnce {
		part := ids[from:min(from+atOnce, len(ids))]
		clear(found)
		err := each(ctx, d.db, `SELECT t.id, d.path, t.name FROM track t JOIN dir d ON d.id = t.dir WHERE t.id IN (`+idList(part)+`)`, func(scan func(...any) error) error {
			var id uint32
			var dir, name []byte
			err := scan(&id, &dir, &name)
			found[id] = Join(string(dir), string(name))
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("index: read paths: %w", kindOf(err))
		}
		for _, id := range part {
			if p, ok := found[id]; ok {
				paths = append(paths, p)
			}
		}
	}
	return paths, nil
}

// OwnTracks gives the tracks of the albums that are by an artist.
func (d *DB) OwnTracks(ctx context.Context, v View, artist string) (Set, error) {
	set := v.None()
	ids, err := d.ArtistAlbums(ctx, artist)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		tracks, err := d.AlbumTracks(ctx, v, id)
		if err != nil {
			return nil, err
		}
		for _, t := range tracks {
			set.add(t)
		}
	}
	return set, nil
}
