//go:build unix

package engine

import (
	"path/filepath"

	"golang.org/x/sys/unix"
)

// freeBytes is how much is free on the disk of a folder, or of the nearest one above it
// that is there; 0 = nobody knows.
func freeBytes(dir string) int64 {
	for {
		var s unix.Statfs_t
		if err := unix.Statfs(dir, &s); err == nil {
			return int64(s.Bavail) * int64(s.Bsize) //nolint:gosec,unconvert // types differ by system
		}
		above := filepath.Dir(dir)
		if above == dir {
			return 0
		}
		dir = above
	}
}
