//go:build !unix

package oauth

import "os/exec"

// detach does nothing where programs have no sessions.
func detach(*exec.Cmd) {}
