package engine

import "golang.org/x/sys/unix"

// pipeSize holds 93 ms: how far the program is ahead of its reader, beside the block that
// it is writing.
const pipeSize = 16 << 10

func shrink(fd int) {
	_, _ = unix.FcntlInt(uintptr(fd), unix.F_SETPIPE_SZ, pipeSize) // a larger one plays as well
}
