package index

import (
	"context"
	"database/sql"
	"fmt"
)

// Folder is what a scan found in one folder.
type Folder struct {
	Path        string
	Sum, Device int64 // fingerprint of all names, sizes and times; the file system
	// First says that this replaces what was known of the folder's albums; a folder
	// of very many files comes in pieces, of which only the first is.
	First  bool
	Known  bool     // the index has had the folder
	Keep   []*Row   // rows that are as they were, all of them when First
	New    []*Row   // rows that are new or were read again; they get numbers
	Gone   []uint32 // numbers of rows that are no more, or that New replaces
	Faults []Fault  // files that could not be read
	Lists  []string // playlists, by full path
}

// Fault is a file that a scan could not read.
type Fault struct {
	Path   string
	Reason string
	At     int64 // seconds since 1970
}

// Writer changes the index, in batches: what was Put becomes visible, and safe from
// a crash, with Commit. It is used by one goroutine and ended with Close.
type Writer struct {
	d       *DB
	ctx     context.Context // never ends: a batch is whole or not there
	conn    *sql.Conn
	stmts   map[string]*sql.Stmt
	open    bool // in a transaction
	changed bool // since the Writer began
	dirty   bool // since the last Commit

	next     uint32
	alive    Set
	touched  map[int]bool // chunks of alive to store
	terms    *builder
	inserts  []any // pending rows of the table track
	artists  map[string]bool
	genres   map[string]bool
	newAlbum bool
}

// Begin waits for its turn and gives the Writer.
func (d *DB) Begin(ctx context.Context) (*Writer, error) {
	if d.readOnly {
		return nil, fmt.Errorf("index: it is open for reading only")
	}
	d.writing.Lock()
	w := &Writer{d: d, ctx: context.WithoutCancel(ctx), stmts: map[string]*sql.Stmt{}, artists: map[string]bool{}, genres: map[string]bool{}}
	conn, err := d.db.Conn(ctx)
	if err != nil {
		d.writing.Unlock()
		return nil, fmt.Errorf("index: begin to write: %w", err)
	}
	w.conn = conn
	if _, err := conn.ExecContext(ctx, `PRAGMA cache_size = -6000`); err != nil {
		return nil, w.abandon(fmt.Errorf("index: begin to write: %w", kindOf(err)))
	}
	return w, nil
}

// abandon ends a Writer that failed; what was not committed is undone.
func (w *Writer) abandon(err error) error {
	if w.open {
		_, _ = w.conn.ExecContext(w.ctx, `ROLLBACK`)
		w.open = false
	}
	for _, s := range w.stmts {
		_ = s.Close()
	}
	// The connection goes back to the pool with the memory of a reader.
	_, _ = w.conn.ExecContext(w.ctx, fmt.Sprintf(`PRAGMA cache_size = -%d; PRAGMA shrink_memory`, readerCache))
	_ = w.conn.Close()
	w.d.writing.Unlock()
	return err
}

// begin opens a transaction where none is, and takes the state of now: another
// process may have written since the last.
func (w *Writer) begin() error {
	if w.open {
		return nil
	}
	if _, err := w.conn.ExecContext(w.ctx, `BEGIN IMMEDIATE`); err != nil {
		return fmt.Errorf("index: begin to write: %w", kindOf(err))
	}
	w.open = true
	if err := w.d.fresh(w.ctx); err != nil {
		return err
	}
	w.d.mu.Lock()
	w.next, w.alive = w.d.next, w.d.alive.clone()
	w.d.mu.Unlock()
	w.touched = map[int]bool{}
	w.terms = newBuilder(w.next)
	return nil
}

// stmt prepares a statement once.
func (w *Writer) stmt(query string) (*sql.Stmt, error) {
	if s := w.stmts[query]; s != nil {
		return s, nil
	}
	s, err := w.conn.PrepareContext(w.ctx, query)
	if err == nil {
		w.stmts[query] = s
	}
	return s, err
}

func (w *Writer) exec(query string, args ...any) error {
	s, err := w.stmt(query)
	if err != nil {
		return fmt.Errorf("index: prepare: %w", kindOf(err))
	}
	if _, err := s.ExecContext(w.ctx, args...); err != nil {
		return fmt.Errorf("index: write: %w", kindOf(err))
	}
	return nil
}

// Put stores what was found in a folder and gives the folder's number.
func (w *Writer) Put(f Folder) (int64, error) {
	if err := w.begin(); err != nil {
		return 0, err
	}
	w.changed, w.dirty = true, true
	dir, err := w.folder(f)
	if err != nil {
		return 0, err
	}
	return dir, w.put(dir, f)
}

