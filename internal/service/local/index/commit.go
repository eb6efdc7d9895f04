package index

import (
	"context"
	"encoding/binary"
	"fmt"
	"sort"
)

// Pending is how many tracks were put since the last Commit.
func (w *Writer) Pending() int {
	if w.terms == nil {
		return 0
	}
	return int(w.terms.hi - w.terms.lo)
}

// Commit makes what was put visible and safe.
func (w *Writer) Commit() error {
	if !w.open {
		return nil
	}
	if !w.dirty { // only faults were noted: nothing that is counted or found has changed
		w.open = false
		return w.exec(`COMMIT`)
	}
	if err := w.flushRows(); err != nil {
		return err
	}
	segments := w.d.segments
	if w.terms.hi > w.terms.lo {
		g, err := w.storeTerms()
		if err != nil {
			return err
		}
		segments = append(segments[:len(segments):len(segments)], g)
	}
	for chunk := range w.touched {
		if err := w.exec(`INSERT OR REPLACE INTO alive (chunk, bits) VALUES (?, ?)`, chunk, w.aliveBytes(chunk)); err != nil {
			return err
		}
	}
	return w.end(segments)
}

// end raises the generation, commits and shows the new state to readers.
func (w *Writer) end(segments []segment) error {
	if err := w.exec(`UPDATE meta SET value = ? WHERE key = 'next'`, w.next); err != nil {
		return err
	}
	if err := w.exec(`UPDATE meta SET value = value + 1 WHERE key = 'gen'`); err != nil {
		return err
	}
	if err := w.exec(`COMMIT`); err != nil {
		return err
	}
	w.open, w.dirty = false, false
	w.d.mu.Lock()
	w.d.gen++
	w.d.next, w.d.alive, w.d.segments, w.d.count = w.next, w.alive, segments, w.alive.Len()
	w.d.mu.Unlock()
	w.terms = nil
	return nil
}

func (w *Writer) aliveBytes(chunk int) []byte {
	words := w.alive[min(chunk*aliveChunk/8, len(w.alive)):min((chunk+1)*aliveChunk/8, len(w.alive))]
	b := make([]byte, 0, aliveChunk)
	for _, x := range words {
		b = binary.LittleEndian.AppendUint64(b, x)
	}
	return b
}

func (w *Writer) storeTerms() (segment, error) {
	g := segment{lo: w.terms.lo, hi: w.terms.hi}
	id, err := w.segmentRow(g, w.terms.columns)
	if err != nil {
		return g, err
	}
	g.id = id
	err = w.terms.blocks(func(b block) error { return w.storeBlock(&g, b) })
	return g, err
}

func (w *Writer) segmentRow(g segment, columns [columnCount][]byte) (int64, error) {
	s, err := w.stmt(`INSERT INTO segment (lo, hi, year, duration, added, place) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`)
	if err != nil {
		return 0, fmt.Errorf("index: prepare: %w", kindOf(err))
	}
	var id int64
	if err := s.QueryRowContext(w.ctx, g.lo, g.hi, columns[columnYear], columns[columnDuration], columns[columnAdded], columns[columnPlace]).Scan(&id); err != nil {
		return 0, fmt.Errorf("index: write a segment: %w", kindOf(err))
	}
	return id, nil
}

func (w *Writer) storeBlock(g *segment, b block) error {
	s, err := w.stmt(`INSERT INTO block (segment, first, data) VALUES (?, ?, ?)`)
	if err != nil {
		return fmt.Errorf("index: prepare: %w", kindOf(err))
	}
	done, err := s.ExecContext(w.ctx, g.id, []byte(b.first), b.data)
	if err != nil {
		return fmt.Errorf("index: write: %w", kindOf(err))
	}
	id, err := done.LastInsertId()
	if err != nil {
		return fmt.Errorf("index: write: %w", kindOf(err))
	}
	g.blocks = append(g.blocks, blockRef{id, b.first})
	return nil
}

// Close commits, brings albums together, merges segments and ends the Writer. With
// an error before, what was not committed is undone.
func (w *Writer) Close(failed error) error {
	if failed != nil {
		return w.abandon(failed)
	}
	err := w.Commit()
	if err == nil && w.changed {
		err = w.finish()
	}
	return w.abandon(err)
}

func (w *Writer) finish() error {
	if err := w.begin(); err != nil {
		return err
	}
	if err := w.join(); err != nil {
		return err
	}
	if err := w.counts(); err != nil {
		return err
	}
	segments, err := w.merge(w.d.segments)
	if err != nil {
		return err
	}
	return w.end(segments)
}

