package sqlitefile_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"segue/internal/sqlitefile"
)

func open(t *testing.T, path string, o sqlitefile.Options) *sql.DB {
	t.Helper()
	db, err := sqlitefile.Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

var full = sqlitefile.Options{CacheKB: 100, Sync: "FULL"}

func TestAPathMayHoldAnything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c#d%e\xff.db")
	db := open(t, path, full)
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE t (x)`); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestAReaderSeesWhatIsNotYetInTheFileItselfAndChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path, full)
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE t (x); INSERT INTO t VALUES (7)`); err != nil {
		t.Fatal(err)
	}
	r := open(t, path, sqlitefile.Options{CacheKB: 100, Sync: "FULL", ReadOnly: true})
	var x int
	if err := r.QueryRowContext(t.Context(), `SELECT x FROM t`).Scan(&x); err != nil || x != 7 {
		t.Errorf("%d, %v", x, err)
	}
	if _, err := r.ExecContext(t.Context(), `INSERT INTO t VALUES (8)`); err == nil {
		t.Error("it wrote")
	}
}

func TestAReaderOfAClosedFileMakesNothingBesideIt(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.db")
	db := open(t, path, full)
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE t (x)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	r := open(t, path, sqlitefile.Options{CacheKB: 100, Sync: "FULL", ReadOnly: true})
	var n int
	if err := r.QueryRowContext(t.Context(), `SELECT count(*) FROM t`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%v", files)
	}
}

func TestAFileThatIsNoDatabaseIsDamagedAndOneThatIsNotThereIsNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, []byte("this is a letter, and a long one, to nobody in particular; it goes on and on"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, path, full).ExecContext(t.Context(), `SELECT * FROM sqlite_master`); !sqlitefile.Damaged(err) {
		t.Errorf("%v is no damage", err)
	}
	if _, err := open(t, path+".no", sqlitefile.Options{ReadOnly: true, Sync: "FULL"}).ExecContext(t.Context(), `SELECT 1 FROM t`); err == nil || sqlitefile.Damaged(err) {
		t.Errorf("%v is damage", err)
	}
}
