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
	"os"
	"sync"
	"time"

	"segue/internal/sqlitefile"
)

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

// readerCache is the page cache of a connection in KB. With 2 MB no search was faster.
const readerCache = 500

// Open opens the index at path, making or migrating it, or for reading only. The
// errors ErrFuture and ErrDamaged say that the file should be set aside.
func Open(ctx context.Context, path string, readOnly bool) (*DB, error) {
	db, err := sqlitefile.Open(path, sqlitefile.Options{CacheKB: readerCache, Sync: "NORMAL", ReadOnly: readOnly})
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
	if sqlitefile.Damaged(err) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
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
