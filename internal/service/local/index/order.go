package index

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"

	"segue/internal/music"
)

// orderChunk is how many row numbers one row of the table place holds.
const orderChunk = 1 << 14

// stored are the orders that a scan keeps ready; the others are made when asked for
// and kept from then on.
var stored = [...]music.Sort{music.SortTitle, music.SortArtist}

// build makes the order of all tracks.
func (d *DB) build(ctx context.Context, v View, sort music.Sort) ([]uint32, error) {
	switch sort {
	case music.SortTitle:
		return d.packed(ctx, `SELECT group_concat(id) FROM (SELECT id FROM track ORDER BY skey, id)`)
	case music.SortPath:
		return d.packed(ctx, `SELECT group_concat(id) FROM (SELECT t.id FROM dir d CROSS JOIN track t ON t.dir = d.id ORDER BY d.path, t.name)`)
	case music.SortArtist:
		return d.byAlbum(ctx, v, `SELECT p.id FROM album m JOIN album p ON p.main = m.id WHERE m.main = m.id ORDER BY m.akey, m.year, m.tkey, m.id, p.id`)
	case music.SortAlbum:
		return d.byAlbum(ctx, v, `SELECT p.id FROM album m JOIN album p ON p.main = m.id WHERE m.main = m.id ORDER BY m.tkey, m.akey, m.year, m.id, p.id`)
	case music.SortYear:
		return d.byNumber(ctx, v, columnYear, func(x uint32) uint32 { return x - 1 }) // unknown years last
	case music.SortDuration:
		return d.byNumber(ctx, v, columnDuration, func(x uint32) uint32 { return x })
	case music.SortAdded:
		return d.byNumber(ctx, v, columnAdded, func(x uint32) uint32 { return ^x })
	case music.SortDefault, music.SortPlays, music.SortPlayed, music.SortRating: // orders of lists and marks
	}
	return nil, fmt.Errorf("index: there is no order %q", sort)
}

// packed runs a query for one text of numbers with commas: a row of its own for
// each would cost twenty times as much on the way from C to Go.
func (d *DB) packed(ctx context.Context, query string, args ...any) ([]uint32, error) {
	var text []byte
	if err := d.db.QueryRowContext(ctx, query, args...).Scan(&text); err != nil {
		return nil, fmt.Errorf("index: sort: %w", kindOf(err))
	}
	ids := make([]uint32, 0, bytes.Count(text, []byte{','})+1)
	for len(text) > 0 {
		n := uint32(0)
		i := 0
		for ; i < len(text) && text[i] != ','; i++ {
			n = n*10 + uint32(text[i]-'0')
		}
		ids = append(ids, n)
		text = text[min(i+1, len(text)):]
	}
	return ids, nil
}

// byNumber sorts by what key makes of a column, then as the files were found.
func (d *DB) byNumber(ctx context.Context, v View, c column, key func(uint32) uint32) ([]uint32, error) {
	keys := make([]uint64, 0, v.count)
	if err := d.eachValue(ctx, v, c, func(id, x uint32) { keys = append(keys, uint64(key(x))<<32|uint64(id)) }); err != nil {
		return nil, err
	}
	slices.Sort(keys)
	ids := make([]uint32, len(keys))
	for i, k := range keys {
		ids[i] = uint32(k)
	}
	return ids, nil
}

