package index

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"sort"
)

// blockRef is where a block is: its row and its first term. Those of all segments are
// kept in memory, about one for 300 tracks.
type blockRef struct {
	id    int64
	first string
}

// termRange is a run of terms: those that begin with prefix, from one on.
type termRange struct {
	prefix, from string
}

// in gives the blocks that may hold terms of a range.
func (g *segment) in(r termRange) []blockRef {
	beyond := r.prefix + "\xff\xff\xff\xff\xff\xff\xff\xff\xff"
	i := sort.Search(len(g.blocks), func(i int) bool { return g.blocks[i].first > r.from })
	j := sort.Search(len(g.blocks), func(j int) bool { return g.blocks[j].first >= beyond })
	return g.blocks[max(i-1, 0):max(j, i-1, 0)]
}

// eachTerm gives the terms of ranges in all segments, with the number at which their
// segment begins; those of one segment and range come in order. term and list are good
// until yield returns.
func (d *DB) eachTerm(ctx context.Context, v View, ranges []termRange, yield func(lo uint32, term, list []byte)) error {
	type want struct {
		lo uint32
		r  termRange
	}
	const atOnce = 400
	wanted := map[int64][]want{}
	var ids []int64
	flush := func() error {
		if len(ids) == 0 {
			return nil
		}
		var data, term, list []byte
		err := each(ctx, d.db, `SELECT id, data FROM block WHERE id IN (`+idList(ids)+`) ORDER BY id`, func(scan func(...any) error) error {
			var id int64
			if err := scan(&id, &data); err != nil {
				return err
			}
			for _, x := range wanted[id] {
				if !eachIn(data, x.r, &term, &list, func() { yield(x.lo, term, list) }) {
					return ErrDamaged
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("index: search: %w", kindOf(err))
		}
		clear(wanted)
		ids = ids[:0]
		return nil
	}
	for i := range v.segments {
		g := &v.segments[i]
		for _, r := range ranges {
			for _, b := range g.in(r) {
				if wanted[b.id] == nil {
					ids = append(ids, b.id)
				}
				wanted[b.id] = append(wanted[b.id], want{g.lo, r})
				if len(ids) == atOnce {
					if err := flush(); err != nil {
						return err
					}
				}
			}
		}
	}
	return flush()
}

// eachIn gives the terms of a block that are in a range; it reports false for a
// damaged block.
func eachIn(data []byte, r termRange, term, list *[]byte, yield func()) bool {
	*term = (*term)[:0]
	for len(data) > 0 {
		if !nextTerm(&data, term, list) {
			return false
		}
		switch t := *term; {
		case len(t) >= len(r.prefix) && string(t[:len(r.prefix)]) == r.prefix:
			if string(t) >= r.from {
				yield()
			}
		case string(t) > r.prefix:
			return true
		}
	}
	return true
}

// lookup puts into set the tracks that have a term in one of the fields: exactly it,
// or one that begins with it.
func (d *DB) lookup(ctx context.Context, v View, fields []byte, text string, whole bool, set Set) error {
	ranges := make([]termRange, len(fields))
	size := 0
	for i, f := range fields {
		key := string(f) + text
		key = key[:min(len(key), longestTerm)]
		ranges[i] = termRange{key, key}
		size = len(key)
	}
	return d.eachTerm(ctx, v, ranges, func(lo uint32, term, list []byte) {
		if !whole || len(term) == size {
			eachID(list, lo, set.add)
		}
	})
}

// eachValue gives every living track with its value in a column.
func (d *DB) eachValue(ctx context.Context, v View, c column, yield func(id, value uint32)) error {
	for _, g := range v.segments {
		err := d.often(ctx, `SELECT `+columnNames[c]+` FROM segment WHERE id = ?`, func(scan func(...any) error) error {
			var data sql.RawBytes
			if err := scan(&data); err != nil {
				return err
			}
			if len(data) < int(g.hi-g.lo)*4 {
				return ErrDamaged
			}
			for id := g.lo; id < g.hi; id++ {
				switch {
				case id&63 == 0 && v.alive.word(id) == 0:
					id += 63 // nobody asked for these
				case v.alive.Has(id):
					yield(id, binary.LittleEndian.Uint32(data[int(id-g.lo)*4:]))
				}
			}
			return nil
		}, g.id)
		if err != nil {
			return fmt.Errorf("index: search: %w", kindOf(err))
		}
	}
	return nil
}
