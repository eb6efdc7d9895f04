package stream

import (
	"os"
	"path/filepath"
)

// Files is where tracks are kept.
type Files interface {
	// Find opens a track that is there whole, and keeps it from being thrown away until
	// release is called. Its error is fs.ErrNotExist where there is none.
	Find(key string) (f *os.File, release func(), err error)
	// Draft makes an empty file for a track.
	Draft(key string) (Draft, error)
}

// Draft is a file that is being filled. It commits or vanishes.
type Draft interface {
	File() *os.File
	// Commit keeps the file, whole now, under its key; the File stays open and its
	// content may be read until Close.
	Commit() error
	// Close gives the File up; without a Commit the file vanishes.
	Close() error
}

// Scratch keeps nothing: its drafts are gone when they are closed. It is for a machine
// that has no place for a cache.
type Scratch struct{ Dir string } // empty = the system's folder for such files

// Find finds nothing.
func (Scratch) Find(string) (*os.File, func(), error) { return nil, nil, os.ErrNotExist }

// Draft makes a file without a name.
func (s Scratch) Draft(string) (Draft, error) {
	f, err := os.CreateTemp(s.Dir, "segue-stream-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // where names of open files cannot be removed, it goes at Close
	return scratch{f}, nil
}

type scratch struct{ f *os.File }

func (s scratch) File() *os.File { return s.f }
func (s scratch) Commit() error  { return nil }
func (s scratch) Close() error {
	_ = os.Remove(filepath.Clean(s.f.Name())) // gone already, as a rule
	return s.f.Close()
}
