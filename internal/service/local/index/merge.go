package index

import (
	"database/sql"
	"fmt"
)

// maxSegments is how many segments a search may have to look into.
const maxSegments = 10

// merge puts the newest, small segments together while there are too many. A run of
// segments joins as long as it is not dwarfed by the one before it, so that a track
// is merged a few times in its life only.
func (w *Writer) merge(segments []segment) ([]segment, error) {
	if len(segments) <= maxSegments {
		return segments, nil
	}
	from := len(segments) - 1
	size := segments[from].hi - segments[from].lo
	for from > 0 && (len(segments)-from < maxSegments/2 || segments[from-1].hi-segments[from-1].lo < 2*size) {
		from--
		size += segments[from].hi - segments[from].lo
	}
	one, err := w.mergeRun(segments[from:])
	if err != nil {
		return nil, err
	}
	return append(segments[:from:from], one), nil
}

// mergeRun writes one segment for several that follow each other.
func (w *Writer) mergeRun(run []segment) (segment, error) {
	g := segment{lo: run[0].lo, hi: run[len(run)-1].hi}
	var columns [columnCount][]byte
	for c := range columns {
		columns[c] = make([]byte, int(g.hi-g.lo)*4)
		for _, s := range run {
			var data []byte
			if err := w.conn.QueryRowContext(w.ctx, `SELECT `+columnNames[c]+` FROM segment WHERE id = ?`, s.id).Scan(&data); err != nil {
				return g, fmt.Errorf("index: merge: %w", kindOf(err))
			}
			copy(columns[c][int(s.lo-g.lo)*4:], data)
		}
	}
	id, err := w.segmentRow(g, columns)
	if err != nil {
		return g, err
	}
	g.id = id
	if err := w.mergeTerms(run, &g); err != nil {
		return g, err
	}
	for _, s := range run {
		if err := w.exec(`DELETE FROM block WHERE segment = ?`, s.id); err != nil {
			return g, err
		}
		if err := w.exec(`DELETE FROM segment WHERE id = ?`, s.id); err != nil {
			return g, err
		}
	}
	return g, nil
}

// cursor walks the terms of one segment.
type cursor struct {
	rows  *sql.Rows
	lo    uint32
	data  []byte
	term  []byte
	list  []byte
	ended bool
}

// next moves to the next term.
func (c *cursor) next() error {
	for len(c.data) == 0 {
		if !c.rows.Next() {
			c.ended = true
			return c.rows.Err()
		}
		if err := c.rows.Scan(&c.data); err != nil {
			return err
		}
		c.term = c.term[:0]
	}
	ok := nextTerm(&c.data, &c.term, &c.list)
	if !ok {
		return ErrDamaged
	}
	return nil
}

// mergeTerms walks all cursors in step.
func (w *Writer) mergeTerms(run []segment, g *segment) error {
	cursors := make([]*cursor, len(run))
	for i, s := range run {
		rows, err := w.conn.QueryContext(w.ctx, `SELECT data FROM block WHERE segment = ? ORDER BY first`, s.id)
		if err != nil {
			return fmt.Errorf("index: merge: %w", kindOf(err))
		}
		defer func() { _ = rows.Close() }()
		cursors[i] = &cursor{rows: rows, lo: s.lo}
		if err := cursors[i].next(); err != nil {
			return fmt.Errorf("index: merge: %w", kindOf(err))
		}
	}
	out := blockWriter{lo: g.lo, emit: func(b block) error { return w.storeBlock(g, b) }}
	var ids []uint32
	for {
		term, any := "", false
		for _, c := range cursors {
			if !c.ended && (!any || string(c.term) < term) {
				term, any = string(c.term), true
			}
		}
		if !any {
			return out.flush()
		}
		ids = ids[:0]
		for _, c := range cursors {
			if c.ended || string(c.term) != term {
				continue
			}
			eachID(c.list, c.lo, func(id uint32) {
				if w.alive.Has(id) {
					ids = append(ids, id)
				}
			})
			if err := c.next(); err != nil {
				return fmt.Errorf("index: merge: %w", kindOf(err))
			}
		}
		if len(ids) == 0 {
			continue
		}
		if err := out.add(term, ids); err != nil {
			return err
		}
	}
}
