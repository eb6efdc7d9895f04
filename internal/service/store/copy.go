package store

import (
	"context"
	"database/sql"
	"time"

	"segue/internal/music"
)

// CopyState is where an offline copy stands.
type CopyState string

// The states.
const (
	CopyWanted CopyState = "wanted"
	CopyDone   CopyState = "done"
	CopyFailed CopyState = "failed"  // tried in vain; tried again later
	CopyNever  CopyState = "refused" // the server does not give it
)

// Copy is a track that is to be on this machine.
type Copy struct {
	ID    string
	State CopyState
	Kbps  int   // 0 = the original
	Bytes int64 // with CopyDone
	File  string
	Why   string // with CopyFailed and CopyNever
	Tries int
	// Source is how many bytes the server said that the original has when it was copied;
	// 0 = it did not say. Another number means another file.
	Source int64
}

// SetMark remembers that a thing is to be kept offline, or not any more.
func (s *Store) SetMark(ctx context.Context, r music.Ref, on bool, at time.Time) error {
	var err error
	if on {
		_, err = s.db.ExecContext(ctx, `INSERT OR IGNORE INTO mark (ref, at) VALUES (?, ?)`, r.String(), at.Unix())
	} else {
		_, err = s.db.ExecContext(ctx, `DELETE FROM mark WHERE ref = ?`, r.String())
	}
	return kindOf(err)
}

// Marks are the things that are to be kept offline, the oldest mark first.
func (s *Store) Marks(ctx context.Context) ([]music.Ref, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT ref FROM mark ORDER BY at, ref`)
	if err != nil {
		return nil, kindOf(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var all []music.Ref
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		if r, err := music.ParseRef(text); err == nil {
			all = append(all, r)
		}
	}
	return all, kindOf(rows.Err())
}

// SetWanted makes the list of wanted tracks what ids are, in their order, and returns the
// copies that are wanted no more; they are forgotten.
func (s *Store) SetWanted(ctx context.Context, ids []string, kbps int) (gone []Copy, err error) {
	have, err := s.Copies(ctx)
	if err != nil {
		return nil, err
	}
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	for _, c := range have {
		if !wanted[c.ID] {
			gone = append(gone, c)
		}
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		for _, c := range gone {
			if _, err := tx.ExecContext(ctx, `DELETE FROM copy WHERE id = ?`, c.ID); err != nil {
				return err
			}
		}
		for i, id := range ids {
			_, err := tx.ExecContext(ctx, `INSERT INTO copy (id, state, kbps, bytes, file, why, tries, place) VALUES (?1, 'wanted', ?2, 0, '', '', 0, ?3)
				ON CONFLICT (id) DO UPDATE SET place = ?3`, id, kbps, i)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return gone, err
}

// Copies are all copies, wanted or there, in order.
func (s *Store) Copies(ctx context.Context) ([]Copy, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, state, kbps, bytes, file, why, tries, source FROM copy ORDER BY place, id`)
	if err != nil {
		return nil, kindOf(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var all []Copy
	for rows.Next() {
		var c Copy
		if err := rows.Scan(&c.ID, &c.State, &c.Kbps, &c.Bytes, &c.File, &c.Why, &c.Tries, &c.Source); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, kindOf(rows.Err())
}

// CopyOf is the copy of a track; ok is false if none is wanted.
func (s *Store) CopyOf(ctx context.Context, id string) (c Copy, ok bool) {
	err := s.db.QueryRowContext(ctx, `SELECT id, state, kbps, bytes, file, why, tries, source FROM copy WHERE id = ?`, id).
		Scan(&c.ID, &c.State, &c.Kbps, &c.Bytes, &c.File, &c.Why, &c.Tries, &c.Source)
	return c, err == nil
}

// PutCopy keeps where a copy stands now; one that is wanted no more stays away.
func (s *Store) PutCopy(ctx context.Context, c Copy) error {
	_, err := s.db.ExecContext(ctx, `UPDATE copy SET state = ?, kbps = ?, bytes = ?, file = ?, why = ?, tries = ?, source = ? WHERE id = ?`,
		string(c.State), c.Kbps, c.Bytes, c.File, c.Why, c.Tries, c.Source, c.ID)
	return kindOf(err)
}
