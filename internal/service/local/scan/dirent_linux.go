package scan

import (
	"bytes"
	"encoding/binary"
	"errors"

	"golang.org/x/sys/unix"
)

// eachEntry lists the open folder fd by way of buf, without "." and "..". It is
// os.ReadDir without what that allocates for each entry: a scan that finds nothing new
// spends its time here.
func eachEntry(fd int, buf []byte, yield func(name string, typ entryType)) error {
	const nameAt = 19 // inode, offset, record length and type stand before it
	for {
		n, err := unix.Getdents(fd, buf)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return err
		}
		if n <= 0 {
			return nil
		}
		for b := buf[:n]; len(b) > nameAt; {
			size := int(binary.NativeEndian.Uint16(b[16:]))
			if size <= nameAt || size > len(b) {
				break
			}
			name, _, _ := bytes.Cut(b[nameAt:size], []byte{0})
			typ := entryType(b[nameAt-1])
			b = b[size:]
			if s := string(name); s != "" && s != "." && s != ".." {
				yield(s, typ)
			}
		}
	}
}
