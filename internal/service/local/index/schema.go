package index

import (
	"context"
	"fmt"
)

// version of the schema; files of a greater one come from the future.
const version = 2

// schema of the newest version. Numbers of albums and artists are hashes of their keys, so
// that they are the same in every index of the same music.
const schema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
INSERT INTO meta VALUES ('gen', 1), ('next', 1), ('born', 0);
CREATE TABLE dir (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, sum INTEGER NOT NULL, device INTEGER NOT NULL, away INTEGER NOT NULL DEFAULT 0);
CREATE TABLE track (id INTEGER PRIMARY KEY, dir INTEGER NOT NULL, name BLOB NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
	inode INTEGER NOT NULL, added INTEGER NOT NULL, part INTEGER NOT NULL, pos INTEGER NOT NULL, ident INTEGER NOT NULL, skey BLOB NOT NULL, meta BLOB NOT NULL,
	UNIQUE (dir, name));
CREATE TABLE album (id INTEGER PRIMARY KEY, main INTEGER NOT NULL, dir INTEGER NOT NULL, gkey TEXT NOT NULL, title TEXT NOT NULL, tkey TEXT NOT NULL,
	artists TEXT NOT NULL, akey TEXT NOT NULL, year INTEGER NOT NULL, date TEXT NOT NULL, genres TEXT NOT NULL,
	tracks INTEGER NOT NULL, discs INTEGER NOT NULL, duration INTEGER NOT NULL, added INTEGER NOT NULL, cover INTEGER NOT NULL, mb TEXT NOT NULL, slots BLOB NOT NULL,
	alltracks INTEGER NOT NULL, alldiscs INTEGER NOT NULL, allduration INTEGER NOT NULL);
CREATE INDEX album_gkey ON album (gkey);
CREATE INDEX album_dir ON album (dir);
CREATE INDEX album_parts ON album (main) WHERE main <> id;
CREATE INDEX album_title ON album (tkey, akey, year, main) WHERE main = id;
CREATE INDEX album_artist ON album (akey, year, tkey, main) WHERE main = id;
CREATE INDEX album_year ON album (year, akey, tkey, main) WHERE main = id;
CREATE INDEX album_added ON album (added DESC, akey, tkey, main) WHERE main = id;
CREATE TABLE artist (id INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, skey TEXT NOT NULL, albums INTEGER NOT NULL DEFAULT 0, tracks INTEGER NOT NULL DEFAULT 0);
CREATE INDEX artist_skey ON artist (skey, name) WHERE albums > 0;
CREATE TABLE credit (album INTEGER NOT NULL, artist INTEGER NOT NULL, PRIMARY KEY (album, artist)) WITHOUT ROWID;
CREATE INDEX credit_artist ON credit (artist, album);
CREATE TABLE genre (key TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE fault (path BLOB PRIMARY KEY, dir INTEGER NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX fault_dir ON fault (dir);
CREATE TABLE list (path BLOB PRIMARY KEY, dir INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX list_dir ON list (dir);
CREATE TABLE mark (track INTEGER PRIMARY KEY, plays INTEGER NOT NULL, last INTEGER NOT NULL, star INTEGER NOT NULL, rating INTEGER NOT NULL);
CREATE TABLE segment (id INTEGER PRIMARY KEY, lo INTEGER NOT NULL, hi INTEGER NOT NULL, year BLOB NOT NULL, duration BLOB NOT NULL, added BLOB NOT NULL, place BLOB NOT NULL);
CREATE TABLE block (id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, first BLOB NOT NULL, data BLOB NOT NULL);
CREATE INDEX block_first ON block (segment, first);
CREATE TABLE alive (chunk INTEGER PRIMARY KEY, bits BLOB NOT NULL);
CREATE TABLE place (name TEXT NOT NULL, chunk INTEGER NOT NULL, ids BLOB NOT NULL, PRIMARY KEY (name, chunk));
CREATE TABLE placed (name TEXT PRIMARY KEY, gen INTEGER NOT NULL, rows INTEGER NOT NULL) WITHOUT ROWID;
`

// migrations[v] brings a file of version v to v+1.
var migrations = map[int]string{
	// How tracks become albums has changed: the next scan looks at every folder again,
	// without reading files that are as they were.
	1: `UPDATE dir SET sum = 0`,
}

// prepare makes or migrates the schema and loads what is kept in memory.
func (d *DB) prepare(ctx context.Context) error {
	var have int
	if err := d.db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&have); err != nil {
		return fmt.Errorf("read its version: %w", err)
	}
	switch {
	case have > version:
		return ErrFuture
	case have < version && d.readOnly:
		return fmt.Errorf("it is of version %d and cannot be written", have)
	case have < version:
		if err := d.migrate(ctx, have); err != nil {
			return err
		}
	}
	return d.load(ctx)
}

func (d *DB) migrate(ctx context.Context, have int) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin to migrate: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	// Another process may have been faster.
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&have); err != nil {
		return fmt.Errorf("read its version: %w", err)
	}
	if have == version {
		return nil
	}
	steps := []string{schema}
	if have > 0 {
		steps = nil
		for v := have; v < version; v++ {
			steps = append(steps, migrations[v])
		}
	}
	for _, s := range append(steps, fmt.Sprintf(`PRAGMA user_version = %d`, version)) {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("migrate from version %d: %w", have, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