// byAlbum lines the albums up as the query says, each with its tracks in order.
func (d *DB) byAlbum(ctx context.Context, v View, query string) ([]uint32, error) {
	pos := make([]uint32, v.next)
	if err := d.eachValue(ctx, v, columnPlace, func(id, x uint32) { pos[id] = x }); err != nil {
		return nil, err
	}
	lists, err := d.partTracks(ctx, v)
	if err != nil {
		return nil, err
	}
	ids := make([]uint32, 0, v.count)
	done := newSet(v.next)
	err = each(ctx, d.db, query, func(scan func(...any) error) error {
		var p int64
		if err := scan(&p); err != nil {
			return err
		}
		from := len(ids)
		for _, id := range lists[p] {
			if v.alive.Has(id) && !done.Has(id) {
				done.add(id)
				ids = append(ids, id)
			}
		}
		slices.SortStableFunc(ids[from:], func(a, b uint32) int { return cmp.Compare(pos[a], pos[b]) })
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("index: sort: %w", kindOf(err))
	}
	rest := v.alive.clone()
	rest.andNot(done)
	for id := range rest.Each {
		ids = append(ids, id)
	}
	return ids, nil
}

// partTracks are the tracks of every part of an album.
func (d *DB) partTracks(ctx context.Context, v View) (map[int64][]uint32, error) {
	ids := make([]uint32, 0, v.count)
	lists := make(map[int64][]uint32, v.count/10+1)
	err := d.eachTerm(ctx, v, all(exactAlbum), func(lo uint32, term, list []byte) {
		if len(term) != 9 {
			return
		}
		from := len(ids)
		eachID(list, lo, func(id uint32) { ids = append(ids, id) })
		part := int64(binary.BigEndian.Uint64(term[1:]))
		if have := lists[part]; have != nil {
			lists[part] = append(have[:len(have):len(have)], ids[from:]...)
		} else {
			lists[part] = ids[from:len(ids):len(ids)]
		}
	})
	return lists, err
}

// Orders makes the stored orders, and those that were ever asked for, true again. A
// scan calls it at its end.
func (d *DB) Orders(ctx context.Context) error {
	v, err := d.View(ctx)
	if err != nil {
		return err
	}
	d.mu.Lock()
	var stale []music.Sort
	for _, s := range stored {
		if d.orders[string(s)] != v.gen {
			stale = append(stale, s)
		}
	}
	for name, gen := range d.orders {
		if gen != v.gen && !slices.Contains(stored[:], music.Sort(name)) {
			stale = append(stale, music.Sort(name))
		}
	}
	d.mu.Unlock()
	for _, s := range stale {
		if _, err := d.makeOrder(ctx, v, s); err != nil {
			return err
		}
	}
	return nil
}

// makeOrder builds an order and stores it, unless the file cannot be written or has changed.
func (d *DB) makeOrder(ctx context.Context, v View, sort music.Sort) ([]uint32, error) {
	ids, err := d.build(ctx, v, sort)
	if err != nil || d.readOnly {
		return ids, err
	}
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return ids, nil // busy: it is made again the next time
	}
	defer func() { _ = tx.Rollback() }()
	var gen int64
	if err := tx.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'gen'`).Scan(&gen); err != nil || gen != v.gen {
		return ids, kindOf(err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM place WHERE name = ?`, string(sort)); err != nil {
		return nil, fmt.Errorf("index: store an order: %w", kindOf(err))
	}
	for chunk := 0; chunk*orderChunk < len(ids); chunk++ {
		part := ids[chunk*orderChunk : min((chunk+1)*orderChunk, len(ids))]
		b := make([]byte, 0, 4*len(part))
		for _, id := range part {
			b = binary.LittleEndian.AppendUint32(b, id)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO place (name, chunk, ids) VALUES (?, ?, ?)`, string(sort), chunk, b); err != nil {
			return nil, fmt.Errorf("index: store an order: %w", kindOf(err))
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO placed (name, gen, rows) VALUES (?, ?, ?)`, string(sort), v.gen, len(ids)); err != nil {
		return nil, fmt.Errorf("index: store an order: %w", kindOf(err))
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("index: store an order: %w", kindOf(err))
	}
	d.mu.Lock()
	d.orders[string(sort)] = v.gen
	d.mu.Unlock()
	return ids, nil
}

// chunks gives the row numbers of a stored order from a chunk on until yield says no.
func (d *DB) chunks(ctx context.Context, sort music.Sort, from int, yield func(id uint32) bool) error {
	var b []byte
	rows, err := d.db.QueryContext(ctx, `SELECT ids FROM place WHERE name = ? AND chunk >= ? ORDER BY chunk`, string(sort), from)
	if err != nil {
		return fmt.Errorf("index: read an order: %w", kindOf(err))
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&b); err != nil {
			return fmt.Errorf("index: read an order: %w", kindOf(err))
		}
		for ; len(b) >= 4; b = b[4:] {
			if !yield(binary.LittleEndian.Uint32(b)) {
				return nil
			}
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("index: read an order: %w", kindOf(err))
	}
	return nil
}

// state of a stored order.
type orderState int

const (
	missing orderState = iota
	stale
	exact
)

func (d *DB) orderState(v View, sort music.Sort) orderState {
	d.mu.Lock()
	defer d.mu.Unlock()
	gen, ok := d.orders[string(sort)]
	switch {
	case !ok:
		return missing
	case gen != v.gen:
		return stale
	}
	return exact
}

// Walk gives the tracks of a set (nil: all) in an order, from the row offset on,
// until yield says no. While a scan writes, an order of before serves, with what is
// new behind it; at other times it is made anew first.
func (d *DB) Walk(ctx context.Context, v View, set Set, sort music.Sort, offset int, yield func(uint32) bool) error {
	state := d.orderState(v, sort)
	if state != exact && d.writing.TryLock() {
		d.writing.Unlock()
		ids, err := d.makeOrder(ctx, v, sort)
		if err != nil {
			return err
		}
		return walkList(ids, set, v, offset, yield)
	}
	if state == exact && set == nil {
		skip := offset % orderChunk
		return d.chunks(ctx, sort, offset/orderChunk, func(id uint32) bool {
			if skip > 0 {
				skip--
				return true
			}
			return yield(id)
		})
	}
	if set == nil {
		set = v.alive
	}
	rest := set.clone()
	going := true
	pass := func(id uint32) bool {
		if !rest.Has(id) {
			return true
		}
		rest.drop(id)
		if offset > 0 {
			offset--
			return true
		}
		going = yield(id)
		return going
	}
	if state != missing {
		if err := d.chunks(ctx, sort, 0, pass); err != nil || !going {
			return err
		}
	}
	for id := range rest.clone().Each {
		if !pass(id) {
			break
		}
	}
	return nil
}

func walkList(ids []uint32, set Set, v View, offset int, yield func(uint32) bool) error {
	if set == nil {
		set = v.alive
	}
	for _, id := range ids {
		if !set.Has(id) {
			continue
		}
		if offset > 0 {
			offset--
			continue
		}
		if !yield(id) {
			return nil
		}
	}
	return nil
}

// idList writes numbers for a query; they are numbers, so nothing needs quoting.
func idList[T uint32 | int64](ids []T) string {
	b := make([]byte, 0, 8*len(ids))
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(id), 10)
	}
	return string(b)
}