// counts sets what is shown beside artists, and drops those without tracks... of
// albums; artists of single tracks stay findable.
func (w *Writer) counts() error {
	return w.exec(`UPDATE artist SET (albums, tracks) = (SELECT count(*), coalesce(sum(a.alltracks), 0) FROM credit c JOIN album a ON a.id = c.album AND a.main = a.id WHERE c.artist = artist.id)`)
}

// share is a part as the join sees it.
type share struct {
	id, main      int64
	path, mb      string
	year          int
	tracks, discs int
	duration      int64
	slots         []uint32
	members       []*share
}

// join puts parts of one key in several folders together where they complement each other.
func (w *Writer) join() error {
	var keys []string
	err := each(w.ctx, w.conn, `SELECT gkey FROM album GROUP BY gkey HAVING count(*) > 1`, func(scan func(...any) error) error {
		var k string
		err := scan(&k)
		keys = append(keys, k)
		return err
	})
	if err != nil {
		return fmt.Errorf("index: join albums: %w", kindOf(err))
	}
	// What was joined and stands alone now.
	if err := w.exec(`UPDATE album SET main = id, alltracks = tracks, alldiscs = discs, allduration = duration
		WHERE (main <> id OR alltracks <> tracks) AND gkey NOT IN (SELECT gkey FROM album GROUP BY gkey HAVING count(*) > 1)`); err != nil {
		return err
	}
	for _, k := range keys {
		if err := w.joinKey(k); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) joinKey(key string) error {
	shares, err := w.shares(key)
	if err != nil {
		return err
	}
	sort.Slice(shares, func(i, j int) bool { return shares[i].path < shares[j].path })
	var heads []*share
	for _, s := range shares {
		s.members = []*share{s}
		joined := false
		for _, h := range heads {
			if h.takes(s) {
				joined = true
				break
			}
		}
		if !joined {
			heads = append(heads, s)
		}
	}
	for _, h := range heads {
		tracks, discs, duration := 0, 0, int64(0)
		for _, m := range h.members {
			tracks, discs, duration = tracks+m.tracks, max(discs, m.discs), duration+m.duration
		}
		for _, m := range h.members {
			if err := w.exec(`UPDATE album SET main = ?1, alltracks = ?2, alldiscs = ?3, allduration = ?4 WHERE id = ?5 AND (main <> ?1 OR alltracks <> ?2 OR alldiscs <> ?3 OR allduration <> ?4)`,
				h.id, tracks, discs, duration, m.id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Writer) shares(key string) ([]*share, error) {
	var shares []*share
	err := each(w.ctx, w.conn, `SELECT a.id, a.main, d.path, a.mb, a.year, a.tracks, a.discs, a.duration, a.slots FROM album a JOIN dir d ON d.id = a.dir WHERE a.gkey = ?`,
		func(scan func(...any) error) error {
			s := &share{}
			var path, slots []byte
			if err := scan(&s.id, &s.main, &path, &s.mb, &s.year, &s.tracks, &s.discs, &s.duration, &slots); err != nil {
				return err
			}
			s.path = string(path)
			for ; len(slots) >= 4; slots = slots[4:] {
				s.slots = append(s.slots, binary.LittleEndian.Uint32(slots))
			}
			shares = append(shares, s)
			return nil
		}, key)
	if err != nil {
		return nil, fmt.Errorf("index: join albums: %w", kindOf(err))
	}
	return shares, nil
}

// takes joins s if it is another piece of the same release.
func (h *share) takes(s *share) bool {
	have := map[uint32]bool{}
	for _, m := range h.members {
		if m.year != s.year && m.year != 0 && s.year != 0 || m.mb != s.mb && m.mb != "" && s.mb != "" {
			return false
		}
		for _, x := range m.slots {
			have[x] = true
		}
	}
	for _, x := range s.slots {
		if have[x] {
			return false
		}
	}
	h.members = append(h.members, s)
	return true
}

// idsOf runs a query for numbers of tracks.
func (d *DB) idsOf(ctx context.Context, q querier, query string, args ...any) ([]uint32, error) {
	var ids []uint32
	err := each(ctx, q, query, func(scan func(...any) error) error {
		var id uint32
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("index: list tracks: %w", kindOf(err))
	}
	return ids, nil
}
