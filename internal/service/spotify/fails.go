package spotify

import (
	"errors"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

var errInbox = errors.New("Spotify has no inbox any more")

// othersNot is the fault of a question about other users.
func (s *Service) othersNot(op string) error {
	return &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op, Err: errors.New("Spotify tells apps nothing of other users since 2026")}
}

// explain is fault with what an error means for the thing that was asked for.
func (s *Service) explain(op string, of music.Ref, err error) error {
	f := s.faultOf(op, err)
	if f == nil {
		return nil
	}
	c := *f
	switch kind := webapi.KindOf(err); {
	case kind == webapi.NotFound && of.Kind == music.KindPlaylist:
		c.Err = errors.New("Spotify has no such playlist for apps")
		c.Hint = "it was deleted, or it is one of Spotify's own: those it has kept to itself since November 2024"
	case kind == webapi.Forbidden && of.Kind == music.KindPlaylist:
		c.Err = errors.New("Spotify lists its tracks only to those who own or share it")
		c.Hint = "follow it, and it can be played as a whole"
	case kind == webapi.NotFound:
		c.Err = errors.New("Spotify has it no more")
	case kind == webapi.Forbidden:
		c.Err, c.Hint = errors.New("Spotify does not let apps see it"), "since 2026 apps in development mode see less"
	}
	return &c
}
