// Package sqlitefile opens SQLite's files the way all of ours are opened: with a journal
// ahead of writes, patience for other processes, and small page caches, as the system
// keeps the file's pages, too.
package sqlitefile

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strconv"

	sqlite "github.com/mattn/go-sqlite3" // it registers the driver, too
)

// Options say how a file is opened.
type Options struct {
	// CacheKB is the page cache of each connection.
	CacheKB int
	// Sync is what is waited for at the end of a transaction: FULL, or NORMAL for what
	// can be made anew.
	Sync string
	// ReadOnly opens it for reading; nothing is made beside it.
	ReadOnly bool
}

// Open opens the file at path; an empty path is a database in memory. Nothing is read or
// made before it is first used.
func Open(path string, o Options) (*sql.DB, error) {
	params := url.Values{"_busy_timeout": {"5000"}, "_cache_size": {strconv.Itoa(-o.CacheKB)}, "_synchronous": {o.Sync}}
	name := "file::memory:"
	if path != "" {
		// A path may hold any byte; "?" and "#" would end it.
		name = (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String()
		if o.ReadOnly {
			params.Set("mode", "ro")
			if !walBeside(path) {
				params.Set("immutable", "1")
			}
		} else {
			params.Set("_journal_mode", "WAL")
			params.Set("_txlock", "immediate")
		}
	}
	return sql.Open("sqlite3", name+"?"+params.Encode())
}

// walBeside reports whether there is more to read than the file itself has.
func walBeside(path string) bool {
	_, err := os.Stat(path + "-wal")
	return err == nil
}

// Damaged reports whether an error says that the file is no usable database.
func Damaged(err error) bool {
	var e sqlite.Error
	return errors.As(err, &e) && (e.Code == sqlite.ErrCorrupt || e.Code == sqlite.ErrNotADB)
}
