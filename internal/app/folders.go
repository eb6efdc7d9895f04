package app

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
)

// Folders are the places where Segue keeps things; see the README's table. An empty
// one means that there is no such place, and that what belongs there is not kept.
type Folders struct {
	Config, Data, State, Cache, Music string
}

// FindFolders follows the XDG base directory rules. Without a home folder only what
// the XDG variables name is used.
func FindFolders() Folders {
	xdg.Reload() // the environment as it is now
	f := Folders{Config: own(xdg.ConfigHome), Data: own(xdg.DataHome), State: own(xdg.StateHome), Cache: own(xdg.CacheHome)}
	if os.Getenv("HOME") == "" {
		f = Folders{Config: env("XDG_CONFIG_HOME"), Data: env("XDG_DATA_HOME"), State: env("XDG_STATE_HOME"), Cache: env("XDG_CACHE_HOME")}
	}
	if dir := xdg.UserDirs.Music; dir != "" && isDir(dir) && dir != os.Getenv("HOME") {
		f.Music = dir
	}
	return f
}

func own(base string) string { return filepath.Join(base, "segue") }

func env(name string) string {
	if v := os.Getenv(name); filepath.IsAbs(v) {
		return own(v)
	}
	return ""
}

func isDir(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.IsDir()
}

// ConfigFile is where config.toml is looked for.
func (f Folders) ConfigFile() string {
	if f.Config == "" {
		return ""
	}
	return filepath.Join(f.Config, "config.toml")
}

// errNoPlace says that a folder does not exist because there is no home.
var errNoPlace = errors.New("there is no home folder (HOME is not set)")

// Usable makes the folder if need be and says why it cannot be written to.
func Usable(dir string) error {
	if dir == "" {
		return errNoPlace
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return cause(err)
	}
	f, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return cause(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// cause drops the path that the system's error repeats: the caller names it.
func cause(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
