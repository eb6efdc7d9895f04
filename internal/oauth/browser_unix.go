//go:build unix

package oauth

import (
	"os/exec"
	"syscall"
)

// detach puts a browser into a session of its own, so that keys typed in the terminal
// (Ctrl-C above all) are not for it.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