func (w *Writer) put(dir int64, f Folder) error {
	if f.First && f.Known {
		if err := w.forget(dir); err != nil {
			return err
		}
	}
	for _, id := range f.Gone {
		if err := w.remove(id); err != nil {
			return err
		}
	}
	rows := append(append(make([]*Row, 0, len(f.Keep)+len(f.New)), f.Keep...), f.New...)
	was := make([]int64, len(f.Keep))
	for i, r := range f.Keep {
		was[i] = r.Part
	}
	for _, p := range group(f.Path, rows) {
		if err := w.part(dir, p); err != nil {
			return err
		}
	}
	for i, r := range f.Keep {
		if r.Part != was[i] { // it has come to another album: found by another term
			if err := w.remove(r.ID); err != nil {
				return err
			}
			if err := w.insert(dir, r); err != nil {
				return err
			}
		}
	}
	for _, r := range f.New {
		if err := w.insert(dir, r); err != nil {
			return err
		}
	}
	for _, x := range f.Faults {
		if err := w.exec(`INSERT OR REPLACE INTO fault (path, dir, reason, at) VALUES (?, ?, ?, ?)`, []byte(x.Path), dir, x.Reason, x.At); err != nil {
			return err
		}
	}
	for _, l := range f.Lists {
		if err := w.exec(`INSERT OR REPLACE INTO list (path, dir) VALUES (?, ?)`, []byte(l), dir); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) folder(f Folder) (int64, error) {
	s, err := w.stmt(`INSERT INTO dir (path, sum, device) VALUES (?, ?, ?)
		ON CONFLICT (path) DO UPDATE SET sum = excluded.sum, device = excluded.device, away = 0 RETURNING id`)
	if err != nil {
		return 0, fmt.Errorf("index: prepare: %w", kindOf(err))
	}
	var id int64
	if err := s.QueryRowContext(w.ctx, []byte(f.Path), f.Sum, f.Device).Scan(&id); err != nil {
		return 0, fmt.Errorf("index: write a folder: %w", kindOf(err))
	}
	return id, nil
}

// forget drops the albums, faults and playlists of a folder, not its tracks.
func (w *Writer) forget(dir int64) error {
	for _, q := range [...]string{
		`DELETE FROM credit WHERE album IN (SELECT id FROM album WHERE dir = ?)`,
		`DELETE FROM album WHERE dir = ?`,
		`DELETE FROM fault WHERE dir = ?`,
		`DELETE FROM list WHERE dir = ?`,
	} {
		if err := w.exec(q, dir); err != nil {
			return err
		}
	}
	return nil
}

// Drop forgets folders that are gone, with all that was in them.
func (w *Writer) Drop(dirs []int64) error {
	if len(dirs) == 0 {
		return nil
	}
	if err := w.begin(); err != nil {
		return err
	}
	w.changed, w.dirty = true, true
	for _, dir := range dirs {
		ids, err := w.d.idsOf(w.ctx, w.conn, `SELECT id FROM track WHERE dir = ?`, dir)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := w.remove(id); err != nil {
				return err
			}
		}
		if err := w.forget(dir); err != nil {
			return err
		}
		if err := w.exec(`DELETE FROM dir WHERE id = ?`, dir); err != nil {
			return err
		}
	}
	return nil
}

// Fault notes a file or folder that could not be looked at. It is kept until a scan
// begins anew with ClearFaults.
func (w *Writer) Fault(f Fault) error {
	if err := w.begin(); err != nil {
		return err
	}
	return w.exec(`INSERT OR REPLACE INTO fault (path, dir, reason, at) VALUES (?, 0, ?, ?)`, []byte(f.Path), f.Reason, f.At)
}

// ClearFaults drops what Fault noted.
func (w *Writer) ClearFaults() error {
	if err := w.begin(); err != nil {
		return err
	}
	return w.exec(`DELETE FROM fault WHERE dir = 0`)
}

// Away marks folders whose disk is not there, or is again.
func (w *Writer) Away(dirs []int64, away bool) error {
	if len(dirs) == 0 {
		return nil
	}
	if err := w.begin(); err != nil {
		return err
	}
	w.changed, w.dirty = true, true
	for _, dir := range dirs {
		if err := w.exec(`UPDATE dir SET away = ? WHERE id = ?`, away, dir); err != nil {
			return err
		}
	}
	return nil
}

// rowsAtOnce is how many tracks one statement inserts.
const (
	rowsAtOnce  = 24
	columnsOf   = 12
	insertTrack = `INSERT OR REPLACE INTO track (id, dir, name, size, mtime, inode, added, part, pos, ident, skey, meta) VALUES `
	oneRow      = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)
