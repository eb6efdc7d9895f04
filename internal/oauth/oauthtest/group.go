//go:build unix

package oauthtest

import (
	"os/exec"
	"syscall"
)

// ownGroup makes a program and those it starts a group of its own, for endGroup.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func endGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
