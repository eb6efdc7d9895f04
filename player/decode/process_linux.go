package decode

import (
	"os/exec"
	"syscall"
)

// dieWithUs makes the kernel kill the process when we die in whatever way.
func dieWithUs(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
