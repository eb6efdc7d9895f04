package engine

import (
	"os"
	"path/filepath"
	"time"
)

// keyMark is a file whose time is when Spotify last refused the key of a track. It
// outlives the run, so that `segue doctor` can tell of it.
const keyMark = "keys-refused"

// keyRefused takes note that Spotify refused a key.
func (e *Engine) keyRefused() {
	path := filepath.Join(e.cfg.Dir, keyMark)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		e.log("cannot take note of a refused key: " + err.Error())
		return
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // writing nothing into an empty file may leave its time
}

// noKeyRefused forgets that: somebody else is signed in now, or nobody.
func (e *Engine) noKeyRefused() {
	_ = os.Remove(filepath.Join(e.cfg.Dir, keyMark)) // mostly it is not there
}

// KeysRefused is when Spotify last refused the key of a track, since the sign-in that is
// remembered; zero = never. One refusal may be the track's; where nothing plays it is the
// account: those made since about December 2024 get no keys.
func (e *Engine) KeysRefused() time.Time {
	mark, err := os.Stat(filepath.Join(e.cfg.Dir, keyMark))
	if err != nil {
		return time.Time{}
	}
	return mark.ModTime()
}

// Old reports whether the program is known to be one that signs in only with a browser
// that reaches this machine.
func (e *Engine) Old() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.oldAuth || e.version.version != "" && !SignsInByCode(e.version.version)
}
