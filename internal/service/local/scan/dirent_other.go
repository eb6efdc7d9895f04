//go:build unix && !linux

package scan

import (
	"errors"

	"golang.org/x/sys/unix"
)

// eachEntry lists the open folder fd by way of buf, without "." and "..". What kind of
// entry each is stays unknown here, so that the caller asks.
func eachEntry(fd int, buf []byte, yield func(name string, typ entryType)) error {
	var names []string
	for {
		n, err := unix.ReadDirent(fd, buf)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return err
		}
		if n <= 0 {
			return nil
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names[:0])
		for _, name := range names {
			yield(name, typeUnknown)
		}
	}
}
