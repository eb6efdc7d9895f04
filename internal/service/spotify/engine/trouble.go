package engine

import (
	"os"
	"path/filepath"
	"time"
)

// Marks are files whose time is when something happened. They outlive the run, so that
// `segue doctor` can tell of it.
const (
	keyMark    = "keys-refused"   // Spotify refused the key of a track
	signInMark = "signin-refused" // it took the sign-in that is remembered no more
)

func (e *Engine) mark(name string) {
	path := filepath.Join(e.cfg.Dir, name)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		e.log("cannot take note: " + err.Error())
		return
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // writing nothing into an empty file may leave its time
}

func (e *Engine) unmark(name string) {
	_ = os.Remove(filepath.Join(e.cfg.Dir, name)) // mostly it is not there
}

// marked is when it was marked last, zero = it is not.
func (e *Engine) marked(name string) time.Time {
	mark, err := os.Stat(filepath.Join(e.cfg.Dir, name))
	if err != nil {
		return time.Time{}
	}
	return mark.ModTime()
}

// forgetRefusals forgets what Spotify refused: somebody else is signed in now, or nobody.
func (e *Engine) forgetRefusals() {
	e.unmark(keyMark)
	e.unmark(signInMark)
}

// KeysRefused is when Spotify last refused the key of a track, since the sign-in that is
// remembered; zero = never. One refusal may be the track's; where nothing plays it is the
// account: those made since about December 2024 get no keys.
func (e *Engine) KeysRefused() time.Time { return e.marked(keyMark) }

// SignInRefused reports whether Spotify takes the sign-in that is remembered no more.
func (e *Engine) SignInRefused() bool {
	e.mu.Lock()
	refused := e.refused
	e.mu.Unlock()
	return refused || !e.marked(signInMark).IsZero()
}

// Old reports whether the program is known to be one that signs in only with a browser
// that reaches this machine.
func (e *Engine) Old() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.oldAuth || e.version.version != "" && !SignsInByCode(e.version.version)
}
