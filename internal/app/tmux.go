package app

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// tmuxPatience is how long tmux may take to say what is around it.
const tmuxPatience = 2 * time.Second

// tmux is a ui.Multiplexer: it asks the tmux that the program runs in what the terminal
// around it calls itself, and whether it lets pictures through to it.
func tmux(ctx context.Context) (terminal string, passes bool) {
	ctx, cancel := context.WithTimeout(ctx, tmuxPatience)
	defer cancel()
	ask := func(args ...string) string {
		out, err := exec.CommandContext(ctx, "tmux", args...).Output()
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(out))
	}
	through := ask("show-options", "-Apv", "allow-passthrough")
	return ask("display-message", "-p", "#{client_termtype}"), through == "on" || through == "all"
}
