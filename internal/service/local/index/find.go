package index

import (
	"context"
	"fmt"
	"math"
	"slices"
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

// FindTyped runs a query as it is typed: slips are not forgiven, which costs a look at
// every word of the library.
func (d *DB) FindTyped(ctx context.Context, v View, q *query.Query, now time.Time) (Set, error) {
	f := finder{d: d, v: v, scope: ScopeAll, now: now}
	return f.eval(ctx, q.Root, v.alive)
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
