//go:build unix

package app

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// cellSize is the size of a cell in pixels, as the terminal told the kernel: it writes
// nothing to the terminal. 0 where it did not tell, as over some connections.
func cellSize() (w, h int) {
	s, err := unix.IoctlGetWinsize(syscall.Stdout, unix.TIOCGWINSZ)
	if err != nil || s.Col == 0 || s.Row == 0 {
		return 0, 0
	}
	return int(s.Xpixel) / int(s.Col), int(s.Ypixel) / int(s.Row)
}
