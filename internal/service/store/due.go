package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
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
	// Busy is since when somebody tells it; zero = nobody does, or it was lost.
	Busy  time.Time
	state string
}

// lost is the state of what was sent without an answer; else the state is empty, or since
// when it is being told.
const lost = "lost"

// AddDue puts something behind all that waits.
func (s *Store) AddDue(ctx context.Context, kind string, body []byte, at time.Time) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO due (at, kind, body) VALUES (?, ?, ?)`, at.UnixMilli(), kind, body)
	return kindOf(err)
}

// NextDue is the first that waits, nil if none does.
func (s *Store) NextDue(ctx context.Context) (*Due, error) {
	var d Due
	var ms int64
	err := s.db.QueryRowContext(ctx, `SELECT id, at, kind, body, state FROM due ORDER BY id LIMIT 1`).Scan(&d.ID, &ms, &d.Kind, &d.Body, &d.state)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	d.At, d.Sent = time.UnixMilli(ms), d.state != ""
	if since, bad := strconv.ParseInt(d.state, 10, 64); bad == nil {
		d.Busy = time.UnixMilli(since)
	}
	return &d, kindOf(err)
}

// Claim says, before it is told, that the server may know it from now on. It is false when
// another process was faster.
func (s *Store) Claim(ctx context.Context, d *Due, now time.Time) (bool, error) {
	r, err := s.db.ExecContext(ctx, `UPDATE due SET state = ? WHERE id = ? AND state = ?`, strconv.FormatInt(now.UnixMilli(), 10), d.ID, d.state)
	if err != nil {
		return false, kindOf(err)
	}
	n, err := r.RowsAffected()
	return n == 1, kindOf(err)
}

// NotSent takes a Claim back: the server was not reached.
func (s *Store) NotSent(ctx context.Context, id int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE due SET state = '' WHERE id = ?`, id)
	return kindOf(err)
}

// Lost says that there was no answer: the server may know it or not.
func (s *Store) Lost(ctx context.Context, id int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE due SET state = ? WHERE id = ?`, lost, id)
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
