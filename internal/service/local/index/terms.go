package index

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
)

// blocksFrom are the blocks of a segment that may hold terms from one to another.
const blocksFrom = `SELECT data FROM block WHERE segment = ?1
	AND first >= coalesce((SELECT max(first) FROM block WHERE segment = ?1 AND first <= ?2), x'') AND first < ?3 ORDER BY first`

// eachTerm gives the terms of a segment that begin with prefix, in order.
func (d *DB) eachTerm(ctx context.Context, g segment, prefix []byte, yield func(term, list []byte)) error {
	return d.eachTermFrom(ctx, g, prefix, prefix, yield)
}

// eachTermFrom is eachTerm from a term on that begins with prefix.
func (d *DB) eachTermFrom(ctx context.Context, g segment, prefix, from []byte, yield func(term, list []byte)) error {
	beyond := append(bytes.Clone(prefix), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	var data, term, list []byte
	err := d.often(ctx, blocksFrom, func(scan func(...any) error) error {
		if err := scan(&data); err != nil {
			return err
		}
		term = term[:0]
		for rest := data; len(rest) > 0; {
			if !nextTerm(&rest, &term, &list) {
				return ErrDamaged
			}
			if bytes.HasPrefix(term, prefix) {
				if bytes.Compare(term, from) >= 0 {
					yield(term, list)
				}
			} else if bytes.Compare(term, prefix) > 0 {
				return nil
			}
		}
		return nil
	}, g.id, from, beyond)
	if err != nil {
		return fmt.Errorf("index: search: %w", kindOf(err))
	}
	return nil
}

// lookup puts into set the tracks that have a term in the field: exactly it, or one
// that begins with it.
func (d *DB) lookup(ctx context.Context, v View, field byte, text string, whole bool, set Set) error {
	key := append([]byte{field}, text...)
	if len(key) > longestTerm {
		key = key[:longestTerm]
	}
	for _, g := range v.segments {
		err := d.eachTerm(ctx, g, key, func(term, list []byte) {
			if !whole || len(term) == len(key) {
				eachID(list, g.lo, set.add)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachValue gives every living track with its value in a column.
func (d *DB) eachValue(ctx context.Context, v View, c column, yield func(id, value uint32)) error {
	var data []byte
	for _, g := range v.segments {
		err := d.often(ctx, `SELECT `+columnNames[c]+` FROM segment WHERE id = ?`, func(scan func(...any) error) error { return scan(&data) }, g.id)
		if err != nil {
			return fmt.Errorf("index: search: %w", kindOf(err))
		}
		if len(data) < int(g.hi-g.lo)*4 {
			return fmt.Errorf("index: search: %w", ErrDamaged)
		}
		for id := g.lo; id < g.hi; id++ {
			if v.alive.Has(id) {
				yield(id, binary.LittleEndian.Uint32(data[int(id-g.lo)*4:]))
			}
		}
	}
	return nil
}
