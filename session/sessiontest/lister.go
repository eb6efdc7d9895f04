package sessiontest

import (
	"context"
	"time"

	"segue/internal/music"
	"segue/session"
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

// StartList fills session.Lister.
func (d *Deck) StartList(ctx context.Context, t music.Ref, at time.Duration, o session.ListOrder) (session.Device, error) {
	dev, err := d.Start(ctx, t, at)
	if err == nil {
		d.mu.Lock()
		d.order = o
		d.mu.Unlock()
	}
	return dev, err
}

// OrderList fills session.Lister.
func (d *Deck) OrderList(ctx context.Context, o session.ListOrder) error {
	return d.do(ctx, "order", "", func() error {
		d.order = o
		return nil
	})
}

// Order is how the device goes through its list.
func (d *Deck) Order() session.ListOrder {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.order
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
