package cache

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile puts data at path, readable by the user alone, in place of what is
// there: whole and on the disk, or not at all. Folders that are missing are made.
func WriteFile(path string, data []byte) error { return replaceFile(path, data, surely) }

// lasting says how soon a file has to be on the disk.
type lasting bool

const (
	surely lasting = true  // when the call returns
	lazily lasting = false // when the system gets to it; who reads it notices if it never did
)

// replaceFile writes a temporary file beside path, and gives it path's name.
func replaceFile(path string, data []byte, l lasting) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".tmp-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
			err = named(err, path)
		}
	}()
	if _, err := f.Write(data); err != nil {
		_ = f.Close()
		return err
	}
	if l == surely {
		if err := f.Sync(); err != nil {
			_ = f.Close()
			return err
		}
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil || l == lazily {
		return err
	}
	return syncDir(dir)
}

// named says of path what was said of a temporary file, whose name tells nobody anything.
func named(err error, path string) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return &fs.PathError{Op: p.Op, Path: path, Err: p.Err}
	}
	return err
}

// syncDir makes a rename last. Filesystems that cannot do it are not asked twice.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync() // some filesystems refuse this for folders; the rename itself is done
	return d.Close()
}
