// Package index keeps what is known of the files of a music library in one SQLite
// file, and finds in it: rows by number, lists in an order, words by their beginning.
//
// What is shown of a track is a row of the table track. What is searched is not in
// SQL: for each batch of tracks the sorted terms and their lists of tracks are packed
// into blocks (segment.go), and each order of all tracks is a packed array of row
// numbers (order.go); a search makes sets of bits of them, so that a hundred thousand
// or a million tracks are counted, ordered and windowed in milliseconds, and what is
// kept in memory is one bit a track.
//
// A DB may be used from many goroutines; one Writer at a time changes it. There are
// no goroutines of its own. Everything in the file can be made again from the music;
// plays, stars and ratings are kept elsewhere and only copied here (marks).
package index

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"time"

	sqlite "github.com/mattn/go-sqlite3" // registers the driver "sqlite3" as well
)

// version of the schema; files of a greater one come from the future.
const version = 2

// ErrFuture says that a newer Segue wrote the file; ErrDamaged that it is no usable database.
var (
	ErrFuture  = errors.New("a newer version wrote it")
	ErrDamaged = errors.New("it is damaged")
)

// DB is an open index.
type DB struct {
	db       *sql.DB
	readOnly bool

	mu       sync.Mutex // guards what follows
	gen      int64      // the generation that is loaded
	next     uint32     // the next track number
	alive    Set        // the tracks there are
	count    int        // how many
	segments []segment
	orders   map[string]int64 // the generation each stored order was made in
	total    int64            // milliseconds of all tracks, in the generation totalGen
	totalGen int64

	writing sync.Mutex // held by the Writer

	stmtMu sync.Mutex // guards stmts
	stmts  map[string]*sql.Stmt
}

// prepared gives the statement of a query that is asked often; sql.Stmt prepares it
// once for each connection.
func (d *DB) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	d.stmtMu.Lock()
	defer d.stmtMu.Unlock()
	if s := d.stmts[query]; s != nil {
		return s, nil
	}
	s, err := d.db.PrepareContext(ctx, query)
	if err == nil {
		d.stmts[query] = s
	}
	return s, err
}

// readerCache is the page cache of a connection, in SQLite's way: 2 MB.
const readerCache = "-2000"

// Open opens the index at path, making or migrating it, or for reading only. The
// errors ErrFuture and ErrDamaged say that the file should be set aside.
func Open(ctx context.Context, path string, readOnly bool) (*DB, error) {
	params := url.Values{"_busy_timeout": {"5000"}, "_cache_size": {readerCache}, "_synchronous": {"NORMAL"}}
	if readOnly {
		params.Set("mode", "ro")
		if !walBeside(path) {
			params.Set("immutable", "1")
		}
	} else {
		params.Set("_journal_mode", "WAL")
		params.Set("_txlock", "immediate")
	}
	// A path may hold any byte; "?" and "#" would end it.
	name := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: params.Encode()}).String()
	db, err := sql.Open("sqlite3", name)
	if err != nil {
		return nil, fmt.Errorf("index: open %s: %w", path, err)
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(2)
	d := &DB{db: db, readOnly: readOnly, stmts: map[string]*sql.Stmt{}}
	if err := d.prepare(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("index: open %s: %w", path, kindOf(err))
	}
	return d, nil
}

func walBeside(path string) bool {
	_, err := os.Stat(path + "-wal")
	return err == nil
}

// Close ends all connections.
func (d *DB) Close() error {
	d.stmtMu.Lock()
	defer d.stmtMu.Unlock()
	for _, s := range d.stmts {
		_ = s.Close() // the connections go as well
	}
	return d.db.Close()
}

// kindOf marks errors that mean a broken file.
func kindOf(err error) error {
	var e sqlite.Error
	if errors.As(err, &e) && (e.Code == sqlite.ErrCorrupt || e.Code == sqlite.ErrNotADB) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

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

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each calls row for every row of a query; row scans it.
func each(ctx context.Context, q querier, query string, row func(scan func(...any) error) error, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	return eachRow(rows, row)
}

// often is each for a query of the index that is asked again and again.
func (d *DB) often(ctx context.Context, query string, row func(scan func(...any) error) error, args ...any) error {
	s, err := d.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	return eachRow(rows, row)
}

func eachRow(rows *sql.Rows, row func(scan func(...any) error) error) error {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Sound looks through the whole file whether it is as SQLite wants it.
func (d *DB) Sound(ctx context.Context) bool {
	var verdict string
	err := d.db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict)
	return err == nil && verdict == "ok"
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

// SetAside renames a file that cannot be read, with what SQLite keeps beside it, and
// returns the new name.
func SetAside(path string, now time.Time) (string, error) {
	aside := path + ".bad-" + now.Format("20060102-150405")
	for i := 2; ; i++ {
		if _, err := os.Lstat(aside); errors.Is(err, os.ErrNotExist) {
			break
		}
		aside = fmt.Sprintf("%s.bad-%s-%d", path, now.Format("20060102-150405"), i)
	}
	if err := os.Rename(path, aside); err != nil {
		return "", fmt.Errorf("index: set %s aside: %w", path, err)
	}
	for _, tail := range [...]string{"-wal", "-shm"} {
		if err := os.Rename(path+tail, aside+tail); err != nil && !errors.Is(err, os.ErrNotExist) {
			return aside, fmt.Errorf("index: set %s aside: %w", path+tail, err)
		}
	}
	return aside, nil
}
