package index

import (
	"context"
	"database/sql"
	"fmt"
)

// fresh loads anew what is in memory if another process has written.
func (d *DB) fresh(ctx context.Context) error {
	var gen int64
	err := d.often(ctx, `SELECT value FROM meta WHERE key = 'gen'`, func(scan func(...any) error) error { return scan(&gen) })
	if err != nil {
		return fmt.Errorf("index: read the generation: %w", kindOf(err))
	}
	d.mu.Lock()
	same := gen == d.gen
	d.mu.Unlock()
	if same {
		return nil
	}
	return d.load(ctx)
}

// load reads generation, segments, orders and the set of the living in one snapshot.
func (d *DB) load(ctx context.Context) error {
	conn, err := d.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("index: load: %w", kindOf(err))
	}
	defer func() { _ = conn.Close() }()
	s, err := snapshot(ctx, conn)
	if err != nil {
		return fmt.Errorf("index: load: %w", kindOf(err))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if s.gen < d.gen {
		return nil // a later load was faster
	}
	d.gen, d.next, d.alive, d.segments, d.orders = s.gen, s.next, s.alive, s.segments, s.orders
	d.count = s.alive.Len()
	return nil
}

// state is what a DB keeps in memory.
type state struct {
	gen      int64
	next     uint32
	alive    Set
	segments []segment
	orders   map[string]int64
}

const aliveChunk = 4096 // bytes: 32,768 tracks

// snapshot reads the state in a transaction of its own. It is begun by hand: those of
// database/sql take the lock for writing, and would wait for a scan.
func snapshot(ctx context.Context, conn *sql.Conn) (state, error) {
	if _, err := conn.ExecContext(ctx, `BEGIN DEFERRED`); err != nil {
		return state{}, err
	}
	s, err := readState(ctx, conn)
	if _, ended := conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`); err == nil {
		err = ended
	}
	return s, err
}

func readState(ctx context.Context, tx *sql.Conn) (state, error) {
	s := state{orders: map[string]int64{}}
	if err := tx.QueryRowContext(ctx, `SELECT (SELECT value FROM meta WHERE key = 'gen'), (SELECT value FROM meta WHERE key = 'next')`).Scan(&s.gen, &s.next); err != nil {
		return s, err
	}
	s.alive = newSet(s.next)
	err := each(ctx, tx, `SELECT chunk, bits FROM alive`, func(scan func(...any) error) error {
		var chunk int
		var bits sql.RawBytes
		if err := scan(&chunk, &bits); err != nil {
			return err
		}
		for i, b := range bits {
			if w := chunk*aliveChunk/8 + i/8; w < len(s.alive) {
				s.alive[w] |= uint64(b) << (8 * (i % 8))
			}
		}
		return nil
	})
	if err != nil {
		return s, err
	}
	err = each(ctx, tx, `SELECT id, lo, hi FROM segment ORDER BY lo`, func(scan func(...any) error) error {
		var g segment
		err := scan(&g.id, &g.lo, &g.hi)
		s.segments = append(s.segments, g)
		return err
	})
	if err != nil {
		return s, err
	}
	at := map[int64]int{}
	for i, g := range s.segments {
		at[g.id] = i
	}
	err = each(ctx, tx, `SELECT segment, id, first FROM block ORDER BY segment, first`, func(scan func(...any) error) error {
		var g int64
		var b blockRef
		var first sql.RawBytes
		if err := scan(&g, &b.id, &first); err != nil {
			return err
		}
		b.first = string(first)
		if i, ok := at[g]; ok {
			s.segments[i].blocks = append(s.segments[i].blocks, b)
		}
		return nil
	})
	if err != nil {
		return s, err
	}
	return s, each(ctx, tx, `SELECT name, gen FROM placed`, func(scan func(...any) error) error {
		var name string
		var gen int64
		err := scan(&name, &gen)
		s.orders[name] = gen
		return err
	})
}

// View is a snapshot of what is in memory, for one question; its sets are not changed.
type View struct {
	gen      int64
	next     uint32
	count    int
	alive    Set
	segments []segment
}

// View takes a snapshot, after a look whether another process has written.
func (d *DB) View(ctx context.Context) (View, error) {
	if err := d.fresh(ctx); err != nil {
		return View{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return View{d.gen, d.next, d.count, d.alive, d.segments}, nil
}

// All is the set of all tracks.
func (v View) All() Set { return v.alive.clone() }

// Count is how many tracks there are.
func (v View) Count() int { return v.count }

// Generation numbers the states of the index; it rises with every change.
func (v View) Generation() int64 { return v.gen }

// None is an empty set with room for every track.
func (v View) None() Set { return newSet(v.next) }

// SetOf is the set of the living among ids.
func (v View) SetOf(ids []uint32) Set {
	s := newSet(v.next)
	for _, id := range ids {
		if v.alive.Has(id) {
			s.add(id)
		}
	}
	return s
}
