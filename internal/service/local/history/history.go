// Package history keeps what people did with music in a SQLite file of its own: every
// play, stars and ratings, of tracks, albums and artists of any account. It is small
// and never rebuilt from anything, so every write is safe on the disk when the call
// returns.
//
// A thing is named by its Ref. For files of the library a fingerprint is kept too, by
// which a moved file gets its past back. There are no goroutines; a History may be
// used from many.
package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"segue/internal/match"
	"segue/internal/music"
	"segue/internal/sqlitefile"
)

const version = 1

// ErrUnreadable says that the file is damaged or of a newer version, and should be set aside.
var ErrUnreadable = errors.New("the history cannot be read")

// History is the open file.
type History struct{ db *sql.DB }

const schema = `
CREATE TABLE thing (id INTEGER PRIMARY KEY, account TEXT NOT NULL, kind TEXT NOT NULL, ref BLOB NOT NULL, ident INTEGER NOT NULL DEFAULT 0,
	plays INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0, star INTEGER NOT NULL DEFAULT 0, rating INTEGER NOT NULL DEFAULT 0,
	songkey TEXT NOT NULL DEFAULT '', albumkey TEXT NOT NULL DEFAULT '', artistkey TEXT NOT NULL DEFAULT '', meta TEXT NOT NULL DEFAULT '',
	UNIQUE (account, kind, ref));
CREATE INDEX thing_song ON thing (songkey, last);
CREATE INDEX thing_album ON thing (albumkey, last);
CREATE INDEX thing_artist ON thing (artistkey, last);
CREATE INDEX thing_star ON thing (star DESC) WHERE star > 0;
CREATE TABLE play (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, at INTEGER NOT NULL, heard INTEGER NOT NULL, counts INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE INDEX play_at ON play (counts, at, thing);
`

// Open opens or makes the history at path; an empty path is one in memory.
func Open(ctx context.Context, path string, readOnly bool) (*History, error) {
	db, err := sqlitefile.Open(path, sqlitefile.Options{CacheKB: 1000, Sync: "FULL", ReadOnly: readOnly})
	if err != nil {
		return nil, fmt.Errorf("history: open: %w", err)
	}
	db.SetMaxOpenConns(1)
	h := &History{db: db}
	if err := h.prepare(ctx, readOnly); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("history: open %s: %w", path, err)
	}
	return h, nil
}

func (h *History) prepare(ctx context.Context, readOnly bool) error {
	var have int
	if err := h.db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&have); err != nil {
		return kindOf(err)
	}
	switch {
	case have > version:
		return fmt.Errorf("%w: a newer version wrote it", ErrUnreadable)
	case have == version:
		var sick string
		if err := h.db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&sick); err != nil {
			return kindOf(err)
		}
		if sick != "ok" {
			return fmt.Errorf("%w: %s", ErrUnreadable, sick)
		}
		return nil
	case readOnly:
		return errors.New("it cannot be written")
	}
	tx, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		return kindOf(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&have); err != nil {
		return kindOf(err)
	}
	if have == version {
		return nil
	}
	if _, err := tx.ExecContext(ctx, schema+fmt.Sprintf(`PRAGMA user_version = %d`, version)); err != nil {
		return kindOf(err)
	}
	return kindOf(tx.Commit())
}

// Close closes the file.
func (h *History) Close() error { return h.db.Close() }

