// Package store remembers what a server said and what it is still to be told, in a SQLite
// file of one account: answers to questions, so that lists are there without the server;
// songs; reports and changes that wait; and which tracks are kept for a time without it.
//
// Every write is safe on the disk when the call returns. There are no goroutines; a Store
// may be used from many. Losing the file loses memory, never music.
package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/sqlitefile"
)

const version = 2

const schema = `
CREATE TABLE answer (key TEXT PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX answer_at ON answer (at);
CREATE TABLE song (id TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE due (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL, state TEXT NOT NULL DEFAULT '');
CREATE TABLE mark (ref TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE copy (id TEXT PRIMARY KEY, state TEXT NOT NULL, kbps INTEGER NOT NULL, bytes INTEGER NOT NULL, file TEXT NOT NULL, why TEXT NOT NULL,
	tries INTEGER NOT NULL, place INTEGER NOT NULL, source INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
`

// answersMost is how many answers are kept.
const answersMost = 4000

// ErrUnreadable says that the file is damaged or of a newer version.
var ErrUnreadable = errors.New("it cannot be read")

// Store is the open file.
type Store struct{ db *sql.DB }

// Open opens or makes the file; an empty path is one in memory. One that cannot be read is
// set aside, and note says so.
func Open(ctx context.Context, path string, now time.Time) (s *Store, note string, err error) {
	s, err = open(ctx, path)
	if path == "" || !errors.Is(err, ErrUnreadable) {
		return s, "", err
	}
	aside := path + ".bad-" + now.Format("20060102-150405")
	if err := os.Rename(path, aside); err != nil {
		return nil, "", fmt.Errorf("store: set aside: %w", err)
	}
	_, _ = os.Remove(path+"-wal"), os.Remove(path+"-shm") // parts of what was set aside
	s, err = open(ctx, path)
	return s, fmt.Sprintf("what was remembered of the server could not be read: it is now %s", aside), err
}

func open(ctx context.Context, path string) (*Store, error) {
	db, err := sqlitefile.Open(path, sqlitefile.Options{CacheKB: 1000, Sync: "FULL"})
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	db.SetMaxOpenConns(1)
	s := &Store{db}
	if err := s.prepare(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("store: open: %w", err)
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	var have int
	if err := s.db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&have); err != nil {
		return kindOf(err)
	}
	if have > version {
		return fmt.Errorf("%w: a newer version wrote it", ErrUnreadable)
	}
	return s.change(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&have); err != nil || have == version {
			return err
		}
		steps := schema
		if have == 1 {
			steps = `ALTER TABLE copy ADD COLUMN source INTEGER NOT NULL DEFAULT 0;`
		}
		_, err := tx.ExecContext(ctx, steps+fmt.Sprintf(`PRAGMA user_version = %d`, version))
		return err
	})
}

func kindOf(err error) error {
	if sqlitefile.Damaged(err) {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return err
}

// change does something in one transaction.
func (s *Store) change(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return kindOf(err)
	}
	defer func() { _ = tx.Rollback() }() // nothing after a Commit
	if err := do(tx); err != nil {
		return kindOf(err)
	}
	return kindOf(tx.Commit())
}

// Close closes the file.
func (s *Store) Close() error { return s.db.Close() }

// PutAnswer keeps an answer under the question's key.
func (s *Store) PutAnswer(ctx context.Context, key string, body []byte, at time.Time) error {
	return s.change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO answer (key, at, body) VALUES (?, ?, ?)`, key, at.Unix(), body); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM answer WHERE at < (SELECT at FROM answer ORDER BY at DESC LIMIT 1 OFFSET ?)`, answersMost)
		return err
	})
}

// Answer is the last answer to a question; nil if there was none.
func (s *Store) Answer(ctx context.Context, key string) (body []byte, at time.Time, err error) {
	var sec int64
	err = s.db.QueryRowContext(ctx, `SELECT at, body FROM answer WHERE key = ?`, key).Scan(&sec, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, time.Time{}, nil
	}
	return body, time.Unix(sec, 0), kindOf(err)
}

// DropAnswers forgets all answers: those of another user are no use.
func (s *Store) DropAnswers(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM answer`)
	return kindOf(err)
}

// Song is a track with what only its service needs.
type Song struct {
	Track  music.Track
	Cover  string // id of its picture
	Size   int64  // bytes of the original, 0 = unknown
	Suffix string // of the original
	Stream string // the id to stream, where it is another (episodes)
}

// PutSongs keeps songs under their ids.
func (s *Store) PutSongs(ctx context.Context, songs []Song) error {
	if len(songs) == 0 {
		return nil
	}
	return s.change(ctx, func(tx *sql.Tx) error {
		put, err := tx.PrepareContext(ctx, `INSERT INTO song (id, data) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET data = ?2 WHERE data <> ?2`)
		if err != nil {
			return err
		}
		defer func() { _ = put.Close() }() // it ends with the transaction
		for _, x := range songs {
			b, err := json.Marshal(x)
			if err != nil {
				return err
			}
			if _, err := put.ExecContext(ctx, x.Track.Ref.ID, b); err != nil {
				return err
			}
		}
		return nil
	})
}

// varsMost is how many values one question may have.
const varsMost = 500

// Songs are those of ids that are known.
func (s *Store) Songs(ctx context.Context, ids []string) (map[string]Song, error) {
	found := make(map[string]Song, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), varsMost)
		if err := s.songs(ctx, ids[:n], found); err != nil {
			return found, kindOf(err)
		}
		ids = ids[n:]
	}
	return found, nil
}

func (s *Store) songs(ctx context.Context, ids []string, found map[string]Song) error {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	rows, err := s.db.QueryContext(ctx, `SELECT id, data FROM song WHERE id IN (?`+strings.Repeat(`,?`, len(ids)-1)+`)`, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	for rows.Next() {
		var id string
		var b []byte
		if err := rows.Scan(&id, &b); err != nil {
			return err
		}
		var x Song
		if json.Unmarshal(b, &x) == nil {
			found[id] = x // one that cannot be read is asked for again
		}
	}
	return rows.Err()
}

// EachSong calls do for each song that is remembered, at most that many.
func (s *Store) EachSong(ctx context.Context, most int, do func(Song)) error {
	rows, err := s.db.QueryContext(ctx, `SELECT data FROM song LIMIT ?`, most)
	if err != nil {
		return kindOf(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return err
		}
		var x Song
		if json.Unmarshal(b, &x) == nil {
			do(x) // one that cannot be read is asked for again
		}
	}
	return kindOf(rows.Err())
}
