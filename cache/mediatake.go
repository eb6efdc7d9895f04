package cache

import (
	"errors"
	"time"
)

// takeEach is how often a folder that another process has is asked for.
const takeEach = time.Second

// take takes the folder and reads what is in it. Called with the lock held.
func (m *Media) take() error {
	m.asked = m.o.Now()
	lock, err := LockFolder(m.o.Dir)
	if err != nil {
		return err
	}
	if err := m.scan(); err != nil {
		return errors.Join(err, lock.Unlock())
	}
	m.lock = lock
	m.trim()
	return nil
}

// takeLater takes the folder if another process had it, and has let go. Its error says
// that this cache has no folder yet. Called with the lock held.
func (m *Media) takeLater() error {
	switch {
	case m.lock != nil || m.closed:
		return nil
	case m.o.Now().Sub(m.asked) < takeEach:
		return ErrLocked
	}
	return m.take()
}