func kindOf(err error) error {
	if sqlitefile.Damaged(err) {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return err
}

// Mark is what is known of a thing.
type Mark struct {
	Ref    music.Ref
	Ident  int64
	Plays  int
	Last   int64 // seconds since 1970, 0 = never
	Star   int64 // when, 0 = not
	Rating int
}

// thing finds or makes the row of a Ref and refreshes what is known of the track, if given.
func thing(ctx context.Context, tx *sql.Tx, r music.Ref, ident int64, t *music.Track) (int64, error) {
	var id int64
	err := tx.QueryRowContext(ctx, `INSERT INTO thing (account, kind, ref, ident) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (account, kind, ref) DO UPDATE SET ident = CASE ?4 WHEN 0 THEN ident ELSE ?4 END RETURNING id`,
		string(r.Account), string(r.Kind), []byte(r.ID), ident).Scan(&id)
	if err != nil || t == nil {
		return id, err
	}
	kept := *t
	kept.Starred, kept.Rating, kept.Plays, kept.LastPlayed, kept.Unplayable = false, 0, 0, time.Time{}, ""
	meta, err := json.Marshal(kept)
	if err != nil {
		return id, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE thing SET songkey = ?, albumkey = ?, artistkey = ?, meta = ? WHERE id = ?`,
		match.Fold(t.Artist())+"\x1f"+match.Fold(t.Title), albumKey(t), match.Fold(first(t.Artists)), string(meta), id)
	return id, err
}

func albumKey(t *music.Track) string {
	if t.Album == "" {
		return ""
	}
	return match.Fold(t.AlbumArtist()) + "\x1f" + match.Fold(t.Album)
}

func first(l []string) string {
	if len(l) == 0 {
		return ""
	}
	return l[0]
}

// Play is one listening.
type Play struct {
	Track   music.Track
	Ident   int64
	Started time.Time
	Heard   time.Duration
	Counts  bool
	Reason  string
}

// Add stores a play.
func (h *History) Add(ctx context.Context, p Play) error {
	return h.change(ctx, func(tx *sql.Tx) error {
		id, err := thing(ctx, tx, p.Track.Ref, p.Ident, &p.Track)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO play (thing, at, heard, counts, reason) VALUES (?, ?, ?, ?, ?)`,
			id, p.Started.Unix(), p.Heard.Milliseconds(), p.Counts, p.Reason)
		if err != nil || !p.Counts {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE thing SET plays = plays + 1, last = max(last, ?) WHERE id = ?`, p.Started.Unix(), id)
		return err
	})
}

// Star sets when things were starred; at 0 takes the stars away. idents may be nil.
func (h *History) Star(ctx context.Context, refs []music.Ref, idents map[music.Ref]int64, at int64) error {
	return h.set(ctx, `UPDATE thing SET star = CASE WHEN star > 0 AND ?1 > 0 THEN star ELSE ?1 END WHERE id = ?2`, refs, idents, at)
}

// Rate sets ratings, 0 to 5.
func (h *History) Rate(ctx context.Context, refs []music.Ref, idents map[music.Ref]int64, stars int) error {
	return h.set(ctx, `UPDATE thing SET rating = ?1 WHERE id = ?2`, refs, idents, int64(stars))
}

func (h *History) set(ctx context.Context, query string, refs []music.Ref, idents map[music.Ref]int64, value int64) error {
	return h.change(ctx, func(tx *sql.Tx) error {
		for _, r := range refs {
			id, err := thing(ctx, tx, r, idents[r], nil)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, query, value, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *History) change(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("history: write: %w", kindOf(err))
	}
	defer func() { _ = tx.Rollback() }()
	if err := do(tx); err != nil {
		return fmt.Errorf("history: write: %w", kindOf(err))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("history: write: %w", kindOf(err))
	}
	return nil
}

const markColumns = `SELECT account, kind, ref, ident, plays, last, star, rating FROM thing `

func (h *History) marks(ctx context.Context, query string, args ...any) ([]Mark, error) {
	rows, err := h.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("history: read: %w", kindOf(err))
	}
	defer func() { _ = rows.Close() }()
	var list []Mark
	for rows.Next() {
		var m Mark
		var id []byte
		if err := rows.Scan(&m.Ref.Account, &m.Ref.Kind, &id, &m.Ident, &m.Plays, &m.Last, &m.Star, &m.Rating); err != nil {
			return nil, fmt.Errorf("history: read: %w", kindOf(err))
		}
		m.Ref.ID = string(id)
		list = append(list, m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("history: read: %w", kindOf(err))
	}
	return list, nil
}

// Of gives the marks of things, those that have one.
func (h *History) Of(ctx context.Context, refs []music.Ref) (map[music.Ref]Mark, error) {
	found := map[music.Ref]Mark{}
	const atOnce = 250
	for from := 0; from < len(refs); from += atOnce {
		part := refs[from:min(from+atOnce, len(refs))]
		args := make([]any, 0, 3*len(part))
		for _, r := range part {
			args = append(args, string(r.Account), string(r.Kind), []byte(r.ID))
		}
		list, err := h.marks(ctx, markColumns+`WHERE (account, kind, ref) IN (VALUES `+strings.TrimSuffix(strings.Repeat(`(?, ?, ?), `, len(part)), `, `)+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			found[m.Ref] = m
		}
	}
	return found, nil
}

// Note keeps a fingerprint and a text with a thing that has a mark, to know it again by.
func (h *History) Note(ctx context.Context, r music.Ref, ident int64, text string) error {
	if _, err := h.db.ExecContext(ctx, `UPDATE thing SET meta = ?1, ident = ?5 WHERE account = ?2 AND kind = ?3 AND ref = ?4 AND (meta <> ?1 OR ident <> ?5)`,
		text, string(r.Account), string(r.Kind), []byte(r.ID), ident); err != nil {
		return fmt.Errorf("history: write: %w", kindOf(err))
	}
	return nil
}

// Noted is the text that Note kept, empty = none.
func (h *History) Noted(ctx context.Context, r music.Ref) (string, error) {
	var text string
	err := h.db.QueryRowContext(ctx, `SELECT meta FROM thing WHERE account = ? AND kind = ? AND ref = ?`,
		string(r.Account), string(r.Kind), []byte(r.ID)).Scan(&text)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("history: read: %w", kindOf(err))
	}
	return text, nil
}

// Marked gives every mark of an account's things of a kind: there are as many as
// things that somebody cared for.
func (h *History) Marked(ctx context.Context, a music.AccountID, k music.Kind) ([]Mark, error) {
	return h.marks(ctx, markColumns+`WHERE account = ? AND kind = ? AND (plays > 0 OR star > 0 OR rating > 0)`, string(a), string(k))
}

// Starred gives the starred things of an account of a kind, last starred first.
func (h *History) Starred(ctx context.Context, a music.AccountID, k music.Kind) ([]Mark, error) {
	return h.marks(ctx, markColumns+`WHERE star > 0 AND account = ? AND kind = ? ORDER BY star DESC, id DESC`, string(a), string(k))
}

// Move gives the past of one Ref to another: a file has moved. Where the other has a
// past already, the two are added up.
func (h *History) Move(ctx context.Context, from, to music.Ref) error {
	return h.change(ctx, func(tx *sql.Tx) error {
		var old int64
		err := tx.QueryRowContext(ctx, `SELECT id FROM thing WHERE account = ? AND kind = ? AND ref = ?`, string(from.Account), string(from.Kind), []byte(from.ID)).Scan(&old)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		var have int64
		err = tx.QueryRowContext(ctx, `SELECT id FROM thing WHERE account = ? AND kind = ? AND ref = ?`, string(to.Account), string(to.Kind), []byte(to.ID)).Scan(&have)
		if errors.Is(err, sql.ErrNoRows) {
			_, err = tx.ExecContext(ctx, `UPDATE thing SET account = ?, kind = ?, ref = ? WHERE id = ?`, string(to.Account), string(to.Kind), []byte(to.ID), old)
			return err
		}
		if err != nil {
			return err
		}
		for _, q := range [...]string{
			`UPDATE thing SET plays = plays + (SELECT plays FROM thing WHERE id = ?1), last = max(last, (SELECT last FROM thing WHERE id = ?1)),
				star = max(star, (SELECT star FROM thing WHERE id = ?1)), rating = max(rating, (SELECT rating FROM thing WHERE id = ?1)) WHERE id = ?2`,
			`UPDATE play SET thing = ?2 WHERE thing = ?1`,
			`DELETE FROM thing WHERE id = ?1 AND ?2 > 0`,
		} {
			if _, err := tx.ExecContext(ctx, q, old, have); err != nil {
				return err
			}
		}
		return nil
	})
}
