package oauth

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Opener shows an address in a browser. An error says in a clause why it cannot.
type Opener func(ctx context.Context, url string) error

// browserPatience is how long a program that opens browsers may take to say that it cannot.
const browserPatience = 2 * time.Second

// SystemBrowser opens addresses as the desktop does: the programs that BROWSER names, else
// wslview, open or xdg-open. Over ssh and without a display there is no browser that the
// person would see: nil, unless BROWSER says otherwise. getenv is os.Getenv.
func SystemBrowser(getenv func(string) string) Opener {
	commands := browserCommands(getenv, runtime.GOOS)
	if len(commands) == 0 {
		return nil
	}
	return opener(commands, browserPatience)
}

// opener tries commands until one does not fail within patience.
func opener(commands [][]string, patience time.Duration) Opener {
	return func(ctx context.Context, url string) error {
		var errs []error
		for _, c := range commands {
			err := launch(ctx, c, url, patience)
			if err == nil {
				return nil
			}
			errs = append(errs, err)
		}
		return fmt.Errorf("no browser could be opened: %w", errors.Join(errs...))
	}
}

// browserCommands are the command lines to try, in order; %s stands for the address, at
// the end if it is nowhere.
func browserCommands(getenv func(string) string, system string) [][]string {
	var commands [][]string
	for _, c := range strings.Split(getenv("BROWSER"), ":") {
		if words := strings.Fields(c); len(words) > 0 {
			commands = append(commands, words)
		}
	}
	if len(commands) > 0 {
		return commands
	}
	remote := getenv("SSH_CONNECTION") != "" || getenv("SSH_TTY") != ""
	switch {
	case remote:
		return nil
	case system == "darwin":
		return [][]string{{"open"}}
	case getenv("WSL_DISTRO_NAME") != "":
		return [][]string{{"wslview"}, {"explorer.exe"}}
	case getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != "":
		return [][]string{{"xdg-open"}}
	}
	return nil
}

// launch starts a program and leaves it alone when it does not fail at once: browsers
// stay, and outlive us.
func launch(ctx context.Context, command []string, url string, patience time.Duration) error {
	var args []string
	placed := false
	for _, w := range command[1:] {
		placed = placed || strings.Contains(w, "%s")
		args = append(args, strings.ReplaceAll(w, "%s", url))
	}
	if !placed {
		args = append(args, url)
	}
	cmd := exec.Command(command[0], args...) //nolint:noctx // it is not ours to end
	detach(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s: %w", command[0], errors.Unwrap(err))
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("%s: %w", command[0], err)
		}
	case <-t.C:
	case <-ctx.Done():
	}
	return nil
}
