package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// ErrLocked says that another running session has the folder.
var ErrLocked = errors.New("another segue is running")

// Lock is held by the one session that runs in a state folder. The kernel gives
// it up when the process ends, however it ends.
type Lock struct {
	file *flock.Flock
}

// LockFolder takes the lock of a state folder, which is made if it is missing,
// and does not wait: if it is taken, the error is an ErrLocked that names the process.
func LockFolder(dir string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cache: lock: %w", err)
	}
	path := filepath.Join(dir, "segue.lock")
	f := flock.New(path, flock.SetPermissions(0o600))
	ok, err := f.TryLock()
	if err != nil {
		return nil, fmt.Errorf("cache: lock %s: %w", path, err)
	}
	if !ok {
		return nil, fmt.Errorf("cache: lock %s: %w%s", path, ErrLocked, holder(path))
	}
	// Who holds it is for people only; without it the lock is as good.
	_ = os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
	return &Lock{file: f}, nil
}

// LockHolder is the process that has a state folder as " (process N)", "" where that cannot
// be told.
func LockHolder(dir string) string { return holder(filepath.Join(dir, "segue.lock")) }

func holder(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
		return fmt.Sprintf(" (process %d)", pid)
	}
	return ""
}

// Unlock gives the folder up. The file stays: removing it would let two sessions
// lock two files of one name.
func (l *Lock) Unlock() error {
	if err := l.file.Unlock(); err != nil {
		return fmt.Errorf("cache: unlock: %w", err)
	}
	return nil
}
