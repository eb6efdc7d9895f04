package stream

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"segue/cache"
)

// Files is where tracks are kept.
type Files interface {
	// Find opens a track that is there whole; it is not thrown away before it is closed.
	// Its error is fs.ErrNotExist where there is none.
	Find(key string) (Kept, error)
	// Draft makes an empty file for a track.
	Draft(key string) (Draft, error)
}

// Kept is a track that is there whole.
type Kept interface {
	io.ReaderAt
	Size() int64
	Close() error
}

// Draft is a file that is being filled, by one goroutine, while others read what is there.
// It commits or vanishes.
type Draft interface {
	io.ReaderAt
	io.WriterAt
	// Commit keeps the file, which is whole now and has size bytes, under its key; it may
	// be read until Close.
	Commit(size int64) error
	// Close gives the file up; without a Commit it vanishes.
	Close() error
}

// InMedia keeps tracks in the media cache.
func InMedia(m *cache.Media) Files { return media{m} }

type media struct{ m *cache.Media }

func (m media) Find(key string) (Kept, error) {
	size, whole := m.m.Has(key)
	if !whole {
		return nil, fs.ErrNotExist
	}
	e, err := m.m.Open(key, size)
	if err != nil {
		return nil, err
	}
	if !e.Complete() { // it went in between
		e.Discard()
		_ = e.Close() // it holds nothing
		return nil, fs.ErrNotExist
	}
	return e, nil
}

func (m media) Draft(key string) (Draft, error) {
	e, err := m.m.Open(key, -1)
	if errors.Is(err, cache.ErrLocked) { // another Segue keeps streams now; this one plays all the same
		return Scratch{}.Draft(key)
	}
	if err != nil {
		return nil, err
	}
	return &mediaDraft{Entry: e}, nil
}

type mediaDraft struct {
	*cache.Entry
	done bool // by the goroutine that fills it, before Close
}

func (d *mediaDraft) Commit(size int64) error {
	err := d.Entry.Commit(size)
	d.done = err == nil
	return err
}

func (d *mediaDraft) Close() error {
	if !d.done {
		d.Discard()
	}
	return d.Entry.Close()
}

// Scratch keeps nothing: its drafts are gone when they are closed. It is for a machine
// that has no place for a cache.
type Scratch struct{ Dir string } // empty = the system's folder for such files

// Find finds nothing.
func (Scratch) Find(string) (Kept, error) { return nil, fs.ErrNotExist }

// Draft makes a file without a name.
func (s Scratch) Draft(string) (Draft, error) {
	f, err := os.CreateTemp(s.Dir, "segue-stream-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // where names of open files cannot be removed, it goes at Close
	return scratch{f}, nil
}

type scratch struct{ *os.File }

func (s scratch) Commit(int64) error { return nil }

func (s scratch) Close() error {
	_ = os.Remove(s.Name()) // gone already, as a rule
	return s.File.Close()
}
