package oauth

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestWhichBrowserIsOpened(t *testing.T) {
	for name, c := range map[string]struct {
		env    string
		system string
		want   string
	}{
		"a desktop":                   {"DISPLAY=:0", "linux", "[[xdg-open]]"},
		"a Wayland desktop":           {"WAYLAND_DISPLAY=wayland-0", "linux", "[[xdg-open]]"},
		"no display":                  {"", "linux", "[]"},
		"over ssh, with X forwarding": {"DISPLAY=:10 SSH_CONNECTION=a", "linux", "[]"},
		"a Mac":                       {"", "darwin", "[[open]]"},
		"a Mac over ssh":              {"SSH_TTY=/dev/pts/1", "darwin", "[]"},
		"Windows below":               {"WSL_DISTRO_NAME=Debian", "linux", "[[wslview] [explorer.exe]]"},
		"a wish":                      {"BROWSER=firefox", "linux", "[[firefox]]"},
		"a wish over ssh":             {"BROWSER=lynx SSH_TTY=x", "linux", "[[lynx]]"},
		"several, with places":        {"BROWSER=a_%s::b", "linux", "[[a_%s] [b]]"},
	} {
		env := map[string]string{}
		for _, e := range strings.Fields(c.env) {
			k, v, _ := strings.Cut(e, "=")
			env[k] = v
		}
		if got := fmt.Sprint(browserCommands(func(k string) string { return env[k] }, c.system)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if runtime.GOOS == "linux" && SystemBrowser(func(string) string { return "" }) != nil {
		t.Error("a browser without a display")
	}
}

func TestABrowserIsStarted(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "browser")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho \"$@\" >"+dir+"/asked\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	wish := func(commands string) Opener {
		return opener(browserCommands(func(string) string { return commands }, "linux"), time.Minute)
	}
	open := wish(dir + "/none:false:" + program + " --new")
	if err := open(t.Context(), "http://x/?a=b&c=$HOME;d"); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(dir + "/asked"); err != nil || string(got) != "--new http://x/?a=b&c=$HOME;d\n" {
		t.Errorf("%q %v", got, err)
	}
	open = wish("false:" + dir + "/none")
	if err := open(t.Context(), "http://x/?state=secret"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}
