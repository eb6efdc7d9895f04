package stream

import (
	"context"
	"errors"
	"io"
	"time"

	"segue/internal/pcm"
	"segue/player/decode"
)

// wholeFor is how long a seek waits for the rest of a stream whose length was not told.
const wholeFor = 30 * time.Second

// Play opens a track for the player: it begins to decode as soon as the first bytes
// are there. What turns out to be no sound is not kept.
func (l *Library) Play(ctx context.Context, w Want) (decode.Source, error) {
	r, err := l.Open(ctx, w)
	if err != nil {
		return nil, err
	}
	unhook := context.AfterFunc(ctx, r.end) // a decoder that waits for its header is not held up
	src, err := decode.Open(r.input(w))     //nolint:contextcheck // a source outlives the call
	if !unhook() && ctx.Err() != nil {
		if err == nil {
			_ = src.Close()
		}
		err = ctx.Err()
	}
	if err != nil {
		_ = r.Close()
		return nil, err
	}
	r.Approve()
	return &source{Source: src, r: r, w: w}, nil
}

// input is the track as decoders take it; they do not close it.
func (r *Reader) input(w Want) decode.Input {
	_, size := r.Came()
	return decode.Input{R: struct{ io.ReadSeeker }{r}, Size: size, Name: w.Name, Slow: true}
}

// source is a decoder over a stream. One that could not seek, because the length was not
// known when it was opened, can once all has come.
type source struct {
	decode.Source
	r *Reader
	w Want
}

// Seek is pcm.Source's.
func (s *source) Seek(to time.Duration) (time.Duration, error) {
	at, err := s.Source.Seek(to)
	if !errors.Is(err, pcm.ErrNoSeek) {
		return at, err
	}
	ctx, stop := context.WithTimeout(s.r.ctx, wholeFor)
	defer stop()
	if s.r.Whole(ctx) != nil {
		return at, pcm.ErrNoSeek
	}
	was := s.r.at
	s.r.at = 0
	src, err := decode.Open(s.r.input(s.w))
	if err != nil {
		s.r.at = was // the decoder of before goes on
		return at, pcm.ErrNoSeek
	}
	_ = s.Source.Close() // it owns nothing but itself
	s.Source = src
	return s.Source.Seek(to)
}

// Close ends the decoder and lets go of the track.
func (s *source) Close() error {
	return errors.Join(s.Source.Close(), s.r.Close())
}
