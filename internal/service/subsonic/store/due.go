package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Due is something that the server is to be told once.
type Due struct {
	ID   int64
	At   time.Time
	Kind string
	Body []byte
	// Sent reports that it was being told when the program or the connection ended: the
	// server may know it.
	Sent bool
}

// AddDue puts something behind all that waits.
func (s *Store) AddDue(ctx context.Context, kind string, body []byte, at time.Time) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO due (at, kind, body) VALUES (?, ?, ?)`, at.UnixMilli(), kind, body)
	return kindOf(err)
}

// NextDue is the first that waits, nil if none does.
func (s *Store) NextDue(ctx context.Context) (*Due, error) {
	var d Due
	var ms int64
	var state string
	err := s.db.QueryRowContext(ctx, `SELECT id, at, kind, body, state FROM due ORDER BY id LIMIT 1`).Scan(&d.ID, &ms, &d.Kind, &d.Body, &state)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	d.At, d.Sent = time.UnixMilli(ms), state != ""
	return &d, kindOf(err)
}

// Sending says, before it is told, that the server may know it from now on.
func (s *Store) Sending(ctx context.Context, id int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE due SET state = 'sent' WHERE id = ?`, id)
	return kindOf(err)
}

// NotSent takes Sending back: the server was not reached.
func (s *Store) NotSent(ctx context.Context, id int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE due SET state = '' WHERE id = ?`, id)
	return kindOf(err)
}

// Done takes something off the list.
func (s *Store) Done(ctx context.Context, id int64) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM due WHERE id = ?`, id)
	return kindOf(err)
}

// CountDue is how many things wait.
func (s *Store) CountDue(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM due`).Scan(&n)
	return n, kindOf(err)
}
