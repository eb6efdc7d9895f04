package stream

import (
	"context"
	"errors"

	"segue/player/decode"
)

// errNotKept says that a track came whole and could not be kept.
var errNotKept = errors.New("it cannot be kept on the disk")

// Fetch brings a track whole, without playing it, and keeps it if it is sound. The
// Reader holds it until it is closed.
func (l *Library) Fetch(ctx context.Context, w Want) (*Reader, error) {
	r, err := l.Open(ctx, w)
	if err != nil {
		return nil, err
	}
	unhook := context.AfterFunc(ctx, r.end)
	src, err := decode.Open(r.input(w)) //nolint:contextcheck // ctx ends the Reader
	if !unhook() && ctx.Err() != nil {
		err = errors.Join(ctx.Err(), err)
	}
	if err != nil {
		_ = r.Close()
		return nil, err
	}
	_ = src.Close() // it was to see that it is sound
	r.Approve()
	if err := r.Whole(ctx); err != nil {
		_ = r.Close()
		return nil, err
	}
	return r, nil
}

// Kept says whether the track, which is whole, was kept.
func (r *Reader) Kept() error {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	if r.d.notKept != nil {
		return r.d.notKept
	}
	if !r.d.kept {
		return errNotKept
	}
	return nil
}
