//go:build !unix

package tags

import (
	"errors"
	"io/fs"
	"os"
)

// file is an open regular file.
type file struct {
	*os.File
	size int64
}

// openFile opens a regular file; anything else is an error.
func openFile(path string) (*file, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: errors.New("not a regular file")}
	}
	if err != nil {
		_ = f.Close() // it was only opened
		return nil, err
	}
	return &file{File: f, size: st.Size()}, nil
}

func (f *file) close() { _ = f.Close() } // it was only read
