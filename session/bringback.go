package session

import (
	"context"
	"errors"

	"segue/internal/music"
)

// Restorer brings back a playlist that it deleted, with all that was in it, under its
// Ref. Of a service without it, and of a playlist that is gone for good (a Fault of kind
// OtherPermanent), the session makes another with the same tracks.
type Restorer interface {
	RestorePlaylist(ctx context.Context, p music.Ref) error
}

// restore brings a playlist back that was there before; ok is false where it has to be
// made.
func (l *listStep) restore(ctx context.Context, a *account) (ref music.Ref, ok bool, err error) {
	r, can := a.service.(Restorer)
	if !can || l.ref.ID == "" || isWaitingRef(l.ref) {
		return music.Ref{}, false, nil
	}
	err = r.RestorePlaylist(ctx, l.ref)
	var f *Fault
	if errors.As(err, &f) && f.Kind == OtherPermanent {
		return music.Ref{}, false, nil
	}
	return l.ref, true, err
}
