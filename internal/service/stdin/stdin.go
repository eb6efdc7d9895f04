// Package stdin is an account with one track: the stream of audio on standard input.
//
// It has no goroutines. The stream can be opened once and only goes forward.
package stdin

import (
	"context"
	"errors"
	"io"
	"sync"

	"segue/internal/music"
	"segue/player"
	"segue/player/decode"
	"segue/session"
)

// Account is the account's name.
const Account music.AccountID = "stdin"

// Track is its one track.
var Track = music.Ref{Account: Account, Kind: music.KindStream, ID: "-"}

// Service is the account.
type Service struct {
	mu sync.Mutex
	in io.Reader // nil once it was opened
}

// New makes the account over r, which is not read before the track is opened.
func New(r io.Reader) *Service { return &Service{in: r} }

var _ session.Service = (*Service)(nil)

func track() music.Track { return music.Track{Ref: Track, Title: "standard input"} }

// Children gives the one track.
func (s *Service) Children(_ context.Context, ask music.Ask) (music.Page, error) {
	return music.Page{Ask: ask, Title: "Standard input", Items: []music.Item{track()}, Total: 1}, nil
}

// Refs gives the one track.
func (s *Service) Refs(context.Context, music.Ask) ([]music.Ref, error) {
	return []music.Ref{Track}, nil
}

// Tracks describes each ref as the one track.
func (s *Service) Tracks(_ context.Context, refs []music.Ref) ([]music.Track, error) {
	out := make([]music.Track, len(refs))
	for i := range refs {
		out[i] = track()
	}
	return out, nil
}

// Open begins to decode; a second time it fails, for what was read is gone.
func (s *Service) Open(context.Context, music.Ref, music.Quality) (player.Source, error) {
	s.mu.Lock()
	in := s.in
	s.in = nil
	s.mu.Unlock()
	if in == nil {
		return nil, &session.Fault{Kind: session.NoStreamAvailable, Op: "open standard input", Err: errors.New("it was read already")}
	}
	// A bare Reader, even of a file: what was named is a stream.
	return decode.Open(decode.Input{R: struct{ io.Reader }{in}, Size: -1, Name: "standard input"})
}
