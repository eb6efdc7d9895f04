package engine

import (
	"os/exec"
	"syscall"
)

// dieWithUs makes the kernel kill the program when we die in whatever way. The kernel
// means the thread that started it: see life.spawn.
func dieWithUs(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
