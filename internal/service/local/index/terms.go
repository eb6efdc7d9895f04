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
				yield(term, list)
			} else if bytes.Compare(term, prefix) > 0 {
				return nil
			}
		}
		return nil
	}, g.id, prefix, beyond)
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

// columns is what segments keep of each track beside the terms.
type columns struct {
	lo   uint32
	data []byte
}

func (c columns) at(id uint32) []byte        { return c.data[int(id-c.lo)*columnSize:] }
func (c columns) year(id uint32) int         { return int(binary.LittleEndian.Uint16(c.at(id))) }
func (c columns) milliseconds(id uint32) int { return int(binary.LittleEndian.Uint32(c.at(id)[2:])) }
func (c columns) added(id uint32) int64      { return int64(binary.LittleEndian.Uint32(c.at(id)[6:])) }
func (c columns) kbps(id uint32) int         { return int(binary.LittleEndian.Uint16(c.at(id)[10:])) }
func (c columns) pos(id uint32) uint32       { return binary.LittleEndian.Uint32(c.at(id)[12:]) }

// eachColumns gives every living track with its columns.
func (d *DB) eachColumns(ctx context.Context, v View, yield func(id uint32, c columns)) error {
	var data []byte
	for _, g := range v.segments {
		if err := d.db.QueryRowContext(ctx, `SELECT columns FROM segment WHERE id = ?`, g.id).Scan(&data); err != nil {
			return fmt.Errorf("index: search: %w", kindOf(err))
		}
		if len(data) < int(g.hi-g.lo)*columnSize {
			return fmt.Errorf("index: search: %w", ErrDamaged)
		}
		c := columns{lo: g.lo, data: data}
		for id := g.lo; id < g.hi; id++ {
			if v.alive.Has(id) {
				yield(id, c)
			}
		}
	}
	return nil
}
