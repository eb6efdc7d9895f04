package engine

import (
	"errors"
	"math"

	"segue/player"
)

// level is how the program evens out loudness: Spotify's tracks bring no gain that a
// player could read, so the player leaves their frames as they are.
type level struct {
	on, album bool
	preampDB  float64
}

// levelling is what the program can be asked for that is nearest to a gain mode. It does
// not know what plays before and behind a track: for auto it takes the track's gain.
func levelling(mode player.GainMode, preampDB float64) level {
	l := level{on: mode != player.GainOff && mode != "", album: mode == player.GainAlbum}
	if l.on && !math.IsNaN(preampDB) {
		l.preampDB = min(max(preampDB, -15), 15)
	}
	return l
}

// errOutdated ends a life whose settings are no longer what is wanted, between two tracks.
var errOutdated = errors.New("engine: started anew for other settings")

// SetLevelling sets how loudness is evened out. The program is started anew for it, but
// never within a track: before the next one that it is to load.
func (e *Engine) SetLevelling(mode player.GainMode, preampDB float64) {
	e.mu.Lock()
	e.set.level = levelling(mode, preampDB)
	e.mu.Unlock()
	e.compareLevel()
}

// compareLevel says whether the program that runs was started for another levelling.
func (e *Engine) compareLevel() {
	e.mu.Lock()
	l := e.life
	outdated := l != nil && l.set.level != e.set.level
	e.mu.Unlock()
	if idle := e.deck.outdate(outdated); !outdated || !idle {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.life == l {
		e.endLife()
	}
}

// outdate has the next track begin in another life of the program, and reports whether
// there is none that this one plays.
func (d *deck) outdate(outdated bool) (idle bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.outdated = outdated
	return len(d.tracks) == 0
}
