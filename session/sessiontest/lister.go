package sessiontest

import (
	"context"

	"segue/internal/music"
)

// AddWhole adds a track that a Deck's devices play as a list of these, of which nobody
// else knows.
func (d *Deck) AddWhole(title string, tracks ...music.Ref) music.Ref {
	ref := d.AddTrack(music.Track{Title: title})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lists[ref] = tracks
	return ref
}

// IsList fills session.Lister.
func (d *Deck) IsList(t music.Ref) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.lists[t]) > 0
}

// Back fills session.Lister.
func (d *Deck) Back(ctx context.Context) error {
	return d.do(ctx, "back", "", func() error {
		d.goesOn(-min(d.step, 1))
		d.at = 0
		return nil
	})
}

// goesOn goes on in a list, and reports whether there is anything. The lock is held.
func (d *Deck) goesOn(by int) bool {
	list := d.lists[d.of]
	if d.step+by < 0 || d.step+by >= len(list) {
		return false
	}
	d.step += by
	d.track = list[d.step]
	return true
}
